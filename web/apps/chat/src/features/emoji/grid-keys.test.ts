import { describe, expect, it } from 'vitest';
import { moveInGrid } from './grid-keys.ts';

describe('CO-8: keys in the panel', () => {
  // Rows: 0–7 and 8–9, then 10–12.
  const go = (key: string, at: number) => moveInGrid(key, [10, 3], at);

  it('go from one to the next, over the ends of rows', () => {
    expect([go('ArrowRight', 7), go('ArrowLeft', 8), go('ArrowRight', 9)]).toEqual([8, 7, 10]);
    expect([go('ArrowLeft', 0), go('ArrowRight', 12)]).toEqual([0, 12]);
  });

  it('go up and down in their column, as far as a row reaches', () => {
    expect([go('ArrowDown', 1), go('ArrowDown', 5), go('ArrowDown', 9)]).toEqual([9, 9, 11]);
    expect([go('ArrowUp', 12), go('ArrowUp', 9), go('ArrowUp', 3)]).toEqual([9, 1, 3]);
    expect(go('ArrowDown', 12)).toBe(12);
  });

  it('go to the ends of a row', () => {
    expect([go('Home', 5), go('End', 5), go('End', 10)]).toEqual([0, 7, 12]);
  });

  it('leave all other keys alone', () => {
    expect(go('a', 0)).toBeUndefined();
    expect(moveInGrid('ArrowDown', [], 0)).toBeUndefined();
  });
});
