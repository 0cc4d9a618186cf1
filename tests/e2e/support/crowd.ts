import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { hongyan } from '@hongyan/test-support/command';

import { type Base, connect, type Person } from './people.ts';
import type { Socket } from './socket.ts';

const PASSWORD = 'geese fly south';
const SEED_WITHIN_MS = 60_000;
// Enough to keep the server busy, too few for anything to wait long.
const WIDTH = 50;

/** A data folder with people whose sessions are open, made by `hongyan seed`. */
export interface Town {
  readonly dataDir: string;
  readonly people: readonly Person[];
}

/** So many people who know each other a little, and no messages: registering them would hash a password each. */
export async function seedTown(people: number): Promise<Town> {
  const folder = mkdtempSync(join(tmpdir(), 'hongyan-town-'));
  const [dataDir, tokens] = [join(folder, 'data'), join(folder, 'tokens')];
  const shape = ['--users', String(people), '--groups', '0', '--messages', '0'];
  const files = ['--data', dataDir, '--tokens', tokens];
  const seeded = await hongyan(['seed', ...files, ...shape, '--password', PASSWORD], {
    withinMs: SEED_WITHIN_MS,
  });
  if (seeded.code !== 0) throw new Error(`seed: exit code ${seeded.code ?? '-'}: ${seeded.stderr}`);
  return { dataDir, people: readFileSync(tokens, 'utf8').trimEnd().split('\n').map(personOf) };
}

function personOf(line: string): Person {
  const token = JSON.parse(line) as Record<'user_id' | 'username' | 'device_id' | 'access_token', string>;
  return {
    userId: token.user_id,
    username: token.username,
    password: PASSWORD,
    deviceId: token.device_id,
    access: token.access_token,
    refresh: '',
  };
}

/** Does `work` for each item, some at a time; the results in order. */
export async function forEach<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const rest = items.entries();
  const worker = async () => {
    for (const [index, item] of rest) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
  return results;
}

/** An authenticated socket for each, in order. */
export function connectAll(server: Base, people: readonly Person[]): Promise<Socket[]> {
  return forEach(people, (person) => connect(server, person));
}

export async function closeAll(sockets: readonly Socket[]): Promise<void> {
  await Promise.all(sockets.map((socket) => socket.close()));
}

/**
 * Begins `act` `count` times, evenly over `overMs`, whether those before have ended or not, and waits for all. `due` is when it
 * should have begun: latency counts from there, so that what delays the sender is not hidden.
 */
export async function atRate(
  count: number,
  overMs: number,
  act: (index: number, due: number) => Promise<unknown>,
): Promise<void> {
  const began = performance.now();
  const running: Promise<unknown>[] = [];
  await new Promise<void>((done) => {
    const step = () => {
      const now = performance.now();
      for (let due = began; running.length < count;) {
        due = began + (running.length * overMs) / count;
        if (due > now) break;
        const one = act(running.length, due);
        // A failure is met at the end of all.
        one.catch(() => undefined);
        running.push(one);
      }
      if (running.length < count) setTimeout(step, 1);
      else done();
    };
    step();
  });
  await Promise.all(running);
}
