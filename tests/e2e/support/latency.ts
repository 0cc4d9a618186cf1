import { closeSync, fdatasyncSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { UNLIMITED } from '@hongyan/test-support';
import { expect, test } from 'vitest';

import { connect, direct, register, say } from './people.ts';
import { metric, withServer } from './servers.ts';
import { median, percentile } from './wait.ts';

// The price of a durable ack: one message in flight, against a bare append + fdatasync on the same disk in the same
// minute. The two take turns.
const TURNS = 20;
const EACH = 100;
const BYTES = 300;
const MAX_ABOVE_MS = 1;

async function timed(times: number[], act: () => unknown): Promise<void> {
  const began = performance.now();
  await act();
  times.push(performance.now() - began);
}

function summary(times: readonly number[]): string {
  return `p50 ${median(times).toFixed(3)} ms, p99 ${percentile(times, 99).toFixed(3)} ms (${times.length})`;
}

test('an ack comes at most a millisecond after a bare append and fdatasync would have', async () => {
  await withServer({ env: UNLIMITED }, async (server) => {
    const [alice, bob] = [await register(server), await register(server)];
    const conversation = await direct(server, alice, bob);
    const [sender, reader] = await Promise.all([connect(server, alice), connect(server, bob)]);
    const path = join(server.dataDir, 'bare-append');
    const file = openSync(path, 'a');
    const record = Buffer.alloc(BYTES, 'x');
    const text = 'x'.repeat(BYTES / 2);
    const append = () => {
      writeSync(file, record);
      fdatasyncSync(file);
    };
    const [bare, acks, warm]: [number[], number[], number[]] = [[], [], []];
    for (let i = 0; i < EACH; i++) {
      await timed(warm, append);
      await timed(warm, () => say(sender, conversation, text));
    }
    const [fsyncsBefore, messagesBefore] = [
      await metric(server, 'hongyan_store_fsyncs_total'),
      await metric(server, 'hongyan_messages_total'),
    ];
    for (let turn = 0; turn < TURNS; turn++) {
      for (let i = 0; i < EACH; i++) await timed(bare, append);
      for (let i = 0; i < EACH; i++) await timed(acks, () => say(sender, conversation, text));
    }
    const fsyncs = (await metric(server, 'hongyan_store_fsyncs_total')) - fsyncsBefore;
    const messages = (await metric(server, 'hongyan_messages_total')) - messagesBefore;
    closeSync(file);
    unlinkSync(path);
    const above = median(acks) - median(bare);
    process.stdout.write(
      `latency: append + fdatasync ${summary(bare)}\n` +
        `latency: ack ${summary(acks)}\n` +
        `latency: the ack's p50 is ${above.toFixed(3)} ms above; ${fsyncs} fsyncs for ${messages} messages\n`,
    );
    await reader.push<{ seq: number }>('message', (push) => push.seq === TURNS * EACH + EACH);
    expect(messages).toBe(TURNS * EACH);
    // One in flight: every ack needs a sync of its own.
    expect(fsyncs).toBeGreaterThanOrEqual(messages);
    expect(above).toBeLessThanOrEqual(MAX_ABOVE_MS);
  });
});
