import { catalogues } from '@hongyan/i18n';
import { describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';
import { standingText } from './last-seen.ts';

const now = new Date(2026, 4, 20, 12, 0).getTime();
const { t } = createI18n({ legacy: false, locale: 'en', messages: catalogues }).global;
const words = { t, locale: 'en', nowMs: now };
const seen = (ms: number) => standingText({ user_id: '2', state: 'offline', last_seen_ms: now - ms }, words);

describe('ML-23: how somebody stands, in words', () => {
  it('is told from when they were last here', () => {
    expect(standingText({ user_id: '2', state: 'online' }, words)).toBe('Online');
    expect(seen(-5_000)).toBe('Last seen just now');
    expect(seen(59_000)).toBe('Last seen just now');
    expect(seen(60_000)).toBe('Last seen 1 minute ago');
    expect(seen(59 * 60_000)).toBe('Last seen 59 minutes ago');
    expect(seen(2 * 3_600_000)).toBe('Last seen: 10:00');
    expect(seen(15 * 3_600_000)).toBe('Last seen: Yesterday 21:00');
  });

  it('is nothing when they let nobody see it, or nothing is known', () => {
    expect(standingText({ user_id: '2', state: 'offline' }, words)).toBeUndefined();
    expect(standingText(undefined, words)).toBeUndefined();
  });
});
