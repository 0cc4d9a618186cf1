import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type RunningServer, startServer, UNLIMITED } from '@hongyan/test-support';
import { binary, hongyan } from '@hongyan/test-support/command';
import type { Conversation } from '@hongyan/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createGroup } from '../e2e/support/groups.ts';
import { call, direct, history, type Person, register } from '../e2e/support/people.ts';
import { Ledger } from './ledger.ts';
import { Membership } from './membership.ts';
import { Random } from '@hongyan/test-support/random';
import { Writer } from './writer.ts';

// kill -9 in a stream of sends, changes of messages and changes of members, again and again on the same data. SEED repeats the moments of a run, ROUNDS sets its length.
const ROUNDS = Number(process.env.ROUNDS ?? 10);
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const PEOPLE = 4;
/** Kills come within this after the writers have begun. */
const STREAM_MS = 350;
/** Some starts are killed within this, in the middle of recovery. */
const RECOVERY_MS = 150;

const random = new Random(SEED);
const ledger = new Ledger();
const people: Person[] = [];
const dataDir = mkdtempSync(join(tmpdir(), 'hongyan-crash-'));
// Tokens outlive the longest run, and what may be changed a round that audits all there is.
const DAY_MS = String(24 * 3_600_000);
const env = {
  ...UNLIMITED,
  HONGYAN_AUTH_ACCESS_TOKEN_MS: DAY_MS,
  HONGYAN_MESSAGE_RECALL_WINDOW_MS: DAY_MS,
  HONGYAN_MESSAGE_EDIT_WINDOW_MS: DAY_MS,
  // So that kills also meet segments of the log that are being moved.
  HONGYAN_MESSAGE_LOG_SEGMENT_MB: '1',
};
let server: RunningServer;
let membership: Membership;
let roundsDone = 0;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

beforeAll(async () => {
  say(`crash: seed ${SEED}, ${ROUNDS} rounds`);
  server = await startServer({ dataDir, env });
  for (let i = 0; i < PEOPLE; i++) people.push(await register(server, 'writer'));
  for (const [i, one] of people.entries()) {
    for (const other of people.slice(i)) {
      const conversation = await direct(server, one, other);
      ledger.lane(one.userId, conversation);
      ledger.lane(other.userId, conversation);
    }
  }
  const [owner] = people;
  if (owner === undefined) throw new Error('nobody owns the group');
  const group = await createGroup(server, owner, people.slice(1));
  for (const one of people) ledger.lane(one.userId, group);
  membership = new Membership(group, owner, await register(server, 'guest'));
  ledger.line = (message) => membership.line(message);
});

afterAll(async () => {
  await server.stop();
  for (const problem of ledger.problems) say(`crash: ${problem}`);
  say(
    `crash: ${roundsDone} rounds, ${ledger.acked} acked, ${ledger.changed} changed, ${membership.changes} member changes, ` +
      `${ledger.lost} lost, ${ledger.doubled} doubled, ${ledger.reordered} reordered`,
  );
});

/** Waits for a random moment: when the process dies must not depend on what it does. */
function moment(maxMs: number): Promise<void> {
  return new Promise((done) => setTimeout(done, random.between(0, maxMs)));
}

/** A start that is killed before it is ready, or soon after. */
async function abortedStart(): Promise<void> {
  const args = [
    'serve',
    '--data',
    dataDir,
    '--listen',
    '127.0.0.1',
    '--http-port',
    '0',
    '--metrics-port',
    '0',
    '--grpc-port',
    '0',
  ];
  const child = spawn(binary(), args, { env: { ...process.env, ...env }, stdio: 'ignore' });
  const gone = once(child, 'exit');
  await moment(RECOVERY_MS);
  child.kill('SIGKILL');
  await gone;
}

/** `hongyan verify` finds nothing wrong with what the kill has left. */
async function audit(): Promise<void> {
  const { code, stdout, stderr } = await hongyan(['verify', '--data', dataDir], { withinMs: 300_000 });
  expect(code, stdout + stderr).toBe(0);
}

async function verify(): Promise<void> {
  for (const conversation of new Set(ledger.lanes.map((lane) => lane.conversation))) {
    const lane = ledger.lanes.find((one) => one.conversation === conversation);
    const reader = people.find((person) => person.userId === lane?.sender);
    if (reader === undefined) throw new Error('a conversation without a reader');
    const messages = await history(server, reader, conversation, ledger.checkedUpTo(conversation));
    ledger.check(conversation, messages);
  }
  for (const person of people) {
    const { items } = await call<{ items: Conversation[] }>(
      server,
      person,
      'GET',
      '/v1/conversations?limit=200',
    );
    for (const item of items) {
      ledger.checkMark(person.userId, item.conversation_id, item.read_seq);
      if (item.seq !== ledger.checkedUpTo(item.conversation_id)) {
        throw new Error(
          `the head says ${item.seq}, the history has ${ledger.checkedUpTo(item.conversation_id)}`,
        );
      }
    }
  }
  const wrong = await membership.check(server);
  if (wrong !== undefined) ledger.complain('lost', wrong);
  expect(ledger.problems).toEqual([]);
}

async function writers(): Promise<Writer[]> {
  return Promise.all(people.map((person) => Writer.start(server.url, ledger, person)));
}

test.each(Array.from({ length: ROUNDS }, (_, i) => i + 1))('round %i', async () => {
  const streams = await writers();
  const socket = await membership.connect(server.url);
  for (const stream of streams) stream.stream();
  const marks = Promise.all([...streams.map((stream) => stream.mark()), membership.stream(socket)]);
  await moment(STREAM_MS);
  await server.kill9();
  await marks;
  if (random.chance(0.3)) await abortedStart();
  // Not every time: it recovers the store, which is the server's to do; and it reads all there is, so that in a long run
  // its share is small.
  if (random.chance(Math.min(0.3, 30 / ROUNDS))) await audit();
  await server.restart();
  await verify();
  roundsDone += 1;
});

test('every open send is settled, and all of the history is as it was promised', async () => {
  for (const writer of await writers()) await writer.settle();
  for (const lane of ledger.lanes) expect(lane.pending).toEqual([]);
  await server.kill9();
  await audit();
  await server.restart();
  ledger.startOver();
  membership.startOver();
  await verify();
  expect(ledger.acked).toBeGreaterThan(ROUNDS);
  expect(ledger.changed).toBeGreaterThan(ROUNDS);
  expect(membership.changes).toBeGreaterThan(ROUNDS);
  expect(ledger.clean).toBe(true);
});
