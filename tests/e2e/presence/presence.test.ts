import type { GroupPresenceResponse, Presence, PresencePush, SubscribePresenceResponse } from '@hongyan/sdk';
import { expect, onTestFinished, test } from 'vitest';

import { createGroup, pushAt, removeMember } from '../support/groups.ts';
import { call, connect, direct, login, type Person, register, say } from '../support/people.ts';
import { useServer, withServer } from '../support/servers.ts';
import type { Socket } from '../support/socket.ts';

const GRACE_MS = 1500;
const CLOSE_GRACE_MS = 600;
const env = {
  HONGYAN_GATEWAY_HEARTBEAT_MS: '1000',
  HONGYAN_PRESENCE_GRACE_MS: String(GRACE_MS),
  HONGYAN_PRESENCE_CLOSE_GRACE_MS: String(CLOSE_GRACE_MS),
  HONGYAN_PRESENCE_INTERVAL_MS: '50',
  HONGYAN_PRESENCE_RECHECK_MS: '0',
};
const server = useServer({ env });

async function people(count: number): Promise<Person[]> {
  return Promise.all(Array.from({ length: count }, () => register(server())));
}

/** A socket that is dropped, if it still lives, when the test ends. */
async function online(person: Person): Promise<Socket> {
  const socket = await connect(server(), person);
  onTestFinished(() => socket.terminate());
  return socket;
}

async function follow(socket: Socket, ...whom: Person[]): Promise<readonly Presence[]> {
  const user_ids = whom.map((person) => person.userId);
  return (await socket.call<SubscribePresenceResponse>('presence.subscribe', { user_ids })).items;
}

async function look(viewer: Person, ...user_ids: string[]): Promise<readonly Presence[]> {
  const query = new URLSearchParams(user_ids.map((id) => ['user_ids', id])).toString();
  return (await call<SubscribePresenceResponse>(server(), viewer, 'GET', `/v1/presence?${query}`)).items;
}

/** What a socket was told of somebody so far. */
function toldOf(socket: Socket, person: Person): Presence[] {
  return socket
    .pushes<PresencePush>('presence')
    .flatMap((push) => push.items)
    .filter((item) => item.user_id === person.userId);
}

const statesOf = (socket: Socket, person: Person) => toldOf(socket, person).map((item) => item.state);

/** Waits until the socket has been told so often of somebody. */
async function told(socket: Socket, person: Person, times: number): Promise<Presence> {
  await socket.seen(() => toldOf(socket, person).length >= times, `${times} pushes of presence`);
  return toldOf(socket, person)[times - 1] as Presence;
}

test('somebody is online until the last of their devices goes', async () => {
  const [alice, bob] = (await people(2)) as [Person, Person];
  await direct(server(), alice, bob);
  const a = await online(alice);
  expect(await follow(a, bob)).toEqual([{ user_id: bob.userId, state: 'offline' }]);
  const phone = await online(bob);
  expect(await told(a, bob, 1)).toEqual({ user_id: bob.userId, state: 'online' });
  const laptop = await online(await login(server(), bob));
  await phone.close();
  expect(await look(alice, bob.userId)).toEqual([{ user_id: bob.userId, state: 'online' }]);
  const before = Date.now();
  await laptop.close();
  const gone = await told(a, bob, 2);
  expect(gone).toMatchObject({ user_id: bob.userId, state: 'offline' });
  expect(gone.last_seen_ms).toBeGreaterThanOrEqual(before - 1000);
  expect(gone.last_seen_ms).toBeLessThanOrEqual(Date.now());
  expect(await look(alice, bob.userId)).toEqual([gone]);
  expect(statesOf(a, bob)).toEqual(['online', 'offline']);
});

test('a group tells how many of it are online, and who', async () => {
  const [alice, bob, carol, dave] = (await people(4)) as [Person, Person, Person, Person];
  const group = await createGroup(server(), alice, [bob, carol, dave]);
  const look = (person: Person) =>
    call<GroupPresenceResponse>(server(), person, 'GET', `/v1/groups/${group}/presence`);
  expect(await look(alice)).toEqual({ online_count: 0, user_ids: [] });
  await Promise.all([online(bob), online(carol), online(alice)]);
  const members = [alice, bob, carol].map((person) => person.userId);
  const { online_count, user_ids } = await look(dave);
  expect(online_count).toBe(3);
  expect([...user_ids].sort()).toEqual(members.sort());
  expect(user_ids[0], 'the owner stands first').toBe(alice.userId);
  await call(server(), dave, 'PUT', `/v1/contacts/${bob.userId}/block`, {});
  for (const [person, other] of [
    [dave, bob],
    [bob, dave],
  ] as const) {
    expect((await look(person)).user_ids).not.toContain(other.userId);
  }
  expect((await look(dave)).online_count).toBe(2);
});

test('who lets nobody see when they were last here is offline, and no more is told', async () => {
  const [alice, bob] = (await people(2)) as [Person, Person];
  await direct(server(), alice, bob);
  const a = await online(alice);
  await follow(a, bob);
  await call(server(), bob, 'PATCH', '/v1/users/me/settings', { see_last_seen: 'nobody' });
  const phone = await online(bob);
  expect((await told(a, bob, 1)).state).toBe('online');
  await phone.close();
  const offline = { user_id: bob.userId, state: 'offline' };
  expect(await told(a, bob, 2)).toEqual(offline);
  expect(await look(alice, bob.userId)).toEqual([offline]);
  await call(server(), bob, 'PATCH', '/v1/users/me/settings', { see_last_seen: 'everyone' });
  expect((await look(alice, bob.userId))[0]?.last_seen_ms).toBeGreaterThan(0);
});

test('a device that dies, or falls silent, is noticed after the grace', async () => {
  const [alice, bob, carol] = (await people(3)) as [Person, Person, Person];
  await direct(server(), alice, bob);
  await direct(server(), alice, carol);
  const a = await online(alice);
  const [dies, silent] = [await online(bob), await online(carol)];
  expect(await follow(a, bob, carol)).toEqual([
    { user_id: bob.userId, state: 'online' },
    { user_id: carol.userId, state: 'online' },
  ]);
  const before = Date.now();
  dies.terminate();
  // Reads nothing any more, so that it answers no ping.
  silent.pause();
  expect((await told(a, bob, 1)).state).toBe('offline');
  expect(Date.now() - before, 'not before the grace').toBeGreaterThanOrEqual(GRACE_MS - 50);
  expect((await told(a, carol, 1)).state).toBe('offline');
});

test('a page that is loaded again does not flicker', async () => {
  const [alice, bob, carol] = (await people(3)) as [Person, Person, Person];
  await direct(server(), alice, bob);
  await direct(server(), alice, carol);
  const a = await online(alice);
  const [page, other] = [await online(bob), await online(carol)];
  await follow(a, bob, carol);
  await page.close();
  await online(bob);
  // Carol closes later and has the same grace: once she is offline, Bob would have been.
  await other.close();
  expect((await told(a, carol, 1)).state).toBe('offline');
  expect(statesOf(a, bob)).toEqual([]);
  expect(await look(alice, bob.userId)).toEqual([{ user_id: bob.userId, state: 'online' }]);
});

test('strangers and unknown people are left out', async () => {
  const [alice, bob, stranger] = (await people(3)) as [Person, Person, Person];
  await direct(server(), alice, bob);
  const [a, s] = [await online(alice), await online(stranger)];
  expect(await follow(s, alice, bob)).toEqual([]);
  expect(await look(stranger, alice.userId)).toEqual([]);
  expect(await look(alice, '77', stranger.userId, bob.userId, bob.userId)).toEqual([
    { user_id: bob.userId, state: 'offline' },
  ]);
  await follow(a, bob, stranger);
  const b = await online(bob);
  await told(a, bob, 1);
  await b.close();
  s.terminate();
  await told(a, bob, 2);
  expect(s.pushes('presence')).toEqual([]);
  expect(toldOf(a, stranger)).toEqual([]);
});

test('who has left the last common conversation is followed no longer', async () => {
  const [alice, bob, carol] = (await people(3)) as [Person, Person, Person];
  const group = await createGroup(server(), alice, [bob, carol]);
  const a = await online(alice);
  expect(await follow(a, bob, carol)).toHaveLength(2);
  await removeMember(server(), alice, group, bob);
  await online(bob);
  await online(carol);
  await told(a, carol, 1);
  expect(toldOf(a, bob)).toEqual([]);
  expect(await look(alice, bob.userId)).toEqual([]);
});

test('at most 200 people are followed; the next set replaces the former', async () => {
  const [alice, bob, carol] = (await people(3)) as [Person, Person, Person];
  const chat = await direct(server(), alice, bob);
  await direct(server(), alice, carol);
  const [a, again] = [await online(alice), await online(alice)];
  await follow(a, bob);
  const user_ids = Array.from({ length: 201 }, (_, i) => String(1000 + i));
  const refused = { code: 'invalid_argument', field: 'user_ids' };
  expect(await a.refusal('presence.subscribe', { user_ids })).toMatchObject(refused);
  expect(await a.refusal('presence.get', { user_ids })).toMatchObject(refused);
  expect(await a.call('presence.get', { user_ids: user_ids.slice(1) })).toEqual({ items: [] });
  const b = await online(bob);
  await told(a, bob, 1);

  await follow(a, carol);
  await follow(again, bob);
  await b.close();
  await told(again, bob, 1);
  // Comes behind whatever was told before it.
  await pushAt(a, chat, (await say(again, chat, 'now')).seq);
  expect(statesOf(a, bob)).toEqual(['online']);
  await follow(a);
  await follow(again, carol);
  await online(carol);
  await told(again, carol, 1);
  await pushAt(a, chat, (await say(again, chat, 'and now')).seq);
  expect(toldOf(a, carol)).toEqual([]);
});

test('without a socket subscribing only answers', async () => {
  const [alice, bob] = (await people(2)) as [Person, Person];
  await direct(server(), alice, bob);
  const answer = await call(server(), alice, 'POST', '/v1/presence/subscribe', { user_ids: [bob.userId] });
  expect(answer).toEqual({ items: [{ user_id: bob.userId, state: 'offline' }] });
});

test('last seen survives a restart', async () => {
  await withServer({ env }, async (own) => {
    const [alice, bob, carol] = (await Promise.all([1, 2, 3].map(() => register(own)))) as [
      Person,
      Person,
      Person,
    ];
    await direct(own, alice, bob);
    await direct(own, alice, carol);
    const path = `/v1/presence?user_ids=${bob.userId}&user_ids=${carol.userId}`;
    const seen = async () =>
      (await call<SubscribePresenceResponse>(own, alice, 'GET', path)).items.map((item) => item.last_seen_ms);
    const before = Date.now();
    const b = await connect(own, bob);
    await b.close();
    // Carol is here when the server ends.
    const c = await connect(own, carol);
    await own.restart();
    expect(await c.closeCode()).toBe(4503);
    const [bobs, carols] = await seen();
    expect(bobs).toBeGreaterThanOrEqual(before - 1000);
    expect(carols).toBeGreaterThanOrEqual(bobs ?? NaN);
    await own.restart();
    expect(await seen()).toEqual([bobs, carols]);
  });
});
