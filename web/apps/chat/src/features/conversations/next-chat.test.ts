import { expect, it } from 'vitest';
import { listRow } from '../../testing/builders.ts';
import { nextChat } from './next-chat.ts';

const rows = [
  listRow({ conversation_id: 'a', unread: 1 }),
  listRow({ conversation_id: 'b' }),
  listRow({ conversation_id: 'c' }),
  listRow({ conversation_id: 'd', unread: 2 }),
];

it('goes to the next one, and ends at the end', () => {
  expect(nextChat(rows, 'b', 1, false)).toBe('c');
  expect(nextChat(rows, 'b', -1, false)).toBe('a');
  expect(nextChat(rows, 'd', 1, false)).toBeUndefined();
  expect(nextChat(rows, 'a', -1, false)).toBeUndefined();
});

it('goes to the next one with something unread', () => {
  expect(nextChat(rows, 'b', 1, true)).toBe('d');
  expect(nextChat(rows, 'b', -1, true)).toBe('a');
  expect(nextChat(rows, 'd', -1, true)).toBe('a');
});

it('begins at an end where none is open', () => {
  expect(nextChat(rows, undefined, 1, false)).toBe('a');
  expect(nextChat(rows, undefined, -1, false)).toBe('d');
  expect(nextChat([], undefined, 1, false)).toBeUndefined();
});
