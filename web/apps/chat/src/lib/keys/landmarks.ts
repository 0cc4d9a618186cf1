const LANDMARKS = 'nav, aside, main, section[aria-label]';

/** The large parts of the page that can be seen, outermost ones, from left to right. */
function landmarks(page: ParentNode): HTMLElement[] {
  return [...page.querySelectorAll<HTMLElement>(LANDMARKS)].filter(
    (part) =>
      part.parentElement !== null && part.parentElement.closest('nav, aside, section[aria-label]') === null,
  );
}

/** Goes to the next large part of the page, or the one before: where the focus was in it at first is up to its content. */
export function focusLandmark(page: ParentNode, step: 1 | -1): void {
  const parts = landmarks(page);
  // A drawer stands within the main part: the innermost one has the focus.
  const at = parts.findLastIndex((part) => part.contains(document.activeElement));
  const from = at < 0 && step < 0 ? 0 : at;
  const part = parts[(from + step + parts.length) % parts.length];
  if (part === undefined) return;
  if (!part.hasAttribute('tabindex')) part.tabIndex = -1;
  part.focus();
}
