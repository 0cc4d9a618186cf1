import type { MessagePush } from '@hongyan/sdk';
import { UNLIMITED } from '@hongyan/test-support';
import { describe, expect, test } from 'vitest';

import { connect, direct, register, say } from './support/people.ts';
import { readProtoFrame } from './support/proto.ts';
import { OPCODE, RawSocket, wsFrame } from './support/raw.ts';
import { useServer, withServer } from './support/servers.ts';
import { JSON_PROTOCOL, PROTO_PROTOCOL, Socket } from './support/socket.ts';

// Plain: this is about bytes that a proxy would not let through.
const server = useServer({
  edge: 'plain',
  env: { ...UNLIMITED, HONGYAN_GATEWAY_AUTH_TIMEOUT_MS: '1000', HONGYAN_GATEWAY_HEARTBEAT_MS: '500' },
});

const { text, continuation, ping, close } = OPCODE;
const request = JSON.stringify({ type: 'user.me', id: 'r', data: {} });
const split = (bytes: Buffer, at: number) => [
  wsFrame(text, bytes.subarray(0, at), { fin: false }),
  wsFrame(continuation, bytes.subarray(at)),
];

/** Frames that break the rules of RFC 6455 or a limit, and the code the connection is failed with. */
const BROKEN: readonly (readonly [string, readonly Buffer[], number])[] = [
  ['an unmasked frame', [wsFrame(text, request, { masked: false })], 1002],
  ['a reserved bit', [wsFrame(text, request, { rsv: 4 })], 1002],
  ['an unknown opcode', [wsFrame(3, request)], 1002],
  ['an unknown control opcode', [wsFrame(11, '')], 1002],
  ['a continuation of nothing', [wsFrame(continuation, request)], 1002],
  ['a message inside a message', [wsFrame(text, 'a', { fin: false }), wsFrame(text, 'b')], 1002],
  ['a fragmented ping', [wsFrame(ping, 'x', { fin: false })], 1002],
  ['a ping of 126 bytes', [wsFrame(ping, 'x'.repeat(126))], 1002],
  ['a close code of one byte', [wsFrame(close, 'x')], 1002],
  ['a close code nobody may send', [wsFrame(close, Buffer.from([0x03, 0xed]))], 1002],
  ['a close reason that is no UTF-8', [wsFrame(close, Buffer.from([0x03, 0xe8, 0xff]))], 1007],
  ['binary noise', [Buffer.from(Array.from({ length: 4_096 }, (_, i) => (i * 193 + 255) & 0xff))], 1002],
  ['bad UTF-8', [wsFrame(text, Buffer.from([0x22, 0xc3, 0x28, 0x22]))], 1007],
  ['a surrogate in UTF-8', [wsFrame(text, Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))], 1007],
  ['bad UTF-8 over two fragments', split(Buffer.from([0x22, 0xe9, 0xb8, 0x22]), 2), 1007],
  ['half a character at the end', [wsFrame(text, Buffer.from([0x22, 0xe9, 0xb8]))], 1007],
  ['a frame that announces a terabyte', [wsFrame(text, 'x', { length: 2 ** 40 })], 1009],
  ['a message above the limit', [wsFrame(text, 'x'.repeat(129 * 1024))], 1009],
  [
    'fragments that add up above the limit',
    Array.from({ length: 20 }, (_, i) =>
      wsFrame(i === 0 ? text : continuation, 'x'.repeat(8_192), { fin: false }),
    ),
    1009,
  ],
  [
    'endless empty fragments',
    Array.from({ length: 5_000 }, (_, i) => wsFrame(i === 0 ? text : continuation, '', { fin: false })),
    1009,
  ],
];

test.each(BROKEN)('%s fails the connection', async (_, frames, code) => {
  const { access } = await register(server());
  const socket = await RawSocket.open(server().url, access);
  socket.send(...frames);
  expect(await socket.closeCode()).toBe(code);
  await socket.connection.closed;
});

describe('frames that are no requests', () => {
  const NONSENSE = [
    'not json',
    '',
    '[]',
    '"x"',
    '7',
    'null',
    '{}',
    '{"type":"user.me"}',
    '{"id":"1"}',
    '{"type":7,"id":"1"}',
    '{"type":"user.me","id":7}',
    '{"type":"user.me","id":""}',
    '{"type":"user.me","id":"a b"}',
    `{"type":"user.me","id":"${'x'.repeat(65)}"}`,
    '{"type":"user.me","id":"1"} and more',
    `{"type":"user.me","id":"1","data":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
    `{"type":"user.me","id":"1","data":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`,
  ];

  test.each(NONSENSE.map((frame) => [frame.slice(0, 40), frame]))(
    'three of %s close with 4400',
    async (_, frame) => {
      const socket = await connect(server(), await register(server()));
      for (let i = 0; i < 3; i++) socket.sendRaw(frame);
      expect(await socket.closeCode()).toBe(4400);
    },
  );

  test('binary frames close with 4400', async () => {
    const socket = await connect(server(), await register(server()));
    for (let i = 0; i < 3; i++) socket.sendRaw(Buffer.from(request));
    expect(await socket.closeCode()).toBe(4400);
  });

  test('only three in a row close, and one with an id is answered', async () => {
    const socket = await connect(server(), await register(server()));
    for (let i = 0; i < 5; i++) {
      socket.sendRaw('nonsense');
      socket.sendRaw('{"id":"without-type"}');
      expect((await socket.request('user.me')).type).toBe('ok');
    }
    const answers = socket.frames.filter((frame) => frame.id === 'without-type');
    expect(answers.map((frame) => frame.error?.code)).toEqual(
      Array.from({ length: 5 }, () => 'invalid_argument'),
    );
    await socket.close();
  });

  test('wrong types name the field; unknown types and fields, and null, do no harm', async () => {
    const socket = await connect(server(), await register(server()));
    expect(await socket.refusal('user.get', { user_id: 7 })).toMatchObject({
      code: 'invalid_argument',
      field: 'user_id',
    });
    expect(await socket.refusal('user.get', { user_id: '-7' })).toMatchObject({ field: 'user_id' });
    expect(await socket.refusal('user.get', { user_id: '99999999999999999999' })).toMatchObject({
      field: 'user_id',
    });
    expect(await socket.refusal('message.list', { limit: 'many' })).toMatchObject({ field: 'limit' });
    expect(await socket.refusal('message.list', { limit: 1.5 })).toMatchObject({ field: 'limit' });
    expect(await socket.refusal('message.send', { content: { text: 'x' } })).toMatchObject({
      field: 'content.text',
    });
    expect(await socket.refusal('user.me', [])).toMatchObject({ code: 'invalid_argument', field: 'data' });
    expect((await socket.refusal('user.nothing')).code).toBe('unimplemented');
    expect((await socket.refusal('call.start')).code).toBe('unimplemented');
    expect((await socket.request('user.me', null)).type).toBe('ok');
    expect((await socket.request('user.me', { unknown: { deep: [null] } })).type).toBe('ok');
    await socket.close();
  });
});

describe('before auth', () => {
  test('no auth in time closes with 4401, also when there are pings', async () => {
    const [silent, noisy] = await Promise.all([Socket.open(server().url), Socket.open(server().url)]);
    const pings = setInterval(() => noisy.sendRaw('{"type":"ping","id":"p"}'), 50);
    try {
      expect(await Promise.all([silent.closeCode(), noisy.closeCode()])).toEqual([4401, 4401]);
    } finally {
      clearInterval(pings);
    }
  });

  test('there is room for a token and no more', async () => {
    const socket = await RawSocket.open(server().url);
    socket.send(wsFrame(text, `{"type":"auth","id":"1","data":{"token":"${'x'.repeat(20_000)}"}}`));
    expect(await socket.closeCode()).toBe(1009);
  });

  test('only so many sockets may be without a user', async () => {
    await withServer({ edge: 'plain', env: { HONGYAN_GATEWAY_MAX_UNAUTHENTICATED: '3' } }, async (small) => {
      const alice = await register(small);
      const waiting = await Promise.all([1, 2, 3].map(() => Socket.open(small.url)));
      await expect(Socket.open(small.url)).rejects.toThrow('503');
      expect((await waiting[0]?.auth(alice.access))?.type).toBe('ready');
      const next = await Socket.open(small.url);
      await next.close();
      expect(await (await Socket.open(small.url)).auth(alice.access)).toMatchObject({ type: 'ready' });
    });
  });

  test('a second auth is for the same person only', async () => {
    const [alice, bob] = [await register(server()), await register(server())];
    const socket = await connect(server(), alice);
    expect((await socket.auth(alice.access)).type).toBe('ready');
    expect((await socket.auth(bob.access)).error?.code).toBe('conflict');
    expect((await socket.auth('nonsense')).error?.code).toBe('unauthenticated');
    expect((await socket.request('user.me')).type).toBe('ok');
    await socket.close();
  });
});

describe('odd but allowed', () => {
  test('fragments with pings between them are one message', async () => {
    const { access } = await register(server());
    const socket = await RawSocket.open(server().url, access);
    const letters = [...request];
    socket.send(
      ...letters.flatMap((letter, i) => [
        wsFrame(i === 0 ? text : continuation, letter, { fin: i === letters.length - 1 }),
        wsFrame(ping, `p${i}`),
      ]),
    );
    await socket.until('the answer', (frame) => frame.payload.includes('"id":"r"'));
    await socket.until('a pong', (frame) => frame.opcode === OPCODE.pong);
    socket.destroy();
  });

  test('a flood of pings is survived, the last one is answered', async () => {
    const { access } = await register(server());
    const socket = await RawSocket.open(server().url, access);
    socket.send(...Array.from({ length: 20_000 }, (_, i) => wsFrame(ping, `ping ${i}`)));
    socket.send(wsFrame(text, request));
    await socket.until(
      'the last pong',
      (frame) => frame.opcode === OPCODE.pong && frame.payload.toString() === 'ping 19999',
    );
    await socket.until('the answer', (frame) => frame.payload.includes('"id":"r"'));
    socket.destroy();
  });

  test('far more requests at once than may be outstanding are all answered', async () => {
    const alice = await register(server());
    const id = await direct(server(), alice, alice);
    const socket = await connect(server(), alice);
    const answers = await Promise.all(Array.from({ length: 1_000 }, (_, i) => say(socket, id, `m${i}`)));
    expect(answers.map((ack) => ack.seq)).toEqual(answers.map((_, i) => i + 1));
    await socket.close();
  });
});

describe('clients that do not do their part', () => {
  // Who does not read answers no ping either: with the short heartbeat of the others a slow machine would end it for that.
  const idle = useServer();

  test('who answers no ping is closed with 4408', async () => {
    const { access } = await register(server());
    const socket = await RawSocket.open(server().url, access);
    // Half a frame: it is neither idle nor alive.
    socket.send(wsFrame(text, request).subarray(0, 5));
    expect(await socket.closeCode()).toBe(4408);
  });

  test.each([JSON_PROTOCOL, PROTO_PROTOCOL])(
    'who never reads %s holds up nobody, and is told of a gap when it reads again',
    async (protocol) => {
      const [alice, bob] = [await register(idle()), await register(idle())];
      const id = await direct(idle(), alice, bob);
      const [sender, reader, deaf] = await Promise.all([
        connect(idle(), alice),
        connect(idle(), bob),
        RawSocket.open(idle().url, bob.access, protocol),
      ]);
      deaf.connection.stopReading();
      // More than the buffers of both ends and the server's bound hold together.
      const count = 400;
      const big = '雁'.repeat(20_000);
      for (let i = 0; i < count; i++) {
        const { seq } = await say(sender, id, big);
        await reader.push<MessagePush>('message', (push) => push.seq === seq);
      }
      expect(reader.pushes<MessagePush>('message').map((push) => push.seq)).toEqual(
        Array.from({ length: count }, (_, i) => i + 1),
      );
      deaf.connection.resumeReading();
      const gap = await deaf.until('a gap', (frame) => frame.payload.includes('gap'));
      const told: unknown =
        protocol === JSON_PROTOCOL
          ? JSON.parse(gap.payload.toString())
          : readProtoFrame(gap.payload, () => undefined);
      expect(told).toMatchObject({
        type: 'gap',
        data: { conversations: [{ conversation_id: id, seq: count, change: 0 }] },
      });
      expect(deaf.frames().length).toBeLessThan(count);
      deaf.destroy();
      await Promise.all([sender.close(), reader.close()]);
    },
  );
});
