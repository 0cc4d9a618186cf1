import { describe, expect, it } from 'vitest';
import { type Client, MemoryStore, type Person, requestAt } from '../src/index.ts';
import { textsOf, World } from './world.ts';

async function two() {
  const world = new World();
  const alice = await world.person('alice');
  const bob = await world.person('bob');
  return { world, alice, bob, aliceId: idOf(alice), bobId: idOf(bob) };
}

function idOf(client: Client): string {
  return client.user?.user_id ?? '';
}

async function befriend(world: World, from: Client, to: Client): Promise<void> {
  await from.contacts.request({ user_id: idOf(to) });
  await world.clock.advance(0);
  await to.contacts.accept(to.contacts.get(idOf(from))?.received?.contact_request_id ?? '');
  await world.clock.advance(0);
}

const names = (people: readonly Person[]) => people.map((person) => person.profile?.nickname).sort();
const calls = (world: World, type: string) => world.server.received.filter((r) => r.type === type).length;

describe('requests', () => {
  it('reach every device of both, with who it is; accepting makes friends and opens the 1:1', async () => {
    const { world, alice, bob, aliceId, bobId } = await two();
    const phone = world.client();
    await phone.login({ account: 'bob', password: 'correct horse' });
    await world.clock.advance(0);
    const told: string[][] = [];
    phone.on('contacts:changed', (ids) => told.push([...ids]));

    const asked = await alice.contacts.request({ user_id: bobId, message: 'it is me', source: 'search' });
    expect(asked).toMatchObject({ state: 'asked', request: { state: 'pending' } });
    await world.clock.advance(0);
    for (const device of [bob, phone]) {
      expect(device.contacts.get(aliceId)).toMatchObject({
        profile: { username: 'alice' },
        received: { message: 'it is me', state: 'pending' },
      });
    }
    expect(told.flat()).toContain(aliceId);
    expect(alice.contacts.get(bobId)?.sent?.state).toBe('pending');

    const { conversationId } = await bob.contacts.accept(
      bob.contacts.get(aliceId)?.received?.contact_request_id ?? '',
    );
    await world.clock.advance(0);
    for (const [device, other] of [
      [alice, bobId],
      [bob, aliceId],
      [phone, aliceId],
    ] as const) {
      expect(device.contacts.get(other)).toMatchObject({ contact: { state: 'friend' }, blocked: false });
      const line = device.conversations.get(conversationId)?.last_message;
      expect(line?.sender_id).toBeUndefined();
      expect(line?.content?.system).toEqual({
        code: 'contact_added',
        params: { by: bobId, user_id: aliceId, message: 'it is me' },
      });
      expect(device.conversations.get(conversationId)?.unread).toBe(0);
    }
    expect(bob.contacts.get(aliceId)?.received?.state).toBe('accepted');
  });

  it('that cross make friends at once', async () => {
    const { world, alice, bob, aliceId, bobId } = await two();
    await alice.contacts.request({ user_id: bobId });
    const asked = await bob.contacts.request({ user_id: aliceId });
    expect(asked).toMatchObject({ state: 'friends', contact: { user_id: aliceId } });
    await world.clock.advance(0);
    expect(alice.contacts.get(bobId)?.contact?.state).toBe('friend');
  });

  it('can be rejected, with a block too, and asked again', async () => {
    const { world, alice, bob, aliceId, bobId } = await two();
    await alice.contacts.request({ user_id: bobId });
    await world.clock.advance(0);
    const id = () => bob.contacts.get(aliceId)?.received?.contact_request_id ?? '';
    await bob.contacts.reject(id());
    await world.clock.advance(1);
    expect(alice.contacts.get(bobId)?.sent?.state).toBe('rejected');
    await alice.contacts.request({ user_id: bobId, message: 'please' });
    await world.clock.advance(0);
    expect(bob.contacts.get(aliceId)?.received).toMatchObject({ state: 'pending', message: 'please' });
    await bob.contacts.blockRequest(id());
    await world.clock.advance(0);
    expect(bob.contacts.get(aliceId)).toMatchObject({ blocked: true, received: { state: 'rejected' } });
    await expect(alice.contacts.request({ user_id: bobId })).rejects.toMatchObject({ code: 'blocked' });
  });

  it('come to their end without anybody being told', async () => {
    const { world, alice, bobId } = await two();
    await alice.contacts.request({ user_id: bobId });
    await world.clock.advance(0);
    const request = alice.contacts.get(bobId)?.sent;
    if (request === undefined) throw new Error('no request');
    expect(requestAt(request, request.expires_ms - 1).state).toBe('pending');
    expect(requestAt(request, request.expires_ms).state).toBe('expired');
  });
});

describe('contacts', () => {
  it('are noted about, blocked and deleted, on all devices', async () => {
    const { world, alice, bob, bobId } = await two();
    await befriend(world, alice, bob);
    const tablet = world.client();
    await tablet.login({ account: 'alice', password: 'correct horse' });
    await world.clock.advance(0);
    await alice.contacts.update(bobId, { remark: 'Bobby', starred: true, tags: ['work'] });
    await world.clock.advance(0);
    expect(tablet.contacts.get(bobId)?.contact).toMatchObject({
      remark: 'Bobby',
      starred: true,
      tags: ['work'],
    });
    await tablet.contacts.block(bobId);
    await world.clock.advance(0);
    expect(alice.contacts.get(bobId)).toMatchObject({ blocked: true, contact: { state: 'blocked' } });
    await alice.contacts.unblock(bobId);
    await tablet.contacts.remove(bobId);
    await world.clock.advance(0);
    expect(alice.contacts.get(bobId)).toMatchObject({ blocked: false });
    expect(alice.contacts.get(bobId)?.contact).toBeUndefined();
  });

  it('are read page by page at the first login', async () => {
    const world = new World();
    const alice = await world.person('alice');
    const others = ['bob', 'carol', 'dave', 'erin', 'frank'];
    for (const name of others) await befriend(world, alice, await world.person(name));
    const tablet = world.client();
    expect(tablet.contacts.state).toBe('loading');
    await tablet.login({ account: 'alice', password: 'correct horse' });
    await world.clock.advance(0);
    expect(tablet.contacts.state).toBe('ready');
    expect(names(tablet.contacts.list())).toEqual(others);
  });

  it('are painted from the store, then caught up with one question', async () => {
    const { world, alice, bob, bobId } = await two();
    const carol = await world.person('carol');
    await befriend(world, alice, bob);
    const store = new MemoryStore();
    const login = () => world.client({ store: () => store });
    const first = login();
    await first.login({ account: 'alice', password: 'correct horse' });
    await world.clock.advance(0);
    await first.close();
    await befriend(world, alice, carol);
    await alice.contacts.update(bobId, { remark: 'Bobby' });
    await world.clock.advance(0);
    world.server.received.length = 0;
    const second = login();
    world.network.auto = false;
    await second.login({ account: 'alice', password: 'correct horse' });
    expect(second.contacts.state).toBe('ready');
    expect(names(second.contacts.list())).toEqual(['bob']);
    world.network.auto = true;
    world.network.changed();
    await world.clock.advance(0);
    expect(names(second.contacts.list())).toEqual(['bob', 'carol']);
    expect(second.contacts.get(bobId)?.contact?.remark).toBe('Bobby');
    // Beside the one about conversations.
    expect(calls(world, 'sync.pull')).toBe(2);
    expect(calls(world, 'contact.list')).toBe(0);
  });

  it('are read again after a reset, and who is gone is gone from the store too', async () => {
    const { world, alice, bob, bobId } = await two();
    const carol = await world.person('carol');
    await befriend(world, alice, bob);
    const store = new MemoryStore();
    const tablet = world.client({ store: () => store });
    await tablet.login({ account: 'alice', password: 'correct horse' });
    await world.clock.advance(0);
    await tablet.close();
    await alice.contacts.remove(bobId);
    await befriend(world, alice, carol);
    world.server.contacts.maxBehind = 1;
    const again = world.client({ store: () => store });
    await again.login({ account: 'alice', password: 'correct horse' });
    await world.clock.advance(0);
    expect(again.contacts.get(bobId)?.contact).toBeUndefined();
    expect(names(again.contacts.list().filter((person) => person.contact))).toEqual(['carol']);
    const kept = (await store.load()).people.filter((person) => person.contact !== undefined);
    expect(names(kept)).toEqual(['carol']);
  });

  it('are read again when the epoch is another one', async () => {
    const { world, alice, bob, bobId } = await two();
    await befriend(world, alice, bob);
    world.network.cutAll();
    world.server.epoch = 'epoch-2';
    world.server.received.length = 0;
    await world.clock.advance(10_000);
    expect(alice.contacts.state).toBe('ready');
    expect(alice.contacts.get(bobId)?.contact).toBeDefined();
    expect(calls(world, 'contact.list')).toBeGreaterThan(0);
  });

  it('follow a nickname when somebody looks', async () => {
    const { world, alice, bob, bobId } = await two();
    await befriend(world, alice, bob);
    world.server.rename('bob', 'Robert');
    await alice.contacts.refresh();
    expect(alice.contacts.get(bobId)?.profile?.nickname).toBe('bob');
    await world.clock.advance(60_000);
    await alice.contacts.refresh();
    await world.clock.advance(0);
    expect(alice.contacts.get(bobId)?.profile?.nickname).toBe('Robert');
  });

  it('follow a nickname also when somebody looks before there is a connection', async () => {
    const { world, alice, bob, bobId } = await two();
    await befriend(world, alice, bob);
    const store = new MemoryStore();
    const first = world.client({ store: () => store });
    await first.login({ account: 'alice', password: 'correct horse' });
    await world.clock.advance(0);
    await first.close();
    world.server.rename('bob', 'Robert');
    const second = world.client({ store: () => store });
    world.network.auto = false;
    await second.login({ account: 'alice', password: 'correct horse' });
    await second.contacts.refresh();
    expect(second.contacts.get(bobId)?.profile?.nickname).toBe('bob');
    world.network.auto = true;
    world.network.changed();
    await world.clock.advance(0);
    expect(second.contacts.get(bobId)?.profile?.nickname).toBe('Robert');
  });

  it('say when they cannot be had, and try again by themselves and when asked', async () => {
    const world = new World();
    await world.stranger('alice');
    let refusals = 2;
    world.server.fault = (type) =>
      type === 'contact.list' && refusals-- > 0 ? { kind: 'refuse', code: 'unavailable' } : undefined;
    const alice = world.client();
    await alice.login({ account: 'alice', password: 'correct horse' });
    await world.clock.advance(0);
    expect(alice.contacts.state).toBe('error');
    alice.contacts.retry();
    expect(alice.contacts.state).toBe('loading');
    await world.clock.advance(0);
    expect(alice.contacts.state).toBe('error');
    await world.clock.advance(5_000);
    expect(alice.contacts.state).toBe('ready');
  });
});

describe('events', () => {
  it('that are lost are pulled after 300 ms, in their order', async () => {
    const { world, alice, bob, bobId } = await two();
    await befriend(world, alice, bob);
    world.network.auto = false;
    const tablet = world.network.sockets.find((s) => s.state === 'open');
    if (tablet === undefined) throw new Error('no socket');
    world.server.received.length = 0;
    void alice.contacts.update(bobId, { remark: 'one' });
    void alice.contacts.update(bobId, { remark: 'two' });
    while (tablet.toServer.length > 0) tablet.deliverToServer();
    tablet.toClient.splice(0, 1);
    while (tablet.toClient.length > 0) tablet.deliverToClient();
    world.network.auto = true;
    await world.clock.advance(299);
    expect(alice.contacts.get(bobId)?.contact?.remark).toBe('');
    expect(calls(world, 'sync.pull')).toBe(0);
    await world.clock.advance(1);
    expect(alice.contacts.get(bobId)?.contact?.remark).toBe('two');
    expect(calls(world, 'sync.pull')).toBe(1);
  });

  it('that a slow client was not sent are pulled when it is told their version', async () => {
    const { world, alice, bob, bobId } = await two();
    await befriend(world, alice, bob);
    const socket = world.network.sockets.find((s) => s.state === 'open');
    if (socket === undefined) throw new Error('no socket');
    world.network.auto = false;
    void alice.contacts.update(bobId, { remark: 'missed' });
    socket.deliverToServer();
    socket.toClient.length = 0;
    const version = world.server.contacts.version(idOf(alice));
    socket.toClient.push(JSON.stringify({ type: 'gap', data: { conversations: [], user_version: version } }));
    world.network.auto = true;
    world.network.changed();
    await world.clock.advance(300);
    expect(alice.contacts.get(bobId)?.contact?.remark).toBe('missed');
  });
});

it('a line of the server’s own is painted in its place, under a key of its own', async () => {
  const { world, alice, bob, bobId } = await two();
  await befriend(world, alice, bob);
  const { conversation_id: id } = await alice.conversations.open(bobId);
  const view = alice.messages.window(id);
  alice.messages.send(id, { text: 'hi' });
  await world.clock.advance(0);
  expect(textsOf(view.items)).toEqual(['?', 'hi']);
  expect(view.items[0]).toMatchObject({
    key: 'line:1',
    senderId: '',
    content: { system: { code: 'contact_added' } },
  });
});

describe('somebody who has deleted their account', () => {
  it('has no name any more, wherever it was held, and their 1:1 is read again', async () => {
    const { world, alice, bob, aliceId, bobId } = await two();
    await befriend(world, alice, bob);
    const before = calls(world, 'conversation.get');
    const gone = {
      user_id: bobId,
      username: '',
      nickname: '',
      avatar: '',
      signature: '',
      gender: '',
      region: '',
      version: 1_000,
      deleted: true,
    };
    world.server.contacts.tell(aliceId, 'user', bobId, { user: gone });
    await world.clock.advance(0);
    expect(alice.contacts.get(bobId)?.profile).toEqual(gone);
    expect(alice.users.named(bobId)).toMatchObject({ nickname: '', deleted: true });
    expect(calls(world, 'conversation.get')).toBe(before + 1);
  });
});
