import type { TypingPush } from '@hongyan/sdk';
import { expect, onTestFinished, test } from 'vitest';

import { addMembers, createGroup, pushAt, removeMember } from '../support/groups.ts';
import { http } from '../support/http.ts';
import { connect, direct, login, type Person, register, say } from '../support/people.ts';
import { useServer, withServer } from '../support/servers.ts';
import type { Socket } from '../support/socket.ts';

const server = useServer({ env: { HONGYAN_PRESENCE_TYPING_INTERVAL_MS: '0' } });

async function people(count: number): Promise<Person[]> {
  return Promise.all(Array.from({ length: count }, () => register(server())));
}

/** A socket that is dropped, if it still lives, when the test ends. */
async function online(person: Person): Promise<Socket> {
  const socket = await connect(server(), person);
  onTestFinished(() => socket.terminate());
  return socket;
}

function typing(socket: Socket, conversation_id: string, more: object = {}): Promise<object> {
  return socket.call('typing.set', { conversation_id, ...more });
}

test('reaches the other of a 1:1 on every device, and nobody else', async () => {
  const [alice, bob] = (await people(2)) as [Person, Person];
  const chat = await direct(server(), alice, bob);
  const [a, a2] = [await online(alice), await online(await login(server(), alice))];
  const sockets = [await online(bob), await online(await login(server(), bob))];
  const before = Date.now();
  expect(await typing(a, chat)).toEqual({});
  for (const socket of sockets) {
    const push = await socket.push<TypingPush>('typing');
    expect(push).toMatchObject({ conversation_id: chat, user_id: alice.userId });
    expect(push.until_ms).toBeGreaterThan(before + 5000);
  }
  await typing(a, chat, { typing: false });
  const { seq } = await say(a, chat, 'done');
  for (const socket of sockets) {
    await pushAt(socket, chat, seq);
    expect(socket.pushes<TypingPush>('typing')[1]?.until_ms).toBeLessThanOrEqual(Date.now());
  }
  await pushAt(a2, chat, seq);
  expect([...a.pushes('typing'), ...a2.pushes('typing')]).toEqual([]);
});

test('reaches the others of a group while they are in it', async () => {
  const [alice, bob, carol, stranger] = (await people(4)) as [Person, Person, Person, Person];
  const group = await createGroup(server(), alice, [bob, carol]);
  const apart = await direct(server(), alice, carol);
  const [a, b, c] = [await online(alice), await online(bob), await online(carol)];
  await typing(a, group);
  for (const socket of [b, c]) {
    expect(await socket.push<TypingPush>('typing')).toMatchObject({ user_id: alice.userId });
  }
  await removeMember(server(), alice, group, carol);
  await typing(a, group);
  await b.seen(() => b.pushes('typing').length === 2, 'typing again');
  await pushAt(c, apart, (await say(a, apart, 'still there?')).seq);
  expect(c.pushes('typing')).toHaveLength(1);
  expect((await c.refusal('typing.set', { conversation_id: group })).code).toBe('not_member');
  const path = `/v1/conversations/${group}/typing`;
  const refused = await http(server().url, 'POST', path, { token: stranger.access, body: {} });
  expect(refused.error.code).toBe('not_found');
  await addMembers(server(), alice, group, [carol]);
  expect((await http(server().url, 'POST', path, { token: carol.access, body: {} })).status).toBe(200);
  await a.seen(() => a.pushes('typing').length === 1, 'Carol types');
});

test('groups too large for it, and who types too fast, cost no pushes', async () => {
  const limits = { HONGYAN_PRESENCE_TYPING_MEMBERS: '2', HONGYAN_PRESENCE_TYPING_INTERVAL_MS: '5000' };
  await withServer({ env: limits }, async (own) => {
    const [alice, bob, carol] = (await Promise.all([1, 2, 3].map(() => register(own)))) as [
      Person,
      Person,
      Person,
    ];
    const group = await createGroup(own, alice, [bob, carol]);
    const chat = await direct(own, alice, bob);
    const [a, b] = [await connect(own, alice), await connect(own, bob)];
    for (let i = 0; i < 20; ++i) {
      await a.call('typing.set', { conversation_id: group });
      await a.call('typing.set', { conversation_id: chat });
    }
    await pushAt(b, chat, (await say(a, chat, 'hello')).seq);
    expect(b.pushes<TypingPush>('typing').map((push) => push.conversation_id)).toEqual([chat]);
  });
});
