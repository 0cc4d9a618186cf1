import { describe, expect, it } from 'vitest';
import { type Client, MemoryStore } from '../src/index.ts';
import { World } from './world.ts';

const idOf = (client: Client) => client.user?.user_id ?? '';
const asked = (world: World) => world.server.received.filter((r) => r.type === 'user.batch').length;

async function group(world: World, owner: Client, others: readonly Client[]): Promise<string> {
  const { group } = await owner.request('group.create', { name: 'Trip', member_ids: others.map(idOf) });
  await world.clock.advance(0);
  return group.group_id;
}

describe('names of people in no list', () => {
  it('are asked for once, together, and kept over a restart', async () => {
    const world = new World();
    const store = new MemoryStore();
    const alice = await world.person('alice', { store: () => store });
    const [bob, carol] = [await world.person('bob'), await world.person('carol')];
    const told: string[][] = [];
    alice.on('names:changed', (ids) => told.push([...ids]));
    for (const who of [bob, carol, bob]) expect(alice.users.named(idOf(who))).toBeUndefined();
    await world.clock.advance(0);
    expect(alice.users.named(idOf(bob))?.nickname).toBe('bob');
    expect(told.flat().sort()).toEqual([idOf(bob), idOf(carol)].sort());
    expect(asked(world)).toBe(1);
    await alice.close();
    const again = world.client({ store: () => store });
    await again.login({ account: 'alice', password: 'correct horse' });
    expect(again.users.named(idOf(carol))?.nickname).toBe('carol');
  });

  it('are asked for again after a connection that did not answer; nobody is asked for twice', async () => {
    const world = new World();
    const alice = await world.person('alice');
    const bob = await world.person('bob');
    world.server.fault = (type) => (type === 'user.batch' ? { kind: 'refuse', code: 'internal' } : undefined);
    alice.users.named(idOf(bob));
    alice.users.named('404');
    await world.clock.advance(0);
    alice.users.named(idOf(bob));
    await world.clock.advance(0);
    expect(asked(world)).toBe(1);
    world.server.fault = undefined;
    world.network.cutAll();
    await world.clock.advance(5_000);
    alice.users.named(idOf(bob));
    alice.users.named('404');
    await world.clock.advance(0);
    alice.users.named('404');
    await world.clock.advance(0);
    expect(asked(world)).toBe(2);
    expect(alice.users.named(idOf(bob))?.nickname).toBe('bob');
    expect(alice.users.named('404')).toBeUndefined();
  });
});

describe('a line of a group', () => {
  it('brings the name, the state and the own place, also under what is written meanwhile', async () => {
    const world = new World();
    const alice = await world.person('alice');
    const bob = await world.person('bob');
    const id = await group(world, alice, [bob]);
    expect(bob.conversations.get(id)).toMatchObject({ type: 'group', title: 'Trip', my_role: 'member' });
    await alice.request('group.update', { group_id: id, name: 'Journey' });
    world.server.sayIn(id, 'alice', 'on Monday');
    await world.clock.advance(0);
    expect(bob.conversations.get(id)).toMatchObject({
      title: 'Journey',
      last_message: { content: { text: { text: 'on Monday' } } },
    });
    await alice.request('group.update_member', { group_id: id, user_id: idOf(bob), role: 'admin' });
    await world.clock.advance(0);
    expect(bob.conversations.get(id)?.my_role).toBe('admin');
    await alice.request('group.remove_member', { group_id: id, user_id: idOf(bob) });
    world.server.sayIn(id, 'alice', 'not for bob');
    await world.clock.advance(0);
    expect(bob.conversations.get(id)).not.toHaveProperty('my_role');
    expect(bob.conversations.get(id)?.last_message?.content?.system?.code).toBe('member_removed');
  });

  it('is asked about once more, not once each, where many come', async () => {
    const world = new World();
    const alice = await world.person('alice');
    const bob = await world.person('bob');
    const id = await group(world, alice, [bob]);
    const before = world.server.received.filter((r) => r.type === 'conversation.get').length;
    for (let n = 0; n < 20; n += 1)
      world.server.asUser('alice', 'group.update', { group_id: id, name: `n${n}` });
    await world.clock.advance(0);
    expect(bob.conversations.get(id)?.title).toBe('n19');
    const asked = world.server.received.filter((r) => r.type === 'conversation.get').length - before;
    expect(asked).toBeLessThan(10);
  });

  it('knows of no one other who has read it', async () => {
    const world = new World();
    const alice = await world.person('alice');
    const bob = await world.person('bob');
    const id = await group(world, alice, [bob]);
    const { seq } = world.server.sayIn(id, 'alice', 'hi');
    await world.clock.advance(0);
    bob.receipts.markRead(id, seq);
    await world.clock.advance(5_000);
    expect(bob.conversations.get(id)?.unread).toBe(0);
    expect(alice.conversations.get(id)).not.toHaveProperty('peer_read_seq');
  });

  it('is found by who was put out while away', async () => {
    const world = new World();
    const alice = await world.person('alice');
    const bob = await world.person('bob');
    const id = await group(world, alice, [bob]);
    world.network.up = false;
    world.network.cutAll();
    await world.clock.advance(0);
    world.network.up = true;
    world.server.asUser('alice', 'group.remove_member', { group_id: id, user_id: idOf(bob) });
    await world.clock.advance(60_000);
    expect(bob.conversations.get(id)).not.toHaveProperty('my_role');
    expect(bob.conversations.get(id)?.last_message?.content?.system?.code).toBe('member_removed');
  });
});
