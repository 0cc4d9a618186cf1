import { describe, expect, it } from 'vitest';
import { messageRow } from '../../../testing/builders.ts';
import { seenUpTo } from './seen.ts';

const rows = [messageRow({ seq: 7 }), messageRow({ seq: 8 }), { ...messageRow(), seq: undefined }].map(
  ({ seq, ...row }) => (seq === undefined ? row : { ...row, seq }),
);
const placed = rows.map((_, index) => ({ index, start: index * 100, size: 100 }));

describe('what was seen', () => {
  it.each([
    ['ML-13: a message counts from its half on', 150, 8],
    ['ML-13: less of it does not', 149, 7],
    ['ML-13: above the first one nothing is seen', 10, 0],
    ['ML-13: what is not sent yet has no place, what stands above it counts', 1_000, 8],
  ])('%s', (_, bottom, seq) => {
    expect(seenUpTo(rows, placed, bottom)).toBe(seq);
  });

  it('ML-13: nothing painted, nothing seen', () => {
    expect(seenUpTo(rows, [], 500)).toBe(0);
  });
});
