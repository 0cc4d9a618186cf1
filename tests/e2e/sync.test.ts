import type {
  DeliveredPush,
  MarkDeliveredResponse,
  PullRequest,
  PullResponse,
  ReadCursorsResponse,
} from '@hongyan/sdk';
import { expect, test } from 'vitest';

import { http } from './support/http.ts';
import { call, connect, direct, type Person, register, say } from './support/people.ts';
import { useServer, withServer } from './support/servers.ts';

const server = useServer();

function pull(person: Person, request: Partial<PullRequest> = {}): Promise<PullResponse> {
  return call<PullResponse>(server(), person, 'POST', '/v1/sync', request);
}

/** Alice with a conversation with each of so many people. */
async function scene(others: number) {
  const alice = await register(server());
  const people: Person[] = [];
  const ids: string[] = [];
  for (let i = 0; i < others; i++) {
    const other = await register(server());
    people.push(other);
    ids.push(await direct(server(), alice, other));
  }
  return { alice, people, ids };
}

test('everything is new to who knows nothing, and nothing to who has just asked', async () => {
  const { alice, people, ids } = await scene(3);
  const socket = await connect(server(), people[0] as Person);
  await say(socket, ids[0] as string, 'hello');
  const first = await pull(alice);
  expect(first.conversations.map((one) => one.conversation_id).sort()).toEqual([...ids].sort());
  expect(first.conversations.find((one) => one.conversation_id === ids[0])).toMatchObject({
    seq: 1,
    unread: 1,
    last_message: { content: { text: { text: 'hello' } } },
  });
  expect(first.next_cursor).toBeUndefined();
  const second = await pull(alice, { since: first.since, user_version: first.user_version });
  expect(second).toMatchObject({ conversations: [], gone: [], user_events: [], epoch: first.epoch });
});

test('since: what moved is listed, and only that', async () => {
  const { alice, people, ids } = await scene(4);
  const { since } = await pull(alice);
  const bob = people[1] as Person;
  const theirs = await connect(server(), bob);
  const sent = await say(theirs, ids[1] as string, 'news');
  const afterMessage = await pull(alice, { since });
  expect(afterMessage.conversations.map((one) => one.conversation_id)).toEqual([ids[1]]);
  expect(afterMessage.conversations[0]).toMatchObject({ seq: sent.seq, unread: 1 });

  // The other person's mark moves it as well, and so does one's own.
  const mine = await connect(server(), alice);
  const reply = await say(mine, ids[2] as string, 'read this');
  const beforeMarks = await pull(alice, { since: afterMessage.since });
  const carol = people[2] as Person;
  await call(server(), carol, 'POST', `/v1/conversations/${ids[2]}/mark_read`, { seq: reply.seq });
  await call(server(), alice, 'POST', `/v1/conversations/${ids[1]}/mark_read`, { seq: sent.seq });
  const afterMarks = await pull(alice, { since: beforeMarks.since });
  const marked = new Map(afterMarks.conversations.map((one) => [one.conversation_id, one]));
  expect([...marked.keys()].sort()).toEqual([ids[1] as string, ids[2] as string].sort());
  expect(marked.get(ids[1] as string)).toMatchObject({ read_seq: sent.seq, unread: 0 });
  expect(marked.get(ids[2] as string)).toMatchObject({ peer_read_seq: reply.seq });
});

test('a since of another history, or of none, is no since', async () => {
  const { alice, ids } = await scene(1);
  const first = await pull(alice);
  for (const since of ['nonsense', '1.2', first.since.replace(/[^.]+$/, 'another-epoch')]) {
    const again = await pull(alice, { since });
    expect(again.conversations.map((one) => one.conversation_id)).toEqual(ids);
    expect(again.epoch).toBe(first.epoch);
  }
});

test('by what is held: what differs, what is not named, what is ahead, and what is not one’s own', async () => {
  const { alice, people, ids } = await scene(4);
  for (const [i, person] of people.entries())
    await say(await connect(server(), person), ids[i] as string, 'one');
  const foreign = await direct(server(), people[0] as Person, people[1] as Person);
  const held = (id: string | undefined, seq: number) => ({
    conversation_id: id as string,
    seq,
    change: 0,
    read_seq: 0,
  });
  const answer = await pull(alice, {
    conversations: [held(ids[0], 1), held(ids[1], 0), held(ids[2], 9), held(foreign, 1)],
  });
  const listed = new Map(answer.conversations.map((one) => [one.conversation_id, one.reset === true]));
  expect(Object.fromEntries(listed)).toEqual({
    [ids[1] as string]: false,
    [ids[2] as string]: true,
    [ids[3] as string]: false,
  });
  expect(answer.gone).toEqual([{ conversation_id: foreign, reason: 'unknown', left_seq: 0 }]);
});

test('pages meet without a hole, and their since is the one of the first', async () => {
  const { alice, people, ids } = await scene(5);
  const seen: string[] = [];
  let page = await pull(alice, { limit: 2 });
  const { since } = page;
  for (let pages = 1; ; pages++) {
    expect(page.since).toBe(since);
    seen.push(...page.conversations.map((one) => one.conversation_id));
    if (page.next_cursor === undefined) break;
    expect(pages).toBeLessThan(4);
    // Moves while she pages: shown again next time, because `since` is older.
    if (pages === 1) await say(await connect(server(), people[0] as Person), ids[0] as string, 'meanwhile');
    page = await pull(alice, { limit: 2, cursor: page.next_cursor });
  }
  expect(seen.sort()).toEqual([...ids].sort());
  const next = await pull(alice, { since });
  expect(next.conversations.map((one) => one.conversation_id)).toEqual([ids[0]]);
  const stolen = await pull(people[0] as Person, { limit: 1 });
  expect(stolen.next_cursor).toBeUndefined();
});

test('a cursor of somebody else and too many held conversations are refused', async () => {
  const { alice, people } = await scene(2);
  const page = await pull(alice, { limit: 1 });
  const refused = await http(server().url, 'POST', '/v1/sync', {
    token: (people[0] as Person).access,
    body: { cursor: page.next_cursor },
  });
  expect(refused.error).toMatchObject({ code: 'invalid_argument', field: 'cursor' });
  const many = Array.from({ length: 501 }, (_, i) => ({ conversation_id: String(i + 1) }));
  const tooMany = await http(server().url, 'POST', '/v1/sync', {
    token: alice.access,
    body: { conversations: many },
  });
  expect(tooMany.error).toMatchObject({ code: 'invalid_argument', field: 'conversations' });
  const nameless = await http(server().url, 'POST', '/v1/sync', {
    token: alice.access,
    body: { conversations: [{ seq: 1 }] },
  });
  expect(nameless.error).toMatchObject({ code: 'invalid_argument', field: 'conversations' });
});

test('what has arrived is told to the other person, and what is read has arrived', async () => {
  const { alice, people, ids } = await scene(1);
  const [id, bob] = [ids[0] as string, people[0] as Person];
  const socket = await connect(server(), alice);
  for (let i = 0; i < 3; i++) await say(socket, id, `message ${i}`);
  const theirs = await connect(server(), bob);
  const marked = await theirs.call<MarkDeliveredResponse>('conversation.mark_delivered', {
    conversation_id: id,
    seq: 99,
  });
  expect(marked.delivered_seq, 'clamped to the head').toBe(3);
  const push = await socket.push<DeliveredPush>('delivered', (data) => data.conversation_id === id);
  expect(push).toMatchObject({ user_id: bob.userId, seq: 3 });
  const cursors = await socket.call<ReadCursorsResponse>('conversation.read_cursors', {
    conversation_id: id,
  });
  expect(cursors.items).toEqual([
    { user_id: alice.userId, read_seq: 0, delivered_seq: 0 },
    { user_id: bob.userId, read_seq: 0, delivered_seq: 3 },
  ]);
  await theirs.call('conversation.mark_read', { conversation_id: id, seq: 2 });
  const after = await call<ReadCursorsResponse>(
    server(),
    alice,
    'GET',
    `/v1/conversations/${id}/read_cursors`,
  );
  expect(after.items[1]).toEqual({ user_id: bob.userId, read_seq: 2, delivered_seq: 3 });
});

test('stamps and marks survive a restart', async () => {
  await withServer({}, async (own) => {
    const [alice, bob] = [await register(own), await register(own)];
    const id = await direct(own, alice, bob);
    const socket = await connect(own, bob);
    const sent = await say(socket, id, 'before');
    const first = await call<PullResponse>(own, alice, 'POST', '/v1/sync', {});
    await call(own, alice, 'POST', `/v1/conversations/${id}/mark_read`, { seq: sent.seq });
    await own.kill9();
    await own.restart();
    const next = await call<PullResponse>(own, alice, 'POST', '/v1/sync', { since: first.since });
    expect(next.conversations).toMatchObject([{ conversation_id: id, read_seq: 1, unread: 0 }]);
    const nothing = await call<PullResponse>(own, alice, 'POST', '/v1/sync', { since: next.since });
    expect(nothing.conversations).toEqual([]);
  });
});
