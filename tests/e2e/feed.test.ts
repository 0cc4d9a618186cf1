import { hongyan } from '@hongyan/test-support/command';
import { expect, test } from 'vitest';

import { call, connect, direct, register, say } from './support/people.ts';
import { withServer } from './support/servers.ts';

interface Entry {
  readonly offset?: number;
  readonly conversation_id?: string;
  readonly seq?: number;
  readonly change?: number;
  readonly kind?: string;
  readonly lost_before?: number;
}

async function feed(data: string, name: string, ...more: string[]): Promise<Entry[]> {
  const { code, stdout, stderr } = await hongyan(['feed', name, '--data', data, ...more]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry);
}

const places = (entries: Entry[]) =>
  entries.map((one) => `${one.offset} ${one.kind} ${one.seq} ${one.change}`);

test('a reader gets everything once, in order, over kills and without a server', async () => {
  await withServer({}, async (server) => {
    const alice = await register(server);
    const bob = await register(server);
    const room = await direct(server, alice, bob);
    let socket = await connect(server, alice);
    await say(socket, room, 'one');
    const second = await say(socket, room, 'two');
    await call(server, alice, 'POST', `/v1/conversations/${room}/messages/${second.seq}/recall`, {});
    const first = await feed(server.dataDir, 'reader');
    expect(places(first)).toEqual(['1 message 1 0', '2 message 2 0', '3 recall 2 1']);
    expect(first.map((one) => one.conversation_id)).toEqual([room, room, room]);
    expect(await feed(server.dataDir, 'reader')).toEqual([]);

    await say(socket, room, 'three');
    await server.kill9();
    expect(places(await feed(server.dataDir, 'reader'))).toEqual(['4 message 3 0']);
    await server.restart();
    socket = await connect(server, alice);
    await say(socket, room, 'four');
    expect(places(await feed(server.dataDir, 'reader'))).toEqual(['5 message 4 0']);
    // Another reader is not concerned; a bounded one goes on where it stopped.
    expect(await feed(server.dataDir, 'other', '--limit', '2')).toHaveLength(2);
    expect(places(await feed(server.dataDir, 'other', '--limit', '1'))).toEqual(['3 recall 2 1']);
    expect((await hongyan(['feed', 'Not-a-name', '--data', server.dataDir])).code).toBe(1);
    await server.terminate();
    expect((await hongyan(['verify', '--data', server.dataDir])).stdout).toContain('feed: 5 entries\n');
    await server.restart();
  });
});

test('what is too old goes, and a reader that was left behind is told', async () => {
  const env = { HONGYAN_MESSAGE_FEED_AGE_MS: '1', HONGYAN_MESSAGE_FEED_TRIM_MS: '1' };
  await withServer({ env }, async (server) => {
    const alice = await register(server);
    const bob = await register(server);
    const room = await direct(server, alice, bob);
    const socket = await connect(server, alice);
    for (let i = 0; i < 5; i++) await say(socket, room, `message ${i}`);
    // Only the newest stays.
    await expect
      .poll(async () => feed(server.dataDir, `reader-${Date.now()}`), { timeout: 10_000 })
      .toMatchObject([{ lost_before: 5 }, { offset: 5, seq: 5 }]);
    await server.terminate();
    expect((await hongyan(['verify', '--data', server.dataDir])).code).toBe(0);
    await server.restart();
  });
});
