import { type RunningServer, startServer, UNLIMITED } from '@hongyan/test-support';
import type { SendResponse } from '@hongyan/sdk';
import { expect, onTestFinished, test } from 'vitest';

import { direct, freshId, history, type Person, register, textMessage } from './support/people.ts';
import { OPCODE, RawSocket, wsFrame } from './support/raw.ts';
import { within } from './support/wait.ts';
import { Socket } from './support/socket.ts';

/** Sends that leave in one write: when the first is answered, the server has read them all. */
const BATCH = 40;
const SHUTDOWN_MS = 10_000;

async function start(): Promise<RunningServer> {
  const server = await startServer({ env: UNLIMITED });
  onTestFinished(async () => {
    await server.stop();
  });
  return server;
}

interface Batch {
  readonly sent: readonly string[];
  readonly acked: Map<string, SendResponse>;
  /** Other answers than `ok`. */
  readonly refused: string[];
  readonly reconnected: boolean;
  readonly code: number;
}

/** Writes one batch after the other until the server closes, and tells what came back for the last one. */
async function stream(
  server: RunningServer,
  person: Person,
  conversation: string,
  begun: () => void,
): Promise<Batch> {
  const socket = await RawSocket.open(server.url, person.access);
  const acked = new Map<string, SendResponse>();
  const refused: string[] = [];
  let sent: string[] = [];
  for (let rounds = 0; rounds < 10_000; rounds++) {
    sent = Array.from({ length: BATCH }, freshId);
    socket.send(
      ...sent.map((id) =>
        wsFrame(
          OPCODE.text,
          JSON.stringify({ type: 'message.send', id, data: textMessage(conversation, 'draining', id) }),
        ),
      ),
    );
    const last = sent.at(-1);
    const first = sent[0] ?? '';
    await socket.until(
      'the first answer, or the end',
      (frame) => frame.payload.includes(first) || frame.opcode === OPCODE.close,
    );
    begun();
    const end = await socket.until(
      'the last answer, or the end',
      (frame) => frame.payload.includes(`"id":"${last ?? ''}"`) || frame.opcode === OPCODE.close,
    );
    if (end.opcode === OPCODE.close) break;
  }
  let reconnected = false;
  for (const { opcode, payload } of socket.frames()) {
    if (opcode !== OPCODE.text) continue;
    const frame = JSON.parse(payload.toString()) as { type: string; id?: string; data?: SendResponse };
    if (frame.type === 'reconnect') reconnected = true;
    if (frame.type === 'ok' && frame.data !== undefined) acked.set(frame.id ?? '', frame.data);
    if (frame.type === 'error') refused.push(frame.id ?? '');
  }
  const code = await socket.closeCode();
  socket.destroy();
  return { sent, acked, refused, reconnected, code };
}

test('SIGTERM in a stream of sends: all that was read is answered, and nothing acked is lost', async () => {
  const server = await start();
  const people = await Promise.all([register(server), register(server), register(server)]);
  const conversations = await Promise.all(people.map((person) => direct(server, person, person)));
  let flowing = 0;
  let ended: Promise<number | null> | undefined;
  const begunAt = { ms: 0 };
  const batches = await Promise.all(
    people.map((person, i) =>
      stream(server, person, conversations[i] ?? '', () => {
        flowing += 1;
        // Every stream is under way, one of them right behind its first answer of a batch.
        if (flowing === people.length * 5) {
          begunAt.ms = performance.now();
          ended = server.terminate();
        }
      }),
    ),
  );
  expect(
    await within(ended ?? Promise.reject(new Error('never stopped')), 'the end of the process', SHUTDOWN_MS),
  ).toBe(0);
  expect(performance.now() - begunAt.ms).toBeLessThan(SHUTDOWN_MS);

  await server.restart();
  for (const [i, batch] of batches.entries()) {
    expect(batch.reconnected).toBe(true);
    expect(batch.code).toBe(4503);
    // A batch is read as a whole or not at all, so its answers are all there or none is.
    const answered = batch.sent.filter((id) => batch.acked.has(id) || batch.refused.includes(id)).length;
    expect([0, BATCH]).toContain(answered);
    const person = people[i];
    if (person === undefined) throw new Error('nobody');
    const stored = new Map(
      (await history(server, person, conversations[i] ?? '')).map((message) => [
        message.client_msg_id,
        message,
      ]),
    );
    expect(batch.acked.size).toBeGreaterThan(BATCH);
    for (const [id, ack] of batch.acked) {
      expect(stored.get(id)).toMatchObject({ seq: ack.seq, message_id: ack.message_id });
    }
  }
});

test('SIGTERM tells idle clients to come back, closes them with 4503 and takes no new ones', async () => {
  const server = await start();
  const alice = await register(server);
  const sockets = await Promise.all([Socket.ready(server.url, alice.access), Socket.open(server.url)]);
  const ended = server.terminate();
  for (const socket of sockets) {
    const { after_ms: afterMs } = await socket.push<{ after_ms: number }>('reconnect');
    expect(afterMs).toBeGreaterThanOrEqual(0);
    expect(afterMs).toBeLessThanOrEqual(2_000);
    expect(await socket.closeCode()).toBe(4503);
  }
  expect(await within(ended, 'the end of the process', SHUTDOWN_MS)).toBe(0);
  await expect(Socket.open(server.directUrl)).rejects.toThrow('ECONNREFUSED');
});

test('a client that neither reads nor closes does not hold up the end', async () => {
  const server = await start();
  const alice = await register(server);
  const socket = await RawSocket.open(server.url, alice.access);
  socket.connection.stopReading();
  const ended = server.terminate();
  expect(await within(ended, 'the end of the process', SHUTDOWN_MS)).toBe(0);
  socket.destroy();
});
