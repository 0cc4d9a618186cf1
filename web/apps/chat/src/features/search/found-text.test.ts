import { describe, expect, it } from 'vitest';
import { foundIn } from './found-text.ts';

describe('CL-7: what was looked for', () => {
  it('stands out in its text, in any case', () => {
    expect(foundIn('Lunch at noon', 'lunch')).toEqual({ before: '', found: 'Lunch', after: ' at noon' });
    expect(foundIn('周末去爬山吗', ' 爬山 ')).toEqual({ before: '周末去', found: '爬山', after: '吗' });
    expect(foundIn('one\n\ntwo', 'one two')?.found).toBe('one two');
  });

  it('is led up to by a few characters', () => {
    expect(foundIn(`${'x'.repeat(40)}here`, 'here')).toEqual({
      before: `…${'x'.repeat(16)}`,
      found: 'here',
      after: '',
    });
  });

  it('is not there where it is not', () => {
    expect(foundIn('lunch', 'dinner')).toBeUndefined();
    expect(foundIn('lunch', '  ')).toBeUndefined();
    // Its small form is longer.
    expect(foundIn('İstanbul', 'bul')?.found).toBe('bul');
  });
});
