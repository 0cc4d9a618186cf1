import { describe, expect, it } from 'vitest';
import type { Client } from '../src/index.ts';
import { chat } from './chat.ts';
import type { World } from './world.ts';

const idOf = (world: World, name: string) => world.server.accounts.byName(name).userId;
const asked = (world: World) =>
  world.server.received
    .filter(({ type }) => type === 'presence.subscribe')
    .map(({ data }) => data['user_ids']);
const online = (userId: string) => ({ user_id: userId, state: 'online' }) as const;

async function lost(world: World): Promise<void> {
  world.network.up = false;
  world.network.cutAll();
  await world.clock.advance(0);
}

async function back(world: World): Promise<void> {
  world.network.up = true;
  await world.clock.advance(60_000);
}

describe('ML-23: presence', () => {
  it('is known of whom somebody looks at, and follows them', async () => {
    const { world, alice } = await chat();
    const bob = idOf(world, 'bob');
    const told: string[] = [];
    alice.on('presence:changed', (ids) => told.push(...ids));
    world.server.presence.set({ user_id: bob, state: 'offline', last_seen_ms: 5 });
    const unfollow = alice.presence.follow(bob);
    expect(alice.presence.get(bob)).toBeUndefined();
    await world.clock.advance(300);
    expect(alice.presence.get(bob)).toEqual({ user_id: bob, state: 'offline', last_seen_ms: 5 });
    world.server.presence.set(online(bob));
    await world.clock.advance(0);
    expect(alice.presence.get(bob)).toEqual(online(bob));
    expect(told).toEqual([bob, bob]);

    unfollow();
    unfollow();
    await world.clock.advance(300);
    expect(alice.presence.get(bob)).toBeUndefined();
    expect(asked(world)).toEqual([[bob], []]);
  });

  it('is asked for once for what is looked at one after the other, and of 200 people at most', async () => {
    const { world, alice } = await chat();
    for (let n = 1; n <= 250; n += 1) alice.presence.follow(`p${n}`);
    alice.presence.follow('p1');
    await world.clock.advance(300);
    const [first, ...more] = asked(world) as string[][];
    expect(more).toEqual([]);
    expect(first).toHaveLength(200);
    expect([first?.[0], first?.at(-1)]).toEqual(['p52', 'p1']);
    alice.presence.follow('p1')();
    await world.clock.advance(300);
    expect(asked(world)).toHaveLength(1);
  });

  it('is never that of before the connection was lost, and is asked for on each socket', async () => {
    const { world, alice } = await chat();
    const bob = idOf(world, 'bob');
    alice.presence.follow(bob);
    world.server.presence.set(online(bob));
    await world.clock.advance(300);
    expect(alice.presence.get(bob)?.state).toBe('online');
    const told: string[] = [];
    alice.on('presence:changed', (ids) => told.push(...ids));
    await lost(world);
    expect([alice.presence.get(bob), told]).toEqual([undefined, [bob]]);
    world.server.presence.set({ user_id: bob, state: 'offline' });
    await back(world);
    expect(alice.presence.get(bob)).toEqual({ user_id: bob, state: 'offline' });
    expect(asked(world)).toEqual([[bob], [bob]]);
  });

  it('is asked for again when pushes were left out, also while it is asked for', async () => {
    const { world, alice } = await chat();
    const bob = idOf(world, 'bob');
    alice.presence.follow(bob);
    await world.clock.advance(300);
    const gap = JSON.stringify({ type: 'gap', data: { conversations: [] } });
    world.network.last.toClient.push(gap, gap);
    world.network.changed();
    await world.clock.advance(0);
    expect(asked(world)).toEqual([[bob], [bob], [bob]]);
  });

  it('takes what is pushed for newer than the answer it comes before', async () => {
    const { world, alice } = await chat();
    const bob = idOf(world, 'bob');
    world.server.presence.set({ user_id: bob, state: 'offline' });
    world.network.auto = false;
    alice.presence.follow(bob);
    await world.clock.advance(300);
    await world.reordered([1, 0], () => {
      world.network.last.deliverToServer();
      world.server.presence.set(online(bob));
    });
    expect(alice.presence.get(bob)).toEqual(online(bob));
  });

  it('is asked for again after a failure', async () => {
    const { world, alice } = await chat();
    const bob = idOf(world, 'bob');
    world.server.presence.set(online(bob));
    world.server.fault = (type) =>
      type === 'presence.subscribe' ? { kind: 'refuse', code: 'unavailable' } : undefined;
    alice.presence.follow(bob);
    await world.clock.advance(300);
    world.server.fault = undefined;
    await world.clock.advance(60_000);
    expect(alice.presence.get(bob)).toEqual(online(bob));
  });

  it('of a group is told when it is asked for', async () => {
    const { world, alice } = await chat();
    const bob = idOf(world, 'bob');
    const { group } = await alice.groups.create([bob], 'Trip');
    world.server.presence.set(online(bob));
    expect(await alice.presence.inGroup(group.group_id)).toEqual({ online_count: 1, user_ids: [bob] });
  });
});

describe('ML-22: typing', () => {
  async function typing() {
    const made = await chat();
    const { world, alice, id } = made;
    const told: number[] = [];
    alice.on('typing:changed', () => told.push(alice.presence.typingIn(id).length));
    const types = (is = true) =>
      world.server.asUser('bob', 'typing.set', { conversation_id: id, typing: is });
    return { ...made, told, types, bob: idOf(world, 'bob') };
  }

  it('of others is shown until its time is over, by the clock of the server', async () => {
    const { world, alice, id, told, types, bob } = await typing();
    types();
    await world.clock.advance(4_000);
    types();
    await world.clock.advance(5_999);
    expect(alice.presence.typingIn(id)).toEqual([bob]);
    await world.clock.advance(1);
    expect(told).toEqual([1, 0]);
    types();
    types(false);
    await world.clock.advance(0);
    expect(told).toEqual([1, 0, 1, 0]);
  });

  it('of others ends with their message and with the connection', async () => {
    const { world, told, types } = await typing();
    types();
    world.server.say('bob', 'alice', 'there');
    await world.clock.advance(0);
    expect(told).toEqual([1, 0]);
    types();
    await world.clock.advance(0);
    await lost(world);
    expect(told).toEqual([1, 0, 1, 0]);
  });

  it('of one’s own is told every 3 s, and that it has stopped', async () => {
    const { world, alice, id } = await typing();
    const said = () =>
      world.server.received.filter(({ type }) => type === 'typing.set').map(({ data }) => data['typing']);
    alice.presence.tellTyping(id, false);
    for (let n = 0; n < 7; n += 1) {
      alice.presence.tellTyping(id, true);
      await world.clock.advance(500);
    }
    expect(said()).toEqual([true, true]);
    alice.presence.tellTyping(id, false);
    alice.presence.tellTyping(id, false);
    alice.presence.tellTyping(id, true);
    await world.clock.advance(2_500);
    expect(said()).toEqual([true, true, false]);
    alice.presence.tellTyping(id, true);
    await world.clock.advance(0);
    expect(said()).toEqual([true, true, false, true]);
    await lost(world);
    alice.presence.tellTyping(id, true);
    await back(world);
    expect(said()).toHaveLength(4);
    alice.presence.tellTyping(id, true);
    await world.clock.advance(0);
    expect(said()).toHaveLength(5);
  });

  it('is told to nobody who types themselves on another device, and refusals pass unnoticed', async () => {
    const { world, alice, id, told, tablet } = await typing();
    const other: Client = await tablet();
    world.server.fault = (type) => (type === 'typing.set' ? { kind: 'execute', code: 'muted' } : undefined);
    other.presence.tellTyping(id, true);
    await world.clock.advance(0);
    expect([told, alice.presence.typingIn(id)]).toEqual([[], []]);
  });
});
