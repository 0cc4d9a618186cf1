import type { MessagePush, ReadPush } from '@hongyan/sdk';
import { expect, test } from 'vitest';

import { atRate, closeAll, connectAll, seedTown } from '../support/crowd.ts';
import { createGroup, membersOf } from '../support/groups.ts';
import { say } from '../support/people.ts';
import { metric, withServer } from '../support/servers.ts';
import type { Socket } from '../support/socket.ts';

// A group as large as groups get, all of it online: what a message and everybody's read marks cost. The ordinary run does
// the same in a smaller one; what is promised of the large one is judged by BARS=1.
const BARS = process.env.BARS !== undefined;
const MEMBERS = BARS ? 2_000 : 60;
/** Above it senders are not told who reads. */
const TOLD_MEMBERS = BARS ? 500 : 20;
const MARKS_WITHIN_MS = 1_000;
const MAX_WRITES = BARS ? 200 : 20;

/** What reads cost the disk. */
const WRITES = ['hongyan_read_mark_commits_total', 'hongyan_store_fsyncs_total', 'hongyan_read_marks_total'];

/** All frames of these sockets by type. */
function framesByType(sockets: readonly Socket[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of sockets.flatMap((socket) => socket.frames)) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

function forget(sockets: readonly Socket[]): void {
  for (const socket of sockets) socket.forget();
}

test(
  'a message reaches all of a large group, and that all read it costs little',
  { timeout: 90_000 },
  async () => {
    const town = await seedTown(MEMBERS);
    const env = {
      HONGYAN_RECEIPTS_MAX_MEMBERS: String(TOLD_MEMBERS),
      HONGYAN_LIMITS_IP_SOCKETS_PER_SECOND: '0',
      HONGYAN_LIMITS_IP_REQUESTS_PER_SECOND: '0',
    };
    await withServer({ edge: 'plain', dataDir: town.dataDir, env }, async (server) => {
      const [owner, ...others] = town.people;
      const friend = others[0];
      if (owner === undefined || friend === undefined) throw new Error('nobody was seeded');
      const group = await createGroup(server, owner, others);
      expect(await membersOf(server, owner, group)).toHaveLength(MEMBERS);
      const pair = await createGroup(server, owner, [friend]);
      const sockets = await connectAll(server, town.people);
      const [owners, friends] = sockets;
      if (owners === undefined || friends === undefined) throw new Error('nobody is connected');

      forget(sockets);
      const began = performance.now();
      const { seq } = await say(owners, group, 'everybody hears this');
      const acked = performance.now() - began;
      await Promise.all(
        sockets.map((socket) => socket.push<MessagePush>('message', (push) => push.seq === seq)),
      );
      const reached = performance.now() - began;
      expect(framesByType(sockets)).toEqual({ ok: 1, message: MEMBERS });

      const inPair = (await say(owners, pair, 'only two hear this')).seq;
      await Promise.all(
        [owners, friends].map((socket) =>
          socket.push<MessagePush>('message', (push) => push.conversation_id === pair && push.seq === inPair),
        ),
      );
      forget(sockets);
      const before = await Promise.all(WRITES.map((name) => metric(server, name)));
      const started = performance.now();
      await atRate(MEMBERS, MARKS_WITHIN_MS, (index) => {
        const socket = sockets[index];
        if (socket === undefined) throw new Error('too many marks');
        return socket.call('conversation.mark_read', { conversation_id: group, seq });
      });
      const marked = performance.now() - started;
      const after = await Promise.all(WRITES.map((name) => metric(server, name)));
      const [commits = 0, fsyncs = 0, marks = 0] = after.map((value, i) => value - (before[i] ?? 0));
      // Of reads in groups senders hear once in a while, of all together: once this one has come, no other is on its way.
      await friends.call('conversation.mark_read', { conversation_id: pair, seq: inPair });
      await owners.push<ReadPush>(
        'read',
        (push) => push.conversation_id === pair && push.user_id === friend.userId,
      );
      // And what was pushed before this answer has come.
      await Promise.all(sockets.map((socket) => socket.request('ping')));
      const frames = framesByType(sockets);

      process.stdout.write(
        `group: ${MEMBERS} members; a message acked after ${acked.toFixed(0)} ms, with all after ${reached.toFixed(0)} ms\n` +
          `group: ${marks} marks in ${marked.toFixed(0)} ms: ${commits} commits, ${fsyncs} fsyncs; frames ${JSON.stringify(frames)}\n`,
      );
      expect(marks).toBe(MEMBERS);
      expect(commits).toBeLessThanOrEqual(fsyncs);
      expect(fsyncs).toBeLessThanOrEqual(MAX_WRITES);
      // Each has an answer, their own mark and this ping's; two more marks are of the pair, of whose mark the sender is told.
      expect(frames).toEqual({ ok: MEMBERS + 1, read: MEMBERS + 2, pong: MEMBERS });
      if (BARS) expect(marked).toBeLessThanOrEqual(2 * MARKS_WITHIN_MS);
      await closeAll(sockets);
    });
  },
);
