import { describe, expect, it } from 'vitest';
import { MemoryStore, MemoryVault, type Message } from '../src/index.ts';
import { open, textsOf, World } from './world.ts';

/** alice's client in a chat with bob, who has none. */
async function chat(messages = 0) {
  const world = new World();
  const store = new MemoryStore();
  await world.stranger('bob');
  const alice = await world.person('alice', { store: () => store });
  const id = await open(alice, 'bob');
  const seen: number[] = [];
  alice.on('message', (m: Message) => seen.push(m.seq));
  for (let n = 1; n <= messages; n += 1) world.server.say('bob', 'alice', `m${n}`);
  await world.clock.advance(0);
  const listed = () =>
    world.server.received
      .filter((r) => r.type === 'message.list')
      .map((r) => ({ ...r.data, conversation_id: undefined }));
  return { world, alice, id, seen, listed, store };
}

/** Holds back the pushes of the next messages and hands them over in the order given. */
async function pushes(world: World, count: number, order: readonly number[]): Promise<void> {
  await world.reordered(order, () => {
    for (let n = 0; n < count; n += 1) world.server.say('bob', 'alice', `held${n}`);
  });
}

/** How often a client has asked for something since the list of requests was emptied. */
function asked(world: World, type: string): number {
  return world.server.received.filter((request) => request.type === type).length;
}

describe('client rule', () => {
  it('applies the next number, ignores an older one', async () => {
    const { world, seen, listed } = await chat(2);
    await pushes(world, 2, [0, 0, 1, 0]);
    await world.clock.advance(1_000);
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(listed()).toEqual([]);
  });

  it('waits 300 ms for a push that was overtaken and then pulls nothing', async () => {
    const { world, seen, listed } = await chat(2);
    await pushes(world, 3, [1, 2, 0]);
    await world.clock.advance(1_000);
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(listed()).toEqual([]);
  });

  it('pulls exactly the hole after 300 ms', async () => {
    const { world, seen, listed } = await chat(2);
    await pushes(world, 5, [3, 4]);
    await world.clock.advance(299);
    expect(seen).toEqual([1, 2]);
    await world.clock.advance(1);
    expect(listed()).toEqual([{ after: 2, limit: 3 }]);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('tries again when the pull fails', async () => {
    const { world, seen } = await chat(1);
    let refusals = 2;
    world.server.fault = (type) =>
      type === 'message.list' && refusals-- > 0 ? { kind: 'refuse', code: 'unavailable' } : undefined;
    await pushes(world, 3, [2]);
    await world.clock.advance(5_000);
    expect(seen).toEqual([1, 2, 3, 4]);
  });
});

describe('reconnect', () => {
  it('compares all heads, page by page, and fills what was missed', async () => {
    const world = new World();
    const alice = await world.person('alice');
    const names = ['bob_1', 'bob_2', 'bob_3', 'bob_4', 'bob_5'];
    for (const name of names) await world.stranger(name);
    for (const name of names) world.server.say(name, 'alice', 'before');
    await world.clock.advance(0);
    const seen: string[] = [];
    alice.on('message', (m) => seen.push(m.content?.text?.text ?? ''));
    world.network.up = false;
    world.network.cutAll();
    for (const name of names) for (let n = 0; n < 3; n += 1) world.server.say(name, 'alice', `${name}-${n}`);
    world.network.up = true;
    await world.clock.advance(10_000);
    expect(seen.sort()).toEqual(names.flatMap((name) => [0, 1, 2].map((n) => `${name}-${n}`)));
    expect(alice.conversations.list().map((c) => c.unread)).toEqual([4, 4, 4, 4, 4]);
  });

  it('tells of messages in a conversation that began while it was away', async () => {
    const world = new World();
    const alice = await world.person('alice');
    await world.stranger('bob');
    const seen: number[] = [];
    alice.on('message', (m) => seen.push(m.seq));
    world.network.cutAll();
    world.server.say('bob', 'alice', 'one');
    world.server.say('bob', 'alice', 'two');
    await world.clock.advance(5_000);
    expect(seen).toEqual([1, 2]);
  });

  it('does not call old messages new at the first login', async () => {
    const world = new World();
    await world.stranger('bob');
    await world.stranger('alice');
    world.server.say('bob', 'alice', 'old');
    const alice = world.client();
    const seen: number[] = [];
    alice.on('message', (m) => seen.push(m.seq));
    await alice.login({ account: 'alice', password: 'correct horse' });
    await world.clock.advance(1_000);
    expect(seen).toEqual([]);
    expect(alice.conversations.list()).toMatchObject([{ unread: 1, seq: 1 }]);
  });

  it('jumps over a hole of thousands', async () => {
    const { world, alice, id, seen } = await chat(1);
    world.network.cutAll();
    for (let n = 0; n < 1_500; n += 1) world.server.say('bob', 'alice', `x${n}`);
    const view = alice.messages.window(id);
    await world.clock.advance(5_000);
    expect(seen).toHaveLength(101);
    expect(seen.at(-1)).toBe(1501);
    const seqs = view.items.map((row) => row.seq ?? 0);
    expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
    expect(seqs.at(-1)).toBe(1501);
  });

  it('drops its caches when the epoch is another one, but no unsent message', async () => {
    const { world, alice, id, store } = await chat(3);
    world.network.up = false;
    world.network.cutAll();
    alice.messages.send(id, { text: 'unsent' });
    await world.clock.advance(0);
    expect((await store.load()).outbox).toHaveLength(1);
    world.server.epoch = 'epoch-2';
    let dropped = 0;
    const dropCaches = store.dropCaches.bind(store);
    store.dropCaches = () => {
      dropped += 1;
      return dropCaches();
    };
    world.network.up = true;
    await world.clock.advance(10_000);
    expect(dropped).toBe(1);
    expect(textsOf(world.server.history('alice', 'bob'))).toEqual(['m1', 'm2', 'm3', 'unsent']);
    expect((await store.load()).epoch).toBe('epoch-2');
  });
});

describe('unknown conversations', () => {
  it('are learned from their first push, without losing one', async () => {
    const world = new World();
    const alice = await world.person('alice');
    await world.stranger('bob');
    const seen: number[] = [];
    alice.on('message', (m) => seen.push(m.seq));
    for (let n = 0; n < 4; n += 1) world.server.say('bob', 'alice', `hello ${n}`);
    await world.clock.advance(1_000);
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(alice.conversations.list()).toMatchObject([{ title: 'bob', unread: 4, seq: 4 }]);
    expect(world.server.received.filter((r) => r.type === 'conversation.get')).toHaveLength(1);
  });
});

describe('unread', () => {
  it('counts what others send, falls with the own mark, on all devices', async () => {
    const { world, alice, id } = await chat(3);
    const tablet = world.client();
    await tablet.login({ account: 'alice', password: 'correct horse' });
    await world.clock.advance(0);
    const unread = () => [alice, tablet].map((c) => c.conversations.get(id)?.unread);
    expect(unread()).toEqual([3, 3]);
    alice.receipts.markRead(id, 3);
    expect(alice.conversations.get(id)?.unread).toBe(0);
    await world.clock.advance(0);
    expect(unread()).toEqual([0, 0]);
    world.server.say('bob', 'alice', 'more');
    await world.clock.advance(0);
    expect(unread()).toEqual([1, 1]);
  });

  it('is counted by the server when only a part was read', async () => {
    const { world, alice, id } = await chat(5);
    alice.receipts.markRead(id, 2);
    await world.clock.advance(0);
    expect(alice.conversations.get(id)).toMatchObject({ unread: 3, read_seq: 2 });
  });

  it('sends marks coalesced, and again after a lost connection', async () => {
    const { world, alice, id } = await chat(5);
    for (let seq = 1; seq <= 4; seq += 1) alice.receipts.markRead(id, seq);
    await world.clock.advance(2_000);
    const marks = () =>
      world.server.received.filter((r) => r.type === 'conversation.mark_read').map((r) => r.data['seq']);
    expect(marks()).toEqual([1, 4]);
    world.network.cutAll();
    alice.receipts.markRead(id, 5);
    await world.clock.advance(5_000);
    expect(marks()).toEqual([1, 4, 5]);
  });

  it('shows how far the other one has read', async () => {
    const { world, alice, id } = await chat(0);
    alice.messages.send(id, { text: 'hi' });
    const bob = world.client();
    await bob.login({ account: 'bob', password: 'correct horse' });
    await world.clock.advance(0);
    bob.receipts.markRead(id, 1);
    await world.clock.advance(0);
    expect(alice.conversations.get(id)?.peer_read_seq).toBe(1);
  });

  it('shows what has come to the other one, who tells of it unless it is read', async () => {
    const { world, alice, id } = await chat(0);
    const told = () => world.server.received.filter((r) => r.type === 'conversation.mark_delivered').length;
    const delivered = () => alice.conversations.get(id)?.peer_delivered_seq;
    alice.messages.send(id, { text: 'one' });
    const bob = world.client();
    await bob.login({ account: 'bob', password: 'correct horse' });
    await world.clock.advance(2_000);
    expect([delivered(), told()]).toEqual([1, 1]);
    world.network.cutAll();
    await world.clock.advance(5_000);
    expect(told(), 'once').toBe(1);
    for (const text of ['two', 'three']) alice.messages.send(id, { text });
    await world.clock.advance(2_000);
    expect([delivered(), told()]).toEqual([3, 2]);
    alice.messages.send(id, { text: 'four' });
    await world.clock.advance(0);
    bob.receipts.markRead(id, 4);
    await world.clock.advance(2_000);
    expect([delivered(), told()]).toEqual([3, 2]);
    expect(alice.conversations.get(id)?.peer_read_seq).toBe(4);
  });
});

describe('coming back', () => {
  /** alice has eight chats on this machine, and her client is closed. */
  async function away() {
    const world = new World();
    const store = new MemoryStore();
    const vault = new MemoryVault();
    const client = () => world.client({ store: () => store, vault });
    const first = client();
    await first.register({ username: 'alice', password: 'correct horse' });
    await world.clock.advance(0);
    const ids: string[] = [];
    for (let n = 0; n < 8; n += 1) {
      await world.stranger(`friend${n}`);
      ids.push(await open(first, `friend${n}`));
      world.server.say(`friend${n}`, 'alice', `hello ${n}`);
    }
    await world.clock.advance(1_000);
    await first.close();
    const back = async () => {
      world.server.received.length = 0;
      const second = client();
      await second.restore();
      await world.clock.advance(1_000);
      return second;
    };
    return { world, ids, back };
  }

  it('asks for what has moved, not for all there is', async () => {
    const { world, ids, back } = await away();
    world.server.say('friend3', 'alice', 'while away');
    world.server.say('friend5', 'alice', 'while away, too');
    const alice = await back();
    expect(asked(world, 'conversation.list')).toBe(0);
    expect(asked(world, 'conversation.get')).toBe(0);
    expect(alice.conversations.get(ids[3] ?? '')?.unread).toBe(2);
    expect(alice.conversations.get(ids[5] ?? '')?.last_message?.content?.text?.text).toBe('while away, too');
    expect(alice.conversations.list()).toHaveLength(8);
    await alice.close();
    const again = await back();
    expect(asked(world, 'conversation.list')).toBe(0);
    expect(again.conversations.get(ids[3] ?? '')?.unread).toBe(2);
  });

  it('fills what was known to lack when the connection was lost', async () => {
    const { world, ids, back } = await away();
    world.server.say('friend3', 'alice', 'while away');
    // The head is told, the message itself is not to be had for now.
    world.server.fault = (type) =>
      type === 'message.list' ? { kind: 'refuse', code: 'unavailable' } : undefined;
    await (await back()).close();
    world.server.fault = undefined;
    const alice = await back();
    const view = alice.messages.window(ids[3] ?? '');
    await world.clock.advance(0);
    expect(textsOf(view.items)).toEqual(['hello 3', 'while away']);
    view.dispose();
    expect(asked(world, 'message.list')).toBe(1);
  });

  it('begins anew where the history is another one', async () => {
    const { world, ids, back } = await away();
    world.server.epoch = 'epoch-2';
    const alice = await back();
    expect(asked(world, 'conversation.list')).toBeGreaterThan(0);
    expect(alice.conversations.get(ids[0] ?? '')?.unread).toBe(1);
  });
});
