import { describe, expect, it, vi } from 'vitest';
import { MemoryStore, MemoryVault, type OutboxItem } from '../src/index.ts';
import { open, textsOf, World } from './world.ts';

async function chat() {
  const world = new World();
  const store = new MemoryStore();
  const vault = new MemoryVault();
  await world.stranger('bob');
  const alice = await world.person('alice', { store: () => store, vault });
  const id = await open(alice, 'bob');
  const view = alice.messages.window(id);
  await world.clock.advance(0);
  const sent = () =>
    world.server.received
      .filter((r) => r.type === 'message.send')
      .map((r) => r.data['client_msg_id'] as string);
  return { world, store, vault, alice, id, view, sent };
}

describe('outbox', () => {
  it('notes a message before it paints it, and stores it before it sends it', async () => {
    const { world, store, alice, id, view } = await chat();
    let stored: () => void = () => undefined;
    const put = store.putOutbox.bind(store);
    store.putOutbox = (item: OutboxItem) =>
      new Promise((done) => {
        stored = () => void put(item).then(done);
      });
    const noted = vi.spyOn(store, 'noteOutbox');
    const handle = alice.messages.send(id, { text: 'hi' });
    expect(noted).toHaveBeenCalledOnce();
    await world.clock.advance(0);
    expect(view.items).toMatchObject([{ status: 'sending', clientMsgId: handle.clientMsgId }]);
    expect(world.server.history('alice', 'bob')).toEqual([]);
    stored();
    await world.clock.advance(0);
    expect(view.items).toMatchObject([{ status: 'sent', clientMsgId: handle.clientMsgId }]);
    expect((await store.load()).outbox).toEqual([]);
  });

  it('goes sending, sent under one key', async () => {
    const { world, alice, id, view } = await chat();
    world.network.auto = false;
    const handle = alice.messages.send(id, { text: 'hi' });
    await handle.queued;
    await world.clock.advance(0);
    const key = view.items[0]?.key;
    expect(view.items).toMatchObject([{ status: 'sending' }]);
    world.network.auto = true;
    world.network.changed();
    const ack = await handle.settled;
    await world.clock.advance(0);
    expect(view.items).toMatchObject([{ key, status: 'sent', seq: ack.seq }]);
  });

  it('OF-7: carries the server’s time while it waits, whatever the own clock says', async () => {
    const { world } = await chat();
    const { clock } = world;
    const wrong = {
      now: () => clock.now() + 86_400_000,
      setTimeout: clock.setTimeout.bind(clock),
      clearTimeout: clock.clearTimeout.bind(clock),
    };
    const carol = await world.person('carol', { clock: wrong });
    const id = await open(carol, 'bob');
    const view = carol.messages.window(id);
    world.network.auto = false;
    const handle = carol.messages.send(id, { text: 'hi' });
    await handle.queued;
    await clock.advance(0);
    expect(view.items).toMatchObject([{ status: 'sending', timeMs: clock.now() }]);
  });

  it.each([
    ['timeout', 'refuse'],
    ['timeout', 'execute'],
    ['unavailable', 'refuse'],
    ['unavailable', 'execute'],
  ] as const)(
    'takes %s (%s) for an unknown outcome: the same id again, later sends wait',
    async (code, kind) => {
      const { world, alice, id, sent } = await chat();
      let faults = 2;
      world.server.fault = (type) => (type === 'message.send' && faults-- > 0 ? { kind, code } : undefined);
      const one = alice.messages.send(id, { text: 'one' });
      const two = alice.messages.send(id, { text: 'two' });
      await world.clock.advance(10_000);
      expect(await one.settled).toMatchObject({ seq: 1 });
      expect(await two.settled).toMatchObject({ seq: 2 });
      expect(textsOf(world.server.history('alice', 'bob'))).toEqual(['one', 'two']);
      // Never the second before the first is settled; the push settles what was executed.
      const [a, b] = [one.clientMsgId, two.clientMsgId];
      expect(sent()).toEqual(kind === 'refuse' ? [a, a, a, b] : [a, b]);
    },
  );

  it('is settled by the push when the answer never comes', async () => {
    const { world, alice, id, store } = await chat();
    world.server.fault = (type) => (type === 'message.send' ? { kind: 'silent' } : undefined);
    const handle = alice.messages.send(id, { text: 'hi' });
    await world.clock.advance(0);
    expect(await handle.settled).toMatchObject({ seq: 1 });
    expect((await store.load()).outbox).toEqual([]);
  });

  it('sends again after the socket was lost in the middle, once', async () => {
    const { world, alice, id, view, sent } = await chat();
    world.network.auto = false;
    const handle = alice.messages.send(id, { text: 'hi' });
    await handle.queued;
    world.network.last.deliverToServer();
    world.network.cutAll();
    world.network.auto = true;
    await world.clock.advance(10_000);
    await handle.settled;
    expect(textsOf(world.server.history('alice', 'bob'))).toEqual(['hi']);
    expect(textsOf(view.items)).toEqual(['hi']);
    expect(new Set(sent()).size).toBe(1);
  });

  it('fails on a refusal, with the reason, and goes on with the next', async () => {
    const { world, alice, id, view, store } = await chat();
    world.server.fault = (type, data) =>
      type === 'message.send' && JSON.stringify(data).includes('bad')
        ? { kind: 'refuse', code: 'blocked' }
        : undefined;
    const bad = alice.messages.send(id, { text: 'bad' });
    const good = alice.messages.send(id, { text: 'good' });
    await expect(bad.settled).rejects.toMatchObject({ code: 'blocked' });
    await good.settled;
    await world.clock.advance(0);
    expect(view.items).toMatchObject([{ status: 'sent' }, { status: 'failed', errorCode: 'blocked' }]);
    expect(alice.messages.pending(id).map((p) => p.item.state)).toEqual(['failed']);
    expect((await store.load()).outbox).toMatchObject([{ state: 'failed', error_code: 'blocked' }]);
    world.server.fault = undefined;
    alice.messages.resend(bad.clientMsgId);
    await world.clock.advance(0);
    expect(textsOf(world.server.history('alice', 'bob'))).toEqual(['good', 'bad']);
    expect(world.server.history('alice', 'bob')[1]?.client_msg_id).toBe(bad.clientMsgId);
  });

  it('can be discarded when failed, and only then', async () => {
    const { world, alice, id, view, store } = await chat();
    world.server.fault = (type) => (type === 'message.send' ? { kind: 'refuse', code: 'muted' } : undefined);
    const handle = alice.messages.send(id, { text: 'x' });
    alice.messages.discard(handle.clientMsgId);
    await world.clock.advance(0);
    expect(view.items).toHaveLength(1);
    alice.messages.discard(handle.clientMsgId);
    await world.clock.advance(0);
    expect(view.items).toHaveLength(0);
    expect((await store.load()).outbox).toEqual([]);
  });

  it('waits as long as a limit says', async () => {
    const { world, alice, id, sent } = await chat();
    let faults = 1;
    world.server.fault = (type) =>
      type === 'message.send' && faults-- > 0
        ? { kind: 'refuse', code: 'rate_limited', retryAfterMs: 4_000 }
        : undefined;
    alice.messages.send(id, { text: 'x' });
    await world.clock.advance(3_900);
    expect(sent()).toHaveLength(1);
    await world.clock.advance(200);
    expect(sent()).toHaveLength(2);
  });

  it('gives up on a server that says "later" for five minutes', async () => {
    const { world, alice, id, view } = await chat();
    world.server.fault = (type) =>
      type === 'message.send' ? { kind: 'refuse', code: 'internal' } : undefined;
    const handle = alice.messages.send(id, { text: 'poison' });
    await world.clock.advance(6 * 60_000);
    await expect(handle.settled).rejects.toMatchObject({ code: 'internal' });
    expect(view.items).toMatchObject([{ status: 'failed' }]);
  });

  it('survives the end of the process: the next run sends it once', async () => {
    const { world, store, vault, alice, id } = await chat();
    world.network.up = false;
    world.network.cutAll();
    const lost = alice.messages.send(id, { text: 'written just before the crash' });
    await world.clock.advance(0);
    // No close: the first client simply stops existing.
    world.network.up = true;
    const again = world.client({ store: () => store, vault });
    await again.restore();
    await world.clock.advance(1_000);
    const history = world.server.history('alice', 'bob');
    expect(history.map((m) => m.client_msg_id)).toEqual([lost.clientMsgId]);
    expect(again.messages.unsent()).toBe(0);
  });
});
