import type { Device } from '@hongyan/sdk';
import { describe, expect, test } from 'vitest';

import { type Answer, http } from './support/http.ts';
import { freshName, type Person, register, tryLogin } from './support/people.ts';
import { online, sdkPerson, userId, when } from './support/sdk.ts';
import { useServer, withServer } from './support/servers.ts';

// Any address of 127.0.0.0/8 is this machine, so a client may come from one that is neither nginx's nor trusted.
const CLIENT = '127.0.0.2';
const FORGED = { 'X-Forwarded-For': '203.0.113.9' };

/** The address that the server remembers of who registers with these headers. */
async function rememberedIp(
  url: string,
  options: { from: string; headers?: Record<string, string> },
): Promise<string | undefined> {
  const answer: Answer<{ access_token: string }> = await http(url, 'POST', '/v1/auth/register', {
    ...options,
    body: { username: freshName(), password: 'a long password', device: { name: 'one', platform: 'cli' } },
  });
  const devices = await http<{ items: Device[] }>(url, 'GET', '/v1/auth/devices', {
    ...options,
    token: answer.data.access_token,
  });
  return devices.data.items[0]?.ip;
}

describe('behind nginx', () => {
  const server = useServer({ edge: 'nginx', env: { HONGYAN_GATEWAY_RECONNECT_SPREAD_MS: '0' } });

  test('the client is who has reached the proxy, whatever it claims', async () => {
    expect(await rememberedIp(server().url, { from: CLIENT })).toBe(CLIENT);
    expect(await rememberedIp(server().url, { from: CLIENT, headers: FORGED })).toBe(CLIENT);
  });

  test('who goes past the proxy is believed nothing', async () => {
    expect(await rememberedIp(server().directUrl, { from: CLIENT, headers: FORGED })).toBe(CLIENT);
  });

  test('plain HTTP is sent to https', async () => {
    const answer = await http(server().proxyPlainUrl ?? '', 'GET', '/some/page?x=1');
    expect(answer.status).toBe(308);
    expect(answer.headers.location).toMatch(/^https:\/\/127\.0\.0\.1\/some\/page\?x=1$/);
  });

  test('what nginx refuses has the form of our errors', async () => {
    const alice = await register(server());
    const answer = await http(server().url, 'POST', '/v1/messages', {
      token: alice.access,
      body: { text: 'x'.repeat(1_500_000) },
    });
    expect(answer.status).toBe(413);
    expect(answer.error.code).toBe('too_large');
    await server().terminate();
    const absent = await http(server().url, 'GET', '/v1/users/me', { token: alice.access });
    expect(absent.status).toBe(503);
    expect(absent.headers['retry-after']).toBe('1');
    expect(absent.error).toMatchObject({ code: 'unavailable', retry_after_ms: 1000 });
    await server().restart();
    const again = await http(server().url, 'GET', '/v1/users/me', { token: alice.access });
    expect(again.status).toBe(200);
  });

  test('clients come back after a restart, and miss nothing', async () => {
    const [alice, bob] = [await sdkPerson(server()), await sdkPerson(server())];
    const { conversation_id: id } = await alice.conversations.open(userId(bob));
    await alice.messages.send(id, { text: 'before' }).settled;
    const pid = server().pid;
    const left = when(alice, 'alice is told to come back', () => alice.state !== 'online' || undefined);
    await server().restart();
    expect(server().pid).not.toBe(pid);
    await left;
    await Promise.all([online(alice), online(bob)]);
    await alice.messages.send(id, { text: 'after' }).settled;
    const conversation = await when(bob, 'both messages', () => {
      const found = bob.conversations.get(id);
      return found?.seq === 2 ? found : undefined;
    });
    expect(conversation.last_message?.content?.text?.text).toBe('after');
  });
});

test('failed logins are counted by the client behind the proxy', async () => {
  await withServer({ edge: 'nginx' }, async (server) => {
    const alice: Person = await register(server);
    // Of one client's failures another one hears nothing, as they do not come from one address.
    const attempt = (from: string, password: string) =>
      http(server.url, 'POST', '/v1/auth/login', {
        from,
        body: { account: alice.username, password, device: { name: 'x', platform: 'cli' } },
      });
    let refused = await attempt(CLIENT, 'wrong');
    for (let i = 0; i < 20 && refused.status === 401; i++) refused = await attempt(CLIENT, 'wrong');
    expect(refused.error.code).toMatch(/^(rate_limited|locked)$/);
    expect((await tryLogin(server, alice.username, alice.password)).status).toBe(200);
  });
});
