import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import HyGroupAvatar from './HyGroupAvatar.vue';

/** How many faces stand in each row. */
function rows(count: number): number[] {
  const faces = Array.from({ length: count }, (_, n) => ({ id: String(n), name: `N${n}` }));
  const wrapper = mount(HyGroupAvatar, { props: { faces } });
  return wrapper.findAll('.row').map((row) => row.findAll('.face').length);
}

describe('CL-1: faces of a group', () => {
  it('stand in rows of two, then of three, the first one the short one', () => {
    expect([1, 2, 3, 4].map(rows)).toEqual([[1], [2], [1, 2], [2, 2]]);
    expect([5, 6, 7, 8, 9].map(rows)).toEqual([
      [2, 3],
      [3, 3],
      [1, 3, 3],
      [2, 3, 3],
      [3, 3, 3],
    ]);
  });

  it('are nine at most', () => {
    expect(rows(12)).toEqual([3, 3, 3]);
  });
});
