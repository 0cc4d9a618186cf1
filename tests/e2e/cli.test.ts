import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startServer } from '@hongyan/test-support';
import { binary, hongyan } from '@hongyan/test-support/command';
import { describe, expect, onTestFinished, test } from 'vitest';

import { connect, direct, freshName, login, register, say, tryLogin } from './support/people.ts';
import { useServer, withServer } from './support/servers.ts';
import { deferred, within } from './support/wait.ts';

const folder = mkdtempSync(join(tmpdir(), 'hongyan-cli-'));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

describe('commands that need no server', () => {
  test('version and roles', async () => {
    const version = await hongyan(['version']);
    expect(version.code).toBe(0);
    expect(version.stdout).toMatch(/^hongyan \d+\.\d+\.\d+\S*\n$/);
    const roles = await hongyan(['roles']);
    expect(roles.code).toBe(0);
    expect(roles.stdout).toMatch(/^all +\S/m);
  });

  test('unknown commands and options are refused with help', async () => {
    for (const args of [
      [],
      ['nonsense'],
      ['serve', '--nonsense'],
      ['admin'],
      ['serve', '--role', 'nonsense'],
    ]) {
      const { code, stdout, stderr } = await hongyan(args);
      expect(code, args.join(' ')).not.toBe(0);
      expect(stdout + stderr, args.join(' ')).not.toBe('');
    }
  });

  test('check-config accepts what serve accepts and names what is wrong', async () => {
    const check = (content: string, env?: Record<string, string>) =>
      hongyan(['check-config', '--config', file('hongyan.toml', content)], env === undefined ? {} : { env });
    const good = await check('[gateway]\nheartbeat_ms = 5000\n[auth]\nregistration = "closed"\n');
    expect([good.code, good.stderr]).toEqual([0, '']);
    for (const [content, named] of [
      ['[gateway]\nheartbeat = 5000\n', 'heartbeat'],
      ['[gateway]\nheartbeat_ms = "soon"\n', 'heartbeat_ms'],
      ['[gateway]\nheartbeat_ms = 1\n', 'heartbeat_ms'],
      ['[auth]\nregistration = "maybe"\n', 'registration'],
      ['[nonsense]\nkey = 1\n', 'nonsense'],
      ['[gateway\n', 'hongyan.toml'],
    ] as const) {
      const bad = await check(content);
      expect(bad.code, content).not.toBe(0);
      expect(bad.stderr, content).toContain(named);
    }
    const both = await check('[gateway]\nheartbeat = 1\n[auth]\nregistration = "maybe"\n');
    expect(both.stderr).toContain('heartbeat');
    expect(both.stderr).toContain('registration');
    const environment = await check('', { HONGYAN_GATEWAY_HEARTBEAT_MS: '1' });
    expect(environment.code).not.toBe(0);
    expect(environment.stderr).toContain('heartbeat_ms');
    expect((await hongyan(['check-config', '--config', join(folder, 'missing.toml')])).code).not.toBe(0);
  });

  test('serve refuses a bad configuration, and a data folder that is in use', async () => {
    const config = file('bad.toml', '[gateway]\nheartbeat_ms = 1\n');
    const refused = await hongyan(['serve', '--data', join(folder, 'unused'), '--config', config]);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('heartbeat_ms');
    await withServer({}, async (server) => {
      const second = await hongyan([
        'serve',
        '--data',
        server.dataDir,
        '--http-port',
        '0',
        '--metrics-port',
        '0',
        '--grpc-port',
        '0',
      ]);
      expect(second.code).not.toBe(0);
      expect(second.stderr).toContain(server.dataDir);
      expect((await register(server)).userId).not.toBe('');
    });
  });

  test('command line wins over environment, environment over file', async () => {
    const config = file('order.toml', '[auth]\nregistration = "closed"\n[http]\nport = 1\n');
    await withServer(
      { args: ['--config', config], env: { HONGYAN_AUTH_REGISTRATION: 'open' } },
      async (server) => {
        // Port 1 of the file would have needed rights, the command line's was taken.
        expect(new URL(server.url).port).not.toBe('1');
        expect((await register(server)).userId).not.toBe('');
      },
    );
  });
});

describe('admin', () => {
  const acts = async (dataDir: string, url: () => Promise<string>) => {
    const admin = (verb: string, username: string, more: string[] = [], input?: string) =>
      hongyan(['admin', verb, '--data', dataDir, ...more, username], input === undefined ? {} : { input });
    const username = freshName();
    const created = await admin('create-user', username.toUpperCase(), ['--nickname', 'Made By Hand']);
    expect(created.code, created.stderr).toBe(0);
    const oneTime = /one-time password (\S+)/.exec(created.stdout)?.[1] ?? '';
    const first = (await tryLogin({ url: await url() }, username, oneTime)).data;
    expect(first.user).toMatchObject({
      username,
      nickname: 'Made By Hand',
      role: 'user',
      must_change_password: true,
    });

    const boss = freshName();
    expect(
      (await admin('create-user', boss, ['--admin', '--password-stdin'], 'a given password\n')).code,
    ).toBe(0);
    const entered = (await tryLogin({ url: await url() }, boss, 'a given password')).data;
    expect(entered.user).toMatchObject({ role: 'admin', must_change_password: false });

    const reset = await admin('reset-password', boss);
    const password = /one-time password (\S+)/.exec(reset.stdout)?.[1] ?? '';
    expect((await tryLogin({ url: await url() }, boss, 'a given password')).error.code).toBe(
      'wrong_credentials',
    );
    expect((await tryLogin({ url: await url() }, boss, password)).data.user.must_change_password).toBe(true);

    expect((await admin('disable-user', boss)).code).toBe(0);
    expect((await tryLogin({ url: await url() }, boss, password)).error.code).toBe('account_disabled');
    expect((await admin('enable-user', boss)).code).toBe(0);
    expect((await tryLogin({ url: await url() }, boss, password)).status).toBe(200);

    for (const [verb, name, code] of [
      ['create-user', username, 'already_exists'],
      ['create-user', 'no good', 'invalid_argument'],
      ['reset-password', 'nobody_here', 'not_found'],
      ['disable-user', 'nobody_here', 'not_found'],
      ['enable-user', 'nobody_here', 'not_found'],
    ] as const) {
      const refused = await admin(verb, name);
      expect(refused.code, `${verb} ${name}`).not.toBe(0);
      expect(refused.stderr, `${verb} ${name}`).toContain(code);
    }
  };

  test('works beside a running server, through its control socket', async () => {
    await withServer({}, async (server) => {
      expect(statSync(join(server.dataDir, 'hongyan.sock')).mode & 0o777).toBe(0o600);
      expect(statSync(server.dataDir).mode & 0o777).toBe(0o700);
      await acts(server.dataDir, () => Promise.resolve(server.url));
    });
  });

  test('works without a server, and a server that starts later knows', async () => {
    const server = await startServer();
    try {
      // Each act finds the folder free; each login starts the server and stops it again.
      await server.terminate();
      const username = freshName();
      const create = ['admin', 'create-user', '--data', server.dataDir, '--password-stdin', username];
      expect((await hongyan(create, { input: 'a given password\n' })).code).toBe(0);
      expect((await hongyan(create, { input: 'a given password\n' })).stderr).toContain('already_exists');
      await server.restart();
      expect((await tryLogin(server, username, 'a given password')).status).toBe(200);
      await server.terminate();
      expect((await hongyan(['admin', 'disable-user', '--data', server.dataDir, username])).code).toBe(0);
      await server.restart();
      expect((await tryLogin(server, username, 'a given password')).error.code).toBe('account_disabled');
    } finally {
      await server.stop();
    }
  });
});

interface ChatLine {
  readonly type: string;
  readonly data: Record<string, unknown>;
}

function parsed(stdout: string): ChatLine[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ChatLine);
}

describe('chat', () => {
  // The terminal client speaks no TLS.
  const server = useServer({ edge: 'plain' });

  /** Arguments of somebody's chat client; the password is in a file. */
  const as = (username: string, password: string) => [
    'chat',
    '--server',
    server().url,
    '--user',
    username,
    '--password-file',
    file(`${username}.password`, `${password}\n`),
  ];

  /** A client that follows, with what it prints. It is stopped when the test ends. */
  function follow(args: string[]) {
    const child: ChildProcess = spawn(binary(), [...args, '--follow', '--json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const watchers = new Set<() => void>();
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString('utf8');
      for (const watcher of watchers) watcher();
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const lines = () => parsed(printed.slice(0, printed.lastIndexOf('\n') + 1));
    const seen = (match: (line: ChatLine) => boolean, what: string): Promise<ChatLine> => {
      const found = deferred<ChatLine>();
      const look = () => {
        const line = lines().find(match);
        if (line !== undefined) found.resolve(line);
      };
      watchers.add(look);
      look();
      return within(found.promise, what);
    };
    return { child, lines, seen };
  }

  const textOf = (line: ChatLine) =>
    (line.data as { content?: { text?: { text: string } } }).content?.text?.text;

  test('registers, logs in, sends and lists', async () => {
    const [alice, bob] = [freshName(), await register(server())];
    const registered = await hongyan([
      ...as(alice, 'a long password'),
      '--register',
      '--nickname',
      'Alice',
      '--json',
    ]);
    expect(registered.code, registered.stderr).toBe(0);
    expect(parsed(registered.stdout)[0]).toMatchObject({
      type: 'session',
      data: { username: alice, nickname: 'Alice' },
    });
    const sent = await hongyan([
      ...as(alice, 'a long password'),
      ...['--send', `${bob.username}:first: with a colon`],
      ...['--send', `${bob.username}:second`, '--json'],
    ]);
    expect(sent.code, sent.stderr).toBe(0);
    expect(parsed(sent.stdout).map((line) => [line.type, line.data.seq, textOf(line)])).toEqual([
      ['sent', 1, 'first: with a colon'],
      ['sent', 2, 'second'],
    ]);
    const piped = await hongyan([...as(alice, 'a long password'), '--send', `${bob.username}:-`], {
      input: 'from a pipe',
    });
    expect(piped.code, piped.stderr).toBe(0);
    const list = await hongyan([...as(bob.username, bob.password), '--list', '--json']);
    expect(parsed(list.stdout)[0]).toMatchObject({
      type: 'conversation',
      data: { title: 'Alice', unread: 3, seq: 3 },
    });
  });

  test('follows, also over a restart of the server', async () => {
    const [alice, bob] = [await register(server()), await register(server())];
    const id = await direct(server(), alice, bob);
    const { child, lines, seen } = follow(as(bob.username, bob.password));
    await seen((line) => line.type === 'ready', 'the client is ready');
    const socket = await connect(server(), alice);
    await say(socket, id, 'one');
    await seen((line) => textOf(line) === 'one', 'the first message');
    await server().restart();
    const again = await connect(server(), await login(server(), alice));
    await say(again, id, 'two');
    await seen((line) => textOf(line) === 'two', 'the message after the restart');
    const messages = lines().filter((line) => line.type === 'message');
    expect(messages.map(textOf)).toEqual(['one', 'two']);
    const gone = once(child, 'exit');
    child.kill('SIGINT');
    expect((await within(gone, 'the client ends'))[0]).toBe(0);
  });

  test('says what is wrong and fails', async () => {
    const alice = await register(server());
    const run = (args: string[]) => hongyan(args);
    const wrong = await run([...as(alice.username, 'not the password'), '--list']);
    expect([wrong.code, wrong.stdout]).toEqual([1, '']);
    expect(wrong.stderr).toContain('wrong_credentials');
    const nobody = await run([...as(alice.username, alice.password), '--send', 'nobody_here:hello']);
    expect(nobody.code).toBe(1);
    expect(nobody.stderr).toContain('not_found');
    expect((await run([...as(alice.username, alice.password), '--send', 'no colon'])).code).toBe(2);
    const away = await run([
      ...as(alice.username, alice.password),
      '--server',
      'http://127.0.0.1:1',
      '--list',
      '--timeout-ms',
      '500',
    ]);
    expect(away.code).not.toBe(0);
  });
});
