import { expect, it } from 'vitest';
import { byteSize } from './byte-size.ts';

it('sizes are said in the unit that fits', () => {
  expect(byteSize(0, 'en')).toBe('0 byte');
  expect(byteSize(1023, 'en')).toBe('1,023 byte');
  expect(byteSize(1536, 'en')).toBe('1.5 kB');
  expect(byteSize(5 * 1024 ** 3, 'en')).toBe('5 GB');
});
