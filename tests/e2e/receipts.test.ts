import type {
  Conversation,
  ListReceiptsResponse,
  MarkReadResponse,
  PullResponse,
  ReadCursorsResponse,
  ReadPush,
  SettingsResponse,
  UpdateSettingsRequest,
  UserEventPush,
} from '@hongyan/sdk';
import { beforeEach, describe, expect, test } from 'vitest';

import { addMembers, createGroup, removeMember } from './support/groups.ts';
import { type Answer, http } from './support/http.ts';
import { call, connect, direct, freshId, login, type Person, register, say } from './support/people.ts';
import { useServer, withServer } from './support/servers.ts';

const server = useServer();
let alice: Person;
let bob: Person;
let carol: Person;

beforeEach(async () => {
  [alice, bob, carol] = [await register(server()), await register(server()), await register(server())];
});

function ask(person: Person, room: string, seq: number, query = ''): Promise<Answer<ListReceiptsResponse>> {
  const path = `/v1/conversations/${room}/messages/${seq}/receipts${query}`;
  return http<ListReceiptsResponse>(server().url, 'GET', path, { token: person.access });
}

/** What each other member has done with a message: read, delivered or nothing yet. */
async function states(sender: Person, room: string, seq: number): Promise<Record<string, string>> {
  const { data } = await ask(sender, room, seq);
  const state = (item: { read: boolean; delivered: boolean }) =>
    item.read ? 'read' : item.delivered ? 'delivered' : 'sent';
  return Object.fromEntries(data.items.map((item) => [item.user_id, state(item)]));
}

async function send(person: Person, room: string, more: object = {}): Promise<number> {
  const body = {
    conversation_id: room,
    client_msg_id: freshId(),
    content: { text: { text: 'hi' } },
    ...more,
  };
  return (await call<{ seq: number }>(server(), person, 'POST', '/v1/messages', body)).seq;
}

function read(person: Person, room: string, seq: number): Promise<MarkReadResponse> {
  return call(server(), person, 'POST', `/v1/conversations/${room}/mark_read`, { seq });
}

function choose(person: Person, settings: UpdateSettingsRequest): Promise<SettingsResponse> {
  return call(server(), person, 'PATCH', '/v1/users/me/settings', settings);
}

async function view(person: Person, room: string): Promise<Conversation> {
  const path = `/v1/conversations/${room}`;
  return (await call<{ conversation: Conversation }>(server(), person, 'GET', path)).conversation;
}

describe('receipts', () => {
  test('of a 1:1 tell whether the message was sent, delivered or read', async () => {
    const room = await direct(server(), alice, bob);
    const seq = await send(alice, room);
    expect(await states(alice, room, seq)).toEqual({ [bob.userId]: 'sent' });
    await call(server(), bob, 'POST', `/v1/conversations/${room}/mark_delivered`, { seq });
    expect(await states(alice, room, seq)).toEqual({ [bob.userId]: 'delivered' });
    await read(bob, room, seq);
    expect((await ask(alice, room, seq)).data).toEqual({
      items: [{ user_id: bob.userId, read: true, delivered: true }],
      read_count: 1,
      member_count: 1,
      users: [{ user_id: bob.userId, nickname: bob.username, avatar: '', version: 1 }],
    });
  });

  test('are for the sender alone', async () => {
    const room = await direct(server(), alice, bob);
    const seq = await send(alice, room);
    expect((await ask(bob, room, seq)).error.code).toBe('permission_denied');
    expect((await ask(carol, room, seq)).error.code).toBe('not_found');
    expect((await ask(alice, room, seq + 1)).error.code).toBe('not_found');
    const socket = await connect(server(), bob);
    const request = { conversation_id: room, seq };
    expect((await socket.refusal('message.receipts', request)).code).toBe('permission_denied');
  });

  test('of a group count who can see the message, and former members neither count nor ask', async () => {
    const group = await createGroup(server(), alice, [bob]);
    const early = await send(alice, group);
    const bobs = await send(bob, group);
    await addMembers(server(), alice, group, [carol]);
    const late = await send(alice, group);
    await read(carol, group, late);
    expect(await states(alice, group, early)).toEqual({ [bob.userId]: 'sent' });
    expect(await states(alice, group, late)).toEqual({ [bob.userId]: 'sent', [carol.userId]: 'read' });
    await removeMember(server(), alice, group, bob);
    expect(await states(alice, group, late)).toEqual({ [carol.userId]: 'read' });
    expect((await ask(bob, group, bobs)).error.code).toBe('not_member');
    await addMembers(server(), alice, group, [bob]);
    expect(await states(alice, group, late), 'who comes back does not see it').toEqual({
      [carol.userId]: 'read',
    });
    expect((await ask(bob, group, bobs)).error.code).toBe('not_found');
  });

  test('come in pages that meet, and the counts are those of all', async () => {
    const others = await Promise.all(Array.from({ length: 5 }, () => register(server())));
    const group = await createGroup(server(), alice, others);
    const seq = await send(alice, group);
    for (const reader of others.slice(0, 2)) await read(reader, group, seq);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { data } = await ask(alice, group, seq, `?limit=2&cursor=${encodeURIComponent(cursor)}`);
      expect(data).toMatchObject({ read_count: 2, member_count: 5 });
      expect(data.users.map((user) => user.user_id).sort()).toEqual(
        data.items.map((item) => item.user_id).sort(),
      );
      seen.push(...data.items.map((item) => item.user_id));
      cursor = data.next_cursor ?? '';
      expect(seen.length).toBeLessThanOrEqual(5);
    } while (cursor !== '');
    const byId = others.map((other) => BigInt(other.userId)).sort((a, b) => (a < b ? -1 : 1));
    expect(seen).toEqual(byId.map(String));
    const first = (await ask(alice, group, seq, '?limit=2')).data;
    const other = await send(alice, group);
    const misused = await ask(alice, group, other, `?cursor=${encodeURIComponent(first.next_cursor ?? '')}`);
    expect(misused.error).toMatchObject({ code: 'invalid_argument', field: 'cursor' });
  });

  test('of large groups are asked for, and nobody is told', async () => {
    await withServer({ env: { HONGYAN_RECEIPTS_MAX_MEMBERS: '2' } }, async (own) => {
      const [ann, ben, cleo] = [await register(own), await register(own), await register(own)];
      const large = await createGroup(own, ann, [ben, cleo]);
      const small = await createGroup(own, ann, [ben]);
      const [socket, reader] = [await connect(own, ann), await connect(own, ben)];
      // The large one first, so that what would be told of it comes before what is told of the small one.
      for (const group of [large, small]) {
        const { seq } = await say(socket, group, 'hello');
        await reader.call('conversation.mark_read', { conversation_id: group, seq });
      }
      await socket.push<ReadPush>('read', (push) => push.conversation_id === small);
      expect(socket.pushes<ReadPush>('read').map((push) => push.conversation_id)).toEqual([small]);
      const path = `/v1/conversations/${large}/messages/2/receipts`;
      const answer = await call<ListReceiptsResponse>(own, ann, 'GET', path);
      expect(answer).toMatchObject({ read_count: 1, member_count: 2 });
    });
  });
});

describe('read receipts that are switched off', () => {
  test('are told to nobody, while the own devices hear everything', async () => {
    const room = await direct(server(), alice, bob);
    const seqs = [await send(alice, room), await send(alice, room), await send(alice, room)];
    const another = await login(server(), bob);
    const [alices, bobs] = [await connect(server(), alice), await connect(server(), another)];
    await call(server(), bob, 'POST', `/v1/conversations/${room}/mark_delivered`, { seq: seqs[2] });
    await choose(bob, { read_receipts: false });
    const { since } = await call<PullResponse>(server(), alice, 'POST', '/v1/sync', {});
    await read(bob, room, seqs[0] as number);
    await bobs.push<ReadPush>('read', (push) => push.seq === seqs[0]);
    expect(await states(alice, room, seqs[0] as number)).toEqual({ [bob.userId]: 'delivered' });
    expect((await view(alice, room)).peer_read_seq).toBeUndefined();
    expect(await view(alice, room)).toMatchObject({ peer_delivered_seq: seqs[2] });
    expect((await view(bob, room)).read_seq).toBe(seqs[0]);
    const moved = await call<PullResponse>(server(), alice, 'POST', '/v1/sync', { since });
    expect(moved.conversations, 'not even that something has moved').toEqual([]);
    const path = `/v1/conversations/${room}/read_cursors`;
    const cursors = await call<ReadCursorsResponse>(server(), alice, 'GET', path);
    expect(cursors.items[1]).toEqual({ user_id: bob.userId, delivered_seq: seqs[2] });

    await choose(bob, { read_receipts: true });
    await read(bob, room, seqs[1] as number);
    await alices.push<ReadPush>('read', (push) => push.seq === seqs[1]);
    expect(alices.pushes<ReadPush>('read'), 'what was read meanwhile was never told').toHaveLength(1);
    expect(await states(alice, room, seqs[1] as number)).toEqual({ [bob.userId]: 'read' });
    expect((await view(alice, room)).peer_read_seq).toBe(seqs[1]);
  });

  test('are not shown to who has switched off their own', async () => {
    const room = await direct(server(), alice, bob);
    const group = await createGroup(server(), alice, [bob, carol]);
    const [one, many] = [await send(alice, room), await send(alice, group)];
    await choose(alice, { read_receipts: false });
    const socket = await connect(server(), alice);
    await read(bob, room, one);
    await read(bob, group, many);
    expect((await view(alice, room)).peer_read_seq).toBeUndefined();
    expect((await view(bob, room)).peer_read_seq).toBeUndefined();
    expect((await ask(alice, group, many)).data).toMatchObject({ read_count: 0, member_count: 2 });
    expect(await states(alice, group, many)).toEqual({ [bob.userId]: 'delivered', [carol.userId]: 'sent' });
    await choose(alice, { read_receipts: true });
    expect(await states(alice, group, many)).toEqual({ [bob.userId]: 'read', [carol.userId]: 'sent' });
    const next = await send(alice, room);
    await read(bob, room, next);
    await socket.push<ReadPush>('read', (push) => push.conversation_id === room);
    const told = socket.pushes<ReadPush>('read').filter((push) => push.conversation_id === room);
    expect(told.map((push) => push.seq)).toEqual([next]);
  });
});

describe('settings', () => {
  const defaults = {
    find_me: 'everyone',
    add_me: 'everyone',
    see_last_seen: 'everyone',
    read_receipts: true,
    notifications: { enabled: true, preview: true },
  };

  test('begin with the defaults, change field by field, and reach the devices by push and by sync', async () => {
    const asked = await call<SettingsResponse>(server(), alice, 'GET', '/v1/users/me/settings');
    expect(asked.settings).toEqual(defaults);
    const before = await call<PullResponse>(server(), alice, 'POST', '/v1/sync', {});
    const another = await connect(server(), await login(server(), alice));
    await choose(alice, { find_me: 'nobody', notifications: { preview: false } });
    await another.push<UserEventPush>('user_event', (event) => event.state.settings?.find_me === 'nobody');
    const changed = await choose(alice, { see_last_seen: 'contacts' });
    const expected = {
      ...defaults,
      find_me: 'nobody',
      see_last_seen: 'contacts',
      notifications: { enabled: true, preview: false },
    };
    expect(changed.settings).toEqual(expected);
    const { user_version } = before;
    const pulled = await call<PullResponse>(server(), alice, 'POST', '/v1/sync', { user_version });
    expect(pulled.user_events).toEqual([
      { version: user_version + 2, kind: 'settings', key: '', state: { settings: expected } },
    ]);
    const others = await call<PullResponse>(server(), bob, 'POST', '/v1/sync', {});
    expect(others.user_events).toEqual([]);
    const found = await call<{ items: object[] }>(
      server(),
      bob,
      'GET',
      `/v1/users/search?q=${alice.username}`,
    );
    expect(found.items).toEqual([]);
  });

  test('survive a restart', async () => {
    await withServer({}, async (own) => {
      const [ann, ben] = [await register(own), await register(own)];
      const room = await direct(own, ann, ben);
      await call(own, ben, 'PATCH', '/v1/users/me/settings', { read_receipts: false });
      await own.kill9();
      await own.restart();
      const { settings } = await call<SettingsResponse>(own, ben, 'GET', '/v1/users/me/settings');
      expect(settings).toEqual({ ...defaults, read_receipts: false });
      const path = `/v1/conversations/${room}`;
      const { conversation } = await call<{ conversation: Conversation }>(own, ann, 'GET', path);
      expect(conversation.peer_read_seq).toBeUndefined();
    });
  });

  test('that have no name are refused, and the field is named', async () => {
    const answer = await http(server().url, 'PATCH', '/v1/users/me/settings', {
      token: alice.access,
      body: { add_me: 'friends' },
    });
    expect(answer.error).toMatchObject({ code: 'invalid_argument', field: 'add_me' });
  });
});

describe('who is named', () => {
  test('sees the newest unread message that names them or everybody', async () => {
    const group = await createGroup(server(), alice, [bob, carol]);
    const named = await send(alice, group, { mentions: { user_ids: [bob.userId], all: false } });
    await send(alice, group);
    expect((await view(bob, group)).mentioned_seq).toBe(named);
    expect((await view(carol, group)).mentioned_seq).toBeUndefined();
    const everybody = await send(alice, group, { mentions: { user_ids: [], all: true } });
    const pulled = await call<PullResponse>(server(), carol, 'POST', '/v1/sync', {});
    expect(pulled.conversations).toMatchObject([{ conversation_id: group, mentioned_seq: everybody }]);
    expect((await view(alice, group)).mentioned_seq, 'her own').toBeUndefined();
    await call(server(), alice, 'POST', `/v1/conversations/${group}/messages/${everybody}/recall`);
    expect((await view(carol, group)).mentioned_seq).toBeUndefined();
    const listed = await call<{ items: Conversation[] }>(server(), bob, 'GET', '/v1/conversations');
    expect(listed.items).toMatchObject([{ conversation_id: group, mentioned_seq: named }]);
    await read(bob, group, named);
    expect((await view(bob, group)).mentioned_seq).toBeUndefined();
  });
});

describe('sync by what is held', () => {
  test('lists a conversation in which only the other person has read', async () => {
    const room = await direct(server(), alice, bob);
    const seq = await send(alice, room);
    const held = { conversation_id: room, seq, change: 0, read_seq: 0 };
    const pull = (peer_read_seq: number) =>
      call<PullResponse>(server(), alice, 'POST', '/v1/sync', {
        conversations: [{ ...held, peer_read_seq }],
      });
    expect((await pull(0)).conversations).toEqual([]);
    await read(bob, room, seq);
    expect((await pull(0)).conversations).toMatchObject([{ conversation_id: room, peer_read_seq: seq }]);
    expect((await pull(seq)).conversations).toEqual([]);
  });
});
