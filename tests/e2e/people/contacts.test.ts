import type { Contact, ContactRequest, Conversation, PullResponse, User } from '@hongyan/sdk';
import { describe, expect, test } from 'vitest';

import { accept, ask, befriend, contactsOf, eventOf, requestsOf } from '../support/contacts.ts';
import { codeOf, pushAt } from '../support/groups.ts';
import { http } from '../support/http.ts';
import {
  call,
  connect,
  direct,
  history,
  login,
  type Person,
  register,
  say,
  textMessage,
} from '../support/people.ts';
import { useServer, withServer } from '../support/servers.ts';

const REQUIRED = { HONGYAN_CONTACTS_REQUIRED: 'true' };
const server = useServer({ env: REQUIRED });

async function two(): Promise<[Person, Person]> {
  return Promise.all([register(server()), register(server())]);
}

function block(person: Person, other: Person): Promise<object> {
  return call(server(), person, 'PUT', `/v1/contacts/${other.userId}/block`);
}

async function refusal(person: Person, conversation: string): Promise<string> {
  const body = textMessage(conversation, 'x');
  return (await http(server().url, 'POST', '/v1/messages', { token: person.access, body })).error.code;
}

describe('asking', () => {
  test('is told to every device of both, and an answer makes friends everywhere', async () => {
    const [alice, bob] = await two();
    const phone = await login(server(), alice);
    const sockets = await Promise.all([alice, phone, bob].map((person) => connect(server(), person)));
    const { request } = await ask(server(), alice, bob, { message: 'it is me', remark: 'Bobby' });
    for (const socket of sockets) {
      const told = await eventOf(socket, 'contact_request');
      expect(told).toEqual(request);
      expect(told).toMatchObject({ message: 'it is me', source: 'search', state: 'pending' });
    }
    expect(await requestsOf(server(), bob, 'received')).toEqual([request]);
    expect(await requestsOf(server(), alice, 'sent')).toEqual([request]);

    const made = await accept(server(), bob, request?.contact_request_id ?? '');
    expect(made.contact).toMatchObject({ user_id: alice.userId, state: 'friend' });
    for (const socket of sockets) {
      expect(await eventOf(socket, 'contact_request', (told) => told.state === 'accepted')).toBeDefined();
      await eventOf(socket, 'contact', (told) => told.state === 'friend');
      const line = await pushAt(socket, made.conversation_id, 1);
      expect(codeOf(line.message)).toBe('contact_added');
      expect(line.message.content?.system?.params).toEqual({
        by: bob.userId,
        user_id: alice.userId,
        message: 'it is me',
      });
    }
    expect((await contactsOf(server(), alice)).map((contact) => contact.remark)).toEqual(['Bobby']);
    const [first] = sockets;
    if (first === undefined) throw new Error('no socket');
    expect((await say(first, made.conversation_id, 'hello')).seq).toBe(2);
    const seen = await call<{ conversation: Conversation }>(
      server(),
      bob,
      'GET',
      `/v1/conversations/${made.conversation_id}`,
    );
    expect(seen.conversation).toMatchObject({ unread: 1, peer_user_id: alice.userId });
    await Promise.all(sockets.map((socket) => socket.close()));
  });

  test('each other makes friends at once', async () => {
    const [alice, bob] = await two();
    await ask(server(), alice, bob);
    const crossing = await ask(server(), bob, alice);
    expect(crossing.contact).toMatchObject({ user_id: alice.userId, state: 'friend' });
    expect(crossing.conversation_id).toBe(await direct(server(), alice, bob));
    expect(await requestsOf(server(), alice, 'received')).toEqual([]);
  });

  test('both at the very same moment makes friends once', async () => {
    const [alice, bob] = await two();
    await Promise.all([ask(server(), alice, bob), ask(server(), bob, alice)]);
    const chat = await direct(server(), alice, bob);
    expect((await history(server(), alice, chat)).map(codeOf)).toEqual(['contact_added']);
    expect(await contactsOf(server(), alice)).toHaveLength(1);
    expect(await contactsOf(server(), bob)).toHaveLength(1);
  });

  test('is refused past a closed door, past a block, and of friends', async () => {
    const [alice, bob] = await two();
    const code = async (from: Person, to: Person) =>
      (
        await http(server().url, 'POST', '/v1/contacts/requests', {
          token: from.access,
          body: { user_id: to.userId },
        })
      ).error.code;
    await call(server(), bob, 'PATCH', '/v1/users/me/settings', { add_me: 'nobody' });
    expect(await code(alice, bob)).toBe('permission_denied');
    await call(server(), bob, 'PATCH', '/v1/users/me/settings', { add_me: 'everyone' });
    await befriend(server(), alice, bob);
    expect(await code(alice, bob)).toBe('already_exists');
    await block(bob, alice);
    expect(await code(alice, bob)).toBe('blocked');
    expect(await code(alice, alice)).toBe('invalid_argument');
  });

  test('has an end', async () => {
    await withServer({ env: { ...REQUIRED, HONGYAN_CONTACTS_REQUEST_MS: '1000' } }, async (hasty) => {
      const [alice, bob] = [await register(hasty), await register(hasty)];
      const { request } = await ask(hasty, alice, bob);
      const state = async () => (await requestsOf(hasty, bob, 'received'))[0]?.state;
      await expect.poll(state, { timeout: 5_000, interval: 20 }).toBe('expired');
      const path = `/v1/contacts/requests/${request?.contact_request_id ?? ''}/accept`;
      const late = await http(hasty.url, 'POST', path, { token: bob.access, body: {} });
      expect(late.error.code).toBe('request_expired');
    });
  });
});

describe('who may write', () => {
  test('are friends: what is taken away holds for the very next message', async () => {
    const [alice, bob] = await two();
    const stranger = await direct(server(), alice, bob);
    expect(await refusal(alice, stranger)).toBe('not_friend');
    const chat = await befriend(server(), alice, bob);
    expect(chat).toBe(stranger);
    const [laptop, phone] = await Promise.all([connect(server(), alice), connect(server(), bob)]);
    for (let round = 0; round < 10; round++) {
      await say(laptop, chat, 'hello');
      await say(phone, chat, 'hello');
      await block(bob, alice);
      expect(await refusal(alice, chat)).toBe('blocked');
      expect(await refusal(bob, chat)).toBe('blocked');
      await call(server(), bob, 'DELETE', `/v1/contacts/${alice.userId}/block`);
      await say(laptop, chat, 'again');
      await call(server(), bob, 'DELETE', `/v1/contacts/${alice.userId}`);
      expect(await refusal(alice, chat)).toBe('not_friend');
      expect(await refusal(bob, chat)).toBe('not_friend');
      await ask(server(), bob, alice);
    }
    await Promise.all([laptop.close(), phone.close()]);
  });

  test('with contacts.required = false is everybody but who is blocked', async () => {
    await withServer({}, async (open) => {
      const [alice, bob] = [await register(open), await register(open)];
      const chat = await direct(open, alice, bob);
      const socket = await connect(open, alice);
      await say(socket, chat, 'hello');
      await call(open, bob, 'PUT', `/v1/contacts/${alice.userId}/block`);
      expect((await socket.refusal('message.send', textMessage(chat, 'x'))).code).toBe('blocked');
      await socket.close();
    });
  });
});

describe('the list', () => {
  test('is ordered by sound, and notes are kept for oneself', async () => {
    const alice = await register(server());
    const nicknames = ['张三', 'Bob', '阿明', '9th', 'Émile'];
    for (const nickname of nicknames) {
      const friend = await register(server());
      await call(server(), friend, 'PATCH', '/v1/users/me', { nickname });
      await befriend(server(), alice, friend);
    }
    const list = await call<{ items: Contact[]; users: { user_id: string; nickname: string }[] }>(
      server(),
      alice,
      'GET',
      '/v1/contacts',
    );
    const name = new Map(list.users.map((user) => [user.user_id, user.nickname]));
    expect(list.items.map((contact) => name.get(contact.user_id))).toEqual([
      '阿明',
      'Bob',
      'Émile',
      '张三',
      '9th',
    ]);
    expect(list.items.map((contact) => contact.sort_key)).toEqual([
      'aming',
      'bob',
      'emile',
      'zhangsan',
      '~9th',
    ]);
    const last = list.items.at(-1);
    const path = `/v1/contacts/${last?.user_id ?? ''}`;
    const changed = { remark: '丁一', tags: ['work', '同学'], starred: true };
    const { contact } = await call<{ contact: Contact }>(server(), alice, 'PATCH', path, changed);
    expect(contact).toMatchObject({ ...changed, sort_key: 'dingyi' });
    const kept = await call<{ contact: Contact }>(server(), alice, 'PATCH', path, { starred: false });
    expect(kept.contact).toMatchObject({ remark: '丁一', tags: ['work', '同学'], starred: false });
    const cleared = await call<{ contact: Contact }>(server(), alice, 'PATCH', path, {
      remark: '',
      tags: [],
    });
    expect(cleared.contact).toMatchObject({ remark: '', tags: [], sort_key: '~9th' });
  });

  test('is the same on a device that was away', async () => {
    const [alice, bob] = await two();
    const carol = await register(server());
    await befriend(server(), alice, bob);
    await block(alice, carol);
    const { request } = await ask(server(), carol, bob);
    await call(server(), alice, 'DELETE', `/v1/contacts/${bob.userId}`);
    const pulled = await call<PullResponse>(server(), alice, 'POST', '/v1/sync', {});
    const states = pulled.user_events.map((event) => [event.kind, event.key, Object.keys(event.state)[0]]);
    expect(states.map(([kind]) => kind).sort()).toEqual(['block', 'contact', 'contact_request']);
    expect(pulled.user_events.find((event) => event.kind === 'contact')?.state.contact).toMatchObject({
      user_id: bob.userId,
      state: 'removed',
    });
    expect(request).toBeDefined();
  });
});

describe('who wants not to be found', () => {
  test('is found by their contacts at most, and by nobody past a block', async () => {
    const [alice, bob] = await two();
    const found = async () =>
      (await call<{ items: User[] }>(server(), alice, 'GET', `/v1/users/search?q=${bob.username}`)).items
        .length;
    expect(await found()).toBe(1);
    await call(server(), bob, 'PATCH', '/v1/users/me/settings', { find_me: 'contacts' });
    expect(await found()).toBe(0);
    await befriend(server(), bob, alice);
    expect(await found()).toBe(1);
    await block(bob, alice);
    expect(await found()).toBe(0);
  });

  test('nicknames are found where the installation lets them', async () => {
    await withServer({ env: { HONGYAN_DIRECTORY_SEARCH: 'all' } }, async (open) => {
      const [alice, bob] = [await register(open), await register(open)];
      await call(open, bob, 'PATCH', '/v1/users/me', { nickname: '张小明' });
      for (const q of ['zhang', '张小', bob.username]) {
        const path = `/v1/users/search?q=${encodeURIComponent(q)}`;
        const { items } = await call<{ items: User[] }>(open, alice, 'GET', path);
        expect(
          items.map((user) => user.user_id),
          q,
        ).toEqual([bob.userId]);
      }
    });
  });
});

describe('answering', () => {
  test('yes and no at once, one of them counts and both know which', async () => {
    for (let round = 0; round < 20; round++) {
      const [alice, bob] = await two();
      const { request } = await ask(server(), alice, bob);
      const path = `/v1/contacts/requests/${request?.contact_request_id ?? ''}`;
      const answers = await Promise.all(
        ['accept', 'reject'].map((verb) =>
          http<{ request?: ContactRequest }>(server().url, 'POST', `${path}/${verb}`, {
            token: bob.access,
            body: {},
          }),
        ),
      );
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
      const accepted = answers[0]?.status === 200;
      expect(await contactsOf(server(), alice)).toHaveLength(accepted ? 1 : 0);
      expect(await contactsOf(server(), bob)).toHaveLength(accepted ? 1 : 0);
      const [known] = await requestsOf(server(), alice, 'sent');
      expect(known?.state).toBe(accepted ? 'accepted' : 'rejected');
    }
  });
});
