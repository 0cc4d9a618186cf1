import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { LoginResponse, RefreshResponse } from '@hongyan/sdk';
import { hongyan } from '@hongyan/test-support/command';
import { describe, expect, test } from 'vitest';

import { type Answer, http } from './support/http.ts';
import { call, connect, freshName, login, type Person, register, tryLogin } from './support/people.ts';
import { admin, useServer, withServer } from './support/servers.ts';

const server = useServer();

function refresh(token: string): Promise<Answer<RefreshResponse>> {
  return http<RefreshResponse>(server().url, 'POST', '/v1/auth/refresh', { body: { refresh_token: token } });
}

function me(token: string): Promise<Answer> {
  return http(server().url, 'GET', '/v1/users/me', { token });
}

describe('refresh', () => {
  test('rotates: the successor works, and so on', async () => {
    const alice = await register(server());
    let token = alice.refresh;
    for (let i = 0; i < 3; i++) {
      const { data } = await refresh(token);
      expect(data.refresh_token).not.toBe(token);
      expect(data).toMatchObject({ user_id: alice.userId, device_id: alice.deviceId });
      expect((await me(data.access_token)).status).toBe(200);
      token = data.refresh_token ?? '';
    }
  });

  test('two at once, and a repeat within the grace, get the same successor', async () => {
    const alice = await register(server());
    const [one, two] = await Promise.all([refresh(alice.refresh), refresh(alice.refresh)]);
    expect(one.data.refresh_token).toBe(two.data.refresh_token);
    expect((await refresh(alice.refresh)).data.refresh_token).toBe(one.data.refresh_token);
    expect((await refresh(one.data.refresh_token ?? '')).status).toBe(200);
  });

  test('a lost answer is given again also without a grace, as long as the successor is unused', async () => {
    await withServer({ env: { HONGYAN_AUTH_REFRESH_GRACE_MS: '0' } }, async (strict) => {
      const post = (token: string) =>
        http<RefreshResponse>(strict.url, 'POST', '/v1/auth/refresh', { body: { refresh_token: token } });
      const alice = await register(strict);
      const first = await post(alice.refresh);
      const again = await post(alice.refresh);
      expect(again.data.refresh_token).toBe(first.data.refresh_token);
      // Now the successor is used, so whoever shows the first one has a copy.
      expect((await http(strict.url, 'GET', '/v1/users/me', { token: again.data.access_token })).status).toBe(
        200,
      );
      const thief = await post(alice.refresh);
      expect([thief.status, thief.error.code]).toEqual([401, 'token_revoked']);
      const owner = await post(first.data.refresh_token ?? '');
      expect([owner.status, owner.error.code]).toEqual([401, 'token_revoked']);
      const access = await http(strict.url, 'GET', '/v1/users/me', { token: first.data.access_token });
      expect([access.status, access.error.code]).toEqual([401, 'token_revoked']);
    });
  });

  test('reuse closes the sockets of the device at once', async () => {
    await withServer({ env: { HONGYAN_AUTH_REFRESH_GRACE_MS: '0' } }, async (strict) => {
      const post = (token: string) =>
        http<RefreshResponse>(strict.url, 'POST', '/v1/auth/refresh', { body: { refresh_token: token } });
      const alice = await register(strict);
      const { data } = await post(alice.refresh);
      const socket = await connect(strict, { ...alice, access: data.access_token });
      await post(alice.refresh);
      expect(await socket.closeCode(1_000)).toBe(4409);
    });
  });

  test('unknown tokens and access tokens are refused', async () => {
    const alice = await register(server());
    const unknown = Buffer.alloc(32, 7).toString('base64url');
    for (const token of ['', 'x', unknown, alice.access, `${alice.refresh}A`]) {
      const answer = await refresh(token);
      expect([answer.status, answer.error.code]).toEqual([401, 'unauthenticated']);
    }
    expect((await refresh(alice.refresh)).status).toBe(200);
  });
});

describe('cookie sessions', () => {
  const page = () => ({ 'x-hongyan': '1', Origin: server().url });
  const enter = (headers: Record<string, string>, more: object = {}) =>
    http<LoginResponse>(server().url, 'POST', '/v1/auth/register', {
      headers,
      body: { username: freshName(), password: 'a long password', session: 'cookie', ...more },
    });
  const renew = (headers: Record<string, string>) =>
    http<RefreshResponse>(server().url, 'POST', '/v1/auth/refresh', { headers, body: {} });
  const cookieOf = (answer: Answer) => answer.headers['set-cookie']?.[0] ?? '';

  test('keep the refresh token out of reach of scripts and other sites', async () => {
    const answer = await enter(page());
    expect(answer.data.refresh_token).toBeUndefined();
    const [pair, ...attributes] = cookieOf(answer).split('; ');
    expect(pair).toMatch(/^hongyan_refresh=.{20,}$/);
    const secure = server().url.startsWith('https:') ? ['Secure'] : [];
    expect(attributes.sort()).toEqual(['HttpOnly', 'Path=/v1/auth', 'SameSite=Strict', ...secure]);
    const kept = cookieOf(await enter(page(), { remember: true }));
    expect(kept).toMatch(/Max-Age=\d{6,}/);
  });

  test('are renewed by the cookie, by our own pages only', async () => {
    const cookie = cookieOf(await enter(page())).split(';')[0] ?? '';
    for (const headers of [
      {},
      { 'x-hongyan': '1' },
      { Origin: server().url },
      { 'x-hongyan': '1', Origin: 'https://evil.example' },
      { 'x-hongyan': '1', Origin: 'null' },
    ]) {
      const refused = await renew({ Cookie: cookie, ...headers } as Record<string, string>);
      expect([refused.status, refused.error.code]).toEqual([403, 'permission_denied']);
      expect((await enter(headers as Record<string, string>)).status).toBe(403);
    }
    const renewed = await renew({ ...page(), Cookie: `other=1; ${cookie}` });
    expect(renewed.data.refresh_token).toBeUndefined();
    expect(cookieOf(renewed)).not.toContain(cookie);
    expect((await me(renewed.data.access_token)).status).toBe(200);
  });

  test('end with logout, which takes the cookie back', async () => {
    const entered = await enter(page());
    const cookie = cookieOf(entered).split(';')[0] ?? '';
    const out = await http(server().url, 'POST', '/v1/auth/logout', {
      token: entered.data.access_token,
      headers: { ...page(), Cookie: cookie },
      body: {},
    });
    expect(cookieOf(out)).toMatch(/^hongyan_refresh=;.*Max-Age=0/);
    const later = await renew({ ...page(), Cookie: cookie });
    expect(later.error.code).toBe('token_revoked');
    expect(cookieOf(later)).toMatch(/^hongyan_refresh=;.*Max-Age=0/);
  });

  test('are Secure behind https', async () => {
    const publicUrl = 'https://chat.example';
    await withServer({ env: { HONGYAN_HTTP_PUBLIC_URL: publicUrl } }, async (proxied) => {
      const answer = await http(proxied.url, 'POST', '/v1/auth/register', {
        headers: { 'x-hongyan': '1', Origin: publicUrl },
        body: { username: freshName(), password: 'a long password', session: 'cookie' },
      });
      expect(cookieOf(answer)).toContain('; Secure');
    });
  });
});

describe('devices', () => {
  test('logout ends the device: token, refresh token, sockets', async () => {
    const alice = await register(server());
    const other = await login(server(), alice);
    const [socket, kept] = await Promise.all([connect(server(), alice), connect(server(), other)]);
    await call(server(), alice, 'POST', '/v1/auth/logout', {});
    expect(await socket.closeCode(1_000)).toBe(4409);
    expect((await me(alice.access)).error.code).toBe('token_revoked');
    expect((await refresh(alice.refresh)).error.code).toBe('token_revoked');
    expect((await kept.request('user.me')).type).toBe('ok');
    await kept.close();
  });

  test('a revoked device is closed within a second, on all its sockets', async () => {
    const alice = await register(server());
    const lost = await login(server(), alice);
    const sockets = await Promise.all([connect(server(), lost), connect(server(), lost)]);
    const mine = await connect(server(), alice);
    const devices = await call<{ items: { device_id: string; current: boolean }[] }>(
      server(),
      alice,
      'GET',
      '/v1/auth/devices',
    );
    expect(devices.items).toHaveLength(2);
    expect(devices.items.find((device) => device.current)?.device_id).toBe(alice.deviceId);
    await mine.call('auth.revoke_device', { device_id: lost.deviceId });
    for (const socket of sockets) {
      expect(await socket.closeCode(1_000)).toBe(4409);
      expect(socket.pushes('kicked')).toEqual([{ reason: 'revoked' }]);
    }
    const left = await call<{ items: object[] }>(server(), alice, 'GET', '/v1/auth/devices');
    expect(left.items).toHaveLength(1);
    expect((await me(lost.access)).error.code).toBe('token_revoked');
    const again = await http(server().url, 'DELETE', `/v1/auth/devices/${lost.deviceId}`, {
      token: alice.access,
    });
    expect(again.error.code).toBe('not_found');
    await mine.close();
  });

  test('revoke_others leaves the one that asks', async () => {
    const alice = await register(server());
    const others = await Promise.all([login(server(), alice), login(server(), alice)]);
    const [mine, ...theirs] = await Promise.all(
      [alice, ...others].map((person) => connect(server(), person)),
    );
    expect(await mine?.call('auth.revoke_others')).toEqual({ revoked: 2 });
    for (const socket of theirs) expect(await socket.closeCode(1_000)).toBe(4409);
    expect((await me(alice.access)).status).toBe(200);
    await mine?.close();
  });

  test('a new password signs the others out, and is the only one from then on', async () => {
    const alice = await register(server());
    const other = await login(server(), alice);
    const [mine, theirs] = await Promise.all([connect(server(), alice), connect(server(), other)]);
    const change = (old_password: string, new_password: string) =>
      http(server().url, 'POST', '/v1/auth/change_password', {
        token: alice.access,
        body: { old_password, new_password },
      });
    expect((await change('wrong', 'a brand new one')).error.code).toBe('wrong_credentials');
    expect((await change(alice.password, 'short')).error).toMatchObject({
      code: 'weak_password',
      field: 'new_password',
    });
    expect((await change(alice.password, 'a brand new one')).status).toBe(200);
    expect(await theirs.closeCode(1_000)).toBe(4409);
    expect(theirs.pushes('kicked')).toEqual([{ reason: 'password_changed' }]);
    expect((await mine.request('user.me')).type).toBe('ok');
    expect((await refresh(other.refresh)).error.code).toBe('token_revoked');
    expect((await refresh(alice.refresh)).status).toBe(200);
    expect((await tryLogin(server(), alice.username, alice.password)).error.code).toBe('wrong_credentials');
    expect((await tryLogin(server(), alice.username, 'a brand new one')).status).toBe(200);
    await mine.close();
  });

  test('a device that logs in again keeps its id; a foreign or revoked one gets a new one', async () => {
    const [alice, bob] = [await register(server()), await register(server())];
    const enter = async (device_id: string) =>
      (await tryLogin(server(), alice.username, alice.password, { device_id })).data.device_id;
    expect(await enter(alice.deviceId)).toBe(alice.deviceId);
    expect(await enter(bob.deviceId)).not.toBe(bob.deviceId);
    const old = await login(server(), alice);
    await call(server(), old, 'POST', '/v1/auth/logout', {});
    expect(await enter(old.deviceId)).not.toBe(old.deviceId);
  });
});

describe('accounts', () => {
  test('disabling ends everything at once, enabling lets in again', async () => {
    const alice = await register(server());
    const socket = await connect(server(), alice);
    await admin(server(), 'disable-user', alice.username);
    expect(await socket.closeCode(1_000)).toBe(4403);
    expect(socket.pushes('kicked')).toEqual([{ reason: 'disabled' }]);
    expect([(await me(alice.access)).status, (await refresh(alice.refresh)).error.code]).toEqual([
      403,
      'account_disabled',
    ]);
    const wrong = await tryLogin(server(), alice.username, 'not the password');
    expect(wrong.error.code).toBe('wrong_credentials');
    const right = await tryLogin(server(), alice.username, alice.password);
    expect([right.status, right.error.code]).toEqual([403, 'account_disabled']);
    await admin(server(), 'enable-user', alice.username);
    expect((await login(server(), alice)).userId).toBe(alice.userId);
  });

  test('the first administrator must change the password that stands in the data folder', async () => {
    const file = join(server().dataDir, 'initial-admin-password');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const password = readFileSync(file, 'utf8').trim();
    const entered = await tryLogin(server(), 'admin', password);
    expect(entered.data.user).toMatchObject({ role: 'admin', must_change_password: true });
    const token = entered.data.access_token;
    const ask = (path: string) => http(server().url, 'GET', path, { token });
    expect((await ask('/v1/users/me')).status).toBe(200);
    for (const path of ['/v1/conversations', '/v1/auth/devices', '/v1/users/search?q=admin']) {
      expect([(await ask(path)).status, (await ask(path)).error.code], path).toEqual([
        403,
        'step_up_required',
      ]);
    }
    const socket = await connect(server(), { access: token } as Person);
    expect((await socket.refusal('conversation.list')).code).toBe('step_up_required');
    const change = (new_password: string) =>
      http(server().url, 'POST', '/v1/auth/change_password', {
        token,
        body: { old_password: password, new_password },
      });
    expect((await change(password)).error.code).toBe('weak_password');
    expect((await change('chosen by the administrator')).status).toBe(200);
    expect((await ask('/v1/conversations')).status).toBe(200);
    expect((await tryLogin(server(), 'admin', password)).error.code).toBe('wrong_credentials');
    expect(existsSync(file)).toBe(false);
    const { data } = await tryLogin(server(), 'admin', 'chosen by the administrator');
    expect(data.user.must_change_password).toBe(false);
    await socket.close();
  });

  test('guessing is slowed down, for the right password too, and for this account only', async () => {
    const [alice, bob] = [await register(server()), await register(server())];
    for (let i = 0; i < 5; i++) {
      expect((await tryLogin(server(), alice.username, `guess ${i}`)).error.code).toBe('wrong_credentials');
    }
    const slowed = await tryLogin(server(), alice.username, alice.password);
    expect([slowed.status, slowed.error.code]).toEqual([429, 'rate_limited']);
    expect(slowed.error.retry_after_ms).toBeGreaterThan(0);
    expect(slowed.error.retry_after_ms).toBeLessThanOrEqual(1_000);
    expect(Number(slowed.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    // The owner is not locked out: a device that is known has a budget of its own, and sessions go on.
    const known = await tryLogin(server(), alice.username, alice.password, { device_id: alice.deviceId });
    expect(known.status).toBe(200);
    expect((await tryLogin(server(), bob.username, bob.password)).status).toBe(200);
    // An account that does not exist is slowed down alike.
    const nobody = freshName();
    for (let i = 0; i < 5; i++) await tryLogin(server(), nobody, 'guess');
    expect((await tryLogin(server(), nobody, 'guess')).error.code).toBe('rate_limited');
  });

  test('registration can be closed, and is by invite beyond loopback', async () => {
    const attempt = (url: string, invite?: string) =>
      http(url, 'POST', '/v1/auth/register', {
        body: {
          username: freshName(),
          password: 'a long password',
          ...(invite === undefined ? {} : { invite }),
        },
      });
    const options = async (url: string) => (await http<object>(url, 'GET', '/v1/auth/options')).data;
    expect(await options(server().url)).toEqual({
      registration: 'open',
      password_min_length: 8,
      code_targets: [],
    });
    const invite = async (dataDir: string, ...more: string[]) => {
      const made = await hongyan(['admin', 'invite', '--data', dataDir, ...more]);
      expect(made.code, made.stderr).toBe(0);
      return /^invite (\S+)$/m.exec(made.stdout)?.[1] ?? '';
    };
    const refusal = async (url: string, token?: string) => {
      const answer = await attempt(url, token);
      return [answer.status, answer.error.code];
    };
    await withServer({ env: { HONGYAN_AUTH_REGISTRATION: 'closed' } }, async (closed) => {
      expect(await options(closed.url)).toMatchObject({ registration: 'closed' });
      expect(await refusal(closed.url)).toEqual([403, 'registration_closed']);
      expect(await refusal(closed.url, await invite(closed.dataDir))).toEqual([403, 'registration_closed']);
    });
    await withServer({ listen: '0.0.0.0' }, async (other) => {
      const url = other.url.replace('0.0.0.0', '127.0.0.1');
      expect(await options(url)).toMatchObject({ registration: 'invite' });
      expect(await refusal(url)).toEqual([403, 'registration_closed']);
      expect(await refusal(url, 'nonsense')).toEqual([409, 'request_expired']);
      const token = await invite(other.dataDir);
      expect((await attempt(url, token)).status).toBe(200);
      expect(await refusal(url, token)).toEqual([409, 'request_expired']);
      const many = await invite(other.dataDir, '--uses', '0', '--days', '1');
      for (let i = 0; i < 3; i++) expect((await attempt(url, many)).status).toBe(200);
    });
  });
});

test('beyond the sockets a device or a user may have, the oldest makes room', async () => {
  const limits = { HONGYAN_GATEWAY_SOCKETS_PER_DEVICE: '2', HONGYAN_GATEWAY_SOCKETS_PER_USER: '3' };
  await withServer({ env: limits }, async (small) => {
    const alice = await register(small);
    const other = await login(small, alice);
    const first = await connect(small, alice);
    const second = await connect(small, alice);
    const third = await connect(small, alice);
    expect(await first.closeCode(1_000)).toBe(4409);
    expect(first.pushes('kicked')).toEqual([{ reason: 'replaced' }]);
    const fourth = await connect(small, other);
    const fifth = await connect(small, other);
    expect(await second.closeCode(1_000)).toBe(4409);
    for (const socket of [third, fourth, fifth]) expect((await socket.request('user.me')).type).toBe('ok');
  });
});
