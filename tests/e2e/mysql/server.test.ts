import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startServer } from '@hongyan/test-support';
import { hongyan } from '@hongyan/test-support/command';
import { databaseOf } from '@hongyan/test-support/mariadb';
import { expect, test } from 'vitest';

import { connect, direct, history, login, register, say } from '../support/people.ts';
import { admin, useServer, withServer } from '../support/servers.ts';

// What is special where accounts and groups are on a server; that all else is as ever show the other files of this run.
const server = useServer();

function urlOf(dataDir: string): string {
  return databaseOf(process.env.HONGYAN_TEST_MYSQL_SOCKET ?? '', dataDir);
}

test('accounts and conversations are there again after a crash, and every store agrees', async () => {
  const dataDir = join(process.env.TMPDIR ?? '/tmp', 'mysql-crash');
  const first = await startServer({ dataDir });
  const alice = await register(first);
  const bob = await register(first);
  const conversation = await direct(first, alice, bob);
  await say(await connect(first, alice), conversation, 'before');
  await first.kill9();

  await withServer({ dataDir }, async (second) => {
    const again = await login(second, alice);
    expect(again.userId).toBe(alice.userId);
    await say(await connect(second, again), conversation, 'after');
    const texts = (await history(second, again, conversation)).map((message) => message.content?.text?.text);
    expect(texts).toEqual(['before', 'after']);
    await second.terminate();
    const verified = await hongyan(['verify', '--data', dataDir], {
      env: { HONGYAN_SQL_URL: urlOf(dataDir) },
    });
    expect(verified.stdout).toContain('verify: 0 problems');
    expect(verified.code).toBe(0);
    await second.restart();
  });
  rmSync(dataDir, { recursive: true, force: true });
});

test('administers with and without a running server', async () => {
  const dataDir = join(process.env.TMPDIR ?? '/tmp', 'mysql-admin');
  const env = { HONGYAN_SQL_URL: urlOf(dataDir) };
  const made = await hongyan(['admin', 'create-user', '--data', dataDir, 'offline'], { env });
  expect(made.stderr).toBe('');
  const password = /one-time password (\S+)/.exec(made.stdout)?.[1] ?? '';
  await withServer({ dataDir }, async (running) => {
    await expect(login(running, { username: 'offline', password })).resolves.toBeDefined();
    expect(await admin(running, 'disable-user', 'offline')).toContain('done');
  });
  rmSync(dataDir, { recursive: true, force: true });
});

test('a second server on the same database is refused', async () => {
  const dataDir = join(process.env.TMPDIR ?? '/tmp', 'mysql-second');
  const second = await hongyan(
    ['serve', '--data', dataDir, '--http-port', '0', '--metrics-port', '0', '--grpc-port', '0'],
    {
      env: { HONGYAN_SQL_URL: urlOf(server().dataDir), HONGYAN_SQL_BUSY_TIMEOUT_MS: '1' },
    },
  );
  expect(second.code).toBe(1);
  expect(second.stdout + second.stderr).toContain('another process uses this database');
  rmSync(dataDir, { recursive: true, force: true });
});

test('doctor asks the database server, and nothing tells the password', async () => {
  const folder = process.env.TMPDIR ?? '/tmp';
  const secret = join(folder, 'mysql-password');
  writeFileSync(secret, 'hush-hush\n');
  const url = urlOf(server().dataDir);
  const env = { HONGYAN_HTTP_PORT: '0', HONGYAN_METRICS_PORT: '0', HONGYAN_SQL_URL: url };
  const doctor = (more: Record<string, string>) =>
    hongyan(['doctor', '--data', join(folder, 'mysql-none')], { env: { ...env, ...more } });

  expect((await doctor({})).stdout).toMatch(/ok +database e2e_\w+ on \S+ answers/);
  const refused = await doctor({ HONGYAN_SQL_PASSWORD_FILE: secret });
  expect(refused.stdout).toContain('Access denied');
  const printed = await hongyan(['check-config', '--print-config'], {
    env: { ...env, HONGYAN_SQL_PASSWORD_FILE: secret },
  });
  expect(printed.stdout).toContain('url = "mysql://root@localhost/');
  const checked = await hongyan(['check-config'], {
    env: { ...env, HONGYAN_SQL_URL: url.replace('root@', 'root:hush@') },
  });
  expect(checked.code).toBe(1);
  expect(checked.stderr).toContain('the password belongs into a file');
  for (const { stdout, stderr } of [refused, printed, checked]) expect(stdout + stderr).not.toContain('hush');
});
