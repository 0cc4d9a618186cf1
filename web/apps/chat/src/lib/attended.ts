/** Whether somebody can be looking at the page. */
export function attended(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}
