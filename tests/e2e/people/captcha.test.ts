import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { CodeFakes, freshMail } from '../support/code_fakes.ts';
import { type Answer, http } from '../support/http.ts';
import { freshName } from '../support/people.ts';
import { useServer } from '../support/servers.ts';

const SECRET = 'a secret & more';

/** What siteverify was asked, and the tokens that it takes, each once. */
const asked: URLSearchParams[] = [];
const solved = new Set<string>();
let broken = false;
const provider = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
    asked.push(form);
    const success = form.get('secret') === SECRET && solved.delete(form.get('response') ?? '');
    response.writeHead(broken ? 500 : 200).end(JSON.stringify({ success, hostname: 'chat.example' }));
  });
});
provider.listen(0, '127.0.0.1');
await once(provider, 'listening');
const folder = mkdtempSync(join(tmpdir(), 'hongyan-captcha-'));
writeFileSync(join(folder, 'secret'), `${SECRET}\n`, { mode: 0o600 });
const fakes = await CodeFakes.start();

const server = useServer({
  env: {
    ...fakes.env,
    HONGYAN_CAPTCHA_KIND: 'turnstile',
    HONGYAN_CAPTCHA_SITE_KEY: 'site key',
    HONGYAN_CAPTCHA_SECRET_FILE: join(folder, 'secret'),
    HONGYAN_CAPTCHA_VERIFY_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/siteverify`,
    HONGYAN_EGRESS_ALLOW: '127.0.0.1',
    HONGYAN_EGRESS_ALLOW_HTTP: 'true',
  },
});
afterAll(async () => {
  provider.closeAllConnections();
  provider.close();
  rmSync(folder, { recursive: true });
  await fakes.stop();
});

let tokens = 0;
function solve(): string {
  tokens += 1;
  const token = `solved + ${tokens}`;
  solved.add(token);
  return token;
}

function register(more: object): Promise<Answer> {
  const body = { username: freshName(), password: 'a long password', ...more };
  return http(server().url, 'POST', '/v1/auth/register', { body });
}

function ask(more: object): Promise<Answer> {
  const body = { target: freshMail(), purpose: 'login', ...more };
  return http(server().url, 'POST', '/v1/auth/send_code', { body });
}

test('the form is told which one', async () => {
  const { data } = await http<object>(server().url, 'GET', '/v1/auth/options');
  expect(data).toMatchObject({ captcha: { kind: 'turnstile', site_key: 'site key' } });
});

test.each([
  ['registering', register],
  ['asking for a code', ask],
])('%s takes one that was solved, once', async (_, request) => {
  for (const more of [{}, { captcha: '' }, { captcha: 'made up' }, { captcha: 'x'.repeat(5_000) }]) {
    const answer = await request(more);
    expect([answer.status, answer.error.code, answer.error.field]).toEqual([
      403,
      'captcha_required',
      'captcha',
    ]);
  }
  const captcha = solve();
  expect((await request({ captcha })).status).toBe(200);
  expect(asked.at(-1)?.get('remoteip')).toBe('127.0.0.1');
  expect((await request({ captcha })).error.code).toBe('captcha_required');
});

test('while nobody can tell, nobody gets past', async () => {
  broken = true;
  const answer = await register({ captcha: solve() });
  expect([answer.status, answer.error.code]).toEqual([503, 'unavailable']);
  broken = false;
});

test('logging in takes none', async () => {
  const username = freshName();
  expect((await register({ username, captcha: solve() })).status).toBe(200);
  const login = await http(server().url, 'POST', '/v1/auth/login', {
    body: { account: username, password: 'a long password' },
  });
  expect(login.status).toBe(200);
});
