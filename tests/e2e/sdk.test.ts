import type { Message } from '@hongyan/sdk';
import { expect, test } from 'vitest';

import { Network, online, painted, sdkClient, sdkPerson, userId, when } from './support/sdk.ts';
import { useServer } from './support/servers.ts';

const server = useServer({ env: { HONGYAN_GATEWAY_RECONNECT_SPREAD_MS: '0' } });

/** Collects what a client says is new. */
function newMessages(client: ReturnType<typeof sdkClient>): Message[] {
  const seen: Message[] = [];
  client.on('message', (message) => seen.push(message));
  return seen;
}

function texts(messages: readonly Message[]): (string | undefined)[] {
  return messages.map((message) => message.content?.text?.text);
}

test('two people chat through the SDK', async () => {
  const [alice, bob] = [await sdkPerson(server()), await sdkPerson(server())];
  const [found] = await alice.users.search(bob.user?.username ?? '');
  expect(found?.user_id).toBe(userId(bob));
  const { conversation_id: id } = await alice.conversations.open(userId(bob));
  const ack = await alice.messages.send(id, { text: 'hello' }).settled;
  expect(ack.seq).toBe(1);
  const arrived = await when(bob, 'the conversation with its message', () => {
    const conversation = bob.conversations.get(id);
    return conversation?.last_message === undefined ? undefined : conversation;
  });
  expect(arrived).toMatchObject({ unread: 1, peer_user_id: userId(alice), seq: 1 });

  const window = bob.messages.window(id);
  const rows = await painted(window, 1);
  expect(rows[0]).toMatchObject({ status: 'received', seq: 1, content: { text: { text: 'hello' } } });
  bob.receipts.markRead(id, 1);
  await when(
    alice,
    'the read mark of bob',
    () => alice.conversations.get(id)?.peer_read_seq === 1 || undefined,
  );
  window.dispose();
});

test('a second device has the same history and gets what is new', async () => {
  const [alice, bob] = [await sdkPerson(server()), await sdkPerson(server())];
  const { conversation_id: id } = await alice.conversations.open(userId(bob));
  await alice.messages.send(id, { text: 'before' }).settled;
  const tablet = sdkClient(server(), { device: { name: 'tablet', platform: 'android' } });
  await tablet.login({ account: alice.user?.username ?? '', password: 'correct horse battery' });
  await online(tablet);
  expect(tablet.deviceId).not.toBe(alice.deviceId);
  expect(tablet.conversations.get(id)).toMatchObject({ seq: 1, unread: 0 });
  const fresh = newMessages(tablet);
  await bob.messages.send(id, { text: 'from bob' }).settled;
  await alice.messages.send(id, { text: 'from my phone' }).settled;
  await when(tablet, 'both messages', () => fresh.length === 2 || undefined);
  expect(texts(fresh)).toEqual(['from bob', 'from my phone']);
  const devices = await alice.devices.list();
  expect(devices.map((device) => device.name).sort()).toEqual(['hongyan-sdk', 'tablet']);
});

test('a client that was away fills the hole', async () => {
  const network = new Network();
  const [alice, bob] = [await sdkPerson(server()), await sdkPerson(server(), { environment: network })];
  const { conversation_id: id } = await alice.conversations.open(userId(bob));
  const fresh = newMessages(bob);
  await alice.messages.send(id, { text: 'm0' }).settled;
  await when(bob, 'the first message', () => fresh.length === 1 || undefined);

  network.cut();
  expect(bob.state).toBe('offline');
  for (let i = 1; i <= 150; i++) await alice.messages.send(id, { text: `m${i}` }).settled;
  expect(fresh).toHaveLength(1);
  network.restore();
  await alice.messages.send(id, { text: 'm151' }).settled;
  await when(bob, 'all messages', () => fresh.length === 152 || undefined);
  expect(texts(fresh)).toEqual(Array.from({ length: 152 }, (_, i) => `m${i}`));
  expect(fresh.map((message) => message.seq)).toEqual(Array.from({ length: 152 }, (_, i) => i + 1));
});

test('what is written while away goes out once, in order', async () => {
  const network = new Network();
  const [alice, bob] = [await sdkPerson(server(), { environment: network }), await sdkPerson(server())];
  const { conversation_id: id } = await alice.conversations.open(userId(bob));
  const fresh = newMessages(bob);
  network.cut();
  const sends = ['one', 'two', 'three'].map((text) => alice.messages.send(id, { text }));
  expect(alice.messages.unsent()).toBe(3);
  await Promise.all(sends.map((send) => send.queued));
  expect(alice.messages.unsent()).toBe(3);
  network.restore();
  const acks = await Promise.all(sends.map((send) => send.settled));
  expect(acks.map((ack) => ack.seq)).toEqual([1, 2, 3]);
  await when(bob, 'all messages', () => fresh.length === 3 || undefined);
  expect(texts(fresh)).toEqual(['one', 'two', 'three']);
});

test('a restart of the server in the middle keeps everything and both go on', async () => {
  const [alice, bob] = [await sdkPerson(server()), await sdkPerson(server())];
  const { conversation_id: id } = await alice.conversations.open(userId(bob));
  const fresh = newMessages(bob);
  await alice.messages.send(id, { text: 'before the restart' }).settled;
  for (const how of ['orderly', 'kill -9'] as const) {
    if (how === 'kill -9') await server().kill9();
    await server().restart();
    // Queued while the server may still be away for this client.
    const ack = alice.messages.send(id, { text: `after ${how}` }).settled;
    alice.retryNow();
    bob.retryNow();
    await ack;
  }
  await when(bob, 'all messages', () => fresh.length === 3 || undefined);
  expect(texts(fresh)).toEqual(['before the restart', 'after orderly', 'after kill -9']);
  await online(bob);
  const window = bob.messages.window(id);
  const rows = await painted(window, 3);
  expect(rows.map((row) => row.seq)).toEqual([1, 2, 3]);
  window.dispose();
});
