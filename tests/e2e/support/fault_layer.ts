import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a server's disk fail on demand; see fault_layer.c. Give its `env` to the server, end it with `remove`. */
export class FaultLayer {
  private readonly folder = mkdtempSync(join(tmpdir(), 'hongyan-faults-'));
  private readonly wish = join(this.folder, 'wish');
  private readonly library = join(this.folder, 'fault_layer.so');

  constructor() {
    const source = join(import.meta.dirname, 'fault_layer.c');
    execFileSync('clang-19', [
      '-shared',
      '-fPIC',
      '-O1',
      '-Wall',
      '-Werror',
      '-o',
      this.library,
      source,
      '-ldl',
    ]);
  }

  get env(): Readonly<Record<string, string>> {
    return { LD_PRELOAD: this.library, FAULT_FILE: this.wish };
  }

  /** From now on: so many calls, or all, fail. */
  fail(kind: 'eio' | 'late', count?: number): void {
    writeFileSync(this.wish, count === undefined ? kind : `${kind} ${count}`);
  }

  heal(): void {
    rmSync(this.wish, { force: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
