import { readFileSync } from 'node:fs';

import type { LoginResponse, Me, SendCodeResponse } from '@hongyan/sdk';
import { hongyan } from '@hongyan/test-support/command';
import { afterAll, describe, expect, test } from 'vitest';

import { CodeFakes, freshMail, freshPhone } from '../support/code_fakes.ts';
import { type Answer, http, onlyHttp } from '../support/http.ts';
import { call, connect, freshName, login, type Person, register, tryLogin } from '../support/people.ts';
import { admin, useServer, withServer } from '../support/servers.ts';

const fakes = await CodeFakes.start();
const server = useServer({
  env: { ...fakes.env, HONGYAN_CODES_DAILY_PER_ADDRESS: '10000', HONGYAN_LOG_LEVEL: 'debug' },
});
afterAll(() => fakes.stop());

type Purpose = 'login' | 'reset_password';

function post<T = unknown>(path: string, body: object, token?: string): Promise<Answer<T>> {
  return http<T>(server().url, 'POST', path, { body, token });
}

function ask(target: string, purpose: Purpose, more: object = {}): Promise<Answer<SendCodeResponse>> {
  return post<SendCodeResponse>('/v1/auth/send_code', { target, purpose, ...more });
}

/** The code that is sent for this. */
async function codeFor(target: string, purpose: Purpose, more: object = {}): Promise<string> {
  const before = fakes.count(target);
  expect((await ask(target, purpose, more)).data).toEqual({
    expires_in_ms: 300_000,
    resend_after_ms: 60_000,
  });
  return (await fakes.letter(target, before + 1)).code;
}

function enter(account: string, code: string, device: object = {}): Promise<Answer<LoginResponse>> {
  return post<LoginResponse>('/v1/auth/login_by_code', {
    account,
    code,
    device: { name: 'coded', platform: 'cli', ...device },
  });
}

/** Somebody whose account an administrator has made with these. */
async function created(targets: { email?: string; phone?: string }): Promise<Person> {
  const username = freshName();
  const options = Object.entries(targets).flatMap(([name, value]) => [`--${name}`, value]);
  const made = await hongyan(
    ['admin', 'create-user', '--data', server().dataDir, '--password-stdin', ...options, username],
    { input: 'a long password\n' },
  );
  expect(made.code, made.stderr).toBe(0);
  return login(server(), { username, password: 'a long password' });
}

/** A code of six digits that is not this one. */
function notThis(code: string): string {
  return code === '000000' ? '000001' : '000000';
}

describe('targets', () => {
  test('the form is told what codes can be sent to', async () => {
    const { data } = await http<object>(server().url, 'GET', '/v1/auth/options');
    expect(data).toMatchObject({ code_targets: ['email', 'phone'] });
  });

  test('somebody takes an e-mail address by the code that comes there, and their password', async () => {
    const alice = await register(server());
    const target = freshMail();
    await call(server(), alice, 'POST', '/v1/users/me/send_code', { target: target.toUpperCase() });
    const letter = await fakes.letter(target);
    expect(letter).toMatchObject({ encrypted: true });
    expect(letter.head).toMatch(/^From: \S+ <no-reply@chat\.example>$/m);
    expect(letter.head).toMatch(new RegExp(`^To: <${target}>$`, 'm'));
    expect(letter.text).toMatch(/鸿雁.*\d{6}/);
    const change = (code: string, password: string) =>
      post<{ user: Me }>('/v1/users/me/email', { value: target, code, password }, alice.access);
    expect((await change(letter.code, 'not the password')).error.code).toBe('wrong_credentials');
    expect((await change(notThis(letter.code), alice.password)).error).toMatchObject({
      code: 'code_invalid',
      field: 'code',
    });
    expect((await change(letter.code, alice.password)).data.user).toMatchObject({
      email: target,
      email_verified: true,
    });
    const { user } = await call<{ user: Me }>(server(), alice, 'GET', '/v1/users/me');
    expect(user.email).toBe(target);
    expect((await change(letter.code, alice.password)).error.code).toBe('code_invalid');
    expect((await tryLogin(server(), target, alice.password)).data.user.user_id).toBe(alice.userId);
  });

  test('and a phone number in the same way, by the gateway', async () => {
    const alice = await register(server());
    const target = freshPhone();
    const spaced = `${target.slice(0, 3)} ${target.slice(3)}`;
    const socket = await connect(server(), alice);
    await socket.call('user.send_code', { target: spaced });
    const letter = await fakes.letter(target);
    expect(letter.json).toMatchObject({ purpose: 'change_phone', expires_in_ms: 300_000 });
    const data = { value: target, code: letter.code, password: alice.password };
    expect(await socket.call('user.change_phone', data)).toMatchObject({ user: { phone: target } });
    await socket.close();
  });

  test('belong to one account, which is told to who has the code alone', async () => {
    const target = freshMail();
    await created({ email: target });
    const bob = await register(server());
    await call(server(), bob, 'POST', '/v1/users/me/send_code', { target });
    const { code } = await fakes.letter(target);
    const change = (typed: string) =>
      post('/v1/users/me/email', { value: target, code: typed, password: bob.password }, bob.access);
    expect((await change(notThis(code))).error.code).toBe('code_invalid');
    expect((await change(code)).error).toMatchObject({ code: 'already_exists', field: 'value' });
  });

  test('administrators give them too', async () => {
    const targets = { email: freshMail(), phone: freshPhone() };
    const alice = await created(targets);
    const { user } = await call<{ user: Me }>(server(), alice, 'GET', '/v1/users/me');
    expect(user).toMatchObject({ ...targets, email_verified: true, phone_verified: true });
    const seen = await call<{ user: object }>(server(), alice, 'GET', `/v1/users/${alice.userId}`);
    expect(Object.keys(seen.user)).not.toContain('email');
    for (const [option, value] of Object.entries(targets)) {
      const again = await hongyan([
        ...['admin', 'create-user', '--data', server().dataDir],
        ...[`--${option}`, value, freshName()],
      ]);
      expect(again.code).not.toBe(0);
      expect(again.stderr).toContain('already_exists');
    }
  });

  test('what is none is refused and named', async () => {
    for (const target of ['', 'alice', 'a@b', '13800000000', 'a@b.cn\r\nBcc: c@d.cn']) {
      expect((await ask(target, 'login')).error, target).toMatchObject({
        code: 'invalid_argument',
        field: 'target',
      });
    }
    const without = await post('/v1/auth/send_code', { target: freshMail() });
    expect(without.error).toMatchObject({ code: 'invalid_argument', field: 'purpose' });
  });
});

describe('a code', () => {
  test('logs in, once', async () => {
    const email = freshMail();
    const alice = await created({ email });
    const code = await codeFor(email, 'login');
    const all = await Promise.all(Array.from({ length: 20 }, () => enter(email, code)));
    const won = all.filter((answer) => answer.status === 200);
    expect(won).toHaveLength(1);
    expect(won[0]?.data.user.user_id).toBe(alice.userId);
    for (const lost of all.filter((answer) => answer.status !== 200)) {
      expect([lost.status, lost.error.code]).toEqual([400, 'code_invalid']);
    }
    const socket = await connect(server(), { ...alice, access: won[0]?.data.access_token ?? '' });
    expect((await socket.request('user.me')).type).toBe('ok');
    await socket.close();
  });

  test('logs a browser in with a cookie', async () => {
    const email = freshMail();
    await created({ email });
    const answer = await onlyHttp<LoginResponse>(server().url, 'POST', '/v1/auth/login_by_code', {
      headers: { 'x-hongyan': '1', Origin: server().url },
      body: { account: email, code: await codeFor(email, 'login'), session: 'cookie', remember: true },
    });
    expect(answer.data.refresh_token).toBeUndefined();
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^hongyan_refresh=.{20,}Max-Age=\d{6,}/);
  });

  test('is for its purpose', async () => {
    const email = freshMail();
    const alice = await created({ email });
    const reset = (code: string) =>
      post('/v1/auth/reset_password', { target: email, code, new_password: 'a brand new one' });
    const code = await codeFor(email, 'login');
    expect((await reset(code)).error.code).toBe('code_invalid');
    const change = { value: email, code, password: alice.password };
    expect((await post('/v1/users/me/email', change, alice.access)).error.code).toBe('code_invalid');
    expect((await enter(email, code)).status).toBe(200);
    expect((await tryLogin(server(), alice.username, alice.password)).status).toBe(200);
  });

  test('is for its target', async () => {
    const [one, other] = [freshMail(), freshMail()];
    await created({ email: one });
    await created({ email: other });
    const [code] = await Promise.all([codeFor(one, 'login'), codeFor(other, 'login')]);
    expect((await enter(other, code)).error.code).toBe('code_invalid');
    expect((await enter(one, code)).status).toBe(200);
  });

  test('is for its device, when it was asked for with one', async () => {
    const email = freshMail();
    const alice = await created({ email });
    const code = await codeFor(email, 'login', { device_id: alice.deviceId });
    const stranger = await register(server());
    for (const device of [{}, { device_id: stranger.deviceId }]) {
      expect((await enter(email, code, device)).error.code).toBe('code_invalid');
    }
    const entered = await enter(email, code, { device_id: alice.deviceId });
    expect(entered.data.device_id).toBe(alice.deviceId);
    const bob = await register(server());
    const target = freshMail();
    await call(server(), bob, 'POST', '/v1/users/me/send_code', { target });
    const letter = await fakes.letter(target);
    const elsewhere = await login(server(), bob);
    const change = (person: Person) =>
      post('/v1/users/me/email', { value: target, code: letter.code, password: bob.password }, person.access);
    expect((await change(elsewhere)).error.code).toBe('code_invalid');
    expect((await change(bob)).status).toBe(200);
  });

  test('that is empty, missing or no code at all is none', async () => {
    const email = freshMail();
    await created({ email });
    const bodies = [{}, { code: '' }, { code: null }, { code: '12345' }, { code: '１２３４５６' }];
    const tried = async (): Promise<void> => {
      for (const body of bodies) {
        const answer = await post('/v1/auth/login_by_code', { account: email, ...body });
        expect([answer.status, answer.error.field], JSON.stringify(body)).toEqual([400, 'code']);
      }
    };
    // Where there is no row to compare with, and where there is one.
    await tried();
    const code = await codeFor(email, 'login');
    await tried();
    expect((await enter(email, code)).status).toBe(200);
    await tried();
  });

  test('is not sent again within a minute, to nobody either', async () => {
    const known = freshMail();
    await created({ email: known });
    await codeFor(known, 'login');
    const nobody = freshMail();
    await ask(nobody, 'login');
    for (const target of [known, nobody]) {
      for (const purpose of ['login', 'reset_password'] as const) {
        const answer = await ask(target, purpose);
        expect([answer.status, answer.error.code]).toEqual([429, 'rate_limited']);
        expect(answer.error.retry_after_ms).toBeGreaterThan(50_000);
        expect(answer.error.retry_after_ms).toBeLessThanOrEqual(60_000);
      }
    }
    expect([fakes.count(known), fakes.count(nobody)]).toEqual([1, 0]);
  });

  test('of a disabled account is not sent, and one from before says so only when it is right', async () => {
    const [early, late] = [freshMail(), freshMail()];
    const [alice, bob] = [await created({ email: early }), await created({ email: late })];
    const code = await codeFor(early, 'login');
    await admin(server(), 'disable-user', alice.username);
    await admin(server(), 'disable-user', bob.username);
    expect((await ask(late, 'login')).status).toBe(200);
    expect((await enter(early, notThis(code))).error.code).toBe('code_invalid');
    expect((await enter(early, code)).error.code).toBe('account_disabled');
    expect(fakes.count(late)).toBe(0);
  });
});

describe('a forgotten password', () => {
  test('is set anew, and every device is out', async () => {
    const phone = freshPhone();
    const alice = await created({ phone });
    const other = await login(server(), alice);
    const sockets = await Promise.all([connect(server(), alice), connect(server(), other)]);
    const code = await codeFor(phone, 'reset_password');
    const reset = (new_password: string) =>
      post('/v1/auth/reset_password', { target: phone, code, new_password });
    expect((await reset('short')).error).toMatchObject({ code: 'weak_password', field: 'new_password' });
    expect((await reset('a brand new one')).data).toEqual({});
    for (const socket of sockets) {
      expect(await socket.closeCode(1_000)).toBe(4409);
      expect(socket.pushes('kicked')).toEqual([{ reason: 'password_changed' }]);
    }
    for (const person of [alice, other]) {
      const answer = await http(server().url, 'GET', '/v1/users/me', { token: person.access });
      expect(answer.error.code).toBe('token_revoked');
      const renewed = await post('/v1/auth/refresh', { refresh_token: person.refresh });
      expect(renewed.error.code).toBe('token_revoked');
    }
    expect((await tryLogin(server(), alice.username, alice.password)).error.code).toBe('wrong_credentials');
    expect((await reset('yet another one')).error.code).toBe('code_invalid');
    expect((await tryLogin(server(), phone, 'a brand new one')).data.user.user_id).toBe(alice.userId);
  });
});

test('where nothing is sent, it is said before anything is tried', async () => {
  await withServer({}, async (bare) => {
    const { data } = await http<object>(bare.url, 'GET', '/v1/auth/options');
    expect(data).toMatchObject({ code_targets: [] });
    const alice = await register(bare);
    const refused = async (path: string, body: object, token?: string): Promise<void> => {
      const answer = await http(bare.url, 'POST', path, { body, token });
      expect([answer.status, answer.error.code], path).toEqual([403, 'codes_unavailable']);
    };
    for (const target of [freshMail(), freshPhone()]) {
      await refused('/v1/auth/send_code', { target, purpose: 'login' });
      await refused('/v1/auth/login_by_code', { account: target, code: '123456' });
      await refused('/v1/auth/reset_password', { target, code: '123456', new_password: 'a brand new one' });
      await refused('/v1/users/me/send_code', { target }, alice.access);
    }
    const change = { value: freshMail(), code: '123456', password: alice.password };
    await refused('/v1/users/me/email', change, alice.access);
  });
});

test('a mail server that says nothing holds up no answer, and no end of the server', async () => {
  fakes.silent = true;
  const begun = performance.now();
  await withServer({ env: fakes.env }, async (hanging) => {
    const alice = await register(hanging);
    for (let i = 0; i < 10; i++) {
      await call(hanging, alice, 'POST', '/v1/users/me/send_code', { target: freshMail() });
    }
  });
  // Sending one may take 10 s.
  expect(performance.now() - begun).toBeLessThan(8_000);
  fakes.silent = false;
});

test('what is sent stands in no line of the log, also when it could not be sent', async () => {
  const email = freshMail();
  await created({ email });
  fakes.refuseRecipients = `550 ${email} is no user here`;
  expect((await ask(email, 'login')).status).toBe(200);
  const log = () => readFileSync(server().logFile, 'utf8');
  await expect.poll(log).toMatch(/code_not_sent.*kind=email.*550/);
  fakes.refuseRecipients = undefined;
  expect(fakes.letters.length).toBeGreaterThan(10);
  const text = log();
  expect(text).toMatch(/request_refused/);
  // A code may by chance be a part of an id or a time: it stands alone there.
  for (const { to, code } of fakes.letters) {
    expect(text.includes(to.replace('+', '')), to).toBe(false);
    expect(new RegExp(`(?<![\\d.:])${code}(?![\\d.:])`).test(text), code).toBe(false);
  }
  expect(text).not.toMatch(/@people\.example/);
});
