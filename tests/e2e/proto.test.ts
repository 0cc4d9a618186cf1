import type { KickedPush, MessagePush, ReadPush } from '@hongyan/sdk';
import { describe, expect, test } from 'vitest';

import { call, connect, direct, freshId, login, register, say, textMessage } from './support/people.ts';
import { encodeData, protoFrame } from './support/proto.ts';
import { OPCODE, RawSocket, wsFrame } from './support/raw.ts';
import { declaredRpcs } from './support/rpcs.ts';
import { useServer, withServer } from './support/servers.ts';
import { JSON_PROTOCOL, PROTO_PROTOCOL, Socket } from './support/socket.ts';

const server = useServer();

const ID = '4611686018427387904';

test('the sub-protocol is the first of the offered ones that the server knows, and JSON without one', async () => {
  const { access } = await register(server());
  for (const [offered, chosen] of [
    [['hongyan.v1.proto'], PROTO_PROTOCOL],
    [['chat', 'hongyan.v1.proto', 'hongyan.v1.json'], PROTO_PROTOCOL],
    [['hongyan.v1.json', 'hongyan.v1.proto'], JSON_PROTOCOL],
    [[], ''],
  ] as const) {
    const socket = await Socket.open(server().url, { protocol: [...offered] });
    expect(socket.protocol).toBe(chosen);
    expect((await socket.auth(access)).type).toBe('ready');
    await socket.close();
  }
});

test('ready and pong say what they say in JSON', async () => {
  const alice = await register(server());
  const answers = await Promise.all(
    [JSON_PROTOCOL, PROTO_PROTOCOL].map(async (protocol) => {
      const socket = await Socket.open(server().url, { protocol });
      const [ready, pong] = [await socket.auth(alice.access), await socket.request('ping')];
      expect(pong).toMatchObject({ type: 'pong', data: { time_ms: expect.any(Number) as number } });
      await socket.close();
      return { ...ready.data, session_id: '', server_time_ms: 0 };
    }),
  );
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[1]).toMatchObject({ user_id: alice.userId, device_id: alice.deviceId });
});

test('two people chat, one in JSON and one in protobuf', async () => {
  const [alice, bob] = [await register(server()), await register(server())];
  const conversation = await direct(server(), alice, bob);
  const [json, proto] = await Promise.all([
    connect(server(), alice, JSON_PROTOCOL),
    connect(server(), bob, PROTO_PROTOCOL),
  ]);
  const texts = ['hello', '鸿雁传书 🪿', 'a "quoted" \\ line\nbreak', 'x'.repeat(20_000)];
  for (const [i, words] of texts.entries()) {
    const id = freshId();
    const ack = await say(i % 2 === 0 ? json : proto, conversation, words, id);
    expect(ack).toMatchObject({ seq: i + 1, message_id: expect.any(String) as string });
    const pushes = await Promise.all(
      [json, proto].map((socket) => socket.push<MessagePush>('message', (push) => push.seq === i + 1)),
    );
    expect(pushes[1]).toEqual(pushes[0]);
    expect(pushes[1]?.message).toMatchObject({ client_msg_id: id, content: { text: { text: words } } });
  }
  expect(await proto.call('conversation.mark_read', { conversation_id: conversation, seq: 4 })).toEqual({
    read_seq: 4,
  });
  const marks = await Promise.all([json, proto].map((socket) => socket.push<ReadPush>('read')));
  expect(marks[0]).toEqual({ conversation_id: conversation, user_id: bob.userId, seq: 4 });
  expect(marks[1]).toEqual(marks[0]);
  const pages = await Promise.all(
    [json, proto].map((socket) => socket.call('message.list', { conversation_id: conversation })),
  );
  expect(pages[1]).toEqual(pages[0]);
  await Promise.all([json.close(), proto.close()]);
});

test('a retry over the other format is the same message', async () => {
  const alice = await register(server());
  const conversation = await direct(server(), alice, alice);
  const [json, proto] = await Promise.all([
    connect(server(), alice, JSON_PROTOCOL),
    connect(server(), alice, PROTO_PROTOCOL),
  ]);
  const id = freshId();
  const acks = [await say(json, conversation, 'once', id), await say(proto, conversation, 'once', id)];
  expect(acks[1]).toEqual(acks[0]);
  expect((await proto.refusal('message.send', textMessage(conversation, 'other', id))).code).toBe('conflict');
  await Promise.all([json.close(), proto.close()]);
});

describe('every rpc answers alike in both formats', () => {
  const rpcs = declaredRpcs().map((rpc) => rpc.name);

  test('before auth', async () => {
    const [json, proto] = await Promise.all([
      Socket.open(server().url, { protocol: JSON_PROTOCOL }),
      Socket.open(server().url, { protocol: PROTO_PROTOCOL }),
    ]);
    for (const rpc of rpcs) {
      const [one, other] = [await json.request(rpc), await proto.request(rpc)];
      expect([other.type, other.error?.code, other.error?.field], rpc).toEqual([
        one.type,
        one.error?.code,
        one.error?.field,
      ]);
    }
    await Promise.all([json.close(), proto.close()]);
  });

  test('with a user', async () => {
    const alice = await register(server());
    const [json, proto] = await Promise.all([
      connect(server(), alice, JSON_PROTOCOL),
      connect(server(), alice, PROTO_PROTOCOL),
    ]);
    // Those of auth end sessions, and every new group is another one.
    for (const rpc of rpcs.filter((name) => !name.startsWith('auth.') && name !== 'group.create')) {
      const [one, other] = [await json.request(rpc), await proto.request(rpc)];
      const comparable = (frame: typeof one) => ({
        type: frame.type,
        data: frame.data,
        error: { ...frame.error, request_id: '' },
      });
      expect(comparable(other), rpc).toEqual(comparable(one));
    }
    expect((await proto.refusal('no.thing')).code).toBe('unimplemented');
    expect((await proto.refusal('conversation.get', { conversation_id: ID })).code).toBe('not_found');
    await Promise.all([json.close(), proto.close()]);
  });

  test('what JSON cannot say is refused, naming the field', async () => {
    const alice = await register(server());
    const proto = await connect(server(), alice, PROTO_PROTOCOL);
    const conversation = await direct(server(), alice, alice);
    const refused = { code: 'invalid_argument' };
    expect(
      await proto.refusal('conversation.mark_read', { conversation_id: conversation, seq: 2 ** 60 }),
    ).toMatchObject({
      ...refused,
      field: 'seq',
    });
    expect(await proto.refusal('auth.login', { device: { platform: 99 } })).toMatchObject({
      ...refused,
      field: 'device.platform',
    });
    await proto.close();
  });
});

test('kicked comes before the close', async () => {
  const first = await register(server());
  const second = await login(server(), first);
  const proto = await connect(server(), second, PROTO_PROTOCOL);
  await call(server(), first, 'DELETE', `/v1/auth/devices/${second.deviceId}`);
  expect((await proto.push<KickedPush>('kicked')).reason).toBe('revoked');
  expect(await proto.closeCode()).toBe(4409);
});

test('a server that goes away says reconnect', async () => {
  await withServer({}, async (leaving) => {
    const proto = await connect(leaving, await register(leaving), PROTO_PROTOCOL);
    const stopped = leaving.stop();
    expect(await proto.push('reconnect')).toMatchObject({ after_ms: expect.any(Number) as number });
    expect(await proto.closeCode()).toBe(4503);
    await stopped;
  });
});

describe('frames that are no requests', () => {
  const send = protoFrame('message.send', 'm', encodeData('message.send', textMessage(ID, 'x'.repeat(100))));
  const noise = (length: number, seed: number) =>
    Buffer.from(Array.from({ length }, (_, i) => (i * 193 + seed * 71 + 255) & 0xff));
  const NONSENSE: readonly (readonly [string, string | Buffer])[] = [
    ['JSON in a text frame', '{"type":"user.me","id":"1"}'],
    ['JSON in a binary frame', Buffer.from('{"type":"user.me","id":"1"}')],
    ['an empty frame', Buffer.alloc(0)],
    ['noise', noise(64, 1)],
    ['much noise', noise(100_000, 2)],
    ['a frame cut in its data', send.subarray(0, 60)],
    ['a frame cut in its type', send.subarray(0, 5)],
    ['a length beyond the end', Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
    ['an endless varint', Buffer.alloc(100, 0xff)],
    ['deep groups', Buffer.alloc(50_000, 0x0b)],
    ['no type', protoFrame('', '1')],
    ['no id', protoFrame('user.me', '')],
    ['an id with a blank', protoFrame('user.me', 'a b')],
    ['an id that is too long', protoFrame('user.me', 'x'.repeat(65))],
    ['a type that is no UTF-8', Buffer.from([0x0a, 0x02, 0xc3, 0x28, 0x12, 0x01, 0x31])],
  ];

  test.each(NONSENSE)('three of %s close with 4400', async (_, frame) => {
    const socket = await connect(server(), await register(server()), PROTO_PROTOCOL);
    for (let i = 0; i < 3; i++) socket.sendRaw(frame);
    expect(await socket.closeCode()).toBe(4400);
  });

  test('only three in a row close, and one with an id is answered', async () => {
    const socket = await connect(server(), await register(server()), PROTO_PROTOCOL);
    for (let i = 0; i < 5; i++) {
      socket.sendRaw(noise(64, i + 1));
      socket.sendRaw(protoFrame('', 'without-type'));
      expect((await socket.request('user.me')).type).toBe('ok');
    }
    const answers = socket.frames.filter((frame) => frame.id === 'without-type');
    expect(answers.map((frame) => frame.error?.code)).toEqual(
      Array.from({ length: 5 }, () => 'invalid_argument'),
    );
    await socket.close();
  });

  test('data that is no such message is refused and does not count as malformed', async () => {
    const socket = await connect(server(), await register(server()), PROTO_PROTOCOL);
    const body = Buffer.from(encodeData('message.send', textMessage(ID, 'x'.repeat(100))));
    for (let cut = 1; cut < body.length; cut++) {
      socket.sendRaw(protoFrame('message.send', `cut-${cut}`, body.subarray(0, cut)));
    }
    socket.sendRaw(protoFrame('message.send', 'bad-utf8', Buffer.from([0x12, 0x02, 0xc3, 0x28])));
    socket.sendRaw(protoFrame('message.send', 'noise', noise(300, 3)));
    expect((await socket.request('user.me')).type).toBe('ok');
    await socket.seen((frame) => frame.id === 'noise', 'an answer to noise');
    for (const id of ['cut-3', 'cut-50', 'bad-utf8', 'noise']) {
      expect(socket.frames.find((frame) => frame.id === id)?.error, id).toMatchObject({
        code: 'invalid_argument',
        field: 'data',
      });
    }
    await socket.close();
  });

  test('a frame above the limit fails the connection, before auth already a small one', async () => {
    const socket = await connect(server(), await register(server()), PROTO_PROTOCOL);
    socket.sendRaw(Buffer.alloc(129 * 1024, 1));
    expect(await socket.closeCode()).toBe(1009);
    const stranger = await Socket.open(server().url, { protocol: PROTO_PROTOCOL });
    stranger.sendRaw(Buffer.alloc(20_000, 1));
    expect(await stranger.closeCode()).toBe(1009);
  });

  test('what a client makes up is neither stored nor passed on', async () => {
    const alice = await register(server());
    const conversation = await direct(server(), alice, alice);
    const socket = await RawSocket.open(server().url, alice.access, PROTO_PROTOCOL);
    // Field 1000 inside of the content, which is stored as it is encoded: a second content is merged into the first.
    const unknown = Buffer.concat([Buffer.from([0xc2, 0x3e, 8]), Buffer.from('smuggled')]);
    const content = Buffer.concat([Buffer.from([0x1a, unknown.length]), unknown]);
    const body = Buffer.concat([encodeData('message.send', textMessage(conversation, 'honest')), content]);
    socket.send(wsFrame(OPCODE.binary, protoFrame('message.send', '1', body)));
    await socket.until('the push', (frame) => frame.payload.includes('honest'));
    const listing = encodeData('message.list', { conversation_id: conversation });
    socket.send(wsFrame(OPCODE.binary, protoFrame('message.list', 'listing', listing)));
    await socket.until('the history', (frame) => frame.payload.includes('listing'));
    expect(socket.connection.received.includes('smuggled')).toBe(false);
    socket.destroy();
  });
});
