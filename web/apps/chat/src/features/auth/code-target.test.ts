import { expect, it } from 'vitest';
import { codeTarget, digitsOf } from './code-target.ts';

it('takes what codes can be sent to here, and nothing else', () => {
  const both = ['email', 'phone'] as const;
  expect(codeTarget(' wang@people.example ', both)).toBe('wang@people.example');
  expect(codeTarget('+86 138-0000 0000', both)).toBe('+86 138-0000 0000');
  for (const wrong of ['', 'wang', 'wang@', '@people.example', '13800000000', '+86', 'a b@people.example'])
    expect(codeTarget(wrong, both), wrong).toBeUndefined();
  expect(codeTarget('+8613800000000', ['email'])).toBeUndefined();
  expect(codeTarget('wang@people.example', ['phone'])).toBeUndefined();
});

it('takes a code however it was pasted', () => {
  expect(digitsOf(' 123 456\n')).toBe('123456');
});
