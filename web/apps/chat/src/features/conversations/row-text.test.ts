import { expect, it } from 'vitest';
import { badgeText, previewText } from './row-text.ts';

it('caps the badge at 99+', () => {
  expect([badgeText(1), badgeText(99), badgeText(100)]).toEqual(['1', '99', '99+']);
});

it('puts a message on one line, and says nothing of a kind it does not know', () => {
  expect(previewText({ text: { text: ' a\n\n b\tc ' } })).toBe('a b c');
  expect(previewText({})).toBeUndefined();
  expect(previewText(undefined)).toBeUndefined();
});
