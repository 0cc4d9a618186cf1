import { describe, expect, it } from 'vitest';
import { MemoryVault } from '../src/index.ts';
import { World } from './world.ts';

describe('session', () => {
  it('renews an expired token once for all who need it', async () => {
    const world = new World();
    const client = await world.person('alice');
    await world.clock.advance(world.server.accounts.accessTokenMs);
    world.server.accounts.refreshes = 0;
    await Promise.all([
      client.rest('GET', '/v1/users/me'),
      client.rest('GET', '/v1/users/me'),
      client.devices.list(),
    ]);
    expect(world.server.accounts.refreshes).toBe(1);
  });

  it('renews once when the server refuses a token that looks good', async () => {
    const world = new World();
    const client = await world.person('alice');
    let refusals = 1;
    world.server.fault = (route) =>
      route === 'GET /v1/users/me' && refusals-- > 0 ? { kind: 'refuse', code: 'token_expired' } : undefined;
    await client.rest('GET', '/v1/users/me');
    expect(world.server.accounts.refreshes).toBe(1);
  });

  it('survives an unreachable server', async () => {
    const world = new World();
    const client = await world.person('alice');
    await world.clock.advance(world.server.accounts.accessTokenMs);
    world.network.up = false;
    await expect(client.rest('GET', '/v1/users/me')).rejects.toMatchObject({ kind: 'network' });
    expect(client.user?.username).toBe('alice');
    world.network.up = true;
    await client.rest('GET', '/v1/users/me');
  });

  it('ends when the server does not renew it', async () => {
    const world = new World();
    const client = await world.person('alice');
    const ends: unknown[] = [];
    client.on('session:ended', (end) => ends.push(end.reason));
    await world.clock.advance(world.server.accounts.accessTokenMs);
    world.server.revokeAllTokens();
    await expect(client.rest('GET', '/v1/users/me')).rejects.toMatchObject({ kind: 'auth' });
    await world.clock.advance(0);
    expect(ends).toEqual(['expired']);
    expect(client.user).toBeUndefined();
  });

  it('is taken up again from the vault, without the network', async () => {
    const world = new World();
    const vault = new MemoryVault();
    const first = await world.person('alice', { vault });
    await first.close();
    world.network.up = false;
    const second = world.client({ vault });
    expect((await second.restore())?.username).toBe('alice');
    world.network.up = true;
    await world.clock.advance(5_000);
    expect(second.state).toBe('online');
    await second.logout();
    expect(await world.client({ vault }).restore()).toBeUndefined();
  });

  it('ends as the user wants it, also when the server closes the sockets first', async () => {
    const world = new World();
    const client = await world.person('alice', {
      fetch: (input, init) => {
        if (typeof input === 'string' && input.endsWith('/v1/auth/logout'))
          world.server.kick('alice', 4409, 'revoked');
        return world.network.fetch(input, init);
      },
    });
    const ends: unknown[] = [];
    client.on('session:ended', (end) => ends.push(end.reason));
    const out = client.logout();
    await world.clock.advance(5_000);
    await out;
    expect(ends).toEqual(['logged_out']);
    expect([client.state, client.user]).toEqual(['stopped', undefined]);
  });

  it('tells wrong credentials from the end of a session', async () => {
    const world = new World();
    await world.stranger('alice');
    const login = world.client().login({ account: 'alice', password: 'wrong' });
    await expect(login).rejects.toMatchObject({ code: 'wrong_credentials', kind: 'fatal' });
  });

  it('does not connect before a password that must be changed was changed', async () => {
    const world = new World();
    const vault = new MemoryVault();
    const first = await world.person('admin', { vault });
    const saved = vault.load();
    await first.close();
    if (saved === undefined) throw new Error('nothing saved');
    vault.save({ ...saved, user: { ...saved.user, must_change_password: true } });
    const client = world.client({ vault });
    await client.restore();
    await world.clock.advance(1_000);
    expect(client.state).toBe('stopped');
    await client.changePassword('correct horse', 'battery staple');
    await world.clock.advance(0);
    expect(client.state).toBe('online');
    expect(client.user?.must_change_password).toBe(false);
  });

  it('begins by a code, which is good once', async () => {
    const world = new World();
    await world.stranger('alice');
    world.server.accounts.byName('alice').email = 'alice@people.example';
    const client = world.client();
    const { resend_after_ms } = await client.sendCode('alice@people.example', 'login');
    expect(resend_after_ms).toBe(60_000);
    const request = {
      account: 'alice@people.example',
      code: world.server.accounts.codes.get('login alice@people.example') ?? '',
    };
    expect((await client.loginByCode(request)).username).toBe('alice');
    await world.clock.advance(0);
    expect(client.state).toBe('online');
    await expect(world.client().loginByCode(request)).rejects.toMatchObject({ code: 'code_invalid' });
  });

  it('a forgotten password is set by a code', async () => {
    const world = new World();
    await world.stranger('alice');
    world.server.accounts.byName('alice').email = 'alice@people.example';
    const client = world.client();
    await client.sendCode('alice@people.example', 'reset_password');
    const code = world.server.accounts.codes.get('reset_password alice@people.example') ?? '';
    await client.resetPassword('alice@people.example', code, 'another good one');
    expect(client.user).toBeUndefined();
    const user = await client.login({ account: 'alice', password: 'another good one' });
    expect(user.username).toBe('alice');
  });
});
