/** Where the number of unread messages is seen outside the page: its icon, and the icon of an installed app. */
export function showUnread(count: number): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  const href = count > 0 ? '/favicon-unread.svg' : '/favicon.svg';
  if (icon !== null && icon.getAttribute('href') !== href) icon.setAttribute('href', href);
  if (!('setAppBadge' in navigator)) return;
  // A page that is not installed may be refused.
  const shown = count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge();
  shown.catch(() => undefined);
}
