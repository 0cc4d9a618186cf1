import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

import type { Certificate } from './certificate.ts';
import { repositoryRoot } from './command.ts';

const READY_WITHIN_MS = 10_000;
const TRIES = 5;

/**
 * nginx with the configuration of deploy/proxy/nginx.conf, only ports and certificate replaced, in front of a server. Owned
 * by whoever starts it, who ends it with `stop()`.
 */
export class Nginx {
  /** What clients use, for example https://127.0.0.1:4711. */
  readonly url: string;
  /** Where it sends them to `url`. */
  readonly plainUrl: string;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, port: number, plainPort: number) {
    this.child = child;
    this.url = `https://127.0.0.1:${port}`;
    this.plainUrl = `http://127.0.0.1:${plainPort}`;
  }

  /** Starts one in `folder`, in front of 127.0.0.1:`upstream`. Rejects with nginx's reason when it does not come up. */
  static async start(folder: string, upstream: number, certificate: Certificate): Promise<Nginx> {
    mkdirSync(folder, { recursive: true });
    let reason = '';
    // nginx cannot say which port it took, so one is chosen for it; another process may be quicker.
    for (let tries = 0; tries < TRIES; tries++) {
      const [port, plainPort] = await freePorts();
      const child = run(folder, siteFor({ upstream, port, plainPort, certificate }));
      if (await listens(child, port)) return new Nginx(child, port, plainPort);
      reason = readFileSync(join(folder, 'error.log'), 'utf8');
      if (!reason.includes('Address already in use')) break;
    }
    throw new Error(`nginx did not start\n${reason.slice(-2000)}`);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await gone;
  }
}

interface Site {
  readonly upstream: number;
  readonly port: number;
  readonly plainPort: number;
  readonly certificate: Certificate;
}

function siteFor({ upstream, port, plainPort, certificate }: Site): string {
  let text = readFileSync(join(repositoryRoot, 'deploy/proxy/nginx.conf'), 'utf8');
  const replace = (from: string, to: string) => {
    if (!text.includes(from)) throw new Error(`deploy/proxy/nginx.conf no longer holds ${from}`);
    text = text.replaceAll(from, to);
  };
  replace('  listen [::]:80;\n', '');
  replace('  listen [::]:443 ssl http2;\n', '');
  replace('listen 80;', `listen 127.0.0.1:${plainPort};`);
  replace('listen 443 ssl http2;', `listen 127.0.0.1:${port} ssl http2;`);
  replace('server 127.0.0.1:8080;', `server 127.0.0.1:${upstream};`);
  replace('/etc/letsencrypt/live/chat.example/fullchain.pem', certificate.certFile);
  replace('/etc/letsencrypt/live/chat.example/privkey.pem', certificate.keyFile);
  return text;
}

function run(folder: string, site: string): ChildProcess {
  writeFileSync(join(folder, 'hongyan.conf'), site);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/nginx.pid;\n` +
      'events { worker_connections 2048; }\n' +
      `http {\n  access_log off;\n` +
      temporary.map((name) => `  ${name}_temp_path ${folder}/${name};\n`).join('') +
      '  include hongyan.conf;\n}\n',
  );
  writeFileSync(join(folder, 'error.log'), '');
  return spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], {
    // Where Debian puts it, which is not in everybody's path.
    env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` },
    stdio: 'ignore',
  });
}

/** Whether `child` takes connections on `port` before it ends or the time is up. */
async function listens(child: ChildProcess, port: number): Promise<boolean> {
  let failed = false;
  child.once('error', () => (failed = true));
  const giveUp = performance.now() + READY_WITHIN_MS;
  while (performance.now() < giveUp && !failed && child.exitCode === null) {
    if (await accepts(port)) return child.exitCode === null;
    await new Promise((next) => setTimeout(next, 10));
  }
  child.kill('SIGKILL');
  return false;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = connect({ host: '127.0.0.1', port });
    const answer = (listening: boolean) => {
      probe.destroy();
      done(listening);
    };
    probe.once('connect', () => answer(true));
    probe.once('error', () => answer(false));
  });
}

async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()] as const;
  const ports = servers.map(async (server) => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  });
  const [first, second] = await Promise.all(ports);
  for (const server of servers) {
    server.close();
    await once(server, 'close');
  }
  return [first ?? 0, second ?? 0];
}
