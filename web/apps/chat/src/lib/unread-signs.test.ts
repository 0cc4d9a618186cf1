import { afterEach, describe, expect, it, vi } from 'vitest';
import { showUnread } from './unread-signs.ts';

function icon(): string | null | undefined {
  return document.querySelector('link[rel=icon]')?.getAttribute('href');
}

afterEach(() => {
  document.head.replaceChildren();
  vi.unstubAllGlobals();
});

describe('SH-7: unread outside the page', () => {
  it('gives the icon of the page a dot, and takes it away', () => {
    const link = document.createElement('link');
    link.rel = 'icon';
    link.setAttribute('href', '/favicon.svg');
    document.head.append(link);
    showUnread(3);
    expect(icon()).toBe('/favicon-unread.svg');
    showUnread(0);
    expect(icon()).toBe('/favicon.svg');
  });

  it('tells an installed app, and takes no refusal amiss', async () => {
    const setAppBadge = vi.fn(() => Promise.reject(new DOMException('no', 'NotAllowedError')));
    const clearAppBadge = vi.fn(() => Promise.resolve());
    vi.stubGlobal('navigator', { setAppBadge, clearAppBadge });
    showUnread(3);
    showUnread(0);
    await Promise.resolve();
    expect(setAppBadge).toHaveBeenCalledWith(3);
    expect(clearAppBadge).toHaveBeenCalledOnce();
  });
});
