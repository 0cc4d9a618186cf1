import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { UNLIMITED } from '@hongyan/test-support';
import { binary, hongyan } from '@hongyan/test-support/command';
import { describe, expect, test } from 'vitest';

import { seedTown } from './support/crowd.ts';
import { direct, connect, register, say, tryLogin } from './support/people.ts';
import { metric, withServer } from './support/servers.ts';
import { PATIENCE_MS } from './support/wait.ts';

const folder = mkdtempSync(join(tmpdir(), 'hongyan-operate-'));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('--print-config', () => {
  test('prints what is in force and where it comes from, and is itself a configuration', async () => {
    const config = file('some.toml', '[gateway]\nheartbeat_ms = 5000\n');
    const printed = await hongyan(['serve', '--config', config, '--http-port', '1234', '--print-config']);
    expect(printed.code, printed.stderr).toBe(0);
    expect(printed.stdout).toContain(`heartbeat_ms = 5000  # ${config}, default 30000\n`);
    expect(printed.stdout).toContain('port = 1234  # --http-port, default 8080\n');
    expect(printed.stdout).toMatch(/^max_outstanding = 64$/m);
    const again = await hongyan(['check-config', '--config', file('printed.toml', printed.stdout)]);
    expect(again.code, again.stderr).toBe(0);
  });

  test('knows every key of conf/hongyan.toml, with the same default', async () => {
    const printed = await hongyan(['check-config', '--print-config']);
    const example = readFileSync(join(import.meta.dirname, '../../conf/hongyan.toml'), 'utf8');
    const keys = (text: string, line: RegExp) => [...text.matchAll(line)].map((match) => match[1]).sort();
    expect(keys(printed.stdout, /^(\w+ = .*)$/gm)).toEqual(keys(example, /^# (\w+ = .*)$/gm));
  });
});

describe('open files', () => {
  test('that are too few are told of at the start, and cost connections, not the stores', async () => {
    const bin = file('few-files', `#!/bin/sh\nulimit -n 256\nexec '${binary()}' "$@"\n`);
    chmodSync(bin, 0o755);
    const { dataDir, people } = await seedTown(150);
    const [alice, bob] = people;
    if (alice === undefined || bob === undefined) throw new Error('nobody was seeded');
    const env = { ...UNLIMITED, HONGYAN_MESSAGE_LOG_SEGMENT_MB: '1' };
    await withServer({ bin, dataDir, env, edge: 'plain' }, async (server) => {
      expect(readFileSync(server.logFile, 'utf8')).toMatch(
        / warning open_files_few allowed=256 needed=17024 connections=128 mend="ulimit -Hn 17024, or LimitNOFILE=17024/,
      );
      const conversation = await direct(server, alice, bob);
      const socket = await connect(server, alice);
      const others = await Promise.allSettled(people.slice(1).map((person) => connect(server, person)));
      const refused = others.filter(({ status }) => status === 'rejected').length;
      expect(refused).toBeGreaterThanOrEqual(people.length - 128);
      expect(refused).toBeLessThan(people.length - 100);
      // Segments of the log begin, are moved and go.
      for (let i = 0; i < 300; i++) await say(socket, conversation, '鸿'.repeat(4_000));
      await expect
        .poll(() => metric(server, 'hongyan_store_segments_moved_total'), { timeout: PATIENCE_MS })
        .toBeGreaterThan(2);
      expect((await say(socket, conversation, 'stored all the same')).seq).toBe(301);
      const open = others.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      await Promise.all([socket, ...open].map((one) => one.close()));
      const comesBack = () =>
        connect(server, bob).then(
          (again) => again.close().then(() => true),
          () => false,
        );
      await expect.poll(comesBack, { timeout: PATIENCE_MS }).toBe(true);
    });
  });
});

describe('log', () => {
  test('levels change in the running server, for one module or all', async () => {
    await withServer({}, async (server) => {
      const levels = (...change: string[]) =>
        hongyan(['admin', 'log-level', '--data', server.dataDir, ...change]);
      const log = () => readFileSync(server.logFile, 'utf8');
      const fail = () => tryLogin(server, 'nobody_here', 'not the password');
      expect((await levels()).stdout).toBe('info\n');
      await fail();
      expect(log()).not.toContain('request_refused');
      expect((await levels('warn', 'rpc=debug')).stdout).toBe('warn rpc=debug\n');
      await fail();
      await expect.poll(log).toContain('request_refused');
      for (const wrong of ['loud', 'nonsense=debug', 'rpc=loud']) {
        const refused = await levels(wrong);
        expect(refused.code, wrong).not.toBe(0);
        expect(refused.stderr, wrong).toContain('invalid_argument');
      }
      expect((await levels('info', 'rpc=')).stdout).toBe('info\n');
    });
    const nobody = await hongyan(['admin', 'log-level', '--data', join(folder, 'nothing'), 'debug']);
    expect(nobody.code).not.toBe(0);
    expect(nobody.stderr).toContain('no server runs');
  });

  test('goes to a file that is kept small', async () => {
    const path = join(folder, 'logs', 'hongyan.log');
    const env = {
      HONGYAN_LOG_FILE: path,
      HONGYAN_LOG_LEVEL: 'debug',
      HONGYAN_LOG_FORMAT: 'json',
      HONGYAN_LOG_MAX_FILE_BYTES: '65536',
      HONGYAN_LOG_KEEP_FILES: '1',
    };
    await withServer({ env }, async (server) => {
      const { access } = await register(server);
      const headers = { Authorization: `Bearer ${access}` };
      for (let i = 0; i < 800; i++) {
        const refused = await fetch(`${server.url}/v1/users/1`, { headers });
        expect(refused.status).toBe(404);
        await refused.text();
      }
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
      for (const line of lines) expect(JSON.parse(line)).toHaveProperty('event');
      expect(readFileSync(path).length).toBeLessThanOrEqual(65_536);
      expect(readFileSync(join(folder, 'logs', 'hongyan.1.log')).length).toBeLessThanOrEqual(65_536);
      expect(readFileSync(server.logFile, 'utf8')).not.toContain('request_refused');
    });
  });
});

describe('doctor', () => {
  const doctor = (dataDir: string, env: Record<string, string> = {}) =>
    hongyan(['doctor', '--data', dataDir], {
      env: { HONGYAN_HTTP_PORT: '0', HONGYAN_METRICS_PORT: '0', ...env },
    });

  test('finds nothing that fails on a machine that runs the tests', async () => {
    const { code, stdout } = await doctor(join(folder, 'new'));
    expect(code, stdout).toBe(0);
    for (const seen of ['the configuration is valid', 'append + fdatasync takes', 'MiB free', 'open files']) {
      expect(stdout).toContain(seen);
    }
  });

  test('sees the server that runs, and checks its stores once it does not', async () => {
    let dataDir = '';
    await withServer({}, async (server) => {
      dataDir = server.dataDir;
      const beside = await doctor(dataDir);
      expect(beside.code, beside.stdout).toBe(0);
      expect(beside.stdout).toContain(`runs on this data folder: http=${server.directUrl}`);
      await server.terminate();
      const alone = await doctor(dataDir);
      expect(alone.code, alone.stdout).toBe(0);
      expect(alone.stdout).toMatch(/hongyan\.db is whole\n/);
      expect(alone.stdout).toMatch(/messages opens\n/);
      await server.restart();
    });
  });

  test('names a taken port, a damaged store and a bad configuration, each with what mends it', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const port = String((holder.address() as { port: number }).port);
    const taken = await doctor(join(folder, 'new'), { HONGYAN_HTTP_PORT: port });
    holder.close();
    expect(taken.code).toBe(1);
    expect(taken.stdout).toContain(`FAILURE  127.0.0.1:${port} cannot be had`);
    expect(taken.stdout).toContain(`mend: ss -ltnp 'sport = :${port}'`);

    file('hongyan.db', 'x'.repeat(8_192));
    const damaged = await doctor(folder);
    expect(damaged.code).toBe(1);
    expect(damaged.stdout).toMatch(/FAILURE {2}\S*hongyan\.db: .*\n +mend: /);

    const bad = await doctor(folder, { HONGYAN_LOG_LEVEL: 'loud' });
    expect(bad.code).toBe(1);
    expect(bad.stdout).toContain('log.level');
  });
});
