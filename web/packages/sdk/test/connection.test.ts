import { describe, expect, it } from 'vitest';
import type { ClientState, SessionEnd } from '../src/index.ts';
import { World } from './world.ts';

/** A connected client with everything it says about itself. */
async function connected() {
  const world = new World();
  const client = world.client();
  const states: ClientState[] = [];
  const ends: SessionEnd[] = [];
  client.on('state', (state) => states.push(state));
  client.on('session:ended', (end) => ends.push(end));
  await client.register({ username: 'alice', password: 'correct horse' });
  await world.clock.advance(0);
  return { world, client, states, ends };
}

describe('connection', () => {
  it('authenticates with its first frame, compares heads, then is online', async () => {
    const { client, states, world } = await connected();
    expect(states).toEqual(['connecting', 'syncing', 'online']);
    expect(world.server.received.map((r) => r.type)).toEqual([
      'sync.pull',
      'contact.list',
      'conversation.list',
      'contact.list_requests',
      'contact.list_requests',
      'contact.list_blocked',
    ]);
    await client.close();
    expect(client.state).toBe('stopped');
  });

  it('OF-2: doubles the cap of the delay up to 30 s, with full jitter', async () => {
    const { world, client } = await connected();
    world.network.up = false;
    world.network.cutAll();
    const delays: number[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      await world.clock.advance(0);
      const state = client.connection;
      if (state.name !== 'waiting') throw new Error(state.name);
      delays.push(state.retryAtMs - world.clock.now());
      await world.clock.advance(state.retryAtMs - world.clock.now());
    }
    // random() is 0.5 throughout.
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]);
    world.network.up = true;
    await world.clock.advance(30_000);
    expect(client.state).toBe('online');
  });

  it('OF-2: probes after a silent heartbeat and drops a connection that does not answer', async () => {
    const { world, client } = await connected();
    const first = world.network.last;
    await world.clock.advance(65_000);
    expect(world.network.last).toBe(first);
    world.network.auto = false;
    await world.clock.advance(26_000);
    expect(first.toServer.join()).toContain('"ping"');
    await world.clock.advance(8_000);
    expect(client.state).toBe('online');
    await world.clock.advance(2_000);
    expect(first.state).toBe('closed');
  });

  it('closes at once when the platform goes offline and connects at once when it is back', async () => {
    const { world, client } = await connected();
    const first = world.network.last;
    world.platformOnline = false;
    world.signal('offline');
    expect(first.state).toBe('closed');
    expect(client.connection).toMatchObject({ name: 'waiting', offline: true });
    world.platformOnline = true;
    world.signal('online');
    await world.clock.advance(0);
    expect(client.state).toBe('online');
  });

  it('probes when the page becomes visible again, and retries at once when it was waiting', async () => {
    const { world, client } = await connected();
    world.network.auto = false;
    world.signal('visible');
    expect(world.network.last.toServer.join()).toContain('"ping"');
    world.network.auto = true;
    world.network.cutAll();
    expect(client.connection.name).toBe('waiting');
    world.signal('visible');
    await world.clock.advance(0);
    expect(client.state).toBe('online');
  });

  it('waits as long as a draining server asks', async () => {
    const { world, client } = await connected();
    world.network.last.toClient.push(JSON.stringify({ type: 'reconnect', data: { after_ms: 2000 } }));
    world.network.changed();
    await world.clock.advance(0);
    world.network.last.cut(4503);
    const state = client.connection;
    expect(state.name === 'waiting' && state.retryAtMs - world.clock.now()).toBe(2250);
  });

  it.each([
    [4409, 'revoked', 'revoked'],
    [4409, 'replaced', 'replaced'],
    [4403, 'disabled', 'disabled'],
    [4401, 'expired', 'expired'],
  ] as const)('ends the session on %i %s', async (code, pushed, reason) => {
    const { world, client, ends } = await connected();
    world.server.kick('alice', code, pushed);
    await world.clock.advance(120_000);
    expect(client.state).toBe('kicked');
    expect(client.user).toBeUndefined();
    expect(ends).toMatchObject([{ reason, device: 'laptop' }]);
    expect(world.network.sockets).toHaveLength(1);
  });

  it('takes a new token once when the one it has is refused, and gives up when that is refused too', async () => {
    const { world, client, ends } = await connected();
    world.server.kick('alice', 4401);
    await world.clock.advance(0);
    expect(client.state).toBe('online');
    expect(world.server.accounts.refreshes).toBe(1);
    world.server.fault = (type) => (type === 'auth' ? { kind: 'refuse', code: 'token_revoked' } : undefined);
    world.network.cutAll();
    await world.clock.advance(60_000);
    expect(ends).toMatchObject([{ reason: 'expired' }]);
  });
});

describe('requests', () => {
  it('end by their deadline, and a late answer goes nowhere', async () => {
    const { world, client } = await connected();
    world.server.fault = (type) => (type === 'user.search' ? { kind: 'silent' } : undefined);
    const failed = client
      .request('user.search', { q: 'bob' }, { deadlineMs: 3_000 })
      .catch((e: unknown) => e);
    await world.clock.advance(3_000);
    expect(await failed).toMatchObject({ code: 'timeout', kind: 'network' });
  });

  it('wait for a connection and are then sent', async () => {
    const { world, client } = await connected();
    world.network.cutAll();
    const found = client.users.search('alice');
    await world.clock.advance(2_000);
    expect(await found).toHaveLength(1);
  });

  it('have an unknown outcome when the socket that carried them is lost', async () => {
    const { world, client } = await connected();
    world.network.auto = false;
    const failed = client.users.search('alice').catch((e: unknown) => e);
    world.network.cutAll();
    expect(await failed).toMatchObject({ code: 'unavailable', kind: 'network' });
  });

  it('are rejected with code, kind and delay of the server', async () => {
    const { world, client } = await connected();
    world.server.fault = () => ({ kind: 'refuse', code: 'rate_limited', retryAfterMs: 1200 });
    const failed = client.users.search('alice').catch((e: unknown) => e);
    await world.clock.advance(0);
    expect(await failed).toMatchObject({ code: 'rate_limited', kind: 'rate', retryAfterMs: 1200 });
  });

  it('are aborted by their signal', async () => {
    const { client } = await connected();
    const abort = new AbortController();
    const failed = client
      .request('user.search', { q: 'x' }, { signal: abort.signal })
      .catch((e: unknown) => e);
    abort.abort();
    expect(await failed).toMatchObject({ kind: 'aborted' });
  });
});
