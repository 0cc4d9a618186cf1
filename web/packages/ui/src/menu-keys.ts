/** What can be chosen in a menu, in its order. */
export function menuEntries(menu: HTMLElement | undefined): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];
}

/** The next entry that stands in another line: entries of one `data-line` stand beside each other. */
function beyondLine(entries: readonly HTMLElement[], from: number, step: 1 | -1): number {
  const line = entries[from]?.closest('[data-line]');
  let at = from;
  for (let n = 0; n < entries.length; n += 1) {
    at = (at + step + entries.length) % entries.length;
    if (line === null || line === undefined || entries[at]?.closest('[data-line]') !== line) break;
  }
  return at;
}

/** Arrows, Home and End in a menu. */
export function moveInMenu(event: KeyboardEvent, entries: readonly HTMLElement[]): void {
  const at = entries.findIndex((entry) => entry === document.activeElement);
  const last = entries.length - 1;
  const target = {
    ArrowDown: () => (at < 0 ? 0 : beyondLine(entries, at, 1)),
    ArrowUp: () => (at < 0 ? last : beyondLine(entries, at, -1)),
    ArrowRight: () => Math.min(at + 1, last),
    ArrowLeft: () => Math.max(at - 1, 0),
    Home: () => 0,
    End: () => last,
  }[event.key];
  if (target === undefined) return;
  event.preventDefault();
  entries[target()]?.focus();
}
