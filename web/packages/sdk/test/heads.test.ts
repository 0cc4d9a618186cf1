import { expect, it } from 'vitest';
import type { StoredConversation } from '../src/index.ts';
import { Heads } from '../src/sync/heads.ts';

const held = (n: number): StoredConversation => ({
  conversation: {
    conversation_id: String(n),
    type: 'direct',
    title: '',
    avatar: '',
    state: 'normal',
    seq: 9,
    change: 9,
    floor_seq: 1,
    avatar_user_ids: [],
    read_seq: 2,
    unread: 0,
    last_message: {
      message_id: String(n),
      conversation_id: String(n),
      seq: 9,
      client_msg_id: '',
      time_ms: 1_000 - n,
      change: 0,
    },
  },
  mine: { seq: 7, change: 3 },
  ranges: [],
});

it('a ping names what is really held of the most recent conversations, and of the others by turns', () => {
  const heads = new Heads();
  const all = Array.from({ length: 40 }, (_, n) => held(n));
  expect(heads.pick([held(1)])).toEqual({ 1: [7, 3, 2] });
  const pings = [1, 2, 3, 4].map(() => Object.keys(heads.pick(all)));
  for (const ping of pings) {
    expect(ping).toHaveLength(20);
    expect(ping).toEqual(expect.arrayContaining(['0', '5', '11']));
  }
  expect(new Set(pings.flat()).size).toBe(40);
  expect(heads.pick([])).toEqual({});
});
