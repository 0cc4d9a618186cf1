import type { Row } from '@hongyan/sdk';
import { describe, expect, it } from 'vitest';
import { shallowRef } from 'vue';
import { messageRow } from '../../testing/builders.ts';
import { useSelection } from './use-selection.ts';

const recalled = { by: '1', time_ms: 1 };

function chosen(rows: readonly Row[]) {
  const all = shallowRef(rows);
  const selection = useSelection(() => all.value);
  const seqs = () => selection.selected.value.map((row) => row.seq);
  const toggle = (seq: number, inRow = false) => selection.toggle(all.value[seq - 1] ?? messageRow(), inRow);
  return { ...selection, all, seqs, toggle };
}

const five = [1, 2, 3, 4, 5].map((seq) => messageRow({ seq }));

describe('ML-16: several messages', () => {
  it('are chosen one by one, and given back in their order', () => {
    const { begin, toggle, seqs, selecting, end } = chosen(five);
    toggle(1);
    expect(selecting.value).toBe(false);
    begin(messageRow({ seq: 4 }));
    toggle(2);
    expect(seqs()).toEqual([2, 4]);
    toggle(4);
    expect(seqs()).toEqual([2]);
    toggle(2);
    expect([seqs(), selecting.value]).toEqual([[], true]);
    end();
    expect(selecting.value).toBe(false);
  });

  it('are chosen in a row, upwards and downwards', () => {
    const { begin, toggle, seqs } = chosen(five);
    begin(messageRow({ seq: 2 }));
    toggle(4, true);
    expect(seqs()).toEqual([2, 3, 4]);
    toggle(1, true);
    expect(seqs()).toEqual([1, 2, 3, 4]);
  });

  it('are none of the server’s own, nor what is not sent or was recalled', () => {
    const rows = [
      messageRow({ seq: 1, senderId: '' }),
      messageRow({ seq: 2, recalled, content: undefined }),
      messageRow({ seq: 3, content: {} }),
      messageRow({ seq: 4 }),
    ];
    const { begin, toggle, seqs, all, isSelectable } = chosen(rows);
    begin(messageRow({ seq: 4 }));
    toggle(1, true);
    expect(seqs()).toEqual([4]);
    expect(isSelectable(messageRow({ status: 'sending', seq: undefined as never }))).toBe(false);
    all.value = [messageRow({ seq: 4, recalled, content: undefined })];
    expect(seqs()).toEqual([]);
  });

  it('are at most a hundred', () => {
    const { begin, toggle, seqs } = chosen(Array.from({ length: 120 }, (_, n) => messageRow({ seq: n + 1 })));
    begin(messageRow({ seq: 1 }));
    toggle(120, true);
    expect(seqs()).toHaveLength(100);
  });
});
