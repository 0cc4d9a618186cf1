import type { Conversation, PullResponse, UserEventPush } from '@hongyan/sdk';
import { expect, test } from 'vitest';

import { createGroup, removeMember } from './support/groups.ts';
import { http } from './support/http.ts';
import { call, connect, direct, history, login, type Person, register, say } from './support/people.ts';
import { useServer } from './support/servers.ts';

const server = useServer();

async function seqs(person: Person, conversation: string): Promise<number[]> {
  return (await history(server(), person, conversation)).map((message) => message.seq);
}

async function conversationOf(person: Person, id: string): Promise<Conversation> {
  return (await call<{ conversation: Conversation }>(server(), person, 'GET', `/v1/conversations/${id}`))
    .conversation;
}

test('what somebody clears or deletes is gone on all their devices, and for nobody else', async () => {
  const [alice, bob] = [await register(server()), await register(server())];
  const tablet = await login(server(), alice);
  const id = await direct(server(), alice, bob);
  const [bobs, phone, pad] = [
    await connect(server(), bob),
    await connect(server(), alice),
    await connect(server(), tablet),
  ];
  for (let i = 0; i < 6; i++) await say(bobs, id, `message ${i}`);
  const { user_version } = await call<PullResponse>(server(), tablet, 'POST', '/v1/sync', {});
  const { since } = await call<PullResponse>(server(), tablet, 'POST', '/v1/sync', {});

  await phone.call('message.delete_for_me', { conversation_id: id, seq: 5 });
  expect(await phone.call('conversation.clear', { conversation_id: id, up_to_seq: 3 })).toEqual({
    up_to_seq: 3,
  });
  for (const device of [phone, pad]) {
    const deleted = await device.push<UserEventPush>('user_event', (event) => event.kind === 'deleted');
    expect(deleted).toMatchObject({ key: `${id}/5`, state: { deleted: { conversation_id: id, seq: 5 } } });
    const cleared = await device.push<UserEventPush>('user_event', (event) => event.kind === 'cleared');
    expect(cleared).toMatchObject({ key: id, state: { cleared: { conversation_id: id, up_to_seq: 3 } } });
    expect(cleared.version).toBe(deleted.version + 1);
  }
  expect(bobs.pushes('user_event')).toEqual([]);
  expect(await seqs(tablet, id)).toEqual([4, 6]);
  expect(await seqs(bob, id)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await conversationOf(tablet, id)).toMatchObject({ seq: 6, unread: 3 });

  // Who was away learns of both, and that the conversation looks different now.
  const missed = await call<PullResponse>(server(), tablet, 'POST', '/v1/sync', { since, user_version });
  expect(missed.user_events.map((event) => [event.kind, event.key])).toEqual([
    ['deleted', `${id}/5`],
    ['cleared', id],
  ]);
  expect(missed.conversations.map((one) => one.conversation_id)).toEqual([id]);

  expect(await phone.call('conversation.clear', { conversation_id: id, up_to_seq: 999 })).toEqual({
    up_to_seq: 6,
  });
  expect(await seqs(tablet, id)).toEqual([]);
  const empty = await conversationOf(tablet, id);
  expect(empty).toMatchObject({ seq: 6, unread: 0 });
  expect(empty.last_message).toBeUndefined();
  await say(bobs, id, 'news');
  expect(await seqs(alice, id)).toEqual([7]);
  await Promise.all([bobs, phone, pad].map((socket) => socket.close()));
});

test('what is cleared can be neither quoted nor forwarded nor reacted to, and a former member may clear too', async () => {
  const [alice, bob] = [await register(server()), await register(server())];
  const group = await createGroup(server(), alice, [bob]);
  const socket = await connect(server(), bob);
  const { seq } = await say(await connect(server(), alice), group, 'an offer');
  await socket.call('conversation.clear', { conversation_id: group, up_to_seq: seq });
  const quoting = {
    conversation_id: group,
    client_msg_id: 'q',
    content: { text: { text: 'x' } },
    quote_seq: seq,
  };
  expect((await socket.refusal('message.send', quoting)).code).toBe('not_found');
  expect((await socket.refusal('message.react', { conversation_id: group, seq, emoji: '👍' })).code).toBe(
    'not_found',
  );
  await say(socket, group, 'later');
  await removeMember(server(), alice, group, bob);
  const cleared = await socket.call<{ up_to_seq: number }>('conversation.clear', {
    conversation_id: group,
    up_to_seq: 999,
  });
  expect(cleared.up_to_seq).toBe(seq + 2);
  expect(await seqs(bob, group)).toEqual([]);
  await socket.close();
});

test('nobody clears what is not theirs, nor backwards', async () => {
  const [alice, bob, carol] = [await register(server()), await register(server()), await register(server())];
  const id = await direct(server(), alice, bob);
  const clear = (person: Person, upTo: unknown) =>
    http(server().url, 'POST', `/v1/conversations/${id}/clear`, {
      token: person.access,
      body: { up_to_seq: upTo },
    });
  expect((await clear(carol, 1)).error.code).toBe('not_found');
  expect((await clear(alice, -1)).error).toMatchObject({ code: 'invalid_argument', field: 'up_to_seq' });
  expect((await clear(alice, undefined)).error).toMatchObject({
    code: 'invalid_argument',
    field: 'up_to_seq',
  });
});
