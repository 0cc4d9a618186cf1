import type { MessagePush, UserEventPush } from '@hongyan/sdk';
import { UNLIMITED } from '@hongyan/test-support';
import { expect, onTestFinished, test } from 'vitest';

import { befriend } from '../support/contacts.ts';
import { addMembers, codeOf, createGroup, removeMember } from '../support/groups.ts';
import { call, connect, login, type Person, register } from '../support/people.ts';
import { useServer } from '../support/servers.ts';
import type { Socket } from '../support/socket.ts';
import { deferred, median, percentile } from '../support/wait.ts';

const server = useServer({ env: UNLIMITED });

const BARS = process.env.BARS !== undefined;
const ROUNDS = BARS ? 50 : 5;
const WITHIN_MS = 1_000;
const MAX_MEDIAN_MS = 50;

/** A change, and what tells of it: on another device of who has made it, or at another member. */
interface Change {
  readonly make: (round: number) => Promise<unknown>;
  readonly at: Socket;
  readonly told: (type: string, data: unknown) => boolean;
}

const isEvent = (kind: string) => (type: string, data: unknown) =>
  type === 'user_event' && (data as UserEventPush).kind === kind;
const isLine = (code: string) => (type: string, data: unknown) =>
  type === 'message' && codeOf((data as MessagePush).message) === code;

/** How long after it began a change was told. */
async function delay({ make, at, told }: Change, round: number): Promise<number> {
  const heard = deferred<number>();
  at.onFrame = (frame) => {
    if (told(frame.type, frame.data)) heard.resolve(performance.now());
  };
  const began = performance.now();
  await make(round);
  return (await heard.promise) - began;
}

test('every change is told to other devices and members within a moment', { timeout: 60_000 }, async () => {
  const [alice, bob, carol] = [
    await register(server()),
    await register(server()),
    await register(server()),
  ] as const;
  const open = async (person: Person) => {
    const socket = await connect(server(), await login(server(), person));
    onTestFinished(() => socket.terminate());
    return socket;
  };
  await befriend(server(), alice, bob);
  const group = await createGroup(server(), alice, [bob]);
  const [tablet, bobs] = [await open(alice), await open(bob)];
  const ask = (person: Person, method: string, path: string, body?: object) =>
    call(server(), person, method, path, body);

  const changes: Record<string, Change> = {
    'contact changed': {
      make: (round) => ask(alice, 'PATCH', `/v1/contacts/${bob.userId}`, { remark: `Bob ${round}` }),
      at: tablet,
      told: isEvent('contact'),
    },
    'somebody blocked': {
      make: (round) => ask(alice, round % 2 ? 'DELETE' : 'PUT', `/v1/contacts/${carol.userId}/block`),
      at: tablet,
      told: isEvent('block'),
    },
    'conversation set': {
      make: (round) => ask(alice, 'PATCH', `/v1/conversations/${group}`, { draft: `draft ${round}` }),
      at: tablet,
      told: isEvent('conversation'),
    },
    'settings changed': {
      make: (round) => ask(alice, 'PATCH', '/v1/users/me/settings', { read_receipts: round % 2 === 1 }),
      at: tablet,
      told: isEvent('settings'),
    },
    'group renamed': {
      make: (round) => ask(alice, 'PATCH', `/v1/groups/${group}`, { name: `Team ${round}` }),
      at: bobs,
      told: isLine('group_renamed'),
    },
    'member added': {
      make: () => addMembers(server(), alice, group, [carol]),
      at: bobs,
      told: isLine('member_added'),
    },
    'member removed': {
      make: () => removeMember(server(), alice, group, carol),
      at: bobs,
      told: isLine('member_removed'),
    },
  };
  const delays: Record<string, number[]> = Object.fromEntries(Object.keys(changes).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, change] of Object.entries(changes)) delays[name]?.push(await delay(change, round));
  }
  for (const [name, all] of Object.entries(delays)) {
    const [p50, most] = [median(all), percentile(all, 100)];
    process.stdout.write(`told: ${name}: p50 ${p50.toFixed(1)} ms, at most ${most.toFixed(1)} ms\n`);
    expect(most, name).toBeLessThan(WITHIN_MS);
    if (BARS) expect(p50, name).toBeLessThan(MAX_MEDIAN_MS);
  }
});
