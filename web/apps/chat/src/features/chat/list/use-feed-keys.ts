import { nextTick } from 'vue';

export interface Feed {
  /** How many messages there are. */
  readonly count: () => number;
  /** Brings one into view. */
  readonly reveal: (index: number) => void;
  /** While several are being chosen: chooses one, or with Shift all up to it. Answers whether they are. */
  readonly choose: (index: number, inRow: boolean) => boolean;
  /** Gives the focus to the text box. */
  readonly write: () => void;
  readonly toLatest: () => void;
  readonly toFirstNew: () => void;
}

/**
 * Messages by keyboard; the listener of the feed's `keydown`. Arrows go from message to message, beginning with the last
 * one in view; Enter, Shift+F10 and the menu key open the menu of the one that has the focus. While several are being
 * chosen, Enter and the space bar choose it. Ctrl+End leads to the newest one, Shift+PageUp to the first of the new ones;
 * a letter is the beginning of a text.
 */
export function useFeedKeys(feed: Feed) {
  async function focus(list: HTMLElement, index: number): Promise<void> {
    if (index < 0 || index >= feed.count()) return;
    if (articleAt(list, index) === undefined) {
      feed.reveal(index);
      await nextTick();
    }
    const article = articleAt(list, index);
    article?.focus({ preventScroll: true });
    article?.scrollIntoView({ block: 'nearest' });
  }

  return (event: KeyboardEvent): void => {
    const list = event.currentTarget;
    if (!(list instanceof HTMLElement)) return;
    const { target, key } = event;
    const far =
      event.ctrlKey && key === 'End' ? feed.toLatest : firstNewKey(event) ? feed.toFirstNew : undefined;
    if (far !== undefined) {
      event.preventDefault();
      far();
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const focused = target instanceof HTMLElement && target.matches('[data-index]') ? target : undefined;
    // Keys of what stands in a message are its own.
    if (target !== list && focused === undefined) return;
    const at = focused === undefined ? undefined : Number(focused.dataset['index']);
    // The letter itself comes where the focus is then; an input method says only that it is at work.
    if ((key.length === 1 && key !== ' ') || key === 'Process') {
      feed.write();
    } else if (key === 'ArrowUp' || key === 'ArrowDown') {
      event.preventDefault();
      void focus(list, at === undefined ? lastInView(list) : at + (key === 'ArrowUp' ? -1 : 1));
    } else if ((key === 'Enter' || key === ' ') && at !== undefined && feed.choose(at, event.shiftKey)) {
      event.preventDefault();
    } else if (key === 'ContextMenu' || (key === 'F10' && event.shiftKey) || key === 'Enter') {
      const place = focused?.querySelector<HTMLElement>('.bubble') ?? focused;
      if (focused === undefined || place === undefined) return;
      event.preventDefault();
      const { left, bottom } = place.getBoundingClientRect();
      const opened = new MouseEvent('contextmenu', {
        bubbles: true,
        cancelable: true,
        clientX: left + 8,
        clientY: bottom,
      });
      (focused.querySelector('.line, .lines') ?? focused).dispatchEvent(opened);
    }
  };
}

function firstNewKey({ key, shiftKey, ctrlKey, altKey }: KeyboardEvent): boolean {
  return key === 'PageUp' && shiftKey && !ctrlKey && !altKey;
}

function articleAt(list: HTMLElement, index: number): HTMLElement | undefined {
  return list.querySelector<HTMLElement>(`[data-index="${index}"]`) ?? undefined;
}

function lastInView(list: HTMLElement): number {
  const bottom = list.getBoundingClientRect().bottom;
  const inView = [...list.querySelectorAll<HTMLElement>('[data-index]')].filter(
    (article) => article.getBoundingClientRect().top < bottom,
  );
  return Math.max(-1, ...inView.map((article) => Number(article.dataset['index'])));
}
