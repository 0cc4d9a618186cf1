import { type RunningServer, startServer } from '@hongyan/test-support';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { within } from '../e2e/support/wait.ts';
import { play, SERVER } from './schedule.ts';

// Seeded schedules of people, devices and faults over real sockets: what every device holds must equal what the server has.
// SCHEDULES sets how many, SEED the first one's seed; each next one has the next seed.
const SCHEDULES = Number(process.env.SCHEDULES ?? 20);
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 30));
/** Servers, each with its own schedule under way. */
const LANES = 2;

const totals = new Map<string, number>();
let servers: RunningServer[] = [];
let agreed = 0;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function inWords(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([what, times]) => `${times} ${what}`).join(', ');
}

beforeAll(async () => {
  say(`model: ${SCHEDULES} schedules from seed ${SEED}`);
  servers = await Promise.all(Array.from({ length: Math.min(LANES, SCHEDULES) }, () => startServer(SERVER)));
});

afterAll(async () => {
  say(`model: ${agreed} of ${SCHEDULES} schedules agree; ${inWords(totals)}`);
  const codes = await Promise.all(servers.map((server) => server.stop()));
  expect(codes).toEqual(servers.map(() => 0));
});

const seeds = Array.from({ length: SCHEDULES }, (_, i) => SEED + i);

test.concurrent.each(Array.from({ length: LANES }, (_, lane) => lane))(
  'all devices hold what the server has, lane %i',
  { timeout: 60_000 + SCHEDULES * 20_000 },
  async (lane) => {
    const server = servers[lane];
    const disagree: number[] = [];
    for (const seed of seeds.filter((_, i) => i % LANES === lane)) {
      if (server === undefined) throw new Error('no server');
      const began = performance.now();
      const { problems, counts } = await within(
        play(server, seed),
        `the schedule of seed ${seed} ends`,
        60_000,
      );
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      say(`model: seed ${seed}: ${seconds} s, ${inWords(counts)}`);
      for (const [what, times] of counts) totals.set(what, (totals.get(what) ?? 0) + times);
      for (const problem of problems) say(`model: seed ${seed}: ${problem}`);
      if (problems.length > 0) disagree.push(seed);
      else agreed += 1;
    }
    expect(disagree, 'seeds of schedules in which something was wrong').toEqual([]);
  },
);
