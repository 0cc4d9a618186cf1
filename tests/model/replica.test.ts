import type { ChangePush } from '@hongyan/sdk';
import { describe, expect, test } from 'vitest';

import { Replica } from './replica.ts';
import type { State, View } from './wire.ts';

// The rule for clients, case by case.

const ME = '1';

function state(seq: number, change = 0): State {
  return {
    ...{
      message_id: `90${seq}`,
      conversation_id: '7',
      sender_id: '2',
      client_msg_id: `m${seq}`,
      time_ms: seq,
    },
    ...{ seq, change, content: { text: { text: `at ${change}` } } },
  };
}

function view(seq: number, change: number, more: Partial<View> = {}): View {
  return {
    ...{
      conversation_id: '7',
      type: 'direct',
      title: '',
      avatar: '',
      state: 'normal',
      floor_seq: 1,
      avatar_user_ids: [],
    },
    ...{ seq, change, read_seq: 0, unread: 0, ...more },
  };
}

function page(seqs: readonly number[], change = 0) {
  const [from_seq, to_seq] = [seqs[0] ?? 1, seqs.at(-1) ?? 0];
  const more = {
    has_more_before: false,
    has_more_after: false,
    head: { seq: to_seq, change: 0 },
    floor_seq: 1,
  };
  return { items: seqs.map((seq) => state(seq, change)), from_seq, to_seq, ...more };
}

function replica(seq = 2, change = 0, more: Partial<View> = {}): Replica {
  const made = new Replica('7', ME);
  made.seen(view(seq, change, more));
  made.listed(page(Array.from({ length: seq }, (_, i) => i + 1)));
  return made;
}

const arrival = (seq: number, change = 0, more = {}) => ({
  ...{ conversation_id: '7', seq, change, message: state(seq) },
  ...more,
});

const changed = (change: number, seq: number, more: Partial<ChangePush> = {}): ChangePush => ({
  ...{ conversation_id: '7', change, seq, kind: 'edit', by: '2', message: state(seq, change) },
  ...more,
});

describe('messages', () => {
  test('the next one moves seq, an old one does not, a later one shows a hole', () => {
    const held = replica();
    held.pushed(arrival(3));
    held.pushed(arrival(1));
    expect([held.seq, held.lacksMessages]).toEqual([3, false]);
    held.pushed(arrival(6));
    expect([held.seq, held.lacksMessages]).toEqual([3, true]);
    held.listed(page([4, 5]));
    expect([held.seq, held.lacksMessages, held.messages.size]).toEqual([6, false, 6]);
  });

  test('a page that does not begin at the hole fills nothing', () => {
    const held = replica();
    held.pushed(arrival(6));
    held.listed(page([4, 5]));
    expect(held.seq).toBe(2);
  });

  test('an older state never replaces a newer one', () => {
    const held = replica();
    held.changed(changed(1, 2));
    held.listed(page([1, 2]));
    expect(held.messages.get(2)?.change).toBe(1);
    held.listed(page([1, 2], 5));
    expect(held.messages.get(2)?.change).toBe(5);
  });
});

describe('changes', () => {
  test('come in order, wait behind a hole, and a message shows one', () => {
    const held = replica();
    held.changed(changed(2, 1));
    expect([held.change, held.lacksChanges, held.messages.get(1)?.change]).toEqual([0, true, 0]);
    held.changed(changed(1, 2));
    expect([held.change, held.lacksChanges, held.messages.get(1)?.change]).toEqual([2, false, 2]);
    held.pushed(arrival(3, 4));
    expect(held.lacksChanges).toBe(true);
    held.caughtUp({ items: [state(1, 4)], up_to_change: 4, more: false });
    expect([held.change, held.lacksChanges]).toEqual([4, false]);
  });

  test('one without a message only counts', () => {
    const held = replica();
    held.changed({ conversation_id: '7', change: 1 } as ChangePush);
    expect([held.change, held.lacksChanges]).toEqual([1, false]);
  });

  test('a reset drops what is held', () => {
    const held = replica(2, 1);
    held.hear(0, 2_000);
    held.caughtUp({ items: [], up_to_change: 1, more: false, reset: { seq: 2, change: 2_000 } });
    expect([held.seq, held.change, held.messages.size, held.lacksMessages]).toEqual([0, 2_000, 0, true]);
  });

  test('own reactions follow what I add and take back, and end with a recall', () => {
    const held = replica();
    const react = (change: number, by: string, added: boolean) =>
      held.changed(changed(change, 1, { kind: 'reaction', by, emoji: '👍', added }));
    const mine = () => held.messages.get(1)?.mine;
    react(1, '2', true);
    expect(mine()).toEqual([]);
    react(2, ME, true);
    expect(mine()).toEqual(['👍']);
    react(3, '2', false);
    expect(mine()).toEqual(['👍']);
    held.changed(changed(4, 1, { kind: 'recall' }));
    expect(mine()).toEqual([]);
  });
});

describe('groups', () => {
  test('who leaves holds nothing above it, who comes again nothing below it', () => {
    const held = replica(4, 0, { type: 'group', joined_seq: 1 });
    held.pushed(arrival(5, 0, { leave: [ME] }));
    held.pushed(arrival(6));
    held.changed(changed(1, 2));
    expect([held.leftSeq, held.seq, held.change, held.messages.size]).toEqual([5, 5, 0, 5]);
    held.pushed(arrival(9, 1, { join: ['3', ME] }));
    expect([held.leftSeq, held.seq, [...held.messages.keys()]]).toEqual([undefined, 9, [9]]);
    expect(held.lacksChanges).toBe(true);
  });

  test('an end that was told too early is told again, and what lies up to the later one is pulled', () => {
    const held = replica(4, 0, { type: 'group', joined_seq: 1 });
    held.endAt(6);
    held.listed(page([5, 6, 7]));
    expect([held.seq, held.messages.has(7), held.lacksMessages]).toEqual([6, false, false]);
    held.endAt(7);
    expect(held.lacksMessages).toBe(true);
    held.listed(page([7]));
    expect([held.seq, held.messages.has(7), held.lacksMessages]).toEqual([7, true, false]);
  });

  test('a view from before the leave does not bring a former member back', () => {
    const held = replica(4, 0, { type: 'group', joined_seq: 1 });
    held.pushed(arrival(5, 0, { leave: [ME] }));
    held.seen(view(9, 0, { type: 'group', joined_seq: 1 }));
    expect([held.leftSeq, held.lacksMessages]).toEqual([5, false]);
    held.seen(view(9, 0, { type: 'group', joined_seq: 8 }));
    expect([held.leftSeq, held.seq, held.lacksMessages]).toEqual([undefined, 7, true]);
  });
});
