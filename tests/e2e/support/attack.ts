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
  /** One kind of misuse alone. */
  readonly only?: string;
}

/** Misuse of a server from another process; see attacker.ts. End it with `stop`. */
export class Attack {
  private readonly child: ChildProcess;

  constructor(target: AttackTarget) {
    // Node runs no TypeScript by itself.
    const source = readFileSync(join(import.meta.dirname, 'attacker.ts'), 'utf8');
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const script = join(tmpdir(), `attacker-${process.pid}.cjs`);
    writeFileSync(script, outputText);
    this.child = fork(script, { env: { ...process.env, ATTACK: JSON.stringify(target) } });
    // It stands for other machines: on this one it gets what the server and the measurement leave over.
    if (this.child.pid !== undefined) setPriority(this.child.pid, 19);
  }

  async on(): Promise<void> {
    await this.ask('on');
  }

  async off(): Promise<Damage> {
    const [answer] = await this.ask('off');
    return (answer as { done: Damage }).done;
  }

  async stop(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  private ask(wish: 'on' | 'off'): Promise<unknown[]> {
    const answer = once(this.child, 'message');
    this.child.send(wish);
    return within(answer, `the attack is ${wish}`);
  }
}
