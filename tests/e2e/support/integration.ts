import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { hongyan, repositoryRoot } from '@hongyan/test-support/command';

import { type Answer, type HttpRequest, onlyHttp } from './http.ts';
import type { Base } from './people.ts';

interface Administered extends Base {
  readonly dataDir: string;
}

/** An API key that was just made. */
export interface ApiKey {
  readonly id: string;
  readonly key: string;
  readonly userId: string;
  readonly username: string;
}

/** A hook that was just made. */
export interface Hook {
  readonly id: string;
  /** With the token. */
  readonly path: string;
  readonly token: string;
}

/** `hongyan admin …` against the running server; answers what it printed. */
export async function administer(server: Administered, ...args: string[]): Promise<string> {
  const result = await hongyan(['admin', ...args, '--data', server.dataDir]);
  if (result.code !== 0) throw new Error(`admin ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

export async function createKey(
  server: Administered,
  scopes: readonly string[],
  ...more: string[]
): Promise<ApiKey> {
  const printed = await administer(
    server,
    'api-key',
    'create',
    '--name',
    'Billing',
    '--scopes',
    scopes.join(','),
    ...more,
  );
  const found = /^key_id (\d+)\nas (\S+) \(user_id (\d+)\)\nkey (hyk_\S+)\ndone\n$/.exec(printed);
  if (found === null) throw new Error(`no key was printed: ${printed}`);
  const [, id = '', username = '', userId = '', key = ''] = found;
  return { id, key, userId, username };
}

export async function createHook(server: Administered, group: string, ...more: string[]): Promise<Hook> {
  const printed = await administer(server, 'hook', 'create', '--group', group, '--name', 'Grafana', ...more);
  const found = /^hook_id (\d+)\npath (\/v1\/hooks\/(hyh_\S+))\ndone\n$/.exec(printed);
  if (found === null) throw new Error(`no hook was printed: ${printed}`);
  const [, id = '', path = '', token = ''] = found;
  return { id, path, token };
}

/** Posts JSON, or what `options` say. */
export function post(
  server: Base,
  hook: Pick<Hook, 'path'>,
  body: unknown,
  options: HttpRequest = {},
): Promise<Answer> {
  return onlyHttp(server.url, 'POST', hook.path, { body, ...options });
}

/** What a system posts, as its documentation has it: those the fuzzer begins with too. */
export function payloadOf(name: string): string {
  return readFileSync(join(repositoryRoot, 'tests/fuzz/seeds/hook', name), 'utf8');
}
