import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Message, ReportRequest } from '@hongyan/sdk';
import type { RunningServer } from '@hongyan/test-support';
import { type CommandResult, hongyan } from '@hongyan/test-support/command';

export type WordAction = 'block' | 'mask' | 'review';

/** What `hongyan admin reports list` prints of each. */
export interface PrintedReport extends ReportRequest {
  readonly report_id: string;
  readonly kind: 'person' | 'word';
  readonly reporter_id?: string;
  readonly time_ms: number;
  readonly closed_ms?: number;
  /** Of a message; of a person or a group what is known of them. */
  readonly snapshot: Message;
}

type Where = Pick<RunningServer, 'dataDir'>;

/** `hongyan admin ARGS`, also when it fails. */
export function tryAdmin(server: Where, args: readonly string[]): Promise<CommandResult> {
  return hongyan(['admin', ...args, '--data', server.dataDir]);
}

/** The same; answers what it printed. */
export async function runAdmin(server: Where, args: readonly string[]): Promise<string> {
  const result = await tryAdmin(server, args);
  if (result.code !== 0) throw new Error(`admin ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

export function addWords(server: Where, action: WordAction, ...words: readonly string[]): Promise<string> {
  return runAdmin(server, ['words', 'add', '--action', action, ...words]);
}

export function removeWords(server: Where, ...words: readonly string[]): Promise<string> {
  return runAdmin(server, ['words', 'remove', ...words]);
}

/** Adds what stands in a file of these lines. */
export function importWords(server: Where, action: WordAction, lines: readonly string[]): Promise<string> {
  const file = join(server.dataDir, `${action}.words`);
  writeFileSync(file, lines.join('\n'));
  return runAdmin(server, ['words', 'import', file, '--action', action]);
}

export async function reports(server: Where, ...options: readonly string[]): Promise<PrintedReport[]> {
  const printed = await runAdmin(server, ['reports', 'list', '--limit', '1000', ...options]);
  return printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as PrintedReport);
}
