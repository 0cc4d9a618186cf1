import { expect, it } from 'vitest';
import { safeNext } from './index.ts';

it('goes only to paths of our own', () => {
  expect(safeNext('/c/1')).toBe('/c/1');
  for (const bad of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    undefined,
    ['/c/1'],
  ]) {
    expect(safeNext(bad)).toBe('/');
  }
});
