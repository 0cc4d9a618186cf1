import type { MessagePush, SendResponse } from '@hongyan/sdk';
import { expect, test } from 'vitest';

import { http } from './support/http.ts';
import { connect, direct, freshId, history, login, register, say, textMessage } from './support/people.ts';
import { admin, metric, useServer } from './support/servers.ts';

const server = useServer();

/** Two people, their conversation, and two connections of the first. */
async function scene() {
  const [alice, bob] = [await register(server()), await register(server())];
  const id = await direct(server(), alice, bob);
  const [first, second] = await Promise.all([
    connect(server(), alice),
    connect(server(), await login(server(), alice)),
  ]);
  return { alice, bob, id, first, second };
}

test('the same client_msg_id from two connections at once is one message with the same ack', async () => {
  const { bob, id, first, second } = await scene();
  const watcher = await connect(server(), bob);
  for (let round = 1; round <= 30; round++) {
    const message = textMessage(id, `round ${round}`);
    const [one, two] = await Promise.all([
      first.call<SendResponse>('message.send', message),
      second.call<SendResponse>('message.send', message),
    ]);
    expect(two).toEqual(one);
    expect(one.seq).toBe(round);
  }
  const end = await say(first, id, 'end');
  await watcher.push<MessagePush>('message', (data) => data.seq === end.seq);
  expect(watcher.pushes<MessagePush>('message').map((push) => push.seq)).toEqual(
    Array.from({ length: 31 }, (_, i) => i + 1),
  );
  expect(await history(server(), bob, id)).toHaveLength(31);
});

test('a repeat over REST gives the ack of the socket', async () => {
  const { alice, id, first } = await scene();
  const message = textMessage(id, 'once');
  const ack = await first.call<SendResponse>('message.send', message);
  const repeat = await http<SendResponse>(server().url, 'POST', '/v1/messages', {
    token: alice.access,
    body: message,
  });
  expect(repeat.data).toEqual(ack);
});

test('the same id with other content or elsewhere is a conflict, and changes nothing', async () => {
  const { alice, bob, id, first, second } = await scene();
  const elsewhere = await direct(server(), alice, alice);
  const clientMsgId = freshId();
  await say(first, id, 'original', clientMsgId);
  const other = await second.refusal('message.send', textMessage(id, 'changed', clientMsgId));
  expect(other.code).toBe('conflict');
  const moved = await second.refusal('message.send', textMessage(elsewhere, 'original', clientMsgId));
  expect(moved.code).toBe('conflict');
  expect((await history(server(), bob, id)).map((message) => message.content?.text?.text)).toEqual([
    'original',
  ]);
  expect(await history(server(), alice, elsewhere)).toEqual([]);
});

test('two contents under one id at once: one wins, the other is a conflict', async () => {
  const { bob, id, first, second } = await scene();
  for (let round = 0; round < 20; round++) {
    const clientMsgId = freshId();
    const frames = await Promise.all([
      first.request('message.send', textMessage(id, 'left', clientMsgId)),
      second.request('message.send', textMessage(id, 'right', clientMsgId)),
    ]);
    expect(frames.map((frame) => frame.error?.code ?? 'ok').sort()).toEqual(['conflict', 'ok']);
  }
  expect(await history(server(), bob, id)).toHaveLength(20);
});

test('two people may use the same client_msg_id', async () => {
  const { bob, id, first } = await scene();
  const clientMsgId = freshId();
  await say(first, id, 'mine', clientMsgId);
  const ack = await say(await connect(server(), bob), id, 'mine', clientMsgId);
  expect(ack.seq).toBe(2);
});

test('a retry after the peer was disabled gives the original ack; a new send is refused', async () => {
  const { bob, id, first } = await scene();
  const message = textMessage(id, 'in time');
  const ack = await first.call<SendResponse>('message.send', message);
  await admin(server(), 'disable-user', bob.username);
  expect(await first.call<SendResponse>('message.send', message)).toEqual(ack);
  expect((await first.refusal('message.send', textMessage(id, 'too late'))).code).toBe('permission_denied');
  await admin(server(), 'enable-user', bob.username);
  expect((await say(first, id, 'welcome back')).seq).toBe(ack.seq + 1);
});

test('a retry after a restart gives the original ack', async () => {
  const { alice, bob, id, first } = await scene();
  const message = textMessage(id, 'before');
  const ack = await first.call<SendResponse>('message.send', message);
  for (const restart of [
    () => server().restart(),
    () =>
      server()
        .kill9()
        .then(() => server().restart()),
  ]) {
    await restart();
    const repeat = await http<SendResponse>(server().url, 'POST', '/v1/messages', {
      token: alice.access,
      body: message,
    });
    expect(repeat.data).toEqual(ack);
    expect(await metric(server(), 'hongyan_message_repeats_total')).toBe(1);
    expect(await metric(server(), 'hongyan_messages_total')).toBe(0);
  }
  expect(await history(server(), bob, id)).toHaveLength(1);
});
