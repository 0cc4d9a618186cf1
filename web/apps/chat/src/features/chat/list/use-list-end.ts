import type { Row } from '@hongyan/sdk';
import { computed, nextTick, type Ref, ref, watch } from 'vue';
import type { WindowView } from '../use-message-window.ts';

/** Distances from the ends in px at which the list follows, offers the way back, and loads. */
export const FOLLOW_PX = 50;
const JUMP_PX = 100;
const LOAD_PX = 800;

export type LoadWhat = 'older' | 'newer' | 'latest';

export interface EndOfList {
  readonly view: () => WindowView;
  readonly scroller: Readonly<Ref<HTMLElement | undefined>>;
  readonly lastInView: () => number;
  readonly toIndex: (index: number) => void;
  readonly scrollToEnd: () => void;
  readonly load: (what: LoadWhat) => void;
  /** Tells whether the reader is where the newest messages come in. */
  readonly follow: (atEnd: boolean) => void;
}

/** Where the reader is in the list: what is loaded when they come near its ends, and their way back to the newest. */
export function useListEnd({ view, scroller, lastInView, toIndex, scrollToEnd, load, follow }: EndOfList) {
  const fromEnd = ref(0);
  /** Messages that came in while reading further up. */
  const arrived = ref(0);
  /** What is appended next is new, not the rest of what is old. */
  const follows = ref(view().atEnd);
  /** Asked for the newest ones; shows their end when they are there. */
  let landing = false;

  const unseen = computed(() => arrived.value + view().missed);
  const isAway = computed(() => fromEnd.value > JUMP_PX || !view().atEnd);

  watch(
    () => view().atEnd,
    (atEnd) => void nextTick(() => (follows.value = atEnd)),
  );

  function scrolled(): void {
    const element = scroller.value;
    // It may be gone by the time what was scrolled is looked at.
    if (element?.isConnected !== true) return;
    fromEnd.value = element.scrollHeight - element.clientHeight - element.scrollTop;
    const { atStart, atEnd, older, newer } = view();
    const following = atEnd && fromEnd.value <= FOLLOW_PX;
    if (following) arrived.value = 0;
    follow(following);
    if (element.scrollTop < LOAD_PX && !atStart && older === 'idle') load('older');
    else if (fromEnd.value < LOAD_PX && !atEnd && newer === 'idle') load('newer');
  }

  function toEnd(): void {
    arrived.value = 0;
    scrollToEnd();
  }

  function toLatest(): void {
    if (view().atEnd) toEnd();
    else {
      landing = true;
      load('latest');
    }
  }

  /** First to what has come in meanwhile, then to the end. */
  function jump(): void {
    const first = arrived.value > 0 ? view().rows.length - arrived.value : -1;
    if (!view().atEnd || first <= 0 || first <= lastInView()) {
      toLatest();
    } else {
      arrived.value = 0;
      toIndex(first);
    }
  }

  /** Other rows are shown. Answers those that came in at the end. */
  function changed(before: readonly Row[], after: readonly Row[]): readonly Row[] {
    if (landing && view().atEnd) {
      landing = false;
      void nextTick(toEnd);
      return [];
    }
    const last = before.at(-1);
    const from = last === undefined ? after.length : after.findIndex((row) => row.key === last.key) + 1;
    if (!follows.value || from <= 0 || from >= after.length) return [];
    const added = after.slice(from);
    if (added.some((row) => row.status === 'sending')) {
      void nextTick(toEnd);
      return [];
    }
    const others = added.filter((row) => row.status === 'received');
    if (fromEnd.value > FOLLOW_PX) arrived.value += others.length;
    return others;
  }

  return { fromEnd, follows, unseen, isAway, scrolled, toLatest, jump, changed };
}
