import type { Conversation, ListConversationsResponse, PullResponse } from '@hongyan/sdk';
import { expect, test } from 'vitest';

import { eventOf } from '../support/contacts.ts';
import { createGroup } from '../support/groups.ts';
import { call, connect, direct, login, type Person, register, say } from '../support/people.ts';
import { useServer } from '../support/servers.ts';

const server = useServer();

function list(person: Person, query = ''): Promise<ListConversationsResponse> {
  return call(server(), person, 'GET', `/v1/conversations${query}`);
}

async function change(person: Person, id: string, settings: object): Promise<Conversation> {
  const path = `/v1/conversations/${id}`;
  return (await call<{ conversation: Conversation }>(server(), person, 'PATCH', path, settings)).conversation;
}

/** Three conversations of the first person, in each of which the second has written something, the oldest first. */
async function three(): Promise<[Person, Person, string[]]> {
  const [alice, bob] = [await register(server()), await register(server())];
  const ids = [await direct(server(), bob, alice), await createGroup(server(), bob, [alice])];
  ids.push(await createGroup(server(), bob, [alice]));
  const socket = await connect(server(), bob);
  for (const id of ids) await say(socket, id, 'hello');
  await socket.close();
  return [alice, bob, ids];
}

test('what is pinned stands on top, and every device hears of it', async () => {
  const [alice, bob, ids] = await three();
  const [first = '', second = '', third = ''] = ids;
  const phone = await connect(server(), await login(server(), alice));
  expect((await change(alice, first, { pinned: true })).settings).toEqual({
    pinned: true,
    muted: false,
    marked_unread: false,
    hidden: false,
    draft: '',
  });
  expect(await eventOf(phone, 'conversation')).toMatchObject({ conversation_id: first, pinned: true });
  const page = await list(alice);
  expect(page.items.map((item) => item.conversation_id)).toEqual([first, third, second]);
  expect(page.users.map((user) => user.user_id)).toEqual([bob.userId]);
  const paged = await list(alice, '?limit=1');
  const rest = await list(alice, `?cursor=${encodeURIComponent(paged.next_cursor ?? '')}`);
  expect(rest.items.map((item) => item.conversation_id)).toEqual([third, second]);
  await phone.close();
});

test('what is hidden comes back with the next message', async () => {
  const [alice, bob, [first = '']] = await three();
  const listed = async () => (await list(alice)).items.map((item) => item.conversation_id).includes(first);
  await call(server(), alice, 'DELETE', `/v1/conversations/${first}`);
  expect(await listed()).toBe(false);
  const path = `/v1/conversations/${first}`;
  const { conversation } = await call<{ conversation: Conversation }>(server(), alice, 'GET', path);
  expect(conversation.settings?.hidden).toBe(true);
  const socket = await connect(server(), bob);
  await say(socket, first, 'are you there?');
  expect(await listed()).toBe(true);
  await socket.close();
});

test('unread totals leave out what is muted and count what is marked', async () => {
  const [alice, , [first = '', second = '', third = '']] = await three();
  expect((await list(alice)).total_unread).toBe(3);
  await change(alice, first, { muted: true });
  expect((await list(alice)).total_unread).toBe(2);
  await call(server(), alice, 'POST', `/v1/conversations/${second}/mark_read`, { seq: 2 });
  expect((await list(alice, '?limit=1')).total_unread).toBe(1);
  await change(alice, second, { marked_unread: true });
  expect((await list(alice)).total_unread).toBe(2);
  await change(alice, third, { marked_unread: true });
  expect((await list(alice)).total_unread).toBe(2);
});

test('two devices hold the same after one was away during two hundred changes', async () => {
  const [alice, bob, ids] = await three();
  const phone = await login(server(), alice);
  const before = await call<PullResponse>(server(), phone, 'POST', '/v1/sync', {});
  for (let round = 0; round < 200; round++) {
    const id = ids[round % ids.length] ?? '';
    const settings = [{ pinned: round % 2 === 0 }, { draft: `draft ${round}` }, { muted: round % 2 === 1 }];
    await change(alice, id, settings[Math.floor(round / ids.length) % settings.length] ?? {});
  }
  await call(server(), bob, 'POST', '/v1/contacts/requests', { user_id: alice.userId });
  const { since, user_version: version } = before;
  const after = await call<PullResponse>(server(), phone, 'POST', '/v1/sync', {
    since,
    user_version: version,
  });
  const held = new Map(after.conversations.map((one) => [one.conversation_id, one.settings]));
  const truth = await list(alice);
  for (const id of ids) {
    expect(held.get(id)).toEqual(truth.items.find((item) => item.conversation_id === id)?.settings);
    const event = after.user_events.find((one) => one.kind === 'conversation' && one.key === id);
    expect(event?.state.conversation).toMatchObject({
      draft: held.get(id)?.draft,
      pinned: held.get(id)?.pinned,
    });
  }
  expect(after.user_events.map((one) => one.kind)).toContain('contact_request');
  expect(after.user_version).toBeGreaterThan(version + 190);
});

test('a draft is bounded, and strangers set nothing', async () => {
  const [alice, , [first = '']] = await three();
  const socket = await connect(server(), alice);
  const refused = await socket.refusal('conversation.update', {
    conversation_id: first,
    draft: 'x'.repeat(4001),
  });
  expect([refused.code, refused.field]).toEqual(['invalid_argument', 'draft']);
  await socket.close();
});
