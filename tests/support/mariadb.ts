import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';

import { repositoryRoot } from './command.ts';

const WITH_MARIADB = join(repositoryRoot, 'tools/dev/with-mariadb');

/** Whether this machine has the server; tools/dev/deps installs it. */
export function hasMariadb(): boolean {
  return spawnSync(WITH_MARIADB, ['--check']).status === 0;
}

/** Starts one whose socket is at `socket`, and answers what ends it. Rejects when it does not come up. */
export async function startMariadb(socket: string): Promise<() => Promise<void>> {
  // The command that the server stands beside ends when nobody writes to it any more.
  const beside = 'ln -s "$HONGYAN_TEST_MYSQL_SOCKET" "$0" && echo ready && exec cat';
  const child = spawn(WITH_MARIADB, ['bash', '-c', beside, socket], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  const ready = once(child.stdout, 'data');
  await Promise.race([
    ready,
    gone.then(([code]) => Promise.reject(new Error(`with-mariadb ended with ${code}`))),
  ]);
  return async () => {
    child.stdin.end();
    await gone;
  };
}

/** The URL of the database that belongs to a data folder; makes it when it is not there. */
export function databaseOf(socket: string, dataDir: string): string {
  const name = `e2e_${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`;
  execFileSync('mariadb', [
    '--no-defaults',
    `--socket=${socket}`,
    '--user=root',
    '-e',
    `CREATE DATABASE IF NOT EXISTS ${name}`,
  ]);
  return `mysql://root@localhost/${name}?socket=${socket}`;
}
