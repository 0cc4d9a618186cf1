import type { RunningServer } from '@hongyan/test-support';
import { expect, test } from 'vitest';

import { closeAll, connectAll, forEach, seedTown } from '../support/crowd.ts';
import { addMembers, createGroup } from '../support/groups.ts';
import { Flooder, type Misuse, SlowReader } from '../support/hostile.ts';
import { Load, type Room, type Stretch } from '../support/load.ts';
import { direct, type Person } from '../support/people.ts';
import { peakMemory, processorTime, withServer } from '../support/servers.ts';
import type { Socket } from '../support/socket.ts';
import { median } from '../support/wait.ts';

// One hostile or slow client among many who chat at a rate far below what the server bears. The ordinary run has fewer of
// them and judges only that everybody gets everything; what the others' p99 may suffer is judged by BARS=1.
const BARS = process.env.BARS !== undefined;
const CROWD = BARS ? 1_000 : 50;
const PAIRS = BARS ? 90 : 9;
const GROUP = BARS ? 200 : 20;
/** The group's turn comes after so many pairs. */
const PAIRS_A_TURN = 9;
const TURNS = BARS ? 5 : 2;
const STRETCH = BARS ? { messages: 500, ms: 5_000 } : { messages: 50, ms: 500 };
const MAX_SLOWDOWN = 1.5;
const MAX_GROWTH_MIB = 64;

// All come from one address here, so its limits are off; those of a user, a device and a socket are as they are delivered.
const ENV = Object.fromEntries(
  ['IP_SOCKETS', 'IP_REQUESTS', 'ANONYMOUS_REQUESTS'].map((limit) => [
    `HONGYAN_LIMITS_${limit}_PER_SECOND`,
    '0',
  ]),
);

/** 1:1s of the first people, and a busy group of more of them, whose id is answered too. */
async function makeRooms(
  server: RunningServer,
  people: readonly Person[],
  sockets: readonly Socket[],
): Promise<{ rooms: Room[]; group: string }> {
  const some = <T>(from: readonly T[], index: number): T => {
    const one = from[index];
    if (one === undefined) throw new Error('too few people');
    return one;
  };
  const pairs = await forEach(Array.from({ length: PAIRS }), async (_, i): Promise<Room> => {
    const conversation = await direct(server, some(people, 2 * i), some(people, 2 * i + 1));
    return { conversation, sockets: sockets.slice(2 * i, 2 * i + 2) };
  });
  const group = await createGroup(server, some(people, 0), people.slice(1, GROUP), 'Busy');
  const busy = { conversation: group, sockets: sockets.slice(0, GROUP) };
  const rooms = pairs.flatMap((pair, i) => ((i + 1) % PAIRS_A_TURN === 0 ? [pair, busy] : [pair]));
  return { rooms, group };
}

/** What the stretches of one kind came to. */
function summary(stretches: readonly Stretch[]): string {
  const of = (key: 'p50' | 'p99') => median(stretches.map((stretch) => stretch[key])).toFixed(2);
  return `p50 ${of('p50')} ms, p99 ${of('p99')} ms (${stretches.map((stretch) => stretch.p99.toFixed(2)).join(' ')})`;
}

/** The median of how many times the p99 of the paired other one each is. */
function slowdown(those: readonly Stretch[], others: readonly Stretch[]): number {
  return median(those.map((stretch, i) => stretch.p99 / (others[i]?.p99 ?? NaN)));
}

const MISUSES: Readonly<Record<string, (server: RunningServer, mallory: Person) => Promise<Misuse>>> = {
  'who never reads': (server, mallory) => Promise.resolve(new SlowReader(server, mallory)),
  'who floods': (server, mallory) => Flooder.start(server, mallory),
};

test.each(Object.keys(MISUSES))('one %s costs the others little', { timeout: 120_000 }, async (kind) => {
  const town = await seedTown(CROWD + 1);
  await withServer({ edge: 'plain', dataDir: town.dataDir, env: ENV }, async (server) => {
    const [people, mallory] = [town.people.slice(0, CROWD), town.people[CROWD]];
    const [owner] = people;
    if (owner === undefined || mallory === undefined) throw new Error('nobody was seeded');
    const sockets = await connectAll(server, people);
    const { rooms, group } = await makeRooms(server, people, sockets);
    await addMembers(server, owner, group, [mallory]);
    const misuse = await MISUSES[kind]?.(server, mallory);
    if (misuse === undefined) throw new Error(kind);
    const load = new Load(rooms);
    const run = () => load.run(STRETCH.messages, STRETCH.ms);
    const [quiet, beside, attacked]: [Stretch[], Stretch[], Stretch[]] = [[], [], []];
    try {
      // Warm: the first stretch pays for caches and compilers.
      await run();
      const memory = peakMemory(server);
      let busy = 0;
      for (let turn = 0; turn < TURNS; turn++) {
        const used = processorTime(server);
        quiet.push(await run());
        busy += processorTime(server) - used;
        if (misuse.control !== undefined) beside.push(await misuse.control(run));
        attacked.push(await misuse.against(run));
      }
      const growth = peakMemory(server) - memory;
      const control = beside.length > 0 ? beside : quiet;
      process.stdout.write(
        `crowd: one ${kind} among ${CROWD}, ${STRETCH.messages} messages in ${STRETCH.ms} ms; the server is busy ` +
          `${((100_000 * busy) / (TURNS * STRETCH.ms)).toFixed(0)}% of a core when quiet\n` +
          `crowd: quiet ${summary(quiet)}\n` +
          (beside.length > 0
            ? `crowd: with the attack on a sink ${summary(beside)}: ${slowdown(beside, quiet).toFixed(2)} times quiet\n`
            : '') +
          `crowd: under attack ${summary(attacked)}: ${slowdown(attacked, quiet).toFixed(2)} times quiet, ` +
          `${slowdown(attacked, control).toFixed(2)} times the control\n` +
          `crowd: memory grew by ${growth.toFixed(0)} MiB; done meanwhile ${JSON.stringify(misuse.done)}\n`,
      );
      // An attack that did not happen proves nothing.
      for (const [what, count] of Object.entries(misuse.done)) expect(count, what).toBeGreaterThan(0);
      expect(growth).toBeLessThanOrEqual(MAX_GROWTH_MIB);
      if (BARS) expect(slowdown(attacked, control)).toBeLessThanOrEqual(MAX_SLOWDOWN);
      await closeAll(sockets);
    } finally {
      await misuse.stop();
    }
  });
});
