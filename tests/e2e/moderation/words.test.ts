import type { ChangeResponse, ForwardResponse, Message, MessagePush, SendResponse } from '@hongyan/sdk';
import { UNLIMITED } from '@hongyan/test-support';
import { expect, test } from 'vitest';

import { createGroup } from '../support/groups.ts';
import { http } from '../support/http.ts';
import { call, connect, direct, freshId, history, register, say, textMessage } from '../support/people.ts';
import { useServer, withServer } from '../support/servers.ts';
import type { Socket } from '../support/socket.ts';
import { addWords, importWords, removeWords, reports, runAdmin, tryAdmin } from '../support/words.ts';

const server = useServer({ env: UNLIMITED });

/** Two people in their 1:1, each with a socket. */
async function scene() {
  const [alice, bob] = [await register(server()), await register(server())];
  const id = await direct(server(), alice, bob);
  const [from, to] = await Promise.all([connect(server(), alice), connect(server(), bob)]);
  return { alice, bob, id, from, to };
}

const textOf = (message: Message | undefined) => message?.content?.text?.text;
const pushed = (socket: Socket, id: string) => {
  return socket.push<MessagePush>('message', (push) => push.message.client_msg_id === id);
};

test('words count from the answer to their change on, with and without a server', async () => {
  await withServer({}, async (other) => {
    expect(await runAdmin(other, ['words', 'count'])).toBe('0\n');
    await other.terminate();
    await addWords(other, 'block', 'unattended');
    await other.restart();
    expect(await runAdmin(other, ['words', 'list'])).toBe('block\tunattended\n');
  });

  const { id, from } = await scene();
  expect((await say(from, id, 'a counted word')).seq).toBe(1);
  expect(await addWords(server(), 'block', 'counted word')).toMatch(/^words \d+\ndone\n$/);
  expect((await from.refusal('message.send', textMessage(id, 'a Ｃounted  WORD!'))).code).toBe(
    'content_rejected',
  );
  expect((await say(from, id, 'an uncounted wordy text')).seq).toBe(2);
  await removeWords(server(), 'COUNTED word');
  expect((await say(from, id, 'a counted word')).seq).toBe(3);
});

test('what is no word is refused, and nothing of the change is done', async () => {
  const refused = await tryAdmin(server(), ['words', 'add', 'neverthere', '。。']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('invalid_argument: word');
  expect(await runAdmin(server(), ['words', 'list'])).not.toContain('neverthere');
});

test('a file is imported, listed and survives a restart', async () => {
  const lines = ['# words of the house', '', '违禁词甲', 'forbidden phrase', '违禁词乙\r'];
  expect(await importWords(server(), 'mask', lines)).toContain('done');
  const listed = await runAdmin(server(), ['words', 'list', '--action', 'mask']);
  expect(listed).toContain('mask\t违禁词甲\n');
  expect(listed).toContain('mask\t违禁词乙\n');
  expect(listed).not.toContain('#');
  const { id, from } = await scene();
  await say(from, id, '这是违 禁-词甲');
  await server().restart();
  const { alice, id: later, from: again } = await scene();
  await say(again, later, '又是违禁词乙。');
  expect(textOf((await history(server(), alice, later)).at(-1))).toBe('又是****。');
});

test('a masked word is stored masked, and everybody is told so, its sender, too', async () => {
  await addWords(server(), 'mask', 'maskme');
  const { alice, bob, id, from, to } = await scene();
  const key = freshId();
  const ack = await say(from, id, 'please MaskMe, maskme!', key);
  for (const socket of [from, to])
    expect(textOf((await pushed(socket, key)).message)).toBe('please ******, ******!');
  for (const person of [alice, bob]) {
    expect(textOf((await history(server(), person, id)).at(-1))).toBe('please ******, ******!');
  }
  // The key is of what was sent: a repeat gets the first ack, and what is stored is another message.
  expect(await say(from, id, 'please MaskMe, maskme!', key)).toEqual(ack);
  const conflict = await from.refusal('message.send', textMessage(id, 'please ******, ******!', key));
  expect(conflict.code).toBe('conflict');
  await removeWords(server(), 'maskme');
  expect(await say(from, id, 'please MaskMe, maskme!', key)).toEqual(ack);
});

test('a repeat of what was sent before its word came gets the first ack, over the socket and REST', async () => {
  const { alice, id, from } = await scene();
  const message = textMessage(id, 'latecomer');
  const ack = await from.call<SendResponse>('message.send', message);
  await addWords(server(), 'block', 'latecomer');
  expect(await from.call<SendResponse>('message.send', message)).toEqual(ack);
  const repeat = await http<SendResponse>(server().url, 'POST', '/v1/messages', {
    token: alice.access,
    body: message,
  });
  expect(repeat.data).toEqual(ack);
  expect((await from.refusal('message.send', textMessage(id, 'latecomer'))).code).toBe('content_rejected');
});

test('moderators find a report of a word to review before its sender is answered', async () => {
  await addWords(server(), 'review', '可疑词');
  const { alice, id, from } = await scene();
  const key = freshId();
  const ack = await say(from, id, '一个可疑词', key);
  await say(from, id, '一个可疑词', key);
  const found = (await reports(server())).filter((report) => report.target.message?.conversation_id === id);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({
    kind: 'word',
    target: { message: { conversation_id: id, seq: ack.seq } },
    snapshot: {
      sender_id: alice.userId,
      message_id: ack.message_id,
      content: { text: { text: '一个可疑词' } },
    },
  });
});

test('edits and forwards are looked at', async () => {
  const { alice, id, from } = await scene();
  const first = await say(from, id, 'roughword');
  await addWords(server(), 'mask', 'roughword');
  await addWords(server(), 'block', 'vileword');
  const at = { conversation_id: id, seq: first.seq };
  const vile = { ...at, content: { text: { text: 'a vileword' } } };
  expect((await from.refusal('message.edit', vile)).code).toBe('content_rejected');
  const other = await direct(server(), alice, alice);
  const items = { client_msg_id: freshId(), items: [at], targets: [other] };
  await from.call<ForwardResponse>('message.forward', items);
  const merged = { ...items, client_msg_id: freshId(), merged: true };
  await from.call<ForwardResponse>('message.forward', { ...merged, title: 'a roughword' });
  const refused = await from.call<ForwardResponse>('message.forward', {
    ...merged,
    client_msg_id: freshId(),
    title: 'a vileword',
  });
  expect(refused.results[0]?.error?.code).toBe('content_rejected');
  const [one, both] = await history(server(), alice, other);
  expect(textOf(one)).toBe('*********');
  expect(both?.content?.merged).toMatchObject({
    title: 'a *********',
    items: [{ content: { text: { text: '*********' } } }],
  });
  const edited = await from.call<ChangeResponse>('message.edit', {
    ...at,
    content: { text: { text: 'a RoughWord' } },
  });
  expect(textOf(edited.message)).toBe('a *********');
});

test('names, notices and what comes with a request are refused with a word in them', async () => {
  await addWords(server(), 'block', 'badname');
  await addWords(server(), 'mask', 'rudename');
  const { alice, bob } = await scene();
  const group = await createGroup(server(), alice, [bob]);
  const tries: [string, string, object, string][] = [
    ['PATCH', '/v1/users/me', { nickname: 'BadName' }, 'nickname'],
    ['PATCH', '/v1/users/me', { signature: 'so rudename' }, 'signature'],
    ['POST', '/v1/groups', { name: 'badname', member_ids: [] }, 'name'],
    ['PATCH', `/v1/groups/${group}`, { name: 'badname' }, 'name'],
    ['PATCH', `/v1/groups/${group}/members/${alice.userId}`, { nickname: 'badname' }, 'nickname'],
    ['POST', `/v1/groups/${group}/notices`, { text: 'hear\nbadname' }, 'text'],
    ['POST', `/v1/groups/${group}/join`, { message: 'badname' }, 'message'],
    ['POST', '/v1/contacts/requests', { user_id: bob.userId, message: 'badname' }, 'message'],
  ];
  for (const [method, path, body, field] of tries) {
    const answer = await http(server().url, method, path, { token: alice.access, body });
    expect([path, answer.status, answer.error.code, answer.error.field]).toEqual([
      path,
      403,
      'content_rejected',
      field,
    ]);
  }
  await call(server(), alice, 'PATCH', '/v1/users/me', { nickname: 'Badnames' });
});

test('words that change under load lose no message: each is acked and stored, or refused', async () => {
  const { alice, id, from, to } = await scene();
  const many = Array.from({ length: 3000 }, (_, i) => `bulkword${i}`);
  let changing = true;
  const changes = (async () => {
    for (let round = 0; round < 6; round++) {
      await importWords(server(), 'mask', many);
      await addWords(server(), 'block', 'flickering');
      await removeWords(server(), 'flickering');
    }
    changing = false;
  })();
  const acked = new Map<string, number>();
  let refused = 0;
  for (let i = 0; changing || i < 50; i++) {
    const key = freshId();
    const word = i % 2 === 0 ? 'flickering' : 'steady';
    const answer = await from.request<SendResponse>('message.send', textMessage(id, `${word} ${i}`, key));
    if (answer.type === 'ok') acked.set(key, (answer.data as SendResponse).seq);
    else {
      expect([word, answer.error?.code]).toEqual(['flickering', 'content_rejected']);
      refused++;
    }
  }
  await changes;
  const stored = await history(server(), alice, id);
  expect(stored.map((message) => message.seq)).toEqual(stored.map((_, i) => i + 1));
  expect(new Map(stored.map((message) => [message.client_msg_id, message.seq]))).toEqual(acked);
  const last = await say(from, id, 'the end');
  await to.push<MessagePush>('message', (push) => push.seq === last.seq);
  expect(to.pushes<MessagePush>('message').map((push) => push.seq)).toEqual(
    Array.from({ length: acked.size + 1 }, (_, i) => i + 1),
  );
  process.stdout.write(`words: ${acked.size} sends acked, ${refused} refused, while they changed\n`);
}, 120_000);
