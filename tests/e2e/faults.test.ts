import type { SendResponse } from '@hongyan/sdk';
import { type RunningServer } from '@hongyan/test-support';
import { afterAll, expect, test } from 'vitest';

import { FaultLayer } from './support/fault_layer.ts';
import { connect, direct, freshId, history, login, register, say, textMessage } from './support/people.ts';
import { http } from './support/http.ts';
import { withServer } from './support/servers.ts';
import { PATIENCE_MS, within } from './support/wait.ts';

const faults = new FaultLayer();
afterAll(() => faults.remove());

const TIMEOUT_MS = 60_000;
/** EX_SOFTWARE: a supervisor is to start the process again. */
const STORE_LOST = 70;

async function status(server: RunningServer): Promise<number | undefined> {
  return http(server.url, 'GET', '/readyz').then(
    (answer) => answer.status,
    () => undefined,
  );
}

test(
  'a disk that fails to sync: no ack, not ready, an end that is seen, nothing lost at the next start',
  { timeout: TIMEOUT_MS },
  async () => {
    await withServer({ edge: 'plain', env: faults.env }, async (server) => {
      const [alice, bob] = [await register(server), await register(server)];
      const conversation = await direct(server, alice, bob);
      const socket = await connect(server, alice);
      const acked = await Promise.all(
        Array.from({ length: 20 }, (_, i) => say(socket, conversation, `text ${i}`)),
      );

      const id = freshId();
      faults.fail('eio');
      const answer = socket.request<SendResponse>('message.send', textMessage(conversation, 'open', id)).then(
        (frame) => frame.type,
        () => 'closed',
      );
      expect(await answer).not.toBe('ok');
      const ended = within(server.ended(), 'the end of the process', TIMEOUT_MS);
      expect(await status(server)).not.toBe(200);
      expect(await ended).toBe(STORE_LOST);

      faults.heal();
      await server.restart();
      const again = await connect(server, await login(server, alice));
      const retried = await say(again, conversation, 'open', id);
      const stored = await history(server, bob, conversation, 0);
      expect(stored.map((message) => message.message_id)).toEqual(
        [...acked, retried].sort((a, b) => a.seq - b.seq).map((ack) => ack.message_id),
      );
    });
  },
);

test(
  'a commit that fails after its bytes were written: the retry gets that one message, and all see it once',
  { timeout: TIMEOUT_MS },
  async () => {
    await withServer({ edge: 'plain', env: faults.env }, async (server) => {
      const [alice, bob] = [await register(server), await register(server)];
      const conversation = await direct(server, alice, bob);
      const [socket, reader] = [await connect(server, alice), await connect(server, bob)];
      const first = await say(socket, conversation, 'before');

      const id = freshId();
      faults.fail('late', 1);
      const answer = await socket.request<SendResponse>(
        'message.send',
        textMessage(conversation, 'open', id),
      );
      expect(answer).toMatchObject({ type: 'error', error: { code: 'unavailable' } });
      await expect.poll(() => status(server), { timeout: PATIENCE_MS }).toBe(200);
      faults.heal();

      const other = await say(await connect(server, bob), conversation, 'of somebody else');
      const retried = await say(socket, conversation, 'open', id);
      expect(await say(socket, conversation, 'open', id)).toEqual(retried);
      const stored = await history(server, bob, conversation, 0);
      expect(stored.map((message) => message.message_id).sort()).toEqual(
        [first, other, retried].map((ack) => ack.message_id).sort(),
      );
      await reader.push<{ seq: number }>('message', (push) => push.seq === stored.length);
      const seen = reader.pushes<{ seq: number }>('message').map((push) => push.seq);
      expect(seen).toEqual(stored.map((message) => message.seq));
    });
  },
);
