import type { Seq } from '../types.ts';

/** As many messages a window holds; beyond, it lets go of those furthest from what is read. */
export const WINDOW_LIMIT = 600;

/** What is too much in a window that holds these, and where it ends without it; undefined while it is not. */
export function beyondLimit(
  seqs: Iterable<Seq>,
  which: 'oldest' | 'newest',
): { readonly gone: readonly Seq[]; readonly end: Seq } | undefined {
  const sorted = [...seqs].sort((a, b) => (which === 'oldest' ? b - a : a - b));
  const end = sorted[WINDOW_LIMIT - 1];
  const gone = sorted.slice(WINDOW_LIMIT);
  return end === undefined || gone.length === 0 ? undefined : { gone, end };
}
