import type { Seq } from '../types.ts';

/** A closed range of seqs, lo <= hi. */
export interface Range {
  readonly lo: Seq;
  readonly hi: Seq;
}

/** Adds a range to sorted, disjoint, non-adjacent ranges; ranges that touch become one. */
export function addRange(ranges: readonly Range[], added: Range): readonly Range[] {
  if (added.hi < added.lo) return ranges;
  const out: Range[] = [];
  let { lo, hi } = added;
  for (const range of ranges) {
    if (range.hi < lo - 1 || range.lo > hi + 1) out.push(range);
    else {
      lo = Math.min(lo, range.lo);
      hi = Math.max(hi, range.hi);
    }
  }
  out.push({ lo, hi });
  return out.sort((a, b) => a.lo - b.lo);
}

/** The range that holds a seq; undefined when it lies in a hole. */
export function rangeOf(ranges: readonly Range[], seq: Seq): Range | undefined {
  return ranges.find((range) => range.lo <= seq && seq <= range.hi);
}
