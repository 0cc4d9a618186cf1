import { readFileSync } from 'node:fs';

import { type RunningServer, startServer, type StartOptions } from '@hongyan/test-support';
import { hongyan } from '@hongyan/test-support/command';
import { afterAll, beforeAll, expect } from 'vitest';

/**
 * One server for all tests of a file (or `describe`). It must end with exit code 0: a server that died in between
 * fails the file.
 */
export function useServer(options: StartOptions = {}): () => RunningServer {
  let server: RunningServer | undefined;
  beforeAll(async () => {
    server = await startServer(options);
  });
  afterAll(async () => {
    // Null: a test has killed it and not started it again.
    const code = (await server?.stop()) ?? 0;
    expect(code, 'exit code of the server').toBe(0);
  });
  return () => {
    if (server === undefined) throw new Error('the server is not started yet');
    return server;
  };
}

/** Runs a server for the length of `use`, and ends it whatever happens. */
export async function withServer<T>(
  options: StartOptions,
  use: (server: RunningServer) => Promise<T>,
): Promise<T> {
  const server = await startServer(options);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

/** `hongyan admin VERB … USERNAME` against the running server; answers what it printed. */
export async function admin(server: RunningServer, verb: string, username: string): Promise<string> {
  const result = await hongyan(['admin', verb, '--data', server.dataDir, username]);
  if (result.code !== 0) throw new Error(`admin ${verb}: exit code ${result.code ?? '-'}: ${result.stderr}`);
  return result.stdout;
}

/** The sum of a metric over all its labels; those given must match. 0 when it does not exist. */
export async function metric(
  server: RunningServer,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const text = await (await fetch(`${server.metricsUrl}/metrics`)).text();
  const wanted = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  let sum = 0;
  for (const line of text.split('\n')) {
    const found = /^([a-zA-Z0-9_:]+)(\{[^}]*\})? (\S+)/.exec(line);
    if (found?.[1] !== name || !wanted.every((label) => found[2]?.includes(label))) continue;
    sum += Number(found[3]);
  }
  return sum;
}

/** The most memory the process has ever had, in MiB. */
export function peakMemory(server: RunningServer): number {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/** The processor time it has used so far, in seconds. */
export function processorTime(server: RunningServer): number {
  // Fields 14 and 15, in ticks of 10 ms; the name before them may hold spaces.
  const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** What it has written to the disk so far, in KiB; whole pages count. */
export function diskWrites(server: RunningServer): number {
  const io = readFileSync(`/proc/${server.pid}/io`, 'utf8');
  return Number(/^write_bytes: (\d+)$/m.exec(io)?.[1]) / 1024;
}
