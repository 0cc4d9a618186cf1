import type { Presence } from '@hongyan/sdk';
import { messageLabel } from '../../lib/time/time-labels.ts';

const MINUTE_MS = 60_000;

interface Translate {
  (key: string): string;
  (key: string, count: number): string;
  (key: string, named: Record<string, unknown>): string;
}

export interface StandingWords {
  readonly t: Translate;
  readonly locale: string;
  /** By the server's clock. */
  readonly nowMs: number;
}

/** How somebody stands, in words; undefined when nothing is to be said of it. */
export function standingText(presence: Presence | undefined, words: StandingWords): string | undefined {
  if (presence?.state === 'online') return words.t('presence.online');
  return presence?.last_seen_ms === undefined ? undefined : lastSeenText(presence.last_seen_ms, words);
}

function lastSeenText(ms: number, { t, locale, nowMs }: StandingWords): string {
  const minutes = Math.floor((nowMs - ms) / MINUTE_MS);
  if (minutes < 1) return t('presence.justNow');
  if (minutes < 60) return t('presence.minutesAgo', minutes);
  return t('presence.seenAt', { time: messageLabel(ms, nowMs, { locale, yesterday: t('time.yesterday') }) });
}
