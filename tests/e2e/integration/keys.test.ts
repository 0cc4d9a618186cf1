import type { Conversation, CreateUserResponse, SendResponse, User } from '@hongyan/sdk';
import { UNLIMITED } from '@hongyan/test-support';
import { hongyan } from '@hongyan/test-support/command';
import { describe, expect, test } from 'vitest';

import { createGroup } from '../support/groups.ts';
import { Grpc } from '../support/grpc.ts';
import { type Answer, onlyHttp } from '../support/http.ts';
import { administer, createHook, createKey, post } from '../support/integration.ts';
import {
  call,
  connect,
  direct,
  freshName,
  history,
  register,
  textMessage,
  tryLogin,
} from '../support/people.ts';
import { admin, useServer, withServer } from '../support/servers.ts';

const EVERYTHING = ['conversation.open', 'message.send', 'user.create', 'user.get', 'user.search'];

// Nobody is anybody's contact here.
const server = useServer({ env: { ...UNLIMITED, HONGYAN_CONTACTS_REQUIRED: 'true' } });

/** A REST call with a key. */
function ask<T>(
  key: string,
  method: string,
  path: string,
  body?: unknown,
  from?: string,
): Promise<Answer<T>> {
  return onlyHttp<T>(server().url, method, path, {
    token: key,
    body,
    ...(from === undefined ? {} : { from }),
  });
}

describe('another server', () => {
  test('makes an account, opens the 1:1 with it and writes there', async () => {
    const { key, userId } = await createKey(server(), EVERYTHING);
    const username = freshName('customer');
    const made = await ask<CreateUserResponse>(key, 'POST', '/v1/users', { username, nickname: 'Customer' });
    expect(made.data.user).toMatchObject({ username, nickname: 'Customer', version: 1 });
    const opened = await ask<{ conversation: Conversation }>(key, 'POST', '/v1/conversations', {
      user_id: made.data.user.user_id,
    });
    const id = opened.data.conversation.conversation_id;
    const message = textMessage(id, 'Your bill is ready');
    const sent = await ask<SendResponse>(key, 'POST', '/v1/messages', message);
    expect((await ask(key, 'POST', '/v1/messages', message)).data).toEqual(sent.data);

    const login = await tryLogin(server(), username, made.data.password ?? '');
    expect(login.data.user.must_change_password).toBe(true);
    const changed = await onlyHttp(server().url, 'POST', '/v1/auth/change_password', {
      token: login.data.access_token,
      body: { old_password: made.data.password, new_password: 'one of their own' },
    });
    expect(changed.status).toBe(200);
    const token = (await tryLogin(server(), username, 'one of their own')).data.access_token;
    const customer = { access: token } as Parameters<typeof history>[1];
    const messages = await history(server(), customer, id);
    expect(messages).toMatchObject([
      { seq: 1, sender_id: userId, content: { text: { text: 'Your bill is ready' } } },
    ]);
    // Who is written to may answer.
    const answer = await call<SendResponse>(
      server(),
      customer,
      'POST',
      '/v1/messages',
      textMessage(id, 'Thanks'),
    );
    expect(answer.seq).toBe(2);
    const { user } = await call<{ user: User }>(server(), customer, 'GET', `/v1/users/${userId}`);
    expect(user).toMatchObject({ nickname: 'Billing', bot: true });
  });

  test('is told what is wrong with an account that it wants', async () => {
    const { key } = await createKey(server(), ['user.create']);
    const taken = await register(server());
    for (const [body, status, code] of [
      [{ username: taken.username.toUpperCase() }, 409, 'already_exists'],
      [{ username: 'x' }, 400, 'invalid_argument'],
      [{}, 400, 'invalid_argument'],
      [{ username: freshName(), password: 'short' }, 400, 'weak_password'],
      [{ username: freshName(), email: 'nonsense' }, 400, 'invalid_argument'],
    ] as const) {
      const answer = await ask(key, 'POST', '/v1/users', body);
      expect([answer.status, answer.error.code], JSON.stringify(body)).toEqual([status, code]);
    }
    const given = await ask<CreateUserResponse>(key, 'POST', '/v1/users', {
      username: freshName(),
      password: 'given by the shop',
    });
    expect(given.data.password).toBeUndefined();
  });

  test('writes to nobody who blocks its bot, and to no conversation of others', async () => {
    const { key, userId } = await createKey(server(), EVERYTHING);
    const [alice, bob] = [await register(server()), await register(server())];
    const found = await ask<{ items: User[] }>(key, 'GET', `/v1/users/search?q=${alice.username}`);
    expect(found.data.items.map((user) => user.user_id)).toEqual([alice.userId]);
    const opened = await ask<{ conversation: Conversation }>(key, 'POST', '/v1/conversations', {
      user_id: alice.userId,
    });
    const id = opened.data.conversation.conversation_id;
    expect((await ask(key, 'POST', '/v1/messages', textMessage(id, 'one'))).status).toBe(200);
    await call(server(), alice, 'PUT', `/v1/contacts/${userId}/block`);
    expect((await ask(key, 'POST', '/v1/messages', textMessage(id, 'two'))).error.code).toBe('blocked');
    await call(server(), alice, 'DELETE', `/v1/contacts/${userId}/block`);
    expect((await ask(key, 'POST', '/v1/messages', textMessage(id, 'three'))).status).toBe(200);
    const theirs = await direct(server(), alice, bob);
    expect((await ask(key, 'POST', '/v1/messages', textMessage(theirs, 'four'))).error.code).toBe(
      'not_found',
    );
    // It is nobody to be asked.
    const asked = await onlyHttp(server().url, 'POST', '/v1/contacts/requests', {
      token: alice.access,
      body: { user_id: userId },
    });
    expect(asked.error.code).toBe('permission_denied');
  });

  test('hears nothing: a key is no token of a socket', async () => {
    const { key } = await createKey(server(), EVERYTHING);
    const alice = await register(server());
    await expect(connect(server(), { ...alice, access: key })).rejects.toThrow('unauthenticated');
  });
});

describe('a key', () => {
  test('stops at once when it is revoked, and no other with it', async () => {
    const revoked = await createKey(server(), ['user.get'], '--as', freshName('bot'));
    const other = await createKey(server(), ['user.get'], '--as', revoked.username);
    expect(other.userId).toBe(revoked.userId);
    const path = `/v1/users/${revoked.userId}`;
    expect((await ask(revoked.key, 'GET', path)).status).toBe(200);
    await administer(server(), 'api-key', 'revoke', revoked.id);
    const refused = await ask(revoked.key, 'GET', path);
    expect([refused.status, refused.error.code]).toEqual([401, 'token_revoked']);
    expect((await ask(other.key, 'GET', path)).status).toBe(200);
    await admin(server(), 'disable-user', other.username);
    expect((await ask(other.key, 'GET', path)).error.code).toBe('account_disabled');
    await admin(server(), 'enable-user', other.username);
    expect((await ask(other.key, 'GET', path)).status).toBe(200);
  });

  test('is good from its addresses alone', async () => {
    const { key, userId } = await createKey(
      server(),
      ['user.get'],
      '--allow',
      '127.0.0.0/30',
      '--allow',
      '::1',
    );
    expect((await ask(key, 'GET', `/v1/users/${userId}`, undefined, '127.0.0.2')).status).toBe(200);
    const refused = await ask(key, 'GET', `/v1/users/${userId}`, undefined, '127.0.0.9');
    expect([refused.status, refused.error.code]).toEqual([403, 'permission_denied']);
  });

  test('that nobody made is none', async () => {
    const { key } = await createKey(server(), ['user.get']);
    for (const wrong of ['hyk_', `hyk_${'A'.repeat(43)}`, `${key}x`, key.slice(0, -1), key.slice(4)]) {
      const answer = await ask(wrong, 'GET', '/v1/users/1');
      expect([answer.status, answer.error.code], wrong).toEqual([401, 'unauthenticated']);
    }
  });

  test('acts as a bot, to which nobody logs in, and never as a person', async () => {
    const { username } = await createKey(server(), ['user.get']);
    expect((await tryLogin(server(), username, 'a password')).error.code).toBe('wrong_credentials');
    const alice = await register(server());
    const run = (...args: string[]) => hongyan(['admin', ...args, '--data', server().dataDir]);
    for (const [args, told] of [
      [['reset-password', username], 'username'],
      [
        ['api-key', 'create', '--name', 'x', '--scopes', 'user.get', '--as', alice.username],
        'as: the account of a person',
      ],
      [
        ['api-key', 'create', '--name', 'x', '--scopes', 'user.me'],
        'scopes: "user.me" is none of conversation.open',
      ],
      [['api-key', 'create', '--name', 'x', '--scopes', 'user.get', '--allow', 'here'], 'networks'],
      [['api-key', 'create', '--name', 'x'], '--scopes'],
      [['api-key', 'revoke', '1'], 'not_found'],
    ] as const) {
      const { code, stdout, stderr } = await run(...args);
      expect(code, args.join(' ')).not.toBe(0);
      expect(stdout + stderr, args.join(' ')).toContain(told);
    }
  });

  test('is listed without its secret, with about when it was used', async () => {
    const used = await createKey(server(), ['user.get', 'message.send'], '--allow', '127.0.0.0/8');
    const unused = await createKey(server(), ['user.get']);
    await ask(used.key, 'GET', `/v1/users/${used.userId}`);
    const lines = (await administer(server(), 'api-key', 'list')).split('\n');
    const lineOf = (id: string) => lines.find((line) => line.startsWith(`${id} `));
    expect(lineOf(used.id)).toMatch(
      new RegExp(
        `^${used.id} as=${used.username} scopes=message.send,user.get allow=127.0.0.0/8 created=\\S+Z used=\\d{4}\\S+Z name=Billing$`,
      ),
    );
    expect(lineOf(unused.id)).toContain(' used=never ');
    expect(lines.join('\n')).not.toContain('hyk_');
  });

  test('has a limit of its own', async () => {
    const env = { HONGYAN_LIMITS_KEY_REQUESTS_PER_SECOND: '1', HONGYAN_LIMITS_KEY_REQUESTS_BURST: '3' };
    await withServer({ env }, async (own) => {
      const busy = await createKey(own, ['user.get']);
      const quiet = await createKey(own, ['user.get'], '--as', busy.username);
      const get = (key: string) => onlyHttp(own.url, 'GET', `/v1/users/${busy.userId}`, { token: key });
      const answers = await Promise.all(Array.from({ length: 12 }, () => get(busy.key)));
      const refused = answers.filter((answer) => answer.status === 429);
      expect(refused.length).toBeGreaterThanOrEqual(6);
      expect(refused[0]?.error.retry_after_ms).toBeGreaterThan(0);
      expect((await get(quiet.key)).status).toBe(200);
    });
  });
});

describe('the address', () => {
  test('is that of the connection on gRPC', async () => {
    const [right, wrong] = [
      await createKey(server(), ['user.get'], '--allow', '127.0.0.1'),
      await createKey(server(), ['user.get'], '--allow', '127.0.0.2'),
    ];
    const client = new Grpc(server().grpcAddress);
    const answers = [right, wrong].map(({ key, userId }) =>
      client.call('user.get', { user_id: userId }, key),
    );
    const [taken, refused] = await Promise.all(answers);
    expect(taken?.data?.['user']).toMatchObject({ user_id: right.userId });
    expect(refused?.trailers.get('hongyan-code')).toEqual(['permission_denied']);
    client.close();
  });

  test('is also one of IPv6', async () => {
    await withServer({ listen: '::1' }, async (own) => {
      const right = await createKey(own, ['user.get'], '--allow', '::/64');
      const wrong = await createKey(own, ['user.get'], '--allow', '127.0.0.0/8,2001:db8::/32');
      const owner = await register(own);
      const hook = await createHook(own, await createGroup(own, owner, []), '--allow', '::1');
      const get = ({ key, userId }: { key: string; userId: string }) =>
        onlyHttp(own.url, 'GET', `/v1/users/${userId}`, { token: key });
      expect((await get(right)).status).toBe(200);
      expect((await get(wrong)).error.code).toBe('permission_denied');
      expect((await post(own, hook, { text: 'by IPv6' })).text).toBe('ok');
    });
  });
});

describe('behind a proxy', () => {
  const proxied = useServer({ edge: 'nginx', env: { HONGYAN_HTTP_TRUSTED_PROXIES: '127.0.0.1' } });

  test('the address is that of who has reached the proxy, whatever it claims', async () => {
    const { key, userId } = await createKey(proxied(), ['user.get'], '--allow', '127.0.0.2');
    const get = (from: string, headers: Record<string, string> = {}) =>
      onlyHttp(proxied().url, 'GET', `/v1/users/${userId}`, { token: key, from, headers });
    expect((await get('127.0.0.2')).status).toBe(200);
    expect((await get('127.0.0.3')).status).toBe(403);
    expect((await get('127.0.0.3', { 'X-Forwarded-For': '127.0.0.2' })).status).toBe(403);
  });
});
