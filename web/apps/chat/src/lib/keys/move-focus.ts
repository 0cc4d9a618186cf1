/** Arrow keys, Home and End among the links of a list, and the buttons that are rows of it; the listener of its `keydown`. */
export function moveFocus(event: KeyboardEvent): void {
  const list = event.currentTarget;
  if (!(list instanceof HTMLElement) || event.altKey || event.ctrlKey || event.metaKey) return;
  const links = [...list.querySelectorAll<HTMLElement>('a[href], button[data-row]')].sort(
    // A virtual list paints its rows in any order.
    (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top,
  );
  const at = links.findIndex((link) => link === document.activeElement);
  if (at < 0) return;
  const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
  const link = target === undefined ? undefined : links[target];
  if (link === undefined) return;
  event.preventDefault();
  link.focus();
}
