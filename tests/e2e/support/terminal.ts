import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

import { binary, repositoryRoot } from '@hongyan/test-support/command';
import { onTestFinished } from 'vitest';

import { VtScreen } from './vt_screen.ts';
import { deferred, within } from './wait.ts';

/** How a program has left its terminal. */
export interface Ended {
  /** Exit code; minus the signal that ended it. */
  readonly exit: number;
  /** The settings of the terminal are those from before. */
  readonly restored: boolean;
}

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** What keys send. */
export const KEYS = {
  enter: '\r',
  escape: '\x1b',
  tab: '\t',
  up: '\x1bOA',
  down: '\x1bOB',
  pageUp: '\x1b[5~',
  pageDown: '\x1b[6~',
  f1: '\x1bOP',
  f2: '\x1bOQ',
  f3: '\x1bOR',
  f4: '\x1bOS',
  ctrlC: '\x03',
  ctrlN: '\x0e',
  ctrlQ: '\x11',
  ctrlR: '\x12',
  ctrlX: '\x18',
} as const;

/** `hongyan ARGS…` in a pseudo terminal of its own. It is killed when the test ends. */
export class Terminal {
  readonly ended: Promise<Ended>;
  /** Everything the program has written. */
  raw = '';
  private readonly driver: ChildProcess;
  private readonly screen: VtScreen;
  private readonly watchers = new Set<() => void>();
  private readonly decoder = new StringDecoder('utf8');
  private readonly end = deferred<Ended>();
  private pending = '';

  private constructor(args: readonly string[], { columns = 80, rows = 24, env = {} }: TerminalOptions) {
    this.screen = new VtScreen(columns, rows);
    this.ended = this.end.promise;
    // A broken screen shows itself where it is waited for.
    this.ended.catch(() => undefined);
    const driver = resolve(repositoryRoot, 'tests/e2e/support/pseudo_terminal.py');
    this.driver = spawn('python3', [driver, String(columns), String(rows), binary(), ...args], {
      env: { ...process.env, TERM: 'xterm-256color', TZ: 'UTC', LC_ALL: 'C.UTF-8', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.driver.stdout?.on('data', (chunk: Buffer) => this.take(chunk.toString('utf8')));
    // It may have ended just now.
    this.driver.stdin?.on('error', () => undefined);
  }

  static start(args: readonly string[], options: TerminalOptions = {}): Terminal {
    const terminal = new Terminal(args, options);
    onTestFinished(() => void terminal.driver.stdin?.end());
    return terminal;
  }

  type(text: string): void {
    this.order({ type: Buffer.from(text, 'utf8').toString('base64') });
  }

  resize(columns: number, rows: number): void {
    this.screen.resize(columns, rows);
    this.order({ resize: [columns, rows] });
  }

  signal(name: 'SIGTERM' | 'SIGINT' | 'SIGHUP'): void {
    this.order({ signal: constants.signals[name] });
  }

  text(): string {
    return this.screen.text();
  }

  lines(): string[] {
    return this.screen.lines();
  }

  get isAlternate(): boolean {
    return this.screen.isAlternate;
  }

  get bracketsPastes(): boolean {
    return this.screen.bracketsPastes;
  }

  get title(): string {
    return this.screen.title;
  }

  /** Waits until the screen shows what is wanted: a text, or whatever the function looks for. */
  async until(wanted: string | RegExp | ((text: string) => boolean), what = String(wanted)): Promise<void> {
    const isShown = (text: string): boolean => {
      if (typeof wanted === 'function') return wanted(text);
      return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
    };
    const found = deferred<void>();
    const look = () => {
      if (isShown(this.text())) found.resolve();
    };
    this.watchers.add(look);
    look();
    try {
      await within(found.promise, `the screen shows ${what}`);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.text()}`);
    } finally {
      this.watchers.delete(look);
    }
  }

  private order(order: object): void {
    this.driver.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  private take(text: string): void {
    const lines = (this.pending + text).split('\n');
    this.pending = lines.pop() ?? '';
    for (const line of lines) this.event(JSON.parse(line) as { output?: string } & Partial<Ended>);
    for (const watcher of this.watchers) watcher();
  }

  private event({ output, exit, restored }: { output?: string } & Partial<Ended>): void {
    if (output !== undefined) {
      const text = this.decoder.write(Buffer.from(output, 'base64'));
      this.raw += text;
      try {
        this.screen.write(text);
      } catch (error) {
        this.end.reject(error as Error);
        throw error;
      }
    }
    if (exit !== undefined) this.end.resolve({ exit, restored: restored ?? false });
  }
}
