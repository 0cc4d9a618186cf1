import type { Conversation, ListMessagesResponse, Message, MessagePush, ReadPush } from '@hongyan/sdk';
import { describe, expect, test } from 'vitest';

import { http } from './support/http.ts';
import { call, connect, direct, freshName, history, login, register, say } from './support/people.ts';
import { useServer } from './support/servers.ts';

const server = useServer();

describe('people', () => {
  test('registers, logs in in any case, and tells who one is', async () => {
    const alice = await register(server(), 'Alice'.toLowerCase());
    const again = await login(server(), { ...alice, username: alice.username.toUpperCase() });
    expect(again.userId).toBe(alice.userId);
    expect(again.deviceId).not.toBe(alice.deviceId);
    const me = await call<{ user: object }>(server(), again, 'GET', '/v1/users/me');
    expect(me.user).toMatchObject({
      user_id: alice.userId,
      username: alice.username,
      nickname: alice.username,
      role: 'user',
      must_change_password: false,
    });
  });

  test('refuses bad and taken usernames and weak passwords', async () => {
    const taken = await register(server());
    const attempt = async (username: unknown, password: unknown) => {
      const answer = await http(server().url, 'POST', '/v1/auth/register', { body: { username, password } });
      return { status: answer.status, code: answer.error.code, field: answer.error.field };
    };
    const good = 'long enough to pass';
    expect(await attempt('abc', good)).toEqual({ status: 400, code: 'invalid_argument', field: 'username' });
    expect(await attempt('has space', good)).toMatchObject({ status: 400, field: 'username' });
    expect(await attempt('x'.repeat(33), good)).toMatchObject({ status: 400, field: 'username' });
    expect(await attempt(taken.username.toUpperCase(), good)).toMatchObject({
      status: 409,
      code: 'already_exists',
    });
    expect(await attempt(freshName(), 'short')).toMatchObject({
      status: 400,
      code: 'weak_password',
      field: 'password',
    });
    expect(await attempt(17, good)).toMatchObject({
      status: 400,
      code: 'invalid_argument',
      field: 'username',
    });
  });

  test('an unknown account and a wrong password answer alike', async () => {
    const alice = await register(server());
    const attempt = (account: string) =>
      http(server().url, 'POST', '/v1/auth/login', { body: { account, password: 'not the password' } });
    const [wrong, unknown] = [await attempt(alice.username), await attempt(freshName())];
    expect([wrong.status, wrong.error.code]).toEqual([401, 'wrong_credentials']);
    expect({ ...unknown.error, request_id: '' }).toEqual({ ...wrong.error, request_id: '' });
  });

  test('changes the own profile: absent stays, empty clears, others see the public part', async () => {
    const [alice, bob] = [await register(server()), await register(server())];
    const change = (body: object) => call<{ user: object }>(server(), alice, 'PATCH', '/v1/users/me', body);
    await change({ nickname: '  艾丽丝 🐦 ', signature: 'hello', region: 'CN', birthday: '1990-12-31' });
    const after = await change({ signature: '', nickname: null });
    expect(after.user).toMatchObject({
      nickname: '艾丽丝 🐦',
      signature: '',
      region: 'CN',
      birthday: '1990-12-31',
    });
    const seen = await call<{ user: object }>(server(), bob, 'GET', `/v1/users/${alice.userId}`);
    expect(seen.user).toMatchObject({ user_id: alice.userId, nickname: '艾丽丝 🐦', region: 'CN' });
    for (const hidden of ['birthday', 'phone', 'email', 'role']) expect(seen.user).not.toHaveProperty(hidden);
    const refused = await http(server().url, 'PATCH', '/v1/users/me', {
      token: alice.access,
      body: { nickname: 7 },
    });
    expect(refused.error).toMatchObject({ code: 'invalid_argument', field: 'nickname' });
  });

  test('finds people by their exact username only', async () => {
    const [alice, bob] = [await register(server()), await register(server())];
    const find = async (q: string) => {
      const path = `/v1/users/search?q=${encodeURIComponent(q)}`;
      return (await call<{ items: { user_id: string }[] }>(server(), alice, 'GET', path)).items;
    };
    expect((await find(bob.username.toUpperCase())).map((user) => user.user_id)).toEqual([bob.userId]);
    expect(await find(bob.username.slice(0, -1))).toEqual([]);
    expect(await find('%')).toEqual([]);
  });
});

describe('conversations', () => {
  test('two people who open at once get the same one', async () => {
    for (let round = 0; round < 5; round++) {
      const [alice, bob] = [await register(server()), await register(server())];
      const opened = await Promise.all([
        direct(server(), alice, bob),
        direct(server(), bob, alice),
        direct(server(), alice, bob),
        direct(server(), bob, alice),
      ]);
      expect(new Set(opened).size).toBe(1);
    }
  });

  test('the file helper is a conversation with oneself', async () => {
    const alice = await register(server());
    const id = await direct(server(), alice, alice);
    expect(await direct(server(), alice, alice)).toBe(id);
    const socket = await connect(server(), alice);
    const ack = await say(socket, id, 'note to self');
    const push = await socket.push<MessagePush>('message', (data) => data.conversation_id === id);
    expect(push.message.message_id).toBe(ack.message_id);
    const { conversation } = await socket.call<{ conversation: Conversation }>('conversation.get', {
      conversation_id: id,
    });
    expect(conversation).toMatchObject({ type: 'self', seq: 1, unread: 0 });
    await socket.close();
  });

  test('is opened with existing people only', async () => {
    const alice = await register(server());
    const answer = await http(server().url, 'POST', '/v1/conversations', {
      token: alice.access,
      body: { user_id: '12345' },
    });
    expect([answer.status, answer.error.code]).toEqual([404, 'not_found']);
  });
});

describe('messages', () => {
  test('reach every socket of both people, once, in order', async () => {
    const [alice, bob] = [await register(server()), await register(server())];
    const id = await direct(server(), alice, bob);
    const sockets = await Promise.all([
      connect(server(), alice),
      connect(server(), await login(server(), alice)),
      connect(server(), bob),
      connect(server(), await login(server(), bob)),
    ]);
    const [sender] = sockets;
    const texts = Array.from({ length: 20 }, (_, i) => `message ${i}`);
    // Sent without waiting: the order of a connection is kept.
    const acks = await Promise.all(texts.map((text) => say(sender, id, text)));
    expect(acks.map((ack) => ack.seq)).toEqual(texts.map((_, i) => i + 1));
    for (const socket of sockets) {
      await socket.push<MessagePush>('message', (data) => data.seq === texts.length);
      const pushes = socket.pushes<MessagePush>('message');
      expect(pushes.map((push) => push.message.content?.text?.text)).toEqual(texts);
      expect(pushes.map((push) => push.message.message_id)).toEqual(acks.map((ack) => ack.message_id));
      expect(pushes.map((push) => push.seq)).toEqual(acks.map((ack) => ack.seq));
    }
    const stranger = await connect(server(), await register(server()));
    expect(stranger.pushes('message')).toEqual([]);
    await Promise.all([...sockets, stranger].map((socket) => socket.close()));
  });

  test('are listed before, after, around and newest, with what lies beyond', async () => {
    const [alice, bob] = [await register(server()), await register(server())];
    const id = await direct(server(), alice, bob);
    const socket = await connect(server(), alice);
    for (let i = 1; i <= 30; i++) await say(socket, id, `m${i}`);
    const page = async (query: string) => {
      const answer = await call<ListMessagesResponse>(
        server(),
        bob,
        'GET',
        `/v1/conversations/${id}/messages?${query}`,
      );
      const seqs = answer.items.map((message) => message.seq);
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
      expect(answer.head.seq).toBe(30);
      expect(answer.floor_seq).toBe(1);
      return [
        seqs[0],
        seqs.at(-1),
        answer.has_more_before,
        answer.has_more_after,
        answer.from_seq,
        answer.to_seq,
      ];
    };
    expect(await page('limit=10')).toEqual([21, 30, true, false, 21, 30]);
    expect(await page('before=11&limit=4')).toEqual([7, 10, true, true, 7, 10]);
    expect(await page('before=4')).toEqual([1, 3, false, true, 1, 3]);
    expect(await page('after=27')).toEqual([28, 30, true, false, 28, 30]);
    expect(await page('after=0&limit=5')).toEqual([1, 5, false, true, 1, 5]);
    expect(await page('around=15&limit=5')).toEqual([13, 17, true, true, 13, 17]);
    expect(await page('around=30&limit=5')).toEqual([26, 30, true, false, 26, 30]);
    expect((await page('after=30')).slice(0, 4)).toEqual([undefined, undefined, true, false]);
    const both = await http(server().url, 'GET', `/v1/conversations/${id}/messages?before=3&after=1`, {
      token: bob.access,
    });
    expect([both.status, both.error.code]).toEqual([400, 'invalid_argument']);
    await socket.close();
  });

  test('a page of history is at most 100 messages', async () => {
    const alice = await register(server());
    const id = await direct(server(), alice, alice);
    const socket = await connect(server(), alice);
    await Promise.all(Array.from({ length: 120 }, (_, i) => say(socket, id, `m${i}`)));
    const page = await socket.call<ListMessagesResponse>('message.list', {
      conversation_id: id,
      limit: 1000,
    });
    expect(page.items).toHaveLength(100);
    expect((await history(server(), alice, id)).map((message) => message.seq)).toEqual(
      Array.from({ length: 120 }, (_, i) => i + 1),
    );
    await socket.close();
  });

  test('are checked: kind, text, size, client_msg_id', async () => {
    const [alice, bob] = [await register(server()), await register(server())];
    const id = await direct(server(), alice, bob);
    const socket = await connect(server(), alice);
    const send = (part: object) =>
      socket.refusal('message.send', {
        conversation_id: id,
        client_msg_id: 'c1',
        content: { text: { text: 'fine' } },
        ...part,
      });
    expect(await send({ content: {} })).toMatchObject({ code: 'invalid_argument', field: 'content' });
    expect(await send({ content: { text: { text: '' } } })).toMatchObject({ field: 'content.text.text' });
    expect(await send({ content: { text: { text: 5 } } })).toMatchObject({ field: 'content.text.text' });
    expect(await send({ content: { image: { file_id: '1' } } })).toMatchObject({ code: 'invalid_argument' });
    expect(await send({ content: { text: { text: 'x'.repeat(65 * 1024) } } })).toMatchObject({
      code: 'too_large',
    });
    expect(await send({ client_msg_id: '' })).toMatchObject({ field: 'client_msg_id' });
    expect(await send({ client_msg_id: 'a b' })).toMatchObject({ field: 'client_msg_id' });
    expect(await send({ client_msg_id: 'x'.repeat(65) })).toMatchObject({ field: 'client_msg_id' });
    expect(await send({ conversation_id: 7 })).toMatchObject({ field: 'conversation_id' });
    expect(await history(server(), alice, id)).toEqual([]);
    const big = '鸿'.repeat(21_000);
    expect((await say(socket, id, big)).seq).toBe(1);
    const [stored] = await history(server(), bob, id);
    expect(stored?.content?.text?.text).toBe(big);
    await socket.close();
  });

  test('count as unread until they are read; the mark is pushed and never falls', async () => {
    const [alice, bob] = [await register(server()), await register(server())];
    const id = await direct(server(), alice, bob);
    const [a, b, b2] = await Promise.all([
      connect(server(), alice),
      connect(server(), bob),
      connect(server(), await login(server(), bob)),
    ]);
    for (let i = 1; i <= 5; i++) await say(a, id, `m${i}`);
    await say(b, id, 'answer');
    const view = async (socket: typeof a) =>
      (await socket.call<{ conversation: Conversation }>('conversation.get', { conversation_id: id }))
        .conversation;
    expect(await view(b)).toMatchObject({
      seq: 6,
      unread: 5,
      read_seq: 0,
      peer_read_seq: 0,
      peer_user_id: alice.userId,
    });
    const mark = (seq: number) =>
      b.call<{ read_seq: number }>('conversation.mark_read', { conversation_id: id, seq });
    expect(await mark(3)).toEqual({ read_seq: 3 });
    for (const socket of [a, b, b2]) {
      const push = await socket.push<ReadPush>('read', (data) => data.seq === 3);
      expect(push).toEqual({ conversation_id: id, user_id: bob.userId, seq: 3 });
    }
    expect(await view(b)).toMatchObject({ unread: 2, read_seq: 3 });
    expect(await mark(1)).toEqual({ read_seq: 3 });
    expect(await mark(1_000_000)).toEqual({ read_seq: 6 });
    expect(await view(b)).toMatchObject({ unread: 0, read_seq: 6 });
    expect(await view(a)).toMatchObject({ unread: 1, peer_read_seq: 6 });
    expect(await b.refusal('conversation.mark_read', { conversation_id: id, seq: -1 })).toMatchObject({
      field: 'seq',
    });
    await Promise.all([a, b, b2].map((socket) => socket.close()));
  });

  test('a send may move the read mark of its sender', async () => {
    const [alice, bob] = [await register(server()), await register(server())];
    const id = await direct(server(), alice, bob);
    const [a, b] = await Promise.all([connect(server(), alice), connect(server(), bob)]);
    await say(a, id, 'one');
    await b.call('message.send', {
      conversation_id: id,
      client_msg_id: 'with-mark',
      content: { text: { text: 'two' } },
      read_seq: 1,
    });
    const push = await a.push<ReadPush>('read', (data) => data.user_id === bob.userId);
    expect(push.seq).toBe(1);
    await Promise.all([a.close(), b.close()]);
  });
});

test('conversation.list pages by signed cursors, last activity first', async () => {
  const [alice, mallory] = [await register(server()), await register(server())];
  const socket = await connect(server(), alice);
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) {
    const id = await direct(server(), alice, await register(server()));
    await say(socket, id, `hello ${i}`);
    ids.unshift(id);
  }
  type Page = { items: Conversation[]; next_cursor?: string };
  const list = (query: string) => call<Page>(server(), alice, 'GET', `/v1/conversations${query}`);
  const first = await list('?limit=2');
  const second = await list(`?limit=2&cursor=${first.next_cursor ?? ''}`);
  const third = await list(`?limit=2&cursor=${second.next_cursor ?? ''}`);
  const seen = [...first.items, ...second.items, ...third.items];
  expect(seen.map((conversation) => conversation.conversation_id)).toEqual(ids);
  expect(third.next_cursor).toBeUndefined();
  const last: (Message | undefined)[] = seen.map((conversation) => conversation.last_message);
  expect(last.map((message) => message?.content?.text?.text)).toEqual(
    [4, 3, 2, 1, 0].map((i) => `hello ${i}`),
  );

  const cursor = first.next_cursor ?? '';
  const forged = cursor.slice(0, -2) + (cursor.endsWith('AA') ? 'BB' : 'AA');
  for (const [who, bad] of [
    [alice, forged],
    [alice, 'bm90IGEgY3Vyc29y'],
    [alice, '!!'],
    [mallory, cursor],
  ] as const) {
    const answer = await http(
      server().url,
      'GET',
      `/v1/conversations?limit=2&cursor=${encodeURIComponent(bad)}`,
      {
        token: who.access,
      },
    );
    expect([answer.status, answer.error.code, answer.error.field]).toEqual([
      400,
      'invalid_argument',
      'cursor',
    ]);
  }
  await socket.close();
});
