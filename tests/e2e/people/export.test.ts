import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type {
  Export,
  ExportLine,
  ExportResponse,
  GetExportResponse,
  ReadExportResponse,
  UserEventPush,
} from '@hongyan/sdk';
import { type RunningServer, UNLIMITED } from '@hongyan/test-support';
import { expect, test } from 'vitest';

import { befriend, eventOf } from '../support/contacts.ts';
import { createGroup } from '../support/groups.ts';
import { type Answer, http } from '../support/http.ts';
import { call, connect, direct, login, type Person, register, say } from '../support/people.ts';
import { useServer, withServer } from '../support/servers.ts';

const server = useServer({ env: UNLIMITED });

function begin(
  base: RunningServer,
  person: Person,
  password = person.password,
): Promise<Answer<ExportResponse>> {
  const asked = { token: person.access, body: { password } };
  return http<ExportResponse>(base.url, 'POST', '/v1/users/me/export', asked);
}

async function last(base: RunningServer, person: Person): Promise<Export> {
  return (await call<GetExportResponse>(base, person, 'GET', '/v1/users/me/export')).export;
}

/** Waits until it is ready; `ask` begins it. */
async function ready(base: RunningServer, person: Person): Promise<Export> {
  await expect.poll(async () => (await last(base, person)).state, { timeout: 20_000 }).toBe('ready');
  return last(base, person);
}

function read(
  base: RunningServer,
  person: Person,
  id: string,
  offset = 0,
): Promise<Answer<ReadExportResponse>> {
  const path = `/v1/users/me/export/lines?export_id=${id}&offset=${offset}`;
  return http<ReadExportResponse>(base.url, 'GET', path, { token: person.access });
}

/** Every line, and in how many parts they came. */
async function lines(
  base: RunningServer,
  person: Person,
  id: string,
): Promise<{ items: ExportLine[]; parts: number }> {
  let text = '';
  let parts = 0;
  for (let offset: number | undefined = 0; offset !== undefined; parts += 1) {
    const { data } = await read(base, person, id, offset);
    expect(data.text.endsWith('\n')).toBe(true);
    text += data.text;
    offset = data.next_offset;
  }
  const items = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ExportLine);
  return { items, parts };
}

test('everything that is kept about somebody, and nothing of others', async () => {
  const [alice, bob, carol] = [await register(server()), await register(server()), await register(server())];
  await call(server(), alice, 'PATCH', '/v1/users/me', { nickname: 'Alice 爱丽丝', birthday: '1990-12-31' });
  await call(server(), alice, 'PATCH', '/v1/users/me/settings', { find_me: 'nobody' });
  const chat = await befriend(server(), alice, bob);
  await call(server(), alice, 'PATCH', `/v1/contacts/${bob.userId}`, { remark: 'my Bob', tags: ['work'] });
  await call(server(), bob, 'PATCH', `/v1/contacts/${alice.userId}`, { remark: 'his Alice' });
  await call(server(), alice, 'PUT', `/v1/contacts/${carol.userId}/block`);
  const group = await createGroup(server(), alice, [bob], 'Tea');
  await call(server(), alice, 'POST', `/v1/groups/${group}/invites`, {});
  await call(server(), alice, 'POST', `/v1/groups/${group}/notices`, { text: 'tea at five' });
  await call(server(), alice, 'PATCH', `/v1/conversations/${chat}`, { draft: 'dear Bob' });
  const [mine, his] = [await connect(server(), alice), await connect(server(), bob)];
  await say(mine, chat, 'one of mine\nwith two lines');
  await say(his, chat, 'one of his');
  await say(mine, group, 'one for all');

  const { export: begun } = (await begin(server(), alice)).data;
  expect(begun).toMatchObject({ state: 'running', size: 0, lines: 0 });
  await eventOf(mine, 'data_export', (one) => one.state === 'ready' && one.export_id === begun.export_id);
  const done = await last(server(), alice);
  expect((done.expires_ms ?? 0) - done.time_ms).toBeGreaterThanOrEqual(7 * 24 * 3_600_000);
  const { items } = await lines(server(), alice, begun.export_id);
  expect(items).toHaveLength(done.lines);

  const of = <K extends keyof ExportLine>(kind: K) => items.flatMap((line) => line[kind] ?? []);
  expect(of('profile')).toMatchObject([
    { username: alice.username, nickname: 'Alice 爱丽丝', birthday: '1990-12-31' },
  ]);
  expect(items[0]).toHaveProperty('profile');
  expect(of('settings')).toMatchObject([{ find_me: 'nobody' }]);
  expect(of('device')).toMatchObject([{ device_id: alice.deviceId, name: 'first' }]);
  expect(of('contact')).toMatchObject([{ user_id: bob.userId, remark: 'my Bob', tags: ['work'] }]);
  expect(of('contact_request')).toMatchObject([{ from_user_id: alice.userId, to_user_id: bob.userId }]);
  expect(of('blocked')).toMatchObject([{ user_id: carol.userId }]);
  expect(
    of('conversation')
      .map((one) => one.conversation_id)
      .sort(),
  ).toEqual([chat, group].sort());
  expect(of('conversation').find((one) => one.conversation_id === chat)).toMatchObject({
    peer_user_id: bob.userId,
    settings: { draft: 'dear Bob' },
  });
  expect(of('conversation').find((one) => one.conversation_id === group)).toMatchObject({
    title: 'Tea',
    my_role: 'owner',
    joined: true,
  });
  expect(of('invite')).toMatchObject([{ group_id: group, created_by: alice.userId }]);
  expect(of('notice')).toMatchObject([{ text: 'tea at five' }]);
  expect(of('message').map((one) => [one.conversation_id, one.content?.text?.text])).toEqual(
    [
      [chat, 'one of mine\nwith two lines'],
      [group, 'one for all'],
    ].sort(([a], [b]) => (BigInt(a ?? 0) < BigInt(b ?? 0) ? -1 : 1)),
  );
  expect(of('user_event').length).toBeGreaterThan(3);
  const text = JSON.stringify(items);
  for (const foreign of ['one of his', 'his Alice']) expect(text).not.toContain(foreign);

  // On the disk only the server's own user may read it.
  const file = join(server().dataDir, 'exports', `${begun.export_id}.jsonl`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700);
  await mine.close();
  await his.close();
});

test('it comes in parts of whole lines, over a socket as well', async () => {
  const [alice, bob] = [await register(server()), await register(server())];
  const chat = await direct(server(), alice, bob);
  const socket = await connect(server(), alice);
  const words = '鸿雁'.repeat(5_000);
  for (let i = 0; i < 30; i++) await say(socket, chat, words);
  await begin(server(), alice);
  const done = await ready(server(), alice);
  const { items, parts } = await lines(server(), alice, done.export_id);
  expect(items.filter((line) => line.message !== undefined)).toHaveLength(30);
  expect(parts).toBeGreaterThan(2);
  const first = await socket.call<ReadExportResponse>('user.read_export', { export_id: done.export_id });
  expect(first.text).toBe((await read(server(), alice, done.export_id)).data.text);
  const refused = async (offset: number) => (await read(server(), alice, done.export_id, offset)).error.code;
  expect(await refused(-1)).toBe('invalid_argument');
  expect(await refused(1)).toBe('invalid_argument');
  expect(await refused(done.size + 1)).toBe('range_not_satisfiable');
  await socket.close();
});

test('the password is asked for, nobody else reads it, and a day has its limit', async () => {
  const [alice, bob] = [await register(server()), await register(server())];
  expect((await begin(server(), alice, 'not this one')).error.code).toBe('wrong_credentials');
  const none = await http(server().url, 'GET', '/v1/users/me/export', { token: alice.access });
  expect(none.error.code).toBe('not_found');
  // At once: one at a time.
  const [one, other] = await Promise.all([begin(server(), alice), begin(server(), alice)]);
  expect(one.data.export.export_id).toBe(other.data.export.export_id);
  const first = await ready(server(), alice);
  expect((await read(server(), bob, first.export_id)).error.code).toBe('not_found');
  await begin(server(), alice);
  const second = await ready(server(), alice);
  expect(second.export_id).not.toBe(first.export_id);
  expect((await read(server(), alice, first.export_id)).error.code).toBe('not_found');
  await begin(server(), alice);
  await ready(server(), alice);
  expect((await begin(server(), alice)).error).toMatchObject({ code: 'rate_limited' });
});

test('one that was being written when the server was killed is written by the next', async () => {
  await withServer({ env: UNLIMITED }, async (own) => {
    const [alice, bob] = [await register(own), await register(own)];
    const chat = await direct(own, alice, bob);
    const socket = await connect(own, alice);
    for (let i = 0; i < 50; i++) await say(socket, chat, `message ${i}`);
    const { export: begun } = (await begin(own, alice)).data;
    await own.kill9();
    await own.restart();
    const again = await login(own, alice);
    const done = await ready(own, again);
    expect(done.export_id).toBe(begun.export_id);
    const { items } = await lines(own, again, done.export_id);
    const sent = items.flatMap((line) => line.message?.content?.text?.text ?? []);
    expect(sent).toEqual(Array.from({ length: 50 }, (_, i) => `message ${i}`));
  });
});

test('it goes when its time is over, and with the account', async () => {
  const env = { ...UNLIMITED, HONGYAN_DELETION_UNDO_MS: '0', HONGYAN_DELETION_SETTLE_MS: '100' };
  await withServer({ env }, async (own) => {
    const alice = await register(own);
    await begin(own, alice);
    await ready(own, alice);
    const folder = join(own.dataDir, 'exports');
    expect(readdirSync(folder)).toHaveLength(1);
    const body = { password: alice.password };
    await http(own.url, 'DELETE', '/v1/users/me', { token: alice.access, body });
    await expect.poll(() => readdirSync(folder), { timeout: 20_000 }).toEqual([]);
  });
  await withServer({ env: { ...UNLIMITED, HONGYAN_EXPORTS_KEEP_MS: '1000' } }, async (own) => {
    const alice = await register(own);
    const socket = await connect(own, alice);
    const { export: begun } = (await begin(own, alice)).data;
    await socket.push<UserEventPush>('user_event', (one) => one.state.data_export?.state === 'ready');
    const gone = async () => (await read(own, alice, begun.export_id)).error?.code;
    await expect.poll(gone, { timeout: 20_000 }).toBe('not_found');
    const file = join(own.dataDir, 'exports', `${begun.export_id}.jsonl`);
    await expect.poll(() => existsSync(file), { timeout: 20_000 }).toBe(false);
    await socket.close();
  });
});
