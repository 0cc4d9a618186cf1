import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { startServer } from '@hongyan/test-support';
import type { LoginResponse, RefreshResponse } from '@hongyan/sdk';
import { describe, expect, test } from 'vitest';

import { createGroup } from './support/groups.ts';
import { http } from './support/http.ts';
import { createHook, createKey, post } from './support/integration.ts';
import { call, connect, direct, freshName, login, register, say, tryLogin } from './support/people.ts';
import { rawHttp } from './support/raw.ts';
import { admin } from './support/servers.ts';
import { Socket } from './support/socket.ts';

/** Everything that must not be found in a log, by what it is. */
type Secrets = Map<string, string>;

describe.each(['text', 'json'])('the log as %s, at its most talkative', (format) => {
  test('has no text, password, token, name, path or query of anybody', async () => {
    const server = await startServer({ env: { HONGYAN_LOG_LEVEL: 'debug', HONGYAN_LOG_FORMAT: format } });
    const secrets: Secrets = new Map();
    try {
      await useEverything(server, secrets);
      await misuseEverything(server.url, secrets);
      await server.restart();
    } finally {
      await server.stop();
    }
    const log = readFileSync(server.logFile, 'utf8');
    // It says something: refusals are told by rpc and code at this level.
    expect(log).toMatch(/request_refused/);
    expect(log).toMatch(/socket_closed/);
    expect(secrets.size).toBeGreaterThan(20);
    for (const [what, secret] of secrets) {
      expect(secret.length, what).toBeGreaterThan(5);
      expect(log.toLowerCase().includes(secret.toLowerCase()), `${what} in the log: ${secret}`).toBe(false);
    }
    if (format === 'json') {
      const lines = log.split('\n').filter((line) => line.startsWith('{'));
      expect(lines.length).toBeGreaterThan(10);
      for (const line of lines) expect(JSON.parse(line)).toHaveProperty('event');
    }
  });
});

/** A day of ordinary use. */
async function useEverything(
  server: Awaited<ReturnType<typeof startServer>>,
  secrets: Secrets,
): Promise<void> {
  const tokens = (what: string, access: string, refresh: string) => {
    // The parts of a token too: a log that cuts it is no better.
    access
      .split('.')
      .forEach((part, i) => (i > 0 ? secrets.set(`${what}: access token, part ${i}`, part) : undefined));
    secrets.set(`${what}: refresh token`, refresh);
  };
  const alice = await register(server, 'alicesecret');
  const bob = await register(server, 'bobsecret');
  secrets.set('username of alice', alice.username).set('username of bob', bob.username);
  secrets.set('password of alice', alice.password);
  tokens('alice', alice.access, alice.refresh);

  secrets.set(
    'initial password',
    readFileSync(join(server.dataDir, 'initial-admin-password'), 'utf8').trim(),
  );
  await call(server, alice, 'PATCH', '/v1/users/me', {
    nickname: 'Nickname-Of-Alice',
    signature: 'signature-of-alice',
    region: 'region-of-alice',
    birthday: '1987-06-05',
  });
  secrets.set('nickname', 'Nickname-Of-Alice').set('signature', 'signature-of-alice');
  secrets.set('region', 'region-of-alice').set('birthday', '1987-06-05');
  await call(server, alice, 'GET', `/v1/users/search?q=${bob.username}`);

  const id = await direct(server, alice, bob);
  const phone = await connect(server, bob);
  const laptop = await connect(server, alice);
  await say(laptop, id, 'text-of-a-message call me at +8613800138000 or mail alice@mail.example');
  await phone.push('message');
  secrets.set('message', 'text-of-a-message').set('phone', '13800138000').set('e-mail', 'alice@mail.example');
  await phone.call('conversation.mark_read', { conversation_id: id, seq: 1 });

  const hook = await createHook(server, await createGroup(server, alice, [bob]));
  const { key } = await createKey(server, ['user.get']);
  expect((await post(server, hook, { text: 'text-of-a-payload' })).text).toBe('ok');
  expect((await post(server, hook, { title: 'title-of-a-payload' })).status).toBe(400);
  expect((await post(server, { path: '/v1/hooks/hyh_nobodys-token' }, { text: 'x' })).status).toBe(404);
  await http(server.url, 'GET', `/v1/users/${bob.userId}`, { token: key });
  await http(server.url, 'GET', '/v1/users/me', { token: key });
  secrets.set('payload', 'text-of-a-payload').set('refused payload', 'title-of-a-payload');
  secrets
    .set('token of a hook', hook.token)
    .set('unknown token of a hook', 'nobodys-token')
    .set('API key', key);

  const renewed = await http<RefreshResponse>(server.url, 'POST', '/v1/auth/refresh', {
    body: { refresh_token: alice.refresh },
  });
  tokens('renewed', renewed.data.access_token, renewed.data.refresh_token ?? '');
  const other = await login(server, alice);
  tokens('other device', other.access, other.refresh);
  const byAddress = await Socket.open(server.url, { path: `/ws?token=${other.access}` });
  await byAddress.push('ready');
  const page = await http<LoginResponse>(server.url, 'POST', '/v1/auth/login', {
    headers: { 'x-hongyan': '1', Origin: server.url },
    body: {
      account: alice.username,
      password: alice.password,
      session: 'cookie',
      device: { name: 'Device-Of-Alice' },
    },
  });
  secrets.set('cookie', /=..([^;]+)/.exec(page.headers['set-cookie']?.[0] ?? '')?.[1] ?? '');
  secrets.set('name of a device', 'Device-Of-Alice');

  const body = { old_password: alice.password, new_password: 'brand-new-password' };
  await http(server.url, 'POST', '/v1/auth/change_password', { token: renewed.data.access_token, body });
  secrets.set('new password', 'brand-new-password');
  const printed = await admin(server, 'reset-password', bob.username);
  secrets.set('one-time password', /password (\S+)/.exec(printed)?.[1] ?? '');
  await admin(server, 'disable-user', alice.username);
}

/** What an attacker or a mistaken client sends. */
async function misuseEverything(url: string, secrets: Secrets): Promise<void> {
  const person = await register({ url }, 'carolsecret');
  for (const account of ['carol@mail.example', '+8613900139000', freshName('nobodysecret')]) {
    secrets.set(`account ${account}`, account);
    for (let i = 0; i < 7; i++) await tryLogin({ url }, account, 'guessed-password');
  }
  secrets.set('guess', 'guessed-password').set('weak password', 'weak-se');
  await http(url, 'POST', '/v1/auth/register', {
    body: { username: 'x-bad-username', password: 'long enough' },
  });
  await http(url, 'POST', '/v1/auth/register', { body: { username: 'goodusername', password: 'weak-se' } });
  secrets.set('refused username', 'x-bad-username');
  await http(url, 'GET', '/v1/secret-path-segment?query-name=query-value', { token: 'bad-token-value' });
  await http(url, 'GET', '/static-path-segment?static-query=1');
  await http(url, 'GET', '/v1/users/not-an-id-at-all', { token: person.access });
  secrets.set('path', 'secret-path-segment').set('query', 'query-value').set('bad token', 'bad-token-value');
  secrets
    .set('static path', 'static-path-segment')
    .set('static query', 'static-query')
    .set('bad id', 'not-an-id-at-all');
  for (const content of ['{"nickname": broken-json-secret', '{"nickname":["wrong-type-secret"]}']) {
    await http(url, 'PATCH', '/v1/users/me', {
      token: person.access,
      raw: { type: 'application/json', content },
    });
  }
  secrets.set('broken JSON', 'broken-json-secret').set('wrong type', 'wrong-type-secret');
  const { host } = new URL(url);
  await rawHttp(
    url,
    `GET /broken-request-path HTTP/1.1\r\nHost: ${host}\r\nbad header: header-secret\r\n\r\n`,
  );
  await rawHttp(url, 'BINARY-METHOD-SECRET / HTTP/9.9\r\n\r\n');
  secrets
    .set('refused path', 'broken-request-path')
    .set('refused header', 'header-secret')
    .set('method', 'method-secret');

  const socket = await connect({ url }, person);
  await socket.request('secret_frame_type', { secret_field: 1 });
  await socket.request('message.send', { conversation_id: '1', client_msg_id: 'bad secret id', content: {} });
  for (let i = 0; i < 3; i++) socket.sendRaw('not-json-secret');
  await socket.closeCode();
  secrets
    .set('frame type', 'secret_frame_type')
    .set('client_msg_id', 'bad secret id')
    .set('frame', 'not-json-secret');
}
