import { describe, expect, test } from 'vitest';

import { http } from './support/http.ts';
import { register } from './support/people.ts';
import { RawConnection } from './support/raw.ts';
import { useServer } from './support/servers.ts';

// Short windows, so that waiting for them is quick. Plain: this is about bytes that a proxy would not let through.
const server = useServer({
  edge: 'plain',
  env: { HONGYAN_HTTP_REQUEST_TIMEOUT_MS: '1000', HONGYAN_HTTP_IDLE_TIMEOUT_MS: '500' },
});

const host = 'Host: hongyan\r\n';
const post = `POST /v1/auth/login HTTP/1.1\r\n${host}Content-Type: application/json\r\n`;

/** A request that no honest client sends, and the status it is refused with. */
const REFUSED: readonly (readonly [string, string | Buffer, number])[] = [
  ['10,000 headers', `GET / HTTP/1.1\r\n${host}${'X-A: 1\r\n'.repeat(10_000)}\r\n`, 431],
  ['a hundred and one headers', `GET / HTTP/1.1\r\n${host}${'X-A: 1\r\n'.repeat(100)}\r\n`, 431],
  ['one huge header', `GET / HTTP/1.1\r\n${host}X-A: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ['a huge target', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`, 431],
  ['two lengths', `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x`, 400],
  ['the same length twice', `${post}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`, 400],
  ['a list of lengths', `${post}Content-Length: 2, 2\r\n\r\n{}`, 400],
  ['length and coding', `${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['coding and length', `${post}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n`, 400],
  ['two codings', `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['an unknown coding', `${post}Transfer-Encoding: gzip\r\n\r\n`, 501],
  ['a coding in HTTP/1.0', `POST / HTTP/1.0\r\n${host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['a negative length', `${post}Content-Length: -1\r\n\r\n`, 400],
  ['a length that is no number', `${post}Content-Length: 2x\r\n\r\n{}`, 400],
  ['a length beyond all bounds', `${post}Content-Length: 99999999999999999999999\r\n\r\n`, 400],
  ['a body that is too long', `${post}Content-Length: 1048577\r\n\r\n`, 413],
  ['chunks that are too long', `${post}Transfer-Encoding: chunked\r\n\r\nFFFFFF\r\n`, 413],
  ['a chunk size that is no number', `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
  ['bare line feeds', `GET / HTTP/1.1\nHost: hongyan\n\n`, 400],
  ['a bare carriage return', `GET / HTTP/1.1\r\nHost: hong\ryan\r\n\r\n`, 400],
  ['a folded line', `GET / HTTP/1.1\r\n${host}X-A: 1\r\n 2\r\n\r\n`, 400],
  ['a space before the colon', `POST / HTTP/1.1\r\n${host}Content-Length : 2\r\n\r\n{}`, 400],
  ['NUL in a header', `GET / HTTP/1.1\r\n${host}X-A: a\0b\r\n\r\n`, 400],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['two Hosts', `GET / HTTP/1.1\r\n${host}${host}\r\n`, 400],
  ['another version', `GET / HTTP/2.0\r\n${host}\r\n`, 505],
  ['no version', 'GET /\r\n\r\n', 400],
  ['dot segments', `GET /a/../b HTTP/1.1\r\n${host}\r\n`, 400],
  ['hidden dot segments', `GET /v1/%2e%2e/metrics HTTP/1.1\r\n${host}\r\n`, 400],
  ['a hidden slash', `GET /v1/users%2fme HTTP/1.1\r\n${host}\r\n`, 400],
  ['an unknown expectation', `${post}Expect: miracles\r\nContent-Length: 2\r\n\r\n{}`, 417],
  ['the hello of TLS', Buffer.from('16030100c8010000c40303', 'hex'), 400],
  ['binary noise', Buffer.from(Array.from({ length: 65_536 }, (_, i) => (i * 193 + 128) & 0xff)), 400],
];

test.each(REFUSED)('%s: refused, and the connection ends', async (_, request, status) => {
  const connection = await RawConnection.open(server().url);
  connection.write(request);
  // A request smuggled behind it must not be served.
  connection.write(`GET /healthz HTTP/1.1\r\n${host}\r\n`);
  const answer = await connection.answer();
  expect(answer.status).toBe(status);
  expect(answer.headers.get('connection')).toBe('close');
  await connection.closed;
  expect(connection.received.toString('latin1').match(/HTTP\/1\.1 /g)).toHaveLength(1);
});

describe('slow clients', () => {
  test('300 that never finish their request are ended with 408, and others are served meanwhile', async () => {
    const person = await register(server());
    // Written to at once: a connection without a request is closed without an answer.
    const slow = await Promise.all(Array.from({ length: 300 }, () => RawConnection.open(server().url)));
    const drip = setInterval(() => {
      for (const connection of slow) connection.write('a');
    }, 100);
    try {
      for (const connection of slow) connection.write(`GET / HTTP/1.1\r\n${host}X-Slow: `);
      const ended = Promise.all(slow.map((connection) => connection.answer()));
      for (let i = 0; i < 20; i++) {
        const began = performance.now();
        const answer = await http(server().url, 'GET', '/v1/users/me', { token: person.access });
        expect(answer.status).toBe(200);
        expect(performance.now() - began).toBeLessThan(500);
      }
      expect(new Set((await ended).map((answer) => answer.status))).toEqual(new Set([408]));
      await Promise.all(slow.map((connection) => connection.closed));
    } finally {
      clearInterval(drip);
      for (const connection of slow) connection.destroy();
    }
  });

  test('a body that does not come is ended with 408', async () => {
    const connection = await RawConnection.open(server().url);
    connection.write(`${post}Content-Length: 100\r\n\r\n{`);
    expect((await connection.answer()).status).toBe(408);
    await connection.closed;
  });

  test('a connection without a request is closed', async () => {
    const connection = await RawConnection.open(server().url);
    await connection.closed;
    expect(connection.received).toHaveLength(0);
  });
});

describe('bodies', () => {
  const send = async (content: string | Buffer) => {
    const { access: token } = await register(server());
    return http(server().url, 'PATCH', '/v1/users/me', { token, raw: { type: 'application/json', content } });
  };

  test('20,000-deep JSON is refused', async () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const deep = `{"x":${open.repeat(20_000)}1${close.repeat(20_000)}}`;
      expect((await send(deep)).error.code).toBe('invalid_argument');
      expect((await send(`{"nickname":${open.repeat(20_000)}`)).error.code).toBe('invalid_argument');
    }
  });

  test('bad UTF-8, wrong types and absurd numbers are refused; unknown fields and null are not', async () => {
    expect((await send(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]))).status).toBe(400);
    for (const value of ['1', 'true', '[]', '{}', '1e999', '99999999999999999999']) {
      const answer = await send(`{"nickname":${value}}`);
      expect([answer.status, answer.error.code], value).toEqual([400, 'invalid_argument']);
    }
    expect((await send('{"nickname":null,"unknown":[1,{"deep":null}]}')).status).toBe(200);
  });
});
