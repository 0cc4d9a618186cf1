import type { AnyContent } from '@hongyan/sdk';

/** Above it the badge shows "99+". */
const BADGE_CAP = 99;

export function badgeText(count: number): string {
  return count > BADGE_CAP ? `${BADGE_CAP}+` : String(count);
}

/** One line of a message; undefined for a kind this client does not know. */
export function previewText(content: AnyContent | undefined): string | undefined {
  return content?.text?.text.replace(/\s+/g, ' ').trim();
}
