import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type RunningServer, UNLIMITED } from '@hongyan/test-support';
import type { MessagePush } from '@hongyan/sdk';
import { describe, expect, test } from 'vitest';

import { connect, direct, register, say } from '../support/people.ts';
import { diskWrites, metric, withServer } from '../support/servers.ts';
import type { Socket } from '../support/socket.ts';

// What one message costs in things that can be counted and are the same on every machine: the next is sent when the last
// was acknowledged and has reached both, so that nothing is shared. Measured when these were set: 10.1 system calls (3 waits for
// sockets, 2 writes, 1 read, 2 changes of what is waited for, the record and its sync) and 4.4 calls of futex, of which 3
// wake threads and the rest is chance; 73 allocations; a page of the disk.
const MAX_SYSTEM_CALLS = 12;
const MAX_FUTEX_CALLS = 7;
const MAX_ALLOCATIONS = 85;
const MAX_DISK_KIB = 8;

const MESSAGES = 1_000;
const WARM_UP = 200;
const TEXT = 'a message of an ordinary length, as people write them';

const report = (line: string): void => void process.stdout.write(`${line}\n`);

interface Pair {
  readonly sender: Socket;
  readonly reader: Socket;
  readonly conversation: string;
}

async function chat(pair: Pair, messages: number): Promise<void> {
  for (let i = 0; i < messages; i++) {
    const { seq } = await say(pair.sender, pair.conversation, TEXT);
    await pair.reader.push<MessagePush>('message', (push) => push.seq === seq);
    await pair.sender.push<MessagePush>('message', (push) => push.seq === seq);
    pair.sender.forget();
    pair.reader.forget();
  }
}

/** Two people who have written to each other, on a server with one io thread, so that no count depends on who sits where. */
async function withPair<T>(
  env: Readonly<Record<string, string>>,
  use: (server: RunningServer, pair: Pair) => Promise<T>,
): Promise<T> {
  const options = { edge: 'plain', env: { ...UNLIMITED, HONGYAN_THREADS_IO: '1', ...env } } as const;
  return withServer(options, async (server) => {
    const [alice, bob] = [await register(server), await register(server)];
    const conversation = await direct(server, alice, bob);
    const pair = { sender: await connect(server, alice), reader: await connect(server, bob), conversation };
    await chat(pair, WARM_UP);
    const result = await use(server, pair);
    await Promise.all([pair.sender.close(), pair.reader.close()]);
    return result;
  });
}

/** Counts the system calls of a process until it is ended. */
class Strace {
  private readonly child: ChildProcess;
  private readonly table: string;

  private constructor(child: ChildProcess, table: string) {
    this.child = child;
    this.table = table;
  }

  static async start(server: RunningServer): Promise<Strace> {
    const table = join(server.dataDir, 'system-calls');
    const child = spawn('strace', ['-f', '-c', '-o', table, '-p', String(server.pid)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    const attached = new Promise<void>((resolve, reject) => {
      child.stderr.on('data', (data: Buffer) => {
        said += data.toString();
        if (said.includes(' attached')) resolve();
      });
      child.on('exit', () => {
        reject(new Error(`strace: ${said}`));
      });
      child.on('error', reject);
    });
    await attached;
    return new Strace(child, table);
  }

  /** Calls by name. */
  async stop(): Promise<Map<string, number>> {
    this.child.kill('SIGINT');
    await once(this.child, 'exit');
    const calls = new Map<string, number>();
    for (const line of readFileSync(this.table, 'utf8').split('\n')) {
      // % time, seconds, usecs/call, calls, errors or nothing, name
      const found = /^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?([a-z]\w*)$/.exec(line);
      if (found?.[1] !== undefined && found[2] !== undefined && found[2] !== 'total')
        calls.set(found[2], Number(found[1]));
    }
    return calls;
  }
}

/** All allocations of a server's life in which so many messages were sent: the allocator says so when it ends. */
async function allocations(messages: number): Promise<number> {
  // JSON, without what is not the sum over all arenas.
  const env = { MALLOC_CONF: 'stats_print:true,stats_print_opts:Jgdablxe' };
  const log = await withPair(env, async (server, pair) => {
    await chat(pair, messages);
    const { logFile } = server;
    await server.terminate();
    return readFileSync(logFile, 'utf8');
  });
  const stats = log.slice(log.indexOf('{"jemalloc"'));
  const counts = [...stats.matchAll(/"nrequests":\s*(\d+)/g)].map((found) => Number(found[1]));
  if (counts.length === 0) throw new Error(`the allocator said nothing: ${log.slice(-500)}`);
  return counts.reduce((sum, count) => sum + count, 0);
}

describe('one message costs', () => {
  test(
    'a bounded number of system calls, one sync and some pages of the disk',
    { timeout: 60_000 },
    async () => {
      await withPair({}, async (server, pair) => {
        const [disk, syncs] = [diskWrites(server), await metric(server, 'hongyan_store_fsyncs_total')];
        await chat(pair, MESSAGES);
        const kib = (diskWrites(server) - disk) / MESSAGES;
        const synced = (await metric(server, 'hongyan_store_fsyncs_total')) - syncs;

        const strace = await Strace.start(server);
        await chat(pair, MESSAGES);
        const calls = await strace.stop();
        const futex = (calls.get('futex') ?? 0) / MESSAGES;
        const others = [...calls.values()].reduce((sum, count) => sum + count, 0) / MESSAGES - futex;
        const most = [...calls]
          .sort(([, a], [, b]) => b - a)
          .slice(0, 8)
          .map(([name, count]) => `${name} ${(count / MESSAGES).toFixed(2)}`);
        report(
          `a message: ${others.toFixed(1)} system calls besides futex (${most.join(', ')}), ` +
            `${(synced / MESSAGES).toFixed(2)} syncs, ${kib.toFixed(1)} KiB to the disk`,
        );
        expect(synced, 'syncs of the log').toBe(MESSAGES);
        expect(calls.get('fdatasync') ?? 0, 'every ack is durable').toBeGreaterThanOrEqual(MESSAGES);
        expect(others, 'system calls a message').toBeLessThanOrEqual(MAX_SYSTEM_CALLS);
        expect(futex, 'calls of futex a message').toBeLessThanOrEqual(MAX_FUTEX_CALLS);
        expect(kib, 'KiB a message').toBeLessThanOrEqual(MAX_DISK_KIB);
      });
    },
  );

  test('a bounded number of allocations', { timeout: 60_000 }, async () => {
    const few = await allocations(0);
    const each = ((await allocations(MESSAGES)) - few) / MESSAGES;
    report(`a message: ${each.toFixed(1)} allocations`);
    expect(each).toBeGreaterThan(1);
    expect(each).toBeLessThanOrEqual(MAX_ALLOCATIONS);
  });
});
