import type { Client } from '@hongyan/sdk';
import { mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { defineComponent, nextTick, ref } from 'vue';
import { clientKey } from '../../app/client.ts';
import { useReadMarks } from './use-read-marks.ts';

/** A chat in which `inView` is the newest message in view. */
function chat(inView: number) {
  const markRead = vi.fn();
  const [id, seq] = [ref('c1'), ref(inView)];
  const Chat = defineComponent({
    setup() {
      useReadMarks(
        () => id.value,
        () => seq.value,
      );
      return () => null;
    },
  });
  const client = { receipts: { markRead } } as unknown as Client;
  const wrapper = mount(Chat, { global: { provide: { [clientKey as symbol]: client } } });
  /** Something else is in view, for so long. */
  async function show(now: number, forMs: number) {
    seq.value = now;
    await nextTick();
    vi.advanceTimersByTime(forMs);
  }
  const marked = () => markRead.mock.calls.map(([, upTo]) => upTo as number);
  return { wrapper, id, show, markRead, marked };
}

let focus: MockInstance<() => boolean>;
beforeEach(() => {
  vi.useFakeTimers();
  focus = vi.spyOn(document, 'hasFocus').mockReturnValue(true);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('ML-13: what was in view is read', () => {
  it('after half a second, and not before', () => {
    const { markRead } = chat(7);
    vi.advanceTimersByTime(499);
    expect(markRead).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(markRead.mock.calls).toEqual([['c1', 7]]);
  });

  it('also where one message follows the other without a pause', async () => {
    const { show, marked } = chat(1);
    for (let seq = 2; seq <= 20; seq += 1) await show(seq, 100);
    expect(marked()).toEqual([1, 6, 11]);
    await show(20, 600);
    expect(marked().at(-1)).toBe(20);
  });

  it('but not what has only rushed past', async () => {
    const { show, marked } = chat(10);
    await show(900, 100);
    await show(4, 100);
    await show(5, 2_000);
    expect(Math.max(...marked())).toBe(5);
  });

  it('by whoever looks at it, and of the chat that is open', async () => {
    const { show, id, markRead } = chat(10);
    await show(10, 200);
    id.value = 'c2';
    await show(3, 500);
    expect(markRead.mock.calls).toEqual([['c2', 3]]);
    focus.mockReturnValue(false);
    await show(4, 5_000);
    expect(markRead).toHaveBeenCalledTimes(1);
    focus.mockReturnValue(true);
    window.dispatchEvent(new Event('focus'));
    vi.advanceTimersByTime(500);
    expect(markRead.mock.lastCall).toEqual(['c2', 4]);
  });

  it('and nobody looks at a chat that is closed', () => {
    const { wrapper, markRead } = chat(10);
    wrapper.unmount();
    vi.advanceTimersByTime(5_000);
    expect(markRead).not.toHaveBeenCalled();
  });
});
