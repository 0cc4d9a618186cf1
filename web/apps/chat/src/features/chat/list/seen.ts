import type { Row } from '@hongyan/sdk';

/** A row as it lies in the list. */
export interface Placed {
  readonly index: number;
  readonly start: number;
  readonly size: number;
}

/** Seq of the newest message of which at least half lies above `bottom`; 0 for none. */
export function seenUpTo(rows: readonly Row[], placed: readonly Placed[], bottom: number): number {
  const last = placed.findLast(({ start, size }) => start + size / 2 <= bottom)?.index ?? -1;
  return rows.slice(0, last + 1).findLast(({ seq }) => seq !== undefined)?.seq ?? 0;
}
