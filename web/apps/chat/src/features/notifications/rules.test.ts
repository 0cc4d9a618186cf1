import { type Conversation, type Message, settingsOf } from '@hongyan/sdk';
import { describe, expect, it } from 'vitest';
import { groupChat } from '../../testing/builders.ts';
import { type Attention, isQuiet, isTold, Pause } from './rules.ts';

const sent = (over: Partial<Message> = {}): Message => ({
  message_id: '1',
  conversation_id: '9',
  seq: 5,
  sender_id: '2',
  client_msg_id: 'a',
  time_ms: 100_000,
  content: { text: { text: 'hi' } },
  change: 0,
  ...over,
});
const chat = (over: Partial<Conversation> = {}) => groupChat({ seq: 5, read_seq: 4, ...over });
const told = (
  message: Partial<Message> = {},
  conversation: Partial<Conversation> = {},
  attention: Partial<Attention> = {},
) =>
  isTold(sent(message), chat(conversation), {
    me: '1',
    nowMs: 101_000,
    wanted: true,
    mentionsOfMuted: true,
    lookedAt: undefined,
    ...attention,
  });
const muted = { settings: { ...settingsOf({}), muted: true } };

describe('NO-2: somebody is told of a message', () => {
  it('of somebody else that is new, unless they look at the chat or want to hear of nothing', () => {
    expect(told()).toBe(true);
    expect(told({ sender_id: '1' })).toBe(false);
    expect(told({}, { read_seq: 5 })).toBe(false);
    expect(told({}, {}, { nowMs: 160_000 })).toBe(true);
    expect(told({}, {}, { nowMs: 160_001 })).toBe(false);
    expect(told({}, {}, { lookedAt: '9' })).toBe(false);
    expect(told({}, {}, { lookedAt: '8' })).toBe(true);
    expect(told({}, {}, { wanted: false })).toBe(false);
    expect(told({ recalled: { by: '2', time_ms: 1 } })).toBe(false);
  });

  it('of a muted conversation only when it names them, if they like', () => {
    const mentions = { user_ids: ['1'], all: false };
    expect(told({}, muted)).toBe(false);
    expect(told({ mentions }, muted)).toBe(true);
    expect(told({ mentions: { user_ids: [], all: true } }, muted)).toBe(true);
    expect(told({ mentions: { user_ids: ['3'], all: false } }, muted)).toBe(false);
    expect(told({ mentions }, muted, { mentionsOfMuted: false })).toBe(false);
  });

  it('of the server’s own lines when something is announced to all', () => {
    const line = (code: string, params: Record<string, string>) => {
      const rest = sent({ content: { system: { code, params } } });
      delete (rest as { sender_id?: string }).sender_id;
      return isTold(rest, chat(), {
        me: '1',
        nowMs: 101_000,
        wanted: true,
        mentionsOfMuted: true,
        lookedAt: undefined,
      });
    };
    expect(line('member_left', { user_id: '2' })).toBe(false);
    expect(line('notice_changed', { by: '2', text: 'x' })).toBe(false);
    expect(line('notice_changed', { by: '2', text: 'x', notify_all: 'true' })).toBe(true);
    expect(line('notice_changed', { by: '1', text: 'x', notify_all: 'true' })).toBe(false);
  });
});

describe('NO-2: quiet hours', () => {
  it('go over midnight', () => {
    const night = { on: true, from: '22:00', to: '08:00' };
    const times = ['21:59', '22:00', '03:00', '07:59', '08:00'];
    expect(times.map((time) => isQuiet(night, time))).toEqual([false, true, true, true, false]);
    expect(isQuiet({ ...night, on: false }, '03:00')).toBe(false);
  });

  it('lie within a day, or are none', () => {
    const noon = { on: true, from: '12:00', to: '14:00' };
    expect(['11:59', '12:00', '14:00'].map((time) => isQuiet(noon, time))).toEqual([false, true, false]);
    expect(isQuiet({ on: true, from: '12:00', to: '12:00' }, '12:00')).toBe(false);
  });
});

it('NO-3: a sound is heard once in three seconds', () => {
  const pause = new Pause(3_000);
  expect([0, 1, 2_999, 3_000, 5_999, 6_000].map((ms) => pause.pass(ms))).toEqual([
    true,
    false,
    false,
    true,
    false,
    true,
  ]);
});
