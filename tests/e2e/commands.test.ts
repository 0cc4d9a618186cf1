import type {
  ChangePush,
  ChangeResponse,
  Content,
  Conversation,
  ForwardResponse,
  ListChangesResponse,
  ListPinsResponse,
  Message,
  MessagePush,
  SendResponse,
} from '@hongyan/sdk';
import { beforeEach, describe, expect, test } from 'vitest';

import {
  call,
  connect,
  direct,
  freshId,
  history,
  login,
  type Person,
  register,
  say,
} from './support/people.ts';
import { useServer, withServer } from './support/servers.ts';
import type { Socket } from './support/socket.ts';

const server = useServer();
let alice: Person;
let bob: Person;
let stranger: Person;
let room: string;

beforeEach(async () => {
  [alice, bob, stranger] = [await register(server()), await register(server()), await register(server())];
  room = await direct(server(), alice, bob);
});

/** One socket of each device: two of Alice's, two of Bob's. */
async function sockets(): Promise<Socket[]> {
  const devices = [alice, await login(server(), alice), bob, await login(server(), bob)];
  return Promise.all(devices.map((device) => connect(server(), device)));
}

async function close(open: readonly Socket[]): Promise<void> {
  await Promise.all(open.map((socket) => socket.close()));
}

const at = (seq: number, more: object = {}) => ({ conversation_id: room, seq, ...more });

async function get(person: Person, seq: number): Promise<Message> {
  const path = `/v1/conversations/${room}/messages/${seq}`;
  return (await call<{ message: Message }>(server(), person, 'GET', path)).message;
}

function send(socket: Socket, content: object, more: object = {}): Promise<SendResponse> {
  return socket.call('message.send', {
    conversation_id: room,
    client_msg_id: freshId(),
    content,
    ...more,
  });
}

describe('changes', () => {
  test('reach every socket of both, in order, with the whole message', async () => {
    const open = await sockets();
    const [one, , two] = open as [Socket, Socket, Socket, Socket];
    await say(one, room, 'hello');
    const asked: readonly [Socket, string, object][] = [
      [two, 'message.react', { emoji: '👍' }],
      [one, 'message.edit', { content: { text: { text: 'better' } } }],
      [two, 'message.pin', {}],
      [two, 'message.unreact', { emoji: '👍' }],
      [one, 'message.unpin', {}],
      [one, 'message.recall', {}],
    ];
    const answers: ChangeResponse[] = [];
    for (const [socket, type, more] of asked) answers.push(await socket.call(type, at(1, more)));
    expect(answers.map(({ change }) => change)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(answers[0]?.message.mine).toEqual(['👍']);
    for (const socket of open) {
      await socket.push<ChangePush>('change', ({ change }) => change === 6);
      const pushes = socket.frames
        .filter(({ type }) => type === 'change')
        .map(({ data }) => data as ChangePush);
      expect(pushes.map(({ change, kind, by, added }) => [change, kind, by, added])).toEqual([
        [1, 'reaction', bob.userId, true],
        [2, 'edit', alice.userId, undefined],
        [3, 'pin', bob.userId, true],
        [4, 'reaction', bob.userId, false],
        [5, 'pin', alice.userId, false],
        [6, 'recall', alice.userId, undefined],
      ]);
      pushes.forEach(({ message }, i) => {
        expect(message).toEqual({ ...answers[i]?.message, mine: undefined });
      });
    }
    await close(open);
  });

  test('that change nothing answer the current change and push nothing', async () => {
    const socket = await connect(server(), alice);
    await say(socket, room, 'hello');
    const commands: readonly [string, object][] = [
      ['message.react', { emoji: '🪿' }],
      ['message.edit', { content: { text: { text: 'better' } } }],
      ['message.pin', {}],
      ['message.recall', {}],
    ];
    for (const [i, [type, more]] of commands.entries()) {
      const first = await socket.call<ChangeResponse>(type, at(1, more));
      expect(first.change, type).toBe(i + 1);
      expect(await socket.call(type, at(1, more)), type).toEqual(first);
    }
    await say(socket, room, 'after all');
    await socket.push<MessagePush>('message', ({ seq }) => seq === 2);
    expect(socket.frames.filter(({ type }) => type === 'change')).toHaveLength(commands.length);
    await socket.close();
  });

  test('are refused to those who may not', async () => {
    const [hers, his, theirs] = await Promise.all(
      [alice, bob, stranger].map((person) => connect(server(), person)),
    );
    if (!hers || !his || !theirs) throw new Error('no socket');
    await say(hers, room, 'hello');
    expect(await his.refusal('message.recall', at(1))).toMatchObject({ code: 'permission_denied' });
    const edit = at(1, { content: { text: { text: 'mine' } } });
    expect(await his.refusal('message.edit', edit)).toMatchObject({ code: 'permission_denied' });
    expect(await his.refusal('message.react', at(2, { emoji: 'x' }))).toMatchObject({ code: 'not_found' });
    expect(await his.refusal('message.react', at(1, { emoji: 'a\n' }))).toMatchObject({ field: 'emoji' });
    const place = at(1, { content: { location: { latitude: 1 } } });
    expect(await hers.refusal('message.edit', place)).toMatchObject({ field: 'content' });
    for (const type of ['message.recall', 'message.pin', 'message.get', 'message.delete_for_me']) {
      expect(await theirs.refusal(type, at(1)), type).toMatchObject({ code: 'not_found' });
    }
    await hers.call('message.recall', at(1));
    const late = await his.refusal('message.react', at(1, { emoji: 'x' }));
    expect(late).toMatchObject({ code: 'message_recalled' });
    expect(theirs.frames.filter(({ id }) => id === undefined)).toEqual([]);
    await close([hers, his, theirs]);
  });

  test('come too late after the windows', async () => {
    const env = { HONGYAN_MESSAGE_RECALL_WINDOW_MS: '0', HONGYAN_MESSAGE_EDIT_WINDOW_MS: '0' };
    await withServer({ env }, async (hasty) => {
      const person = await register(hasty);
      const own = await direct(hasty, person, person);
      const socket = await connect(hasty, person);
      await say(socket, own, 'hello');
      const recall = () => socket.request('message.recall', { conversation_id: own, seq: 1 });
      const edit = (text: string) =>
        socket.request('message.edit', { conversation_id: own, seq: 1, content: { text: { text } } });
      // A window of 0 is over with the next millisecond; what was changed within the first is there.
      await expect.poll(async () => (await edit(freshId())).error?.code).toBe('edit_window_passed');
      expect((await recall()).error?.code).toBe('recall_window_passed');
      await socket.close();
    });
  });

  test('are listed once each, page by page, and from any change on', async () => {
    const socket = await connect(server(), alice);
    for (const words of ['one', 'two', 'three']) await say(socket, room, words);
    for (const [i, seq] of [1, 2, 1, 3].entries())
      await socket.call('message.react', at(seq, { emoji: `e${i}` }));
    const list = (query: string) =>
      call<ListChangesResponse>(server(), bob, 'GET', `/v1/conversations/${room}/changes?${query}`);
    const all = await list('after=0');
    expect(all.items.map(({ seq, change }) => [seq, change])).toEqual([
      [2, 2],
      [1, 3],
      [3, 4],
    ]);
    expect(all).toMatchObject({ up_to_change: 4, more: false });
    const first = await list('after=0&limit=2');
    expect(first).toMatchObject({ up_to_change: 2, more: true });
    expect((await list('after=0&min_seq=2')).items.map(({ seq }) => seq)).toEqual([2, 3]);
    expect(await list('after=9')).toMatchObject({ items: [], reset: { seq: 3, change: 4 } });
    await socket.close();
  });
});

describe('what was recalled', () => {
  test('is gone from every answer', async () => {
    const [hers, his] = [await connect(server(), alice), await connect(server(), bob)];
    await send(hers, { text: { text: 'SECRET' } });
    await his.call('message.react', at(1, { emoji: '👍' }));
    await his.call('message.pin', at(1));
    await send(his, { text: { text: 'answer' } }, { quote_seq: 1 });
    await hers.call('message.recall', at(1));
    const answers = await Promise.all([
      his.call('message.get', at(1)),
      his.call('message.get', at(2)),
      his.call('message.list', { conversation_id: room }),
      his.call('message.changes', { conversation_id: room }),
      his.call('message.pins', { conversation_id: room }),
      his.call('message.reactions', at(1)),
      his.call('conversation.list'),
      his.call('conversation.get', { conversation_id: room }),
    ]);
    expect(JSON.stringify(answers)).not.toContain('SECRET');
    const { message } = answers[0] as { message: Message };
    expect(message).toMatchObject({ seq: 1, recalled: { by: alice.userId } });
    expect(message).not.toHaveProperty('content');
    expect(message).not.toHaveProperty('pinned');
    expect((answers[4] as ListPinsResponse).items).toEqual([]);
    expect(
      await his.refusal('message.send', {
        conversation_id: room,
        client_msg_id: freshId(),
        content: { text: { text: 'again' } },
        quote_seq: 1,
      }),
    ).toMatchObject({ code: 'message_recalled' });
    await close([hers, his]);
  });
});

describe('contents', () => {
  test('of every kind a client may send arrive as they were sent', async () => {
    const [hers, his] = [await connect(server(), alice), await connect(server(), bob)];
    const contents: readonly Content[] = [
      { location: { latitude: 39.9, longitude: 116.4, name: '故宫', address: '北京' } },
      { card: { user_id: stranger.userId } },
      { sticker: { set_id: 'geese', sticker_id: '1' } },
      { custom: { kind: 'game.move', body: 'AAEC' } },
      { encrypted: { opaque: 'AAEC' }, fallback: 'a secret' },
    ];
    for (const [i, content] of contents.entries()) {
      await send(hers, content);
      const push = await his.push<MessagePush>('message', ({ seq }) => seq === i + 1);
      expect(push.message.content).toEqual(content);
    }
    await close([hers, his]);
  });

  test('that cannot be sent say why', async () => {
    const socket = await connect(server(), alice);
    const refusal = (content: object, more: object = {}) =>
      socket.refusal('message.send', { conversation_id: room, client_msg_id: freshId(), content, ...more });
    expect(await refusal({ system: { code: 'x' } })).toMatchObject({ field: 'content.system' });
    expect(await refusal({ call: { kind: 'audio' } })).toMatchObject({ field: 'content.call' });
    expect(await refusal({ merged: { title: 'x' } })).toMatchObject({ field: 'content.merged' });
    expect(await refusal({ image: { file_id: '1', width: 0, height: 1 } })).toMatchObject({
      field: 'content.image.width',
    });
    expect(await refusal({ image: { file_id: '1', width: 1, height: 1 } })).toMatchObject({
      code: 'not_found',
    });
    expect(await refusal({ card: { user_id: '1' } })).toMatchObject({ code: 'not_found' });
    const text = { text: { text: 'x' } };
    expect(await refusal(text, { mentions: { user_ids: [stranger.userId] } })).toMatchObject({
      field: 'mentions.user_ids',
    });
    expect(await refusal(text, { mentions: { all: true } })).toMatchObject({ code: 'permission_denied' });
    expect(await refusal(text, { quote_seq: 5 })).toMatchObject({ code: 'not_found' });
    expect(await history(server(), alice, room)).toEqual([]);
    await socket.close();
  });

  test('keep their order although some of them have to be looked up', async () => {
    const socket = await connect(server(), alice);
    await say(socket, room, 'first');
    const sent = Array.from({ length: 30 }, (_, i) =>
      send(socket, { text: { text: String(i) } }, i % 3 === 0 ? { quote_seq: 1 } : {}),
    );
    expect((await Promise.all(sent)).map(({ seq }) => seq)).toEqual(sent.map((_, i) => i + 2));
    await socket.close();
  });
});

describe('deleting for oneself', () => {
  test('hides a message on all own devices and from nobody else', async () => {
    const socket = await connect(server(), alice);
    for (const words of ['one', 'two']) await say(socket, room, words);
    await call(server(), bob, 'DELETE', `/v1/conversations/${room}/messages/2`);
    await call(server(), bob, 'DELETE', `/v1/conversations/${room}/messages/2`);
    const other = await login(server(), bob);
    expect((await history(server(), other, room)).map(({ seq }) => seq)).toEqual([1]);
    expect((await history(server(), alice, room)).map(({ seq }) => seq)).toEqual([1, 2]);
    const path = `/v1/conversations/${room}`;
    const seen = await call<{ conversation: Conversation }>(server(), bob, 'GET', path);
    expect(seen.conversation).toMatchObject({ seq: 2, last_message: { seq: 1 } });
    await socket.close();
  });
});

describe('forwarding', () => {
  test('sends one by one or merged, and a repeat gives the first answers', async () => {
    const socket = await connect(server(), alice);
    for (const words of ['one', 'two']) await say(socket, room, words);
    const target = await direct(server(), alice, stranger);
    const items = [1, 2].map((seq) => ({ conversation_id: room, seq }));
    const request = { client_msg_id: freshId(), items, targets: [target] };
    const forward = (data: object) => socket.call<ForwardResponse>('message.forward', data);
    const first = await forward(request);
    expect(first.results.map(({ item, sent }) => [item, sent?.seq])).toEqual([
      [0, 1],
      [1, 2],
    ]);
    await socket.call('message.recall', at(1));
    expect(await forward(request)).toEqual(first);
    const merged = await forward({
      ...request,
      client_msg_id: freshId(),
      items: items.slice(1),
      merged: true,
    });
    expect(merged.results).toMatchObject([{ sent: { seq: 3 } }]);
    const gone = await forward({ ...request, client_msg_id: freshId() });
    expect(gone.results.map(({ error }) => error?.code)).toEqual(['message_recalled', undefined]);
    const got = await history(server(), stranger, target);
    expect(got.map(({ content }) => content?.text?.text ?? content?.merged?.items.length)).toEqual([
      'one',
      'two',
      1,
      'two',
    ]);
    await socket.close();
  });

  test('neither from nor to conversations of others', async () => {
    const socket = await connect(server(), alice);
    await say(socket, room, 'private');
    await socket.close();
    const theirs = await connect(server(), stranger);
    const own = await direct(server(), stranger, stranger);
    await say(theirs, own, 'mine');
    const forward = async (from: string, to: string) => {
      const items = [{ conversation_id: from, seq: 1 }];
      const data = { client_msg_id: freshId(), items, targets: [to] };
      const { results } = await theirs.call<ForwardResponse>('message.forward', data);
      return results[0]?.error?.code;
    };
    expect(await forward(room, own)).toBe('not_found');
    expect(await forward(own, room)).toBe('not_found');
    expect(await forward(own, own)).toBeUndefined();
    expect(await history(server(), bob, room)).toHaveLength(1);
    await theirs.close();
  });
});

test('everything outlives a restart', async () => {
  await withServer({}, async (own) => {
    const [anna, bert] = [await register(own), await register(own)];
    const id = await direct(own, anna, bert);
    const socket = await connect(own, anna);
    const place = (seq: number) => ({ conversation_id: id, seq });
    for (const words of ['one', 'two', 'three']) await say(socket, id, words);
    await socket.call('message.react', { ...place(1), emoji: '👍' });
    await socket.call('message.edit', { ...place(2), content: { text: { text: 'TWO' } } });
    await socket.call('message.recall', place(3));
    await socket.call('message.pin', place(1));
    await call(own, bert, 'DELETE', `/v1/conversations/${id}/messages/2`);
    const before = [await history(own, anna, id), await history(own, bert, id)];
    await own.restart();
    expect([await history(own, anna, id), await history(own, bert, id)]).toEqual(before);
    const again = await connect(own, anna);
    expect(await again.call('message.unpin', place(1))).toMatchObject({ change: 5 });
    await again.close();
  });
});

test('a message of one person is found by nobody else over REST', async () => {
  const socket = await connect(server(), alice);
  await say(socket, room, 'hello');
  expect((await get(bob, 1)).content).toEqual({ text: { text: 'hello' } });
  await socket.close();
});
