import type { GapPush, PongFrame, PullResponse, ReadyFrame, UserEventPush } from '@hongyan/sdk';
import { describe, expect, test } from 'vitest';

import { createGroup, pushAt, removeMember } from '../support/groups.ts';
import { call, connect, direct, login, type Person, register, say } from '../support/people.ts';
import { OPCODE, RawSocket, type ServerFrame, wsFrame } from '../support/raw.ts';
import { useServer, withServer } from '../support/servers.ts';
import { JSON_PROTOCOL, PROTO_PROTOCOL, Socket } from '../support/socket.ts';

const server = useServer();

type Heads = Readonly<Record<string, readonly [number, number, number]>>;

async function ping(socket: Socket, heads: Heads, userVersion = 0): Promise<PongFrame> {
  const answer = await socket.request<PongFrame>('ping', { user_version: userVersion, heads });
  if (answer.data === undefined) throw new Error(JSON.stringify(answer));
  return answer.data;
}

describe.each([JSON_PROTOCOL, PROTO_PROTOCOL])('a heartbeat in %s', (protocol) => {
  test('is told in which conversations something is missing', async () => {
    const [alice, bob, carol] = [
      await register(server()),
      await register(server()),
      await register(server()),
    ];
    const [first, second] = [await direct(server(), alice, bob), await direct(server(), alice, carol)];
    const foreign = await direct(server(), bob, carol);
    const bobs = await connect(server(), bob);
    for (let i = 0; i < 3; i++) await say(bobs, first, `m${i}`);
    const socket = await Socket.ready(server().url, alice.access, protocol);

    const same = await ping(socket, { [first]: [3, 0, 0], [second]: [0, 0, 0] });
    expect(same).toMatchObject({ user_version: 0 });
    expect(same.behind ?? []).toEqual([]);
    expect((await ping(socket, { [first]: [2, 0, 0], [second]: [0, 0, 0] })).behind).toEqual([first]);
    // More than there is: it has to drop what it holds.
    expect((await ping(socket, { [second]: [5, 0, 0] })).behind).toEqual([second]);
    // Nothing is said of what is not hers, whatever she claims to hold.
    expect((await ping(socket, { [foreign]: [0, 0, 0], '1': [9, 9, 9] })).behind ?? []).toEqual([]);

    await call(server(), alice, 'POST', `/v1/conversations/${first}/mark_read`, { seq: 2 });
    expect((await ping(socket, { [first]: [3, 0, 0] })).behind).toEqual([first]);
    expect((await ping(socket, { [first]: [3, 0, 2] })).behind ?? []).toEqual([]);
    await bobs.call('message.react', { conversation_id: first, seq: 1, emoji: '👍' });
    expect((await ping(socket, { [first]: [3, 0, 2] })).behind).toEqual([first]);
    expect((await ping(socket, { [first]: [3, 1, 2] })).behind ?? []).toEqual([]);
    await Promise.all([socket.close(), bobs.close()]);
  });

  test('learns nothing of a group after having left it', async () => {
    const [alice, bob] = [await register(server()), await register(server())];
    const group = await createGroup(server(), alice, [bob]);
    const [alices, socket] = [
      await connect(server(), alice),
      await Socket.ready(server().url, bob.access, protocol),
    ];
    await removeMember(server(), alice, group, bob);
    const left = (await pushAt(alices, group, 2)).seq;
    await say(alices, group, 'without him');
    await alices.call('message.react', { conversation_id: group, seq: left + 1, emoji: '👍' });
    expect((await ping(socket, { [group]: [left, 0, 0] })).behind ?? []).toEqual([]);
    expect((await ping(socket, { [group]: [left - 1, 0, 0] })).behind).toEqual([group]);
    await Promise.all([socket.close(), alices.close()]);
  });

  test('with too much, or with what is none, is refused', async () => {
    const alice = await register(server());
    const socket = await Socket.ready(server().url, alice.access, protocol);
    const many = Object.fromEntries(
      Array.from({ length: 21 }, (_, i) => [String(i + 1), [0, 0, 0] as const]),
    );
    for (const heads of [many, { x: [0, 0, 0] }, { '': [0, 0, 0] }]) {
      expect(await socket.refusal('ping', { heads })).toMatchObject({
        code: 'invalid_argument',
        field: 'heads',
      });
    }
    // One that asks nothing is a sign of life and no more.
    expect(Object.keys((await socket.request<PongFrame>('ping')).data ?? {})).toEqual(['time_ms']);
    await socket.close();
  });

  test('before auth is a sign of life and no more', async () => {
    const socket = await Socket.open(server().url, { protocol });
    const answer = await socket.request<PongFrame>('ping', { user_version: 0, heads: { '1': [0, 0, 0] } });
    expect(Object.keys(answer.data ?? {})).toEqual(['time_ms']);
    await socket.close();
  });
});

describe("a user's own things", () => {
  const pulled = (person: Person, version: number) =>
    call<PullResponse>(server(), person, 'POST', '/v1/sync', { user_version: version });

  test.each([JSON_PROTOCOL, PROTO_PROTOCOL])(
    'are pushed to all their devices as they change, in %s',
    async (protocol) => {
      const [alice, bob] = [await register(server()), await register(server())];
      const tablet = await login(server(), bob);
      const sockets = [
        await Socket.ready(server().url, bob.access, protocol),
        await Socket.ready(server().url, tablet.access, protocol),
      ];
      const alices = await connect(server(), alice);
      const groups = [await createGroup(server(), alice, [bob]), await createGroup(server(), alice, [bob])];
      await removeMember(server(), alice, groups[0] ?? '', bob);
      for (const socket of sockets) {
        await socket.push<UserEventPush>('user_event', (event) => event.version === 3);
        const events = socket.pushes<UserEventPush>('user_event');
        const told = events.map(({ version, kind, key, state }) => [version, kind, key, state.group?.joined]);
        expect(told).toEqual([
          [1, 'group', groups[0], true],
          [2, 'group', groups[1], true],
          [3, 'group', groups[0], false],
        ]);
        // What is pushed is what is kept.
        expect((await pulled(bob, 0)).user_events).toEqual(events.slice(1));
        expect((await ping(socket, {}, 0)).user_version).toBe(3);
      }
      expect(alices.pushes<UserEventPush>('user_event').map((event) => event.version)).toEqual([1, 2]);
      const again = await Socket.open(server().url, { protocol });
      expect((await again.auth(bob.access)).data).toMatchObject({
        user_version: 3,
      } satisfies Partial<ReadyFrame>);
      await Promise.all([...sockets, alices, again].map((socket) => socket.close()));
    },
  );
});

test('a slow client is told where it stands in what it has missed, and misses no answer', async () => {
  const env = { HONGYAN_GATEWAY_MAX_OUTPUT_BYTES: '65536' };
  await withServer({ edge: 'plain', env }, async (own) => {
    const [alice, bob, carol] = [await register(own), await register(own), await register(own)];
    const rooms = [await direct(own, alice, bob), await createGroup(own, bob, [alice, carol])];
    const [slow, sender] = [await RawSocket.open(own.url, alice.access), await connect(own, bob)];
    slow.connection.stopReading();
    const asked = '{"type":"user.me","id":"asked","data":{}}';
    const heads = new Map<string, number>();
    // More than the buffers of both ends and the server's bound hold together.
    const big = '雁'.repeat(20_000);
    for (let i = 0; i < 200; i++) {
      for (const room of rooms) heads.set(room, (await say(sender, room, big)).seq);
    }
    await sender.call('message.react', { conversation_id: rooms[0], seq: 1, emoji: '👍' });
    await createGroup(own, bob, [alice]);
    await sender.push<UserEventPush>('user_event', (event) => event.version === 2);
    slow.send(wsFrame(OPCODE.text, asked));
    slow.connection.resumeReading();
    const gapIn = (one: ServerFrame): GapPush | undefined =>
      one.opcode === OPCODE.text && one.payload.includes('"gap"')
        ? (JSON.parse(one.payload.toString()) as { data: GapPush }).data
        : undefined;
    // The buffers of the machine may grow, and let a part through meanwhile: what was missed is told in more than one then.
    await slow.until('the gap behind everything', (one) => gapIn(one)?.user_version === 2);
    const gaps = slow.frames().flatMap((one) => gapIn(one) ?? []);
    expect(gaps.map(({ all }) => all)).toEqual(gaps.map(() => undefined));
    expect(new Set(gaps.map((gap) => JSON.stringify(gap))).size, 'none says what was said').toBe(gaps.length);
    const told = new Map(
      gaps.flatMap(({ conversations }) =>
        conversations.map(({ conversation_id, seq, change }) => [conversation_id, [seq, change]] as const),
      ),
    );
    expect(told.get(rooms[0] ?? '')).toEqual([heads.get(rooms[0] ?? ''), 1]);
    expect(told.get(rooms[1] ?? '')).toEqual([heads.get(rooms[1] ?? ''), 0]);
    await slow.until('the answer', (one) => one.payload.includes('"asked"'));
    slow.destroy();
    await sender.close();
  });
});
