import { describe, expect, it } from 'vitest';
import { cutToBytes } from './merged-title.ts';

describe('what is too long for a title', () => {
  it('is cut between characters', () => {
    expect(cutToBytes('abc', 3)).toBe('abc');
    expect(cutToBytes('abcd', 3)).toBe('abc');
    expect(cutToBytes('聊天', 5)).toBe('聊');
    expect(cutToBytes('a👍b', 4)).toBe('a');
    expect(cutToBytes('a👍b', 6)).toBe('a👍b');
  });
});
