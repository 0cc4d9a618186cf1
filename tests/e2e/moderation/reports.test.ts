import type { ReportRequest, ReportResponse } from '@hongyan/sdk';
import { expect, test } from 'vitest';

import { createGroup, removeMember } from '../support/groups.ts';
import { http } from '../support/http.ts';
import { call, connect, direct, type Person, register, say } from '../support/people.ts';
import { useServer } from '../support/servers.ts';
import { reports, runAdmin, tryAdmin } from '../support/words.ts';

const server = useServer({ env: { HONGYAN_MODERATION_REPORTS_PER_DAY: '4' } });

type Target = ReportRequest['target'];

function report(person: Person, target: Target, text = ''): Promise<ReportResponse> {
  return call(server(), person, 'POST', '/v1/reports', { target, reason: 'harassment', text });
}

async function refusal(person: Person, body: object) {
  return (await http(server().url, 'POST', '/v1/reports', { token: person.access, body })).error;
}

const find = async (id: string, ...options: string[]) => {
  return (await reports(server(), ...options)).find((one) => one.report_id === id);
};

test('a report keeps the message as its reporter saw it, until it is closed', async () => {
  const [alice, bob] = [await register(server()), await register(server())];
  const id = await direct(server(), alice, bob);
  const socket = await connect(server(), alice);
  const { seq } = await say(socket, id, 'something nasty');
  const target = { message: { conversation_id: id, seq } };
  const { report_id } = await report(bob, target, 'she said this');
  expect(await report(bob, target, 'again')).toEqual({ report_id });
  await socket.call('message.recall', { conversation_id: id, seq });
  expect(await find(report_id)).toMatchObject({
    kind: 'person',
    reporter_id: bob.userId,
    target,
    reason: 'harassment',
    text: 'she said this',
    snapshot: { sender_id: alice.userId, content: { text: { text: 'something nasty' } } },
  });
  expect(await runAdmin(server(), ['reports', 'close', report_id])).toBe('done\n');
  expect(await find(report_id)).toBeUndefined();
  expect((await find(report_id, '--closed'))?.closed_ms).toBeGreaterThan(0);
  expect(await report(bob, target)).not.toEqual({ report_id });
  expect((await tryAdmin(server(), ['reports', 'close', '12345'])).stderr).toContain('not_found');
});

test('people and groups are reported, by who may know of them', async () => {
  const [alice, bob, stranger] = [
    await register(server()),
    await register(server()),
    await register(server()),
  ];
  const group = await createGroup(server(), alice, [bob], 'Odd Team');
  const ofGroup = await report(bob, { group_id: group });
  expect((await find(ofGroup.report_id))?.snapshot).toMatchObject({ group_id: group, name: 'Odd Team' });
  await removeMember(server(), alice, group, bob);
  expect(await report(bob, { group_id: group })).toEqual(ofGroup);
  const ofPerson = await report(bob, { user_id: alice.userId });
  expect((await find(ofPerson.report_id))?.snapshot).toMatchObject({ username: alice.username });

  const reason = 'spam';
  expect((await refusal(stranger, { target: { group_id: group }, reason })).code).toBe('not_found');
  expect((await refusal(stranger, { target: { user_id: '1' }, reason })).code).toBe('not_found');
  const message = { conversation_id: group, seq: 1 };
  expect((await refusal(stranger, { target: { message }, reason })).code).toBe('not_found');
  const unknown = { conversation_id: group, seq: 999 };
  expect((await refusal(alice, { target: { message: unknown }, reason })).code).toBe('not_found');
});

test('what is wrong with a report is named', async () => {
  const alice = await register(server());
  const target = { user_id: (await register(server())).userId };
  const tries: [object, string][] = [
    [{ reason: 'spam' }, 'target'],
    [{ target: {}, reason: 'spam' }, 'target'],
    [{ target }, 'reason'],
    [{ target, reason: 'boredom' }, 'reason'],
    [{ target, reason: 'spam', text: 'x'.repeat(501) }, 'text'],
    [{ target: { user_id: alice.userId }, reason: 'spam' }, 'target.user_id'],
    [{ target: { message: { conversation_id: '5', seq: 0 } }, reason: 'spam' }, 'target.message.seq'],
  ];
  for (const [body, field] of tries) {
    expect(await refusal(alice, body), JSON.stringify(body)).toMatchObject({
      code: 'invalid_argument',
      field,
    });
  }
});

test('reports of a day have an end, also over a restart', async () => {
  const alice = await register(server());
  const others = await Promise.all(Array.from({ length: 5 }, () => register(server())));
  for (const other of others.slice(0, 4)) await report(alice, { user_id: other.userId });
  const fifth = { target: { user_id: others[4]?.userId }, reason: 'spam' };
  const refused = await refusal(alice, fifth);
  expect(refused.code).toBe('rate_limited');
  expect(refused.retry_after_ms).toBeGreaterThan(86_000_000);
  await report(alice, { user_id: others[0]?.userId ?? '' });
  await server().restart();
  expect((await refusal(alice, fifth)).code).toBe('rate_limited');
});
