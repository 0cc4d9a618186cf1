import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** The repository's root, whatever folder the test runner was started in. */
export const repositoryRoot = resolve(import.meta.dirname, '../..');

/** The server under test: the environment's HONGYAN_BIN, else build/dev/hongyan. */
export function binary(): string {
  return resolve(repositoryRoot, process.env.HONGYAN_BIN ?? 'build/dev/hongyan');
}

export interface CommandOptions {
  /** Added to the environment of the test. */
  readonly env?: Readonly<Record<string, string>>;
  /** Given on standard input, which is then closed. */
  readonly input?: string;
  /** Working folder. */
  readonly cwd?: string;
  /** The command is killed after this. */
  readonly withinMs?: number;
}

export interface CommandResult {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `hongyan ARGS…` to its end. Rejects when it cannot be started or does not end in time. */
export function hongyan(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  return new Promise((done, fail) => {
    const child = spawn(binary(), args, {
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    let late = false;
    const guard = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, options.withinMs ?? 20_000);
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    // A command that does not read its input may have ended before it is written.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.once('error', fail);
    child.once('close', (code) => {
      clearTimeout(guard);
      if (late) fail(new Error(`hongyan ${args.join(' ')} did not end in time\n${stdout}${stderr}`));
      else done({ code, stdout, stderr });
    });
  });
}
