import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import ts from 'typescript';

import { within } from './wait.ts';

/** How much of what an attack has done so far. */
export type Damage = Readonly<Record<string, number>>;

export interface AttackTarget {
  readonly url: string;
  readonly token: string;
  readonly conversation: string;
  /** These kinds of misuse alone. */
  readonly only?: readonly string[];
}

/** Runs one of the scripts beside this file as a process of its own. */
function launch(name: string, env: Readonly<Record<string, string>> = {}): ChildProcess {
  // Node runs no TypeScript by itself.
  const source = readFileSync(join(import.meta.dirname, `${name}.ts`), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const script = join(tmpdir(), `${name}-${process.pid}.cjs`);
  writeFileSync(script, outputText);
  const child = fork(script, { env: { ...process.env, ...env } });
  // It stands for other machines: on this one it gets what the server and the measurement leave over.
  if (child.pid !== undefined) setPriority(child.pid, 19);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** Something to attack that does no work; see sink.ts. End it with `stop`. */
export class Sink {
  private readonly child: ChildProcess;
  readonly url: string;

  private constructor(child: ChildProcess, url: string) {
    this.child = child;
    this.url = url;
  }

  static async start(): Promise<Sink> {
    const child = launch('sink');
    const [{ port }] = (await within(once(child, 'message'), 'the sink listens')) as [{ port: number }];
    return new Sink(child, `http://127.0.0.1:${port}`);
  }

  async stop(): Promise<void> {
    await kill(this.child);
  }
}

/** Misuse of a server from another process; see attacker.ts. End it with `stop`. */
export class Attack {
  private readonly child: ChildProcess;

  constructor(target: AttackTarget) {
    this.child = launch('attacker', { ATTACK: JSON.stringify(target) });
  }

  async on(): Promise<void> {
    await this.ask('on');
  }

  async off(): Promise<Damage> {
    const [answer] = await this.ask('off');
    return (answer as { done: Damage }).done;
  }

  async stop(): Promise<void> {
    await kill(this.child);
  }

  private ask(wish: 'on' | 'off'): Promise<unknown[]> {
    const answer = once(this.child, 'message');
    this.child.send(wish);
    return within(answer, `the attack is ${wish}`);
  }
}
