import type { Conversation, PullResponse } from '@hongyan/sdk';
import { type RunningServer, UNLIMITED } from '@hongyan/test-support';
import { expect, test } from 'vitest';

import { forEach, seedTown } from '../support/crowd.ts';
import { createGroup } from '../support/groups.ts';
import { call, direct, type Person, textMessage } from '../support/people.ts';
import { OPCODE, RawSocket, type ServerFrame, wsFrame } from '../support/raw.ts';
import { withServer } from '../support/servers.ts';
import type { Frame } from '../support/socket.ts';
import { median } from '../support/wait.ts';

// Somebody with very many conversations comes back after a while in which few of them have moved. The ordinary run does the
// same with fewer of them; what is promised of many is judged by BARS=1.
const BARS = process.env.BARS !== undefined;
const FRIENDS = BARS ? 2_500 : 100;
const CHANGED = 20;
const ROUNDS = BARS ? 5 : 2;
const MAX_MS = 300;
const MAX_BYTES = 300_000;

interface Place {
  readonly id: string;
  readonly friend: Person;
}

/** What coming back has cost, and what it brought. */
interface Return {
  readonly ms: number;
  readonly bytes: number;
  readonly items: readonly Conversation[];
  readonly since: string;
  readonly userVersion: number;
}

/** A 1:1 and a group with each of them, and something said in both. */
async function befriend(server: RunningServer, me: Person, friends: readonly Person[]): Promise<Place[]> {
  const places = await forEach(friends, async (friend, index) => [
    { id: await direct(server, me, friend), friend },
    { id: await createGroup(server, friend, [me], `Team ${index}`), friend },
  ]);
  await talk(server, places.flat());
  return places.flat();
}

async function talk(server: RunningServer, places: readonly Place[]): Promise<void> {
  await forEach(places, ({ id, friend }) =>
    call(server, friend, 'POST', '/v1/messages', textMessage(id, 'something that was said meanwhile')),
  );
}

/** Connects, signs in and pulls all pages; counts every byte in both directions, from the upgrade on. */
async function comeBack(server: RunningServer, me: Person, since = '', version = 0): Promise<Return> {
  const began = performance.now();
  const socket = await RawSocket.open(server.url);
  let sent = 0;
  const ask = async <T>(type: string, id: string, data: unknown): Promise<T> => {
    const frame = wsFrame(OPCODE.text, JSON.stringify({ type, id, data }));
    sent += frame.length;
    const isAnswer = (one: ServerFrame) => one.payload.includes(`"id":"${id}"`);
    const answer = socket.until(`an answer to ${type}`, isAnswer);
    socket.send(frame);
    return (JSON.parse((await answer).payload.toString()) as Required<Frame<T>>).data;
  };
  try {
    await ask('auth', 'auth', { token: me.access });
    const items: Conversation[] = [];
    let page: PullResponse;
    let cursor: string | undefined;
    let pages = 0;
    do {
      const known = {
        user_version: version,
        since,
        limit: 1_000,
        ...(cursor === undefined ? {} : { cursor }),
      };
      page = await ask<PullResponse>('sync.pull', `pull${pages++}`, known);
      items.push(...page.conversations);
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    const ms = performance.now() - began;
    const bytes = sent + socket.connection.received.length;
    return { ms, bytes, items, since: page.since, userVersion: page.user_version };
  } finally {
    socket.destroy();
  }
}

/** So many places, others each round, 1:1s and groups alike. */
function pickChanged(places: readonly Place[], round: number): Place[] {
  const stride = (Math.floor(places.length / CHANGED) - 1) | 1;
  return Array.from({ length: CHANGED }, (_, i) => places[(round + i * stride) % places.length]).filter(
    (place) => place !== undefined,
  );
}

function line(what: string, one: Return): string {
  return `sync: ${what}: ${one.items.length} conversations, ${one.ms.toFixed(1)} ms, ${one.bytes} bytes\n`;
}

test('who comes back to very many conversations pays for those that moved', { timeout: 90_000 }, async () => {
  const town = await seedTown(FRIENDS + 1);
  await withServer({ edge: 'plain', dataDir: town.dataDir, env: UNLIMITED }, async (server) => {
    const [me, ...friends] = town.people;
    if (me === undefined) throw new Error('nobody was seeded');
    const places = await befriend(server, me, friends);
    let last = await comeBack(server, me);
    expect(last.items).toHaveLength(places.length);
    process.stdout.write(line('everything', last));

    const returns: Return[] = [];
    const round = async (number: number) => {
      const changed = pickChanged(places, number);
      await talk(server, changed);
      last = await comeBack(server, me, last.since, last.userVersion);
      const listed = last.items.map((one) => one.conversation_id).sort();
      expect(listed).toEqual(changed.map((place) => place.id).sort());
      for (const one of last.items) expect(one.unread).toBe(2);
    };
    for (let number = 0; number < ROUNDS; number++) {
      await round(number);
      returns.push(last);
      process.stdout.write(line(`round ${number + 1}`, last));
    }
    await server.restart();
    await round(ROUNDS);
    process.stdout.write(line('right after a restart', last));
    const [ms, bytes] = [median(returns.map((one) => one.ms)), median(returns.map((one) => one.bytes))];
    process.stdout.write(`sync: median of ${ROUNDS}: ${ms.toFixed(1)} ms, ${bytes} bytes\n`);
    expect(Math.max(...returns.map((one) => one.bytes))).toBeLessThanOrEqual(MAX_BYTES);
    if (BARS) expect(ms).toBeLessThanOrEqual(MAX_MS);
  });
});
