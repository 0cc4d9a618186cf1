import { setTimeout as elapsed } from 'node:timers/promises';

import type { SendResponse } from '@hongyan/sdk';
import { describe, expect, test } from 'vitest';

import { codeOf, Grpc, status } from '../support/grpc.ts';
import { onlyHttp } from '../support/http.ts';
import {
  connect,
  direct,
  freshId,
  history,
  login,
  type Person,
  register,
  say,
  textMessage,
} from '../support/people.ts';
import { OPCODE, RawSocket, wsFrame } from '../support/raw.ts';
import { metric, useServer, withServer } from '../support/servers.ts';
import type { Frame, Socket } from '../support/socket.ts';

const SENDS_BURST = 10;
const FLOOD = 40;
const DEVICE_RATE = 20;
const DEVICE_BURST = 60;

// Small ones, so that a test reaches them in a moment and is through again in another.
const server = useServer({
  edge: 'plain',
  env: {
    HONGYAN_LIMITS_USER_SENDS_PER_SECOND: '5',
    HONGYAN_LIMITS_USER_SENDS_BURST: String(SENDS_BURST),
    HONGYAN_LIMITS_DEVICE_REQUESTS_PER_SECOND: String(DEVICE_RATE),
    HONGYAN_LIMITS_DEVICE_REQUESTS_BURST: String(DEVICE_BURST),
  },
});

/** Sends all at once; answers the frames in order. */
function flood(socket: Socket, conversation: string, ids: readonly string[]): Promise<Frame<SendResponse>[]> {
  return Promise.all(
    ids.map((id) => socket.request<SendResponse>('message.send', textMessage(conversation, id, id))),
  );
}

/** What the server asks a refused client to do. */
async function waitAsTold(frame: Frame): Promise<void> {
  expect(frame.error?.retry_after_ms).toBeGreaterThan(0);
  expect(frame.error?.retry_after_ms).toBeLessThanOrEqual(1_000);
  await elapsed(frame.error?.retry_after_ms);
}

/** A request over REST on a connection of its own. */
function whoAmI(person: Person, token = person.access) {
  return onlyHttp(server().url, 'GET', '/v1/users/me', { token });
}

describe('a user who sends too fast', () => {
  test('is refused, nothing of that is stored, and goes on as soon as told', async () => {
    const [alice, bob] = [await register(server()), await register(server())];
    const conversation = await direct(server(), alice, bob);
    const socket = await connect(server(), alice);
    const ids = Array.from({ length: FLOOD }, freshId);
    const answers = await flood(socket, conversation, ids);
    const refused = answers.filter((answer) => answer.type === 'error');
    expect(new Set(refused.map((answer) => answer.error?.code))).toEqual(new Set(['rate_limited']));
    const acked = ids.filter((_, i) => answers[i]?.type === 'ok');
    expect(acked.length).toBeGreaterThanOrEqual(SENDS_BURST);
    expect(acked.length).toBeLessThan(FLOOD);
    expect((await history(server(), alice, conversation)).map((message) => message.client_msg_id)).toEqual(
      acked,
    );

    const last = refused.at(-1);
    if (last === undefined) throw new Error('nothing was refused');
    await waitAsTold(last);
    const late = await say(socket, conversation, 'again', ids[answers.indexOf(last)]);
    expect(late.seq).toBe(acked.length + 1);
    await socket.close();
  });

  test('shares that among all devices, and slows down nobody else', async () => {
    const [alice, bob] = [await register(server()), await register(server())];
    const other = await login(server(), alice);
    const conversation = await direct(server(), alice, bob);
    const [one, two, bobs] = await Promise.all([
      connect(server(), alice),
      connect(server(), other),
      connect(server(), bob),
    ]);
    const floods = [one, two].map((socket) =>
      flood(socket, conversation, Array.from({ length: FLOOD }, freshId)),
    );
    const theirs = await flood(bobs, conversation, Array.from({ length: SENDS_BURST }, freshId));
    expect(theirs.map((answer) => answer.type)).toEqual(theirs.map(() => 'ok'));
    const acked = (await Promise.all(floods)).flat().filter((answer) => answer.type === 'ok');
    expect(acked.length).toBeLessThan(FLOOD);
    await Promise.all([one, two, bobs].map((socket) => socket.close()));
  });

  test('may still read', async () => {
    const alice = await register(server());
    const conversation = await direct(server(), alice, alice);
    const socket = await connect(server(), alice);
    const answers = await flood(socket, conversation, Array.from({ length: SENDS_BURST * 2 }, freshId));
    expect(answers.at(-1)?.error?.code).toBe('rate_limited');
    expect((await socket.request('user.me')).type).toBe('ok');
    await socket.close();
  });
});

describe('every edge', () => {
  test('REST answers 429 with Retry-After', async () => {
    const alice = await register(server());
    const answers = await Promise.all(Array.from({ length: 150 }, () => whoAmI(alice)));
    const refused = answers.filter((answer) => answer.status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) {
      expect([answer.status, answer.error.code]).toEqual([429, 'rate_limited']);
      const seconds = Math.ceil((answer.error.retry_after_ms ?? 0) / 1_000);
      expect(answer.headers['retry-after']).toBe(String(seconds));
    }
    expect((await whoAmI(await register(server()))).status).toBe(200);
    expect(
      await metric(server(), 'hongyan_rate_limited_total', { limit: 'device_requests' }),
    ).toBeGreaterThanOrEqual(refused.length);
  });

  test('gRPC answers RESOURCE_EXHAUSTED and when to come back', async () => {
    const alice = await register(server());
    const client = new Grpc(server().grpcAddress);
    const answers = await Promise.all(
      Array.from({ length: 150 }, () => client.call('user.me', {}, alice.access)),
    );
    client.close();
    const refused = answers.filter((answer) => status[answer.status] !== 'OK');
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) {
      expect([status[answer.status], codeOf(answer)]).toEqual(['RESOURCE_EXHAUSTED', 'rate_limited']);
      expect(Number(answer.trailers.get('hongyan-retry-after-ms')[0])).toBeGreaterThan(0);
    }
  });

  test('a device is one on all of them', async () => {
    const alice = await register(server());
    const socket = await connect(server(), alice);
    const client = new Grpc(server().grpcAddress);
    const began = performance.now();
    const through = await Promise.all(
      Array.from({ length: DEVICE_BURST }, async () => [
        (await socket.request('user.me')).type === 'ok',
        (await whoAmI(alice)).status === 200,
        status[(await client.call('user.me', {}, alice.access)).status] === 'OK',
      ]),
    );
    const refilled = ((performance.now() - began) / 1_000) * DEVICE_RATE;
    const passed = through.flat().filter((ok) => ok).length;
    expect(passed).toBeGreaterThanOrEqual(DEVICE_BURST);
    expect(passed).toBeLessThanOrEqual(DEVICE_BURST + Math.ceil(refilled));
    // Another device of theirs has its own.
    expect((await whoAmI(await login(server(), alice))).status).toBe(200);
    client.close();
    await socket.close();
  });
});

describe('an address', () => {
  const env = {
    HONGYAN_LIMITS_ANONYMOUS_REQUESTS_PER_SECOND: '1',
    HONGYAN_LIMITS_ANONYMOUS_REQUESTS_BURST: '5',
  };

  test('makes so many requests without a good token; loopback too, and those with one go on', async () => {
    await withServer({ edge: 'plain', env }, async (own) => {
      const alice = await register(own);
      const ask = (token?: string) => onlyHttp(own.url, 'GET', '/v1/users/me', { token });
      const guesses = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(`guess ${i}`)));
      const codes = guesses.map((answer) => answer.error.code);
      expect(codes.filter((code) => code === 'unauthenticated').length).toBeLessThanOrEqual(5);
      expect(codes).toContain('rate_limited');
      expect((await onlyHttp(own.url, 'GET', '/v1/auth/options')).status).toBe(429);
      expect((await ask(alice.access)).status).toBe(200);
    });
  });

  test('opens so many sockets', async () => {
    const sockets = { HONGYAN_LIMITS_IP_SOCKETS_PER_SECOND: '1', HONGYAN_LIMITS_IP_SOCKETS_BURST: '3' };
    await withServer({ edge: 'plain', env: sockets }, async (own) => {
      const alice = await register(own);
      const open = [];
      for (let i = 0; i < 3; i++) open.push(await connect(own, alice));
      const headers = {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      };
      const refused = await onlyHttp(own.url, 'GET', '/ws', { headers });
      expect([refused.status, refused.error.code, refused.headers['retry-after']]).toEqual([
        429,
        'rate_limited',
        '1',
      ]);
      await elapsed(refused.error.retry_after_ms);
      await (await connect(own, alice)).close();
      await Promise.all(open.map((socket) => socket.close()));
    });
  });
});

describe('a socket that floods', () => {
  const ping = (i: number) => wsFrame(OPCODE.ping, `ping ${i}`);
  const floods: Readonly<Record<string, (i: number) => Buffer>> = {
    pings: ping,
    pongs: () => wsFrame(OPCODE.pong, ''),
    'app pings': (i) => wsFrame(OPCODE.text, `{"type":"ping","id":"p${i}"}`),
    'refused requests': (i) => wsFrame(OPCODE.text, `{"type":"user.me","id":"r${i}"}`),
    fragments: (i) =>
      wsFrame(i % 1_000 === 0 ? OPCODE.text : OPCODE.continuation, ' ', { fin: i % 1_000 === 999 }),
  };

  test.each(Object.keys(floods))('with %s is told so and closed with 4429', async (kind) => {
    const alice = await register(server());
    const [socket, calm] = [await RawSocket.open(server().url, alice.access), await connect(server(), alice)];
    const frame = floods[kind];
    if (frame === undefined) throw new Error(kind);
    for (let i = 0; i < 6_000; i++) socket.send(frame(i));
    expect(await socket.closeCode()).toBe(4429);
    const said = socket
      .frames()
      .find((one) => one.payload.includes('rate_limited') && !one.payload.includes('"id"'));
    const { error } = JSON.parse(String(said?.payload)) as Frame;
    expect(error?.retry_after_ms).toBeGreaterThan(0);
    expect((await calm.request('ping')).type).toBe('pong');
    socket.destroy();
    await calm.close();
  });

  test('an ordinary one is left alone', async () => {
    const alice = await register(server());
    const socket = await RawSocket.open(server().url, alice.access);
    for (let i = 0; i < 1_500; i++) socket.send(ping(i));
    socket.send(wsFrame(OPCODE.text, '{"type":"ping","id":"last"}'));
    await socket.until('the answer', (frame) => frame.payload.includes('"id":"last"'));
    expect(socket.frames().some((frame) => frame.opcode === OPCODE.close)).toBe(false);
    socket.destroy();
  });
});
