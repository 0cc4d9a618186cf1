/** A text around what was looked for, cut to what fits into a line or two. */
export interface FoundText {
  readonly before: string;
  readonly found: string;
  readonly after: string;
}

/** Characters that are shown before it. */
const LEAD = 16;

/** Where `wanted` is first written in a text, in any case; undefined where it is not. */
export function foundIn(text: string, wanted: string): FoundText | undefined {
  const plain = text.replace(/\s+/g, ' ');
  const sought = wanted.trim().replace(/\s+/g, ' ');
  // Letters that change their length with their case would shift what is found.
  const at = sought === '' ? -1 : lower(plain).indexOf(lower(sought));
  if (at < 0) return undefined;
  const from = Math.max(0, at - LEAD);
  return {
    before: (from > 0 ? '…' : '') + plain.slice(from, at),
    found: plain.slice(at, at + sought.length),
    after: plain.slice(at + sought.length),
  };
}

function lower(text: string): string {
  const changed = text.toLowerCase();
  return changed.length === text.length ? changed : text;
}
