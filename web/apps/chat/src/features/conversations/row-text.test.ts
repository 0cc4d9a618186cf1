import { expect, it } from 'vitest';
import { badgeText } from './row-text.ts';

it('caps the badge at 99+', () => {
  expect([badgeText(1), badgeText(99), badgeText(100)]).toEqual(['1', '99', '99+']);
});
