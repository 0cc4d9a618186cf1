import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ListConversationsResponse, ListMessagesResponse, LoginResponse } from '@hongyan/sdk';
import { hongyan } from '@hongyan/test-support/command';
import { expect, test } from 'vitest';

import { http } from './support/http.ts';
import { tryLogin } from './support/people.ts';
import { withServer } from './support/servers.ts';

interface Token {
  readonly user_id: string;
  readonly username: string;
  readonly device_id: string;
  readonly access_token: string;
  readonly direct: readonly { readonly conversation_id: string; readonly user_id: string }[];
  readonly groups: readonly string[];
}

const folder = mkdtempSync(join(tmpdir(), 'hongyan-seed-'));

async function seed(data: string, ...more: string[]): Promise<string> {
  const args = ['seed', '--data', data, '--users', '30', '--groups', '4', '--messages', '600', ...more];
  const { code, stdout, stderr } = await hongyan(args, { withinMs: 60_000 });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout;
}

function tokens(file: string): Token[] {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Token);
}

function conversationsOf(token: Token): string[] {
  return [...token.direct.map((one) => one.conversation_id), ...token.groups];
}

/** What one person reads in all conversations, without ids and times, which differ. */
async function texts(url: string, token: Token): Promise<string[]> {
  const found: string[] = [];
  for (const id of conversationsOf(token)) {
    const page = await http<ListMessagesResponse>(url, 'GET', `/v1/conversations/${id}/messages?limit=100`, {
      token: token.access_token,
    });
    for (const message of page.data.items) found.push(`${message.seq} ${message.content?.text?.text ?? '-'}`);
  }
  return found;
}

test('a seeded folder is whole, is the same for the same seed, and can be used', async () => {
  const first = join(folder, 'first');
  const again = join(folder, 'again');
  const file = join(folder, 'tokens');
  const printed = await seed(first, '--tokens', file, '--password', 'geese fly south');
  expect(printed).toContain('geese fly south');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const everybody = tokens(file);
  expect(everybody).toHaveLength(30);
  const verified = await hongyan(['verify', '--data', first]);
  expect(verified.stdout).toMatch(/ 0 problems\n$/);
  expect(verified.code).toBe(0);

  const busiest = everybody.reduce((a, b) => (conversationsOf(b).length > conversationsOf(a).length ? b : a));
  const mine = await withServer({ dataDir: first }, async (server) => {
    const list = await http<ListConversationsResponse>(server.url, 'GET', '/v1/conversations', {
      token: busiest.access_token,
    });
    expect(list.data.items.map((one) => one.conversation_id).sort()).toEqual(conversationsOf(busiest).sort());
    for (const { conversation_id, type, peer_user_id } of list.data.items) {
      const direct = busiest.direct.find((one) => one.conversation_id === conversation_id);
      expect(type).toBe(direct === undefined ? 'group' : 'direct');
      expect(peer_user_id).toBe(direct?.user_id);
    }
    const login: LoginResponse = (await tryLogin(server, busiest.username, 'geese fly south')).data;
    expect(login.user.user_id).toBe(busiest.user_id);
    return texts(server.url, busiest);
  });
  expect(mine.length).toBeGreaterThan(50);

  await seed(again, '--tokens', file);
  const theirs = tokens(file).find((one) => one.username === busiest.username) as Token;
  const same = await withServer({ dataDir: again }, (server) => texts(server.url, theirs));
  expect(same).toEqual(mine);
});

test('groups are of the size that is asked for, and there are as many 1:1s', async () => {
  const file = join(folder, 'shaped');
  await seed(join(folder, 'shape'), '--tokens', file, '--group-size', '11', '--directs', '3');
  const everybody = tokens(file);
  const members = new Map<string, number>();
  for (const id of everybody.flatMap((one) => one.groups)) members.set(id, (members.get(id) ?? 0) + 1);
  expect([...members.values()]).toEqual([11, 11, 11, 11]);
  for (const one of everybody) {
    for (const { conversation_id, user_id } of one.direct) {
      const other = everybody.find((person) => person.user_id === user_id);
      expect(other?.direct).toContainEqual({ conversation_id, user_id: one.user_id });
    }
  }
  expect(everybody.flatMap((one) => one.direct)).toHaveLength(2 * 3 * 30);
});

test('a folder takes another seed, but not the same one twice', async () => {
  const data = join(folder, 'twice');
  await seed(data);
  await seed(data, '--seed', '2');
  const refused = await hongyan(
    ['seed', '--data', data, '--users', '30', '--groups', '4', '--messages', '600'],
    { withinMs: 60_000 },
  );
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('--seed');
  expect((await hongyan(['verify', '--data', data])).code).toBe(0);
});

test('a folder that a server runs on is refused', async () => {
  await withServer({}, async (server) => {
    const args = ['seed', '--data', server.dataDir, '--users', '2', '--groups', '0', '--messages', '1'];
    const refused = await hongyan(args);
    expect(refused.code).toBe(1);
    expect(refused.stderr).not.toBe('');
  });
});
