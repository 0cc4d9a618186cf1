import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, type WriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { testCertificate } from './certificate.ts';
import { binary } from './command.ts';
import { databaseOf } from './mariadb.ts';
import { Nginx } from './nginx.ts';

// The line break belongs to it: a chunk may end in the middle of a port number.
const READY = /^ready http=(https?:\/\/\S+) metrics=(http:\/\/\S+) grpc=(\S+)[ \t\r]*\n/m;
const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 15_000;
const LOG_END_BYTES = 2_000;

/**
 * How clients reach a server: as it stands, by its own TLS, by nginx with TLS in front of it, or with rpcs over gRPC beside
 * what needs HTTP.
 */
export type Edge = 'plain' | 'tls' | 'nginx' | 'grpc';

export interface StartOptions {
  /** The binary; default the environment's HONGYAN_BIN, else build/dev/hongyan. */
  readonly bin?: string;
  /** Data folder; default a new temporary one, deleted by `stop()`. A given one is kept. */
  readonly dataDir?: string;
  /** More arguments after `serve --data …`. */
  readonly args?: readonly string[];
  /** More environment, for example HONGYAN_<SECTION>_<KEY>. */
  readonly env?: Readonly<Record<string, string>>;
  /** HTTP port of the server itself; default 0, a free one. */
  readonly port?: number;
  /** Default the environment's HONGYAN_EDGE, else plain. */
  readonly edge?: Edge;
  /** Address to listen on; default 127.0.0.1. */
  readonly listen?: string;
}

/**
 * Most tests are about people who write to each other, not about how they come to know each other. On a machine with two
 * cores sockets would all be on one thread, and pushes between threads would not be tested.
 */
const OF_TESTS: Readonly<Record<string, string>> = {
  HONGYAN_CONTACTS_REQUIRED: 'false',
  HONGYAN_THREADS_IO: '2',
};

/** Environment of a server without rate limits, for tests that ask for more than any client should. */
export const UNLIMITED: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'USER_SENDS',
    'USER_REQUESTS',
    'DEVICE_REQUESTS',
    'KEY_REQUESTS',
    'HOOK_POSTS',
    'IP_REQUESTS',
    'ANONYMOUS_REQUESTS',
    'IP_SOCKETS',
    'SOCKET_FRAMES',
  ].map((limit) => [`HONGYAN_LIMITS_${limit}_PER_SECOND`, '0']),
);

/** A real server process. Owned by the test that started it, which ends it with `stop()`. */
export interface RunningServer {
  /** Base of REST and web by the chosen edge, for example http://127.0.0.1:4711 (no slash at the end). */
  readonly url: string;
  /** The same without the proxy in front. */
  readonly directUrl: string;
  /** Where nginx takes plain HTTP; undefined at other edges. */
  readonly proxyPlainUrl: string | undefined;
  /** Base of the metrics port. */
  readonly metricsUrl: string;
  /** Address of the gRPC port, for example 127.0.0.1:4713. */
  readonly grpcAddress: string;
  readonly dataDir: string;
  /** Process id; another one after `restart()`. */
  readonly pid: number;
  /** Everything the process printed, over all restarts; kept after `stop()`. */
  readonly logFile: string;
  /** Waits for the process to end by itself. Answers the exit code (null after a signal). */
  ended(): Promise<number | null>;
  /** SIGKILL, then waits for the end: what a crash or a power cut leaves behind. */
  kill9(): Promise<void>;
  /** SIGTERM, waits for the end, keeps the data. Answers the exit code (null after a signal). */
  terminate(): Promise<number | null>;
  /**
   * SIGTERM, waits for the end, removes a temporary data folder. Answers the exit code (null after a signal). Rejects
   * with the end of the log when the process had ended by itself.
   */
  stop(): Promise<number | null>;
  /** Starts again on the same port and data folder; ends the running process first (SIGTERM) when there is one. */
  restart(): Promise<void>;
}

const grpcAddresses = new Map<string, string>();

/** The gRPC port of a server that was started here and has this `url`. */
export function grpcAddressOf(url: string): string | undefined {
  return grpcAddresses.get(url);
}

/** Starts a server and waits for its ready line. Rejects with the end of its log when it does not come up. */
export async function startServer(options: StartOptions = {}): Promise<RunningServer> {
  const server = new ServerProcess(options);
  await server.start(options.port ?? 0);
  return server;
}

function edgeOfRun(): Edge {
  const edge = process.env.HONGYAN_EDGE ?? 'plain';
  if (edge === 'plain' || edge === 'tls' || edge === 'nginx' || edge === 'grpc') return edge;
  throw new Error(`HONGYAN_EDGE is ${edge}, not plain, tls, nginx or grpc`);
}

/** Environment of a server whose database is on MariaDB, in a run that has one. */
function databaseOfRun(dataDir: string): Record<string, string> {
  const socket = process.env.HONGYAN_TEST_MYSQL_SOCKET;
  return socket === undefined ? {} : { HONGYAN_SQL_URL: databaseOf(socket, dataDir) };
}

class ServerProcess implements RunningServer {
  directUrl = '';
  metricsUrl = '';
  grpcAddress = '';
  readonly dataDir: string;
  readonly logFile: string;
  private readonly options: StartOptions;
  private readonly scratch: string;
  private readonly edge: Edge;
  private child: ChildProcess | undefined;
  private proxy: Nginx | undefined;

  constructor(options: StartOptions) {
    this.options = options;
    this.edge = options.edge ?? edgeOfRun();
    this.scratch = mkdtempSync(join(tmpdir(), 'hongyan-test-'));
    this.dataDir = options.dataDir ?? join(this.scratch, 'data');
    this.logFile = join(this.scratch, 'server.log');
  }

  get url(): string {
    return this.proxy?.url ?? this.directUrl;
  }

  get proxyPlainUrl(): string | undefined {
    return this.proxy?.plainUrl;
  }

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error('the server is not running');
    return this.child.pid;
  }

  async start(port: number): Promise<void> {
    const bin = this.options.bin ?? binary();
    const listen = [
      '--listen',
      this.options.listen ?? '127.0.0.1',
      '--http-port',
      String(port),
      '--metrics-port',
      '0',
      '--grpc-port',
      '0',
    ];
    if (this.edge === 'tls') {
      const { certFile, keyFile } = testCertificate();
      listen.push('--tls-cert', certFile, '--tls-key', keyFile);
    }
    const trust = this.edge === 'nginx' ? { HONGYAN_HTTP_TRUSTED_PROXIES: '127.0.0.1' } : {};
    const child = spawn(bin, ['serve', '--data', this.dataDir, ...listen, ...(this.options.args ?? [])], {
      env: { ...process.env, ...OF_TESTS, ...trust, ...databaseOfRun(this.dataDir), ...this.options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    const log = createWriteStream(this.logFile, { flags: 'a' });
    const ready = await readyLine(child, log, bin);
    this.directUrl = ready.url;
    this.metricsUrl = ready.metricsUrl;
    this.grpcAddress = ready.grpcAddress;
    if (this.edge === 'nginx') {
      this.proxy ??= await Nginx.start(join(this.scratch, 'nginx'), this.directPort, testCertificate());
    }
    grpcAddresses.set(this.url, this.grpcAddress);
  }

  private get directPort(): number {
    return Number(new URL(this.directUrl).port);
  }

  async ended(): Promise<number | null> {
    const { child } = this;
    if (child === undefined) throw new Error('the server is not running');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    this.child = undefined;
    return child.exitCode;
  }

  async kill9(): Promise<void> {
    await this.end('SIGKILL');
  }

  terminate(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  async stop(): Promise<number | null> {
    try {
      return await this.end('SIGTERM');
    } finally {
      await this.proxy?.stop();
      if (this.options.dataDir === undefined) rmSync(this.dataDir, { recursive: true, force: true });
    }
  }

  async restart(): Promise<void> {
    await this.end('SIGTERM');
    await this.start(this.directPort);
  }

  /** Answers the exit code; a process that ignores SIGTERM is killed after a while. */
  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const child = this.child;
    if (child === undefined) return null;
    this.child = undefined;
    if (child.exitCode !== null || child.signalCode !== null) {
      const how = child.signalCode ?? `exit code ${child.exitCode ?? '-'}`;
      throw new Error(`the server had ended by itself: ${how}\n${this.endOfLog()}`);
    }
    const gone = once(child, 'exit');
    child.kill(signal);
    const guard = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await gone;
    clearTimeout(guard);
    return child.exitCode;
  }

  private endOfLog(): string {
    return readFileSync(this.logFile, 'utf8').slice(-LOG_END_BYTES);
  }
}

function readyLine(
  child: ChildProcess,
  log: WriteStream,
  bin: string,
): Promise<{ url: string; metricsUrl: string; grpcAddress: string }> {
  return new Promise((done, fail) => {
    let text = '';
    const stop = (reason: string) => {
      clearTimeout(guard);
      child.kill('SIGKILL');
      fail(new Error(`${bin}: ${reason}\n${text.slice(-2000)}`));
    };
    const guard = setTimeout(() => stop('no ready line in time'), READY_WITHIN_MS);
    const take = (chunk: Buffer) => {
      log.write(chunk);
      // After the ready line only the log file is interested.
      if (text.length < 65_536) text += chunk.toString('utf8');
      const found = READY.exec(text);
      if (found !== null) {
        clearTimeout(guard);
        const [, url = '', metricsUrl = '', grpcAddress = ''] = found;
        done({ url, metricsUrl, grpcAddress });
      }
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', (chunk: Buffer) => log.write(chunk));
    child.once('error', (error) => stop(error.message));
    child.once('close', (code, signal) => {
      log.end();
      stop(`ended early (code ${code ?? '-'}, signal ${signal ?? '-'})`);
    });
  });
}
