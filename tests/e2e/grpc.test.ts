import { randomBytes } from 'node:crypto';
import { connect as connectTcp } from 'node:net';

import type { Device, MessagePush } from '@hongyan/sdk';
import { UNLIMITED } from '@hongyan/test-support';
import { afterEach, describe, expect, test } from 'vitest';

import {
  CHECK,
  codeOf,
  Grpc,
  type GrpcAnswer,
  type GrpcStream,
  REFLECTION,
  rpcMethod,
  status,
  WATCH,
} from './support/grpc.ts';
import { onlyHttp } from './support/http.ts';
import {
  connect,
  direct,
  freshName,
  history,
  login,
  type Person,
  register,
  textMessage,
} from './support/people.ts';
import { declaredRpcs } from './support/rpcs.ts';
import { admin, metric, useServer, withServer } from './support/servers.ts';
import { within } from './support/wait.ts';

const server = useServer({ env: UNLIMITED });
const open: Grpc[] = [];

function grpc(address = server().grpcAddress, options = {}): Grpc {
  const client = new Grpc(address, options);
  open.push(client);
  return client;
}

afterEach(() => {
  for (const client of open.splice(0)) client.close();
});

/** Status and code of a refusal. */
function verdict(answer: GrpcAnswer): readonly [string, string] {
  return [status[answer.status], codeOf(answer)];
}

describe('rpcs', () => {
  test('two people chat: over gRPC one writes, the other gets the push', async () => {
    const client = grpc();
    const username = freshName();
    const registered = await client.call('auth.register', {
      username,
      password: 'long enough to pass',
      device: { name: 'phone', platform: 'cli' },
    });
    expect(status[registered.status]).toBe('OK');
    const data = registered.data as { access_token: string; user: { user_id: string } };
    const bob = await register(server());
    const socket = await connect(server(), bob);
    const token = data.access_token;
    const opened = await client.call('conversation.open', { user_id: bob.userId }, token);
    const { conversation_id: id } = opened.data?.conversation as { conversation_id: string };
    const message = textMessage(id, '你好 🐦', 'first');
    const sent = await client.call('message.send', message, token);
    expect(sent.data).toMatchObject({ seq: 1 });
    expect((await client.call('message.send', message, token)).data).toEqual(sent.data);
    const push = await socket.push<MessagePush>('message');
    expect(push.message).toMatchObject({
      sender_id: data.user.user_id,
      content: { text: { text: '你好 🐦' } },
    });
    await socket.call('message.send', textMessage(id, 'and back'));
    const listed = await client.call('message.list', { conversation_id: id }, token);
    const items = listed.data?.items as { content: { text: { text: string } } }[];
    expect(items.map((item) => item.content.text.text)).toEqual(['你好 🐦', 'and back']);
    expect(sent.trailers.get('x-request-id')[0]).toMatch(/^[0-9a-f]{16}$/);
    await socket.close();
  });

  test('the port serves every rpc of the proto files, and knows who calls from where', async () => {
    const client = grpc();
    for (const rpc of declaredRpcs()) {
      const answer = await client.raw(rpcMethod(rpc.name), Buffer.from('ff', 'hex'), 'garbage');
      const wanted = rpc.access === 'public' ? 'INVALID_ARGUMENT' : 'UNAUTHENTICATED';
      expect(status[answer.status], rpc.name).toBe(wanted);
    }
    const alice = await register(server());
    const devices = await client.call('auth.list_devices', {}, alice.access);
    expect((devices.data?.items as Device[])[0]).toMatchObject({ ip: '127.0.0.1' });
    expect(await metric(server(), 'hongyan_requests_total', { rpc: 'auth.list_devices', edge: 'grpc' })).toBe(
      1,
    );
  });

  test('who has no good token is told so by every guarded rpc', async () => {
    const alice = await register(server());
    const revoked = await login(server(), alice);
    await grpc().call('auth.revoke_device', { device_id: revoked.deviceId }, alice.access);
    const disabled = await register(server());
    await admin(server(), 'disable-user', disabled.username);
    const bad: readonly (readonly [string | undefined, string, string])[] = [
      [undefined, 'UNAUTHENTICATED', 'unauthenticated'],
      ['', 'UNAUTHENTICATED', 'unauthenticated'],
      ['garbage', 'UNAUTHENTICATED', 'unauthenticated'],
      ['x'.repeat(8_000), 'UNAUTHENTICATED', 'unauthenticated'],
      [alice.refresh, 'UNAUTHENTICATED', 'unauthenticated'],
      [revoked.access, 'UNAUTHENTICATED', 'token_revoked'],
      [disabled.access, 'PERMISSION_DENIED', 'account_disabled'],
    ];
    const client = grpc();
    for (const rpc of declaredRpcs().filter((one) => one.access !== 'public')) {
      for (const [token, wanted, code] of bad) {
        expect(verdict(await client.call(rpc.name, {}, token)), `${rpc.name} with ${token}`).toEqual([
          wanted,
          code,
        ]);
      }
    }
  });

  test('a password that must be changed comes first', async () => {
    const alice = await register(server());
    const printed = await admin(server(), 'reset-password', alice.username);
    const password = /password (\S+)/.exec(printed)?.[1] ?? '';
    const client = grpc();
    const device = { name: 'x', platform: 'cli' };
    const answer = await client.call('auth.login', { account: alice.username, password, device });
    const token = String(answer.data?.access_token);
    expect(verdict(await client.call('conversation.list', {}, token))).toEqual([
      'PERMISSION_DENIED',
      'step_up_required',
    ]);
    expect(status[(await client.call('user.me', {}, token)).status]).toBe('OK');
  });

  test('errors carry our code and the field, and nothing of ours', async () => {
    const alice = await register(server());
    const client = grpc();
    const good = { username: freshName(), password: 'long enough to pass' };
    const weak = await client.call('auth.register', { ...good, password: 'short' });
    expect(verdict(weak)).toEqual(['INVALID_ARGUMENT', 'weak_password']);
    expect(weak.trailers.get('hongyan-field')).toEqual(['password']);
    const taken = await client.call('auth.register', { ...good, username: alice.username });
    expect(verdict(taken)).toEqual(['ALREADY_EXISTS', 'already_exists']);
    for (const [rpc, request] of Object.entries({
      'auth.register': good,
      'auth.login': { account: alice.username, password: alice.password },
      'auth.login_by_code': { account: 'alice@people.example', code: '000000' },
    })) {
      const cookie = await client.call(rpc, { ...request, session: 'cookie' });
      expect(verdict(cookie), rpc).toEqual(['INVALID_ARGUMENT', 'invalid_argument']);
      expect(cookie.trailers.get('hongyan-field'), rpc).toEqual(['session']);
    }
    const token = alice.access;
    const missing = await client.call('conversation.get', { conversation_id: '4611686018427387904' }, token);
    expect(verdict(missing)).toEqual(['NOT_FOUND', 'not_found']);
    const id = await direct(server(), alice, alice);
    await client.call('message.send', textMessage(id, 'one', 'same'), token);
    const other = await client.call('message.send', textMessage(id, 'two', 'same'), token);
    expect(verdict(other)).toEqual(['ABORTED', 'conflict']);
  });
});

describe('reflection and health', () => {
  test('a tool can list the services and describe them, by both names of the protocol', async () => {
    for (const version of ['v1', 'v1alpha']) {
      const stream = grpc().stream({
        ...REFLECTION,
        path: `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
      });
      stream.write({ list_services: '*' });
      const list = (await stream.next()).list_services_response as { service: { name: string }[] };
      const names = list.service.map((service) => service.name);
      expect(names).toContain('hongyan.v1.MessageService');
      expect(names).toContain('grpc.health.v1.Health');
      stream.write({ file_containing_symbol: 'hongyan.v1.MessageService' });
      const answer = (await stream.next()).file_descriptor_response as { file_descriptor_proto: Buffer[] };
      const files = answer.file_descriptor_proto.map((bytes) => bytes.toString('latin1'));
      expect(files[0]).toContain('hongyan/v1/message.proto');
      expect(files.length).toBeGreaterThan(1);
      for (const hidden of ['hongyan.internal.ControlRequest', 'nothing']) {
        stream.write({ file_containing_symbol: hidden });
        expect((await stream.next()).error_response).toMatchObject({ error_code: status.NOT_FOUND });
      }
      stream.end();
      expect(status[await stream.ended]).toBe('OK');
    }
  });

  test('health is that of readiness: serving, unknown services apart', async () => {
    const ask = (service: string) => grpc().unary(CHECK, { service });
    expect((await ask('')).data).toEqual({ status: 'serving' });
    expect((await ask('hongyan.v1.MessageService')).data).toEqual({ status: 'serving' });
    expect(status[(await ask('hongyan.v1.Nothing')).status]).toBe('NOT_FOUND');
  });

  test('a watcher is told at once, and when the server stops, which waits for no stream', async () => {
    await withServer({ env: UNLIMITED }, async (own) => {
      const client = grpc(own.grpcAddress);
      const watch = (service: string): GrpcStream => {
        const stream = client.stream(WATCH);
        stream.write({ service });
        return stream;
      };
      const [all, unknown] = [watch(''), watch('nothing')];
      expect(await all.next()).toEqual({ status: 'serving' });
      expect(await unknown.next()).toEqual({ status: 'service_unknown' });
      const reflection = client.stream(REFLECTION);
      reflection.write({ list_services: '' });
      await reflection.next();
      const end = own.terminate();
      expect(await all.next()).toEqual({ status: 'not_serving' });
      expect(status[await all.ended]).toBe('UNAVAILABLE');
      expect(status[await reflection.ended]).toBe('UNAVAILABLE');
      expect(await end).toBe(0);
    });
  });
});

test('a stop in the middle of sends: what was acked is there, and nothing waits for an answer', async () => {
  await withServer({ env: UNLIMITED }, async (own) => {
    const alice = await register(own);
    const id = await direct(own, alice, alice);
    const client = grpc(own.grpcAddress);
    const sends = Array.from({ length: 400 }, (_, i) =>
      client.call('message.send', textMessage(id, `message ${i}`), alice.access),
    );
    // The first is answered: the others are under way.
    await sends[0];
    expect(await own.terminate()).toBe(0);
    const answers = await Promise.all(sends);
    const acked = answers
      .filter((answer) => answer.status === status.OK)
      .map((answer) => Number(answer.data?.seq));
    expect(new Set(answers.map((answer) => status[answer.status]))).not.toContain('INTERNAL');
    expect(acked.length).toBeGreaterThan(0);
    await own.restart();
    const kept = (await history(own, alice, id)).map((message) => message.seq);
    expect(kept).toEqual(expect.arrayContaining(acked));
  });
});

describe('hostile clients', () => {
  let alice: Person;
  const send = rpcMethod('message.send');

  test('bytes that are no message, no method, too much or packed are refused', async () => {
    alice = await register(server());
    const token = alice.access;
    const client = grpc();
    const raw = (bytes: Buffer, path = send.path) => client.raw({ ...send, path }, bytes, token);
    for (const bytes of ['ff', '0a', '0affffffff0f', '08'.repeat(300), '0b'.repeat(200)]) {
      expect(verdict(await raw(Buffer.from(bytes, 'hex'))), bytes).toEqual([
        'INVALID_ARGUMENT',
        'invalid_argument',
      ]);
    }
    for (let round = 0; round < 50; round++) {
      expect(['INVALID_ARGUMENT', 'NOT_FOUND']).toContain(status[(await raw(randomBytes(40))).status]);
    }
    // A string field (client_msg_id) that is no UTF-8.
    expect(verdict(await raw(Buffer.from('1201ff', 'hex')))).toEqual([
      'INVALID_ARGUMENT',
      'invalid_argument',
    ]);
    for (const path of ['/hongyan.v1.MessageService/Nothing', '/x', '/', '/hongyan.v1.MessageService']) {
      expect(status[(await raw(Buffer.alloc(0), path)).status], path).toBe('UNIMPLEMENTED');
    }
    expect(status[(await raw(Buffer.alloc(1024 * 1024 + 1))).status]).toBe('RESOURCE_EXHAUSTED');
    const packed = grpc(server().grpcAddress, { 'grpc.default_compression_algorithm': 2 });
    expect(status[(await packed.raw(send, Buffer.alloc(1_000_000), token)).status]).toBe('UNIMPLEMENTED');
  });

  test('a call without request, with too short a deadline or given up halfway harms nobody', async () => {
    const client = grpc();
    const token = alice.access;
    const empty = client.stream(send, { token });
    empty.end();
    expect(status[await empty.ended]).toBe('INVALID_ARGUMENT');
    const silent = client.stream(send, { token, withinMs: 200 });
    expect(status[await silent.ended]).toBe('DEADLINE_EXCEEDED');
    const id = await direct(server(), alice, alice);
    const ends = await Promise.all(
      Array.from({ length: 300 }, (_, i) => {
        const stream = client.stream(send, { token });
        if (i % 3 > 0) stream.write(textMessage(id, `given up ${i}`));
        if (i % 3 > 1) stream.end();
        stream.cancel();
        return stream.ended;
      }),
    );
    expect(ends.filter((end) => end !== status.CANCELLED && end !== status.OK)).toEqual([]);
    expect(status[(await client.call('user.me', {}, token)).status]).toBe('OK');
  });

  test('a thousand calls at once are all answered, each with its own seq', async () => {
    const bob = await register(server());
    const id = await direct(server(), bob, bob);
    const client = grpc();
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) =>
        client.call('message.send', textMessage(id, `message ${i}`), bob.access),
      ),
    );
    expect(answers.filter((answer) => answer.status !== status.OK).map(verdict)).toEqual([]);
    const seqs = answers.map((answer) => Number(answer.data?.seq)).sort((a, b) => a - b);
    expect(seqs).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 1));
    expect(await history(server(), bob, id)).toHaveLength(1_000);
  });

  test('more calls than the bound are refused, and the places come back', async () => {
    await withServer({ env: { HONGYAN_GRPC_MAX_CALLS: '3', HONGYAN_GRPC_MAX_STREAMS: '1' } }, async (own) => {
      const client = grpc(own.grpcAddress);
      // The server takes calls up in no order: once as many as are too many have been refused, the others
      // hold the places.
      const waiting = Array.from({ length: 6 }, () => client.stream(send));
      const refused: number[] = [];
      for (const stream of waiting) void stream.ended.then((end) => refused.push(end));
      await expect.poll(() => refused.map((end) => status[end])).toEqual(Array(3).fill('UNAVAILABLE'));
      const over = await client.call('auth.options', {});
      expect(verdict(over)).toEqual(['UNAVAILABLE', 'unavailable']);
      expect(over.trailers.get('hongyan-retry-after-ms')).toEqual(['1000']);
      const first = client.stream(WATCH);
      first.write({ service: '' });
      await first.next();
      const second = client.stream(WATCH);
      expect(status[await second.ended]).toBe('UNAVAILABLE');
      for (const stream of [...waiting, first]) stream.cancel();
      await Promise.all([...waiting, first].map((stream) => stream.ended));
      await expect.poll(async () => status[(await client.call('auth.options', {})).status]).toBe('OK');
    });
  });

  test('connections that speak something else are closed, and the others go on', async () => {
    const [host, port] = server().grpcAddress.split(':');
    const noise = [
      randomBytes(4096),
      Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
      Buffer.from('16030100c8010000c40303', 'hex'),
      Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), randomBytes(4096)]),
      Buffer.concat([
        Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
        Buffer.from('ffffff04000000000000', 'hex'),
      ]),
    ];
    await Promise.all(
      noise.map((bytes, i) => {
        const socket = connectTcp(Number(port), host);
        socket.on('error', () => undefined);
        socket.write(bytes);
        socket.resume();
        const closed = new Promise<void>((done) => socket.once('close', () => done()));
        return within(closed, `connection ${i} is closed`, 20_000);
      }),
    );
    expect(status[(await grpc().call('auth.options', {})).status]).toBe('OK');
    expect((await onlyHttp(server().url, 'GET', '/readyz')).status).toBe(200);
  });
});
