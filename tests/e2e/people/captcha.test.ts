import { CaptchaProvider } from '@hongyan/test-support/captcha-provider';
import { afterAll, expect, test } from 'vitest';

import { CodeFakes, freshMail } from '../support/code_fakes.ts';
import { type Answer, http } from '../support/http.ts';
import { freshName } from '../support/people.ts';
import { useServer } from '../support/servers.ts';

const provider = await CaptchaProvider.start();
const fakes = await CodeFakes.start();
const server = useServer({ env: { ...fakes.env, ...provider.env } });
afterAll(async () => {
  await provider.stop();
  await fakes.stop();
});

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
  const captcha = { kind: 'turnstile', site_key: 'site key', script_url: `${provider.url}/api.js` };
  expect(data).toMatchObject({ captcha });
});

test('the page that shows it may load from the provider, and the pages around it from nobody', async () => {
  const policies = async (path: string) => {
    const { headers } = await fetch(`${server().url}${path}`);
    const policy = headers.get('content-security-policy')?.split('; ') ?? [];
    return Object.fromEntries(policy.map((line) => [line.split(' ', 1)[0], line])) as Record<string, string>;
  };
  const around = await policies('/register');
  expect(Object.values(around).filter((line) => line.includes(provider.url))).toEqual([]);
  expect(around).toMatchObject({
    'frame-src': "frame-src 'self'",
    'frame-ancestors': "frame-ancestors 'none'",
    'require-trusted-types-for': "require-trusted-types-for 'script'",
  });
  const within = await policies('/captcha.html');
  expect(within).toMatchObject({
    'default-src': "default-src 'none'",
    'script-src': `script-src 'self' ${provider.url}`,
    'frame-src': `frame-src ${provider.url}`,
    'frame-ancestors': "frame-ancestors 'self'",
  });
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
  const captcha = provider.solve();
  expect((await request({ captcha })).status).toBe(200);
  expect(provider.asked.at(-1)?.get('remoteip')).toBe('127.0.0.1');
  expect((await request({ captcha })).error.code).toBe('captcha_required');
});

test('while nobody can tell, nobody gets past', async () => {
  provider.broken = true;
  const answer = await register({ captcha: provider.solve() });
  expect([answer.status, answer.error.code]).toEqual([503, 'unavailable']);
  provider.broken = false;
});

test('logging in takes none', async () => {
  const username = freshName();
  expect((await register({ username, captcha: provider.solve() })).status).toBe(200);
  const login = await http(server().url, 'POST', '/v1/auth/login', {
    body: { account: username, password: 'a long password' },
  });
  expect(login.status).toBe(200);
});
