import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type RunningServer, startServer, UNLIMITED } from '@hongyan/test-support';
import type { SendResponse } from '@hongyan/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { http } from './support/http.ts';
import { connect, direct, freshId, history, type Person, register } from './support/people.ts';
import { PATIENCE_MS } from './support/wait.ts';

// A disk that is really full: a file system in memory of this size, which only root may mount.
const SIZE_MIB = 96;
const MOUNTS = process.getuid?.() === 0;
/** What must not happen within so many sends is not waited for any longer. */
const MOST_SENDS = 2_000;
const TEXT = '雁'.repeat(5_000);

const disk = mkdtempSync(join(tmpdir(), 'hongyan-disk-'));
const filler = join(disk, 'filler');
let server: RunningServer;
let alice: Person;
let bob: Person;

beforeAll(async () => {
  if (!MOUNTS) return;
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MIB}m`, 'hongyan-test', disk]);
  // A segment of the log reserves its space, so what is sent has to fill some.
  const env = { ...UNLIMITED, HONGYAN_MESSAGE_LOG_SEGMENT_MB: '1' };
  server = await startServer({ dataDir: join(disk, 'data'), edge: 'plain', env });
  alice = await register(server);
  bob = await register(server);
});

afterAll(async () => {
  if (MOUNTS) {
    await server.stop();
    execFileSync('umount', [disk]);
  }
  rmdirSync(disk);
});

/** Takes all the room that is left. */
function fill(): void {
  const file = openSync(filler, 'w');
  const block = Buffer.alloc(4_096);
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}

test.skipIf(!MOUNTS)(
  'a full disk: nothing is acked that is not stored, and it goes on by itself once there is room',
  { timeout: 120_000 },
  async () => {
    const conversation = await direct(server, alice, bob);
    const [sender, reader] = await Promise.all([connect(server, alice), connect(server, bob)]);
    const acked: { id: string; seq: number }[] = [];
    const send = async (id: string) => {
      const data = { conversation_id: conversation, client_msg_id: id, content: { text: { text: TEXT } } };
      const answer = await sender.request<SendResponse>('message.send', data);
      if (answer.type === 'ok' && answer.data !== undefined) acked.push({ id, seq: answer.data.seq });
      return answer;
    };
    expect((await send(freshId())).type).toBe('ok');

    fill();
    let open = '';
    for (let i = 0; open === '' && i < MOST_SENDS; i++) {
      const id = freshId();
      const answer = await send(id);
      if (answer.type === 'ok') continue;
      expect(['unavailable', 'timeout']).toContain(answer.error?.code);
      open = id;
    }
    expect(open, 'the disk is full').not.toBe('');
    expect((await http(server.url, 'GET', '/readyz')).status).toBe(503);
    expect((await http(server.url, 'GET', '/healthz')).status).toBe(200);

    rmSync(filler);
    const ready = async () => (await http(server.url, 'GET', '/readyz')).status;
    await expect.poll(ready, { timeout: PATIENCE_MS }).toBe(200);
    expect((await send(open)).type, 'the one whose outcome was unknown').toBe('ok');
    expect((await send(freshId())).type).toBe('ok');

    const stored = await history(server, bob, conversation, 0);
    expect(stored.map(({ seq, client_msg_id }) => ({ id: client_msg_id, seq }))).toEqual(acked);
    expect(stored.every((message) => message.content?.text?.text === TEXT)).toBe(true);
    const last = acked.at(-1)?.seq;
    await reader.push<{ seq: number }>('message', (push) => push.seq === last);
    const pushed = reader.pushes<{ seq: number }>('message').map((push) => push.seq);
    expect(pushed, 'each once, in order').toEqual(acked.map(({ seq }) => seq));
  },
);
