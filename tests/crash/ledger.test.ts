import type { Message, SendResponse } from '@hongyan/sdk';
import { expect, test } from 'vitest';

import { Ledger } from './ledger.ts';

// What judges the crash test is itself shown to see each kind of damage.

const CONVERSATION = '7';

function ackOf(seq: number): SendResponse {
  return { message_id: `m${seq}`, seq, time_ms: 1 };
}

/** A ledger with one lane of three acked messages, and what a sound server would list of them. */
function scene() {
  const ledger = new Ledger();
  const lane = ledger.lane('1', CONVERSATION);
  const say = (id: string): Message => {
    const message = lane.add(id);
    const ack = ackOf(lane.sent.length);
    ledger.acknowledged(lane, message, ack);
    return {
      ...ack,
      conversation_id: CONVERSATION,
      sender_id: '1',
      client_msg_id: message.clientMsgId,
      content: { text: { text: message.text } },
      change: 0,
    };
  };
  const stored = ['a', 'b', 'c'].map(say);
  const count = (messages: readonly (Message | undefined)[]) => {
    ledger.check(
      CONVERSATION,
      messages.filter((message) => message !== undefined),
    );
    return { lost: ledger.lost > 0, doubled: ledger.doubled > 0, reordered: ledger.reordered > 0 };
  };
  return { ledger, lane, stored, say, count };
}

test('sound history is clean, also when it is checked in two parts', () => {
  const { ledger, stored, say, count } = scene();
  count(stored);
  expect(ledger.checkedUpTo(CONVERSATION)).toBe(3);
  expect(count([say('d')])).toEqual({ lost: false, doubled: false, reordered: false });
  expect(ledger.acked).toBe(4);
});

test('a missing message is lost', () => {
  const { stored, count } = scene();
  expect(count(stored.slice(0, 2))).toMatchObject({ lost: true });
});

test('a changed text is lost', () => {
  const { stored, count } = scene();
  const changed = stored.map((message) => ({ ...message, content: { text: { text: 'other' } } }));
  expect(count(changed)).toMatchObject({ lost: true });
});

test('a message that stands twice is doubled', () => {
  const { stored, count } = scene();
  const again = stored[0] === undefined ? [] : [{ ...stored[0], seq: 4 }];
  expect(count([...stored, ...again])).toMatchObject({ doubled: true });
});

test('a message nobody sent is doubled', () => {
  const { stored, count } = scene();
  const strange = stored[0] === undefined ? [] : [{ ...stored[0], seq: 4, client_msg_id: 'z' }];
  expect(count([...stored, ...strange])).toMatchObject({ doubled: true });
});

test('exchanged messages and holes are reordered', () => {
  const swapped = scene();
  const [a, b, c] = swapped.stored;
  expect(swapped.count([b, a, c].map((message, i) => message && { ...message, seq: i + 1 }))).toMatchObject({
    reordered: true,
  });
  const holed = scene();
  expect(holed.count([holed.stored[0], holed.stored[2]])).toMatchObject({ reordered: true });
});

test('a retry that gets another answer is doubled', () => {
  const { ledger, lane } = scene();
  const first = lane.find('a');
  if (first !== undefined) ledger.acknowledged(lane, first, ackOf(9));
  expect(ledger.doubled).toBe(1);
});

test('a read mark that falls is lost', () => {
  const { ledger } = scene();
  ledger.marked('1', CONVERSATION, 3);
  ledger.checkMark('1', CONVERSATION, 2);
  expect(ledger.lost).toBe(1);
});
