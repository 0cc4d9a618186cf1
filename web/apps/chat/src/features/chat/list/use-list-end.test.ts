import type { Row } from '@hongyan/sdk';
import { describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, shallowRef } from 'vue';
import { messageRow } from '../../../testing/builders.ts';
import { useListEnd } from './use-list-end.ts';
import type { WindowView } from '../use-message-window.ts';

const row = (key: string, status: Row['status'] = 'received') => messageRow({ key, status });

function list(over: Partial<WindowView> = {}) {
  const view = shallowRef<WindowView>({
    rows: [row('a'), row('b')],
    state: 'idle',
    older: 'idle',
    newer: 'idle',
    atStart: true,
    atEnd: true,
    missed: 0,
    ...over,
  });
  const element = { isConnected: true, scrollHeight: 10_000, clientHeight: 500, scrollTop: 9_500 };
  const [toIndex, scrollToEnd, load, follow] = [vi.fn(), vi.fn(), vi.fn(), vi.fn()];
  const end = effectScope().run(() =>
    useListEnd({
      view: () => view.value,
      scroller: ref(element as HTMLElement),
      lastInView: () => 0,
      toIndex,
      scrollToEnd,
      load,
      follow,
    }),
  );
  if (end === undefined) throw new Error('no scope');
  /** Other rows come in, as the list tells. */
  function become(over: Partial<WindowView>): readonly Row[] {
    const before = view.value.rows;
    view.value = { ...view.value, ...over };
    return end?.changed(before, view.value.rows) ?? [];
  }
  function scrollTo(top: number): void {
    element.scrollTop = top;
    end?.scrolled();
  }
  return { end, become, scrollTo, toIndex, scrollToEnd, load, follow };
}

describe('the end of the list', () => {
  it('ML-5: counts what comes in while reading further up; a click leads there, the next one to the end', () => {
    const { end, become, scrollTo, toIndex, scrollToEnd } = list();
    scrollTo(5_000);
    expect([end.isAway.value, end.unseen.value]).toEqual([true, 0]);
    const told = become({ rows: ['a', 'b', 'c', 'd'].map((key) => row(key)) });
    expect(told.map(({ key }) => key)).toEqual(['c', 'd']);
    expect(end.unseen.value).toBe(2);
    end.jump();
    expect(toIndex).toHaveBeenCalledWith(2);
    end.jump();
    expect(scrollToEnd).toHaveBeenCalledTimes(1);
  });

  it('ML-5: who is at the end has seen what comes in', () => {
    const { end, become, scrollTo } = list();
    scrollTo(9_460);
    become({ rows: ['a', 'b', 'c'].map((key) => row(key)) });
    expect([end.isAway.value, end.unseen.value]).toEqual([false, 0]);
  });

  it('ML-6: an own message leads to the end', async () => {
    const { become, scrollTo, scrollToEnd } = list();
    scrollTo(3_000);
    expect(become({ rows: [row('a'), row('b'), row('mine', 'sending')] })).toEqual([]);
    await nextTick();
    expect(scrollToEnd).toHaveBeenCalledTimes(1);
  });

  it('ML-7, ML-11: asks for what lies beyond the end that is near', () => {
    const { scrollTo, load, follow } = list({ atStart: false, atEnd: false });
    scrollTo(5_000);
    expect(load).not.toHaveBeenCalled();
    scrollTo(700);
    expect(load).toHaveBeenLastCalledWith('older');
    scrollTo(9_000);
    expect(load).toHaveBeenLastCalledWith('newer');
    scrollTo(9_500);
    expect(follow).toHaveBeenLastCalledWith(false);
  });

  it('ML-5, ML-11: from a stretch in the past it leads to the newest ones, and then to their end', async () => {
    const { end, become, scrollToEnd, load } = list({ atEnd: false, missed: 3 });
    expect([end.isAway.value, end.unseen.value]).toEqual([true, 3]);
    end.jump();
    expect(load).toHaveBeenCalledWith('latest');
    expect(scrollToEnd).not.toHaveBeenCalled();
    become({ rows: [row('y'), row('z')], atEnd: true, missed: 0 });
    await nextTick();
    expect(scrollToEnd).toHaveBeenCalledTimes(1);
  });

  it('ML-11, AX-2: the rest of what is old is no news, and is not told', async () => {
    const { end, become, scrollTo } = list({ atEnd: false });
    await nextTick();
    scrollTo(5_000);
    expect(become({ rows: ['a', 'b', 'c'].map((key) => row(key)), atEnd: true })).toEqual([]);
    expect(end.unseen.value).toBe(0);
  });
});
