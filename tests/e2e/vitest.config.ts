import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

import { provideTestCertificate } from '../support/certificate.ts';
import { hasMariadb } from '../support/mariadb.ts';
import type { Edge } from '../support/server.ts';

// Every data folder of a run lies in this one, so that what a failed test leaves behind can be found and removed.
const folder = mkdtempSync(join(tmpdir(), 'hongyan-run-'));
process.env.HONGYAN_TEST_FOLDER = folder;
provideTestCertificate(folder);

const shared = {
  globalSetup: ['./support/cleanup.ts'],
  env: { TMPDIR: folder },
  // A server and its clients want both cores of a small machine; the measurements want them alone.
  fileParallelism: false,
  hookTimeout: 40_000,
};

const EVERYTHING = [
  '*.test.ts',
  'bars/*.test.ts',
  'moderation/*.test.ts',
  'people/*.test.ts',
  'integration/*.test.ts',
  'presence/*.test.ts',
  'sdk/*.test.ts',
  'socket/*.test.ts',
  'terminal/*.test.ts',
];
// What holds at every edge; the other files are about bytes, the command line or the process, and run plain.
const EVERY_EDGE = ['access', 'chat', 'drain', 'edges', 'idempotency', 'sessions'].map(
  (name) => `${name}.test.ts`,
);

function suite(name: string, edge: Edge, include: string[]) {
  const env = { ...shared.env, HONGYAN_EDGE: edge };
  return { test: { ...shared, name, include, env, testTimeout: 30_000 } };
}

// What asks for rpcs; the rest of these files' requests stays HTTP.
const RPCS = ['access', 'chat', 'idempotency', 'sessions'].map((name) => `${name}.test.ts`);

// Whose data are mostly in the relational database.
const ON_MYSQL = ['chat', 'groups', 'people/doors', 'sessions', 'mysql/server'].map(
  (name) => `${name}.test.ts`,
);

function onMysql() {
  if (!hasMariadb()) {
    if (process.env.CI !== undefined)
      throw new Error('there is no mariadbd: tools/dev/deps test installs it');
    process.stderr.write(`skipped, for want of mariadbd: ${ON_MYSQL.join(', ')} on MariaDB\n`);
    return [];
  }
  const { test } = suite('e2e-mysql', 'plain', ON_MYSQL);
  const env = { ...test.env, HONGYAN_TEST_MYSQL_SOCKET: join(folder, 'mariadb.sock') };
  return [{ test: { ...test, env, globalSetup: [...test.globalSetup, './support/mariadb.ts'] } }];
}

// HONGYAN_EDGE=tls, nginx or grpc runs every file over that edge.
const chosen = process.env.HONGYAN_EDGE as Edge | undefined;
const suites =
  chosen === undefined
    ? [
        suite('e2e', 'plain', EVERYTHING),
        suite('e2e-tls', 'tls', EVERY_EDGE),
        suite('e2e-nginx', 'nginx', EVERY_EDGE),
        suite('e2e-grpc', 'grpc', RPCS),
        ...onMysql(),
      ]
    : [suite('e2e', chosen, EVERYTHING)];

export default defineConfig({
  test: {
    fileParallelism: false,
    projects: [
      ...suites,
      { test: { ...shared, name: 'crash', dir: '../crash', include: ['*.test.ts'], testTimeout: 400_000 } },
      { test: { ...shared, name: 'model', dir: '../model', include: ['*.test.ts'], testTimeout: 60_000 } },
    ],
  },
});
