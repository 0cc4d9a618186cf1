import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type {
  BatchUsersResponse,
  Conversation,
  DeleteMeResponse,
  GetUserResponse,
  Group,
  ListMembersResponse,
  LoginResponse,
  Me,
  SearchUsersResponse,
  User,
} from '@hongyan/sdk';
import { type RunningServer, UNLIMITED } from '@hongyan/test-support';
import { hongyan } from '@hongyan/test-support/command';
import { describe, expect, test } from 'vitest';

import { freshMail, freshPhone } from '../support/code_fakes.ts';
import { accept, ask, befriend, contactsOf, eventOf, requestsOf } from '../support/contacts.ts';
import { createGroup } from '../support/groups.ts';
import { type Answer, http } from '../support/http.ts';
import {
  call,
  connect,
  direct,
  history,
  login,
  type Person,
  register,
  say,
  tryLogin,
} from '../support/people.ts';
import { admin, useServer, withServer } from '../support/servers.ts';

function remove(
  server: RunningServer,
  person: Person,
  password = person.password,
): Promise<Answer<DeleteMeResponse>> {
  return http<DeleteMeResponse>(server.url, 'DELETE', '/v1/users/me', {
    token: person.access,
    body: { password },
  });
}

async function me(server: RunningServer, person: Person): Promise<Me> {
  return (await call<{ user: Me }>(server, person, 'GET', '/v1/users/me')).user;
}

async function userOf(server: RunningServer, viewer: Person, user: string): Promise<User> {
  return (await call<GetUserResponse>(server, viewer, 'GET', `/v1/users/${user}`)).user;
}

/** Waits until nothing of the account's end is left to do. */
async function gone(server: RunningServer, person: Person): Promise<void> {
  const log = () => readFileSync(server.logFile, 'utf8');
  await expect
    .poll(log, { timeout: 20_000, interval: 50 })
    .toMatch(new RegExp(`account_deleted.*\\b${person.userId}\\b`));
}

/** The files below `folder` in which one of the texts is found, in any case. */
function filesWith(folder: string, texts: readonly string[]): string[] {
  const needles = texts.map((text) => text.toLowerCase());
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = readFileSync(file, 'latin1').toLowerCase();
      return needles.some((needle) => bytes.includes(needle));
    });
}

describe('while it can be undone', () => {
  const server = useServer({ env: UNLIMITED });
  const WEEK_MS = 7 * 24 * 3_600_000;

  test('everything is signed out, and who logs in finds the account as it was', async () => {
    const alice = await register(server());
    const phone = await login(server(), alice);
    const socket = await connect(server(), phone);
    const before = Date.now();
    const { deletes_at_ms: at } = (await remove(server(), alice)).data;
    expect(at).toBeGreaterThanOrEqual(before + WEEK_MS);
    expect(at).toBeLessThanOrEqual(Date.now() + WEEK_MS);
    expect(await socket.push('kicked')).toMatchObject({ reason: 'revoked' });
    expect(await socket.closed).toBe(4409);
    for (const { access, refresh } of [alice, phone]) {
      const asked = await http(server().url, 'GET', '/v1/users/me', { token: access });
      expect(asked.error.code).toBe('token_revoked');
      const body = { refresh_token: refresh };
      expect((await http(server().url, 'POST', '/v1/auth/refresh', { body })).error.code).toBe(
        'token_revoked',
      );
    }
    const back = await tryLogin(server(), alice.username, alice.password);
    expect(back.data.user).toMatchObject({ username: alice.username, deletes_at_ms: at });
    const bob = await register(server());
    expect(await userOf(server(), bob, alice.userId)).toEqual(expect.not.objectContaining({ deleted: true }));
  });

  test('it is undone by one of two devices, and the other is told', async () => {
    const alice = await register(server());
    await remove(server(), alice);
    const [phone, laptop] = [await login(server(), alice), await login(server(), alice)];
    const other = await connect(server(), laptop);
    expect((await me(server(), phone)).deletes_at_ms).toBeDefined();
    for (let i = 0; i < 2; i++) {
      const stays = await call<{ user: Me }>(server(), phone, 'POST', '/v1/users/me/cancel_deletion', {});
      expect(stays.user).not.toHaveProperty('deletes_at_ms');
    }
    expect(await eventOf(other, 'deletion')).toEqual({});
    expect(await me(server(), laptop)).not.toHaveProperty('deletes_at_ms');
    await other.close();
  });

  test('a second time does not begin anew, over a socket neither', async () => {
    const alice = await register(server());
    const { deletes_at_ms: at } = (await remove(server(), alice)).data;
    const back = await login(server(), alice);
    expect((await remove(server(), back)).data.deletes_at_ms).toBe(at);
    const again = await login(server(), alice);
    const socket = await connect(server(), again);
    // The socket closes with what it has asked for: its answer may be the last thing it hears.
    void socket.request('user.delete_me', { password: alice.password }).catch(() => undefined);
    expect(await socket.closed).toBe(4409);
    expect((await tryLogin(server(), alice.username, alice.password)).data.user.deletes_at_ms).toBe(at);
  });

  test('the password is asked for, and guesses are slowed down', async () => {
    const alice = await register(server());
    expect((await remove(server(), alice, 'not this one')).error.code).toBe('wrong_credentials');
    expect((await remove(server(), alice, '')).error.code).toBe('invalid_argument');
    const codes: string[] = [];
    for (let i = 0; i < 30; i++) codes.push((await remove(server(), alice, 'nor this one')).error.code);
    expect(codes.at(-1)).toBe('rate_limited');
    expect(await me(server(), alice)).not.toHaveProperty('deletes_at_ms');
  });

  test('who has a password of somebody else sets their own first', async () => {
    const name = `made_${Date.now().toString(36)}`;
    const password = (await admin(server(), 'create-user', name)).match(/\S+-\S+-\S+-\S+/)?.[0] ?? '';
    const made = await login(server(), { username: name, password });
    expect((await remove(server(), made)).error.code).toBe('step_up_required');
  });

  test('the only administrator stays', async () => {
    await withServer({}, async (own) => {
      const password = readFileSync(join(own.dataDir, 'initial-admin-password'), 'utf8').trim();
      const first = await login(own, { username: 'admin', password });
      const fresh = 'a long password';
      await call(own, first, 'POST', '/v1/auth/change_password', {
        old_password: password,
        new_password: fresh,
      });
      expect((await remove(own, { ...first, password: fresh })).error.code).toBe('permission_denied');
    });
  });
});

describe('when its time is over', () => {
  const server = useServer({
    env: {
      ...UNLIMITED,
      HONGYAN_DELETION_UNDO_MS: '2000',
      HONGYAN_DELETION_SETTLE_MS: '100',
      HONGYAN_DIRECTORY_SEARCH: 'all',
      HONGYAN_LOG_LEVEL: 'debug',
    },
  });

  /** Somebody with a name, an address and a number that stand nowhere else, and those texts. */
  async function somebody(): Promise<{ person: Person; traces: string[] }> {
    const tag = Math.random().toString(36).slice(2, 10);
    const [username, nickname] = [`zerlina_${tag}`, `Zerlina Quux ${tag}`];
    const [email, phone] = [freshMail(), freshPhone()];
    const made = await hongyan(
      [
        'admin',
        'create-user',
        '--data',
        server().dataDir,
        '--password-stdin',
        '--email',
        email,
        '--phone',
        phone,
        username,
      ],
      { input: 'a long password\n' },
    );
    expect(made.code, made.stderr).toBe(0);
    const person = await login(server(), { username, password: 'a long password' });
    await call(server(), person, 'PATCH', '/v1/users/me', { nickname });
    return { person, traces: [tag, 'zerlina', email, phone, phone.slice(1)] };
  }

  test('only what they have written stays, and nothing on the disk tells whose it was', async () => {
    const { person: alice, traces } = await somebody();
    const [bob, carol] = [await register(server()), await register(server())];
    const chat = await befriend(server(), alice, bob);
    await call(server(), bob, 'PATCH', `/v1/contacts/${alice.userId}`, { remark: traces[0] });
    await ask(server(), alice, carol, { message: `it is ${traces[0] ?? ''}` });
    const own = await createGroup(server(), alice, [carol, bob]);
    const other = await createGroup(server(), bob, [alice]);
    const lonely = await createGroup(server(), alice, []);
    await call(server(), alice, 'PATCH', `/v1/conversations/${chat}`, { draft: `I am ${traces[0] ?? ''}` });
    await call(server(), alice, 'PATCH', '/v1/users/me/settings', { see_last_seen: 'nobody' });
    const laptop = await connect(server(), alice);
    await say(laptop, chat, 'one for Bob');
    await say(laptop, own, 'one for all');
    expect(filesWith(server().dataDir, traces)).not.toEqual([]);

    const bobs = await connect(server(), bob);
    const carols = await connect(server(), carol);
    await remove(server(), alice);
    // Live: who is left has heard of it, without asking.
    expect(await eventOf(bobs, 'user', (user) => user.user_id === alice.userId)).toMatchObject({
      username: '',
      nickname: '',
      deleted: true,
    });
    expect(await eventOf(bobs, 'contact', (one) => one.user_id === alice.userId)).toMatchObject({
      state: 'removed',
    });
    await carols.push<{ conversation_id: string; leave?: string[] }>(
      'message',
      (push) => push.conversation_id === own && (push.leave ?? []).includes(alice.userId),
    );
    await gone(server(), alice);

    const left = await userOf(server(), bob, alice.userId);
    expect(left).toEqual({
      user_id: alice.userId,
      username: '',
      nickname: '',
      avatar: '',
      signature: '',
      gender: '',
      region: '',
      version: left.version,
      deleted: true,
    });
    expect(left.version).toBeGreaterThan(2);
    const batch = { user_ids: [alice.userId], versions: { [alice.userId]: left.version - 1 } };
    expect((await call<BatchUsersResponse>(server(), bob, 'POST', '/v1/users/batch', batch)).items).toEqual([
      left,
    ]);
    for (const text of [alice.username, 'zerlina', 'Zerlina Quux', ...traces, `%23${alice.userId}`]) {
      const path = `/v1/users/search?q=${encodeURIComponent(text)}`;
      expect((await call<SearchUsersResponse>(server(), bob, 'GET', path)).items, text).toEqual([]);
    }
    expect(await contactsOf(server(), bob)).toEqual([]);
    expect(await requestsOf(server(), carol, 'received')).toEqual([]);
    for (const account of [alice.username, ...traces, `#${alice.userId}`]) {
      expect((await tryLogin(server(), account, alice.password)).error.code, account).toBe(
        'wrong_credentials',
      );
    }

    // The messages stay, by somebody of whom there is only an id.
    const messages = await history(server(), bob, chat);
    expect(messages.filter((one) => one.content?.text?.text === 'one for Bob')).toMatchObject([
      { sender_id: alice.userId },
    ]);
    const { conversation } = await call<{ conversation: Conversation }>(
      server(),
      bob,
      'GET',
      `/v1/conversations/${chat}`,
    );
    expect(conversation).toMatchObject({ state: 'disabled', title: '', peer_user_id: alice.userId });
    const send = { conversation_id: chat, client_msg_id: 'late', content: { text: { text: 'late' } } };
    expect((await bobs.refusal('message.send', send)).code).toBe('permission_denied');
    const { conversation: reopened } = await bobs.call<{ conversation: Conversation }>('conversation.open', {
      user_id: alice.userId,
    });
    expect(reopened.conversation_id).toBe(chat);
    expect((await bobs.refusal('contact.request', { user_id: alice.userId })).code).toBe('not_found');
    const stranger = await register(server());
    const opened = await http(server().url, 'POST', '/v1/conversations', {
      token: stranger.access,
      body: { user_id: alice.userId },
    });
    expect(opened.error.code).toBe('not_found');

    // Groups went to who was there the longest, and they are in none.
    const { group } = await call<{ group: Group }>(server(), carol, 'GET', `/v1/groups/${own}`);
    expect([carol.userId, bob.userId]).toContain(group.owner_id);
    for (const [viewer, id] of [
      [carol, own],
      [bob, other],
    ] as const) {
      const list = await call<ListMembersResponse>(server(), viewer, 'GET', `/v1/groups/${id}/members`);
      expect(list.items.map((member) => member.user_id)).not.toContain(alice.userId);
      expect(list.users.map((user) => user.user_id)).not.toContain(alice.userId);
    }
    expect((await history(server(), carol, own)).map((one) => one.content?.text?.text)).toContain(
      'one for all',
    );
    expect(lonely).not.toBe('');

    // Nothing anywhere: the tables, what was in them before, the log of the database, the messages, the log of the server.
    expect(filesWith(server().dataDir, traces)).toEqual([]);
    expect(filesWith(join(server().logFile, '..'), traces)).toEqual([]);
    await bobs.close();
    await carols.close();
  });

  test('nobody gets the name again, and the address is free', async () => {
    const { person: alice, traces } = await somebody();
    await remove(server(), alice);
    await gone(server(), alice);
    const body = {
      username: alice.username,
      password: 'another long one',
      device: { name: 'x', platform: 'cli' },
    };
    const again = await http<LoginResponse>(server().url, 'POST', '/v1/auth/register', { body });
    expect(again.error.code).toBe('already_exists');
    const [, , email] = traces;
    const made = await hongyan(
      [
        'admin',
        'create-user',
        '--data',
        server().dataDir,
        '--password-stdin',
        '--email',
        email ?? '',
        `again_${traces[0] ?? ''}`,
      ],
      { input: 'a long password\n' },
    );
    expect(made.code, made.stderr).toBe(0);
  });

  test('a device that is back in time keeps the account', async () => {
    const alice = await register(server());
    await remove(server(), alice);
    const back = await login(server(), alice);
    await call(server(), back, 'POST', '/v1/users/me/cancel_deletion', {});
    const after = await register(server());
    await remove(server(), after);
    await gone(server(), after);
    expect((await me(server(), back)).nickname).toBe(alice.username);
  });
});

test('what a killed server has begun another one finishes, and the data fit together', async () => {
  const env = { HONGYAN_DELETION_UNDO_MS: '0', HONGYAN_DELETION_SETTLE_MS: '6000' };
  await withServer({ env: { ...UNLIMITED, ...env } }, async (server) => {
    const [alice, bob] = [await register(server, 'zerlina'), await register(server)];
    const chat = await direct(server, alice, bob);
    const { request } = await ask(server, alice, bob);
    await accept(server, bob, request?.contact_request_id ?? '');
    await createGroup(server, alice, [bob]);
    const bobs = await connect(server, bob);
    await say(bobs, chat, 'hello');
    await remove(server, alice);
    // Its first step is done, the next ones are not.
    await expect
      .poll(async () => (await userOf(server, bob, alice.userId)).deleted, { timeout: 10_000 })
      .toBe(true);
    expect(await contactsOf(server, bob)).toHaveLength(1);
    await server.kill9();
    await server.restart();
    await gone(server, alice);
    expect(await contactsOf(server, bob)).toEqual([]);
    await server.terminate();
    const verified = await hongyan(['verify', '--data', server.dataDir]);
    expect(verified.code, verified.stdout).toBe(0);
    expect(filesWith(server.dataDir, ['zerlina'])).toEqual([]);
  });
});
