import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { startServer } from '@hongyan/test-support';
import { describe, expect, test } from 'vitest';

import { http } from './support/http.ts';
import { RawConnection, rawHttp } from './support/raw.ts';
import { register } from './support/people.ts';
import { Socket } from './support/socket.ts';
import { useServer } from './support/servers.ts';

const server = useServer();
const get = (path: string, headers: Record<string, string> = {}) =>
  http(server().url, 'GET', path, { headers });

/** Address of the largest script or style of the embedded web client. */
async function assetPath(): Promise<string> {
  const paths = [...(await get('/')).text.matchAll(/"(\/assets\/[^"]+)"/g)].map((found) => found[1] ?? '');
  if (paths.length === 0) throw new Error('the server was built without the web client');
  const sizes = await Promise.all(paths.map(async (path) => (await get(path)).bytes.length));
  return paths[sizes.indexOf(Math.max(...sizes))] ?? '';
}

describe('health and metrics', () => {
  test('the process says that it is alive and that it may serve', async () => {
    expect(await get('/healthz')).toMatchObject({ status: 200 });
    expect((await get('/readyz')).text).toBe('ready\n');
  });

  test('metrics are on their own port only', async () => {
    expect((await get('/metrics')).text).not.toContain('hongyan_');
    const metrics = await http(server().metricsUrl, 'GET', '/metrics');
    expect(metrics.status).toBe(200);
    expect(metrics.headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(metrics.text).toMatch(/^# TYPE hongyan_messages_total counter$/m);
    for (const path of ['/', '/v1/users/me', '/readyz']) {
      expect((await http(server().metricsUrl, 'GET', path)).status).toBe(404);
    }
  });
});

describe('headers', () => {
  test('every answer carries the security headers', async () => {
    for (const path of ['/', '/healthz', '/v1/users/me', '/v1/nothing', '/ws', '/assets/nothing.js']) {
      const { headers } = await get(path);
      const policy = String(headers['content-security-policy']);
      expect(policy, path).toContain("default-src 'none'");
      expect(policy, path).toContain("frame-ancestors 'none'");
      expect(policy, path).not.toContain('unsafe-inline');
      expect(policy, path).not.toContain('unsafe-eval');
      expect(headers, path).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
      });
    }
  });

  test('no other site is ever allowed in', async () => {
    const origin = { Origin: 'https://evil.example' };
    const preflight = {
      ...origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization',
    };
    for (const path of ['/v1/users/me', '/v1/auth/login', '/v1/auth/options', '/', '/ws']) {
      for (const answer of [
        await get(path, origin),
        await http(server().url, 'OPTIONS', path, { headers: preflight }),
      ]) {
        const names = Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'));
        expect(names, path).toEqual([]);
      }
      const options = await http(server().url, 'OPTIONS', path, { headers: preflight });
      expect(options.status, path).toBeGreaterThanOrEqual(400);
    }
  });

  test('every answer of the API has a request id and is not stored', async () => {
    const { access } = await register(server());
    const ids = new Set<unknown>();
    for (const token of [access, access, 'bad']) {
      const answer = await http(server().url, 'GET', '/v1/users/me', { token });
      expect(answer.headers['cache-control']).toBe('no-store');
      ids.add(answer.headers['x-request-id']);
      if (answer.status !== 200) expect(answer.error.request_id).toBe(answer.headers['x-request-id']);
    }
    expect(ids.size).toBe(3);
    expect([...ids].every((id) => typeof id === 'string' && id.length > 0)).toBe(true);
  });
});

describe('the WebSocket address', () => {
  const open = (headers: Record<string, string>, path?: string) =>
    Socket.open(server().url, { headers, ...(path === undefined ? {} : { path }) });

  test('takes our own pages and clients that are no browser, and no other site', async () => {
    const { host, protocol } = new URL(server().url);
    await (await open({})).close();
    await (await open({ Origin: `https://${host}` })).close();
    // Whether an unknown proxy encrypts is not known; whether we do is.
    const plain = open({ Origin: `http://${host}` });
    if (protocol === 'http:') await (await plain).close();
    else await expect(plain).rejects.toThrow('403');
    for (const origin of [
      'https://evil.example',
      'null',
      `http://${host}.evil.example`,
      `http://evil.example/${host}`,
    ]) {
      await expect(open({ Origin: origin }), origin).rejects.toThrow('403');
    }
  });

  test('takes the token with the upgrade or in the address', async () => {
    const { access, userId } = await register(server());
    for (const [headers, path] of [
      [{ Authorization: `Bearer ${access}` }, '/ws'],
      [{}, `/ws?token=${access}`],
    ] as const) {
      const socket = await open(headers, path);
      const ready = await socket.push<{ user_id: string }>('ready');
      expect(ready.user_id).toBe(userId);
      await socket.close();
    }
    const refused = await open({}, '/ws?token=nonsense');
    expect(await refused.closeCode()).toBe(4401);
  });

  test('answers what is no handshake with an error', async () => {
    const { host } = new URL(server().url);
    const plain = await get('/ws');
    expect([plain.status, plain.headers['sec-websocket-version']]).toEqual([426, '13']);
    const upgrade = `GET /ws HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`;
    const key = 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
    for (const [headers, status] of [
      [`${key}Sec-WebSocket-Version: 8\r\n`, 426],
      ['Sec-WebSocket-Version: 13\r\n', 400],
      ['Sec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n', 400],
    ] as const) {
      const answer = await rawHttp(server().url, `${upgrade}${headers}\r\n`);
      expect(answer.status, headers).toBe(status);
      expect(answer.body).toContain('"invalid_argument"');
    }
  });
});

describe('the web client', () => {
  test('is served at / and for its pages, and is asked for again each time', async () => {
    const index = await get('/');
    expect(index.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8' });
    expect(index.headers['cache-control']).toContain('no-cache');
    const page = await get('/chat/123', { Accept: 'text/html' });
    expect([page.status, page.text]).toEqual([200, index.text]);
    for (const path of ['/assets/nothing.js', '/nothing.png', '/../etc/passwd', '/%2e%2e/etc/passwd']) {
      expect([400, 404], path).toContain((await get(path, { Accept: '*/*' })).status);
    }
  });

  test('worker and manifest are what browsers take them for, and are asked for again each time', async () => {
    for (const [path, type] of [
      ['/sw.js', 'text/javascript; charset=utf-8'],
      ['/manifest.webmanifest', 'application/manifest+json'],
    ] as const) {
      const { headers } = await get(path);
      expect(headers, path).toMatchObject({ 'content-type': type, 'cache-control': 'no-cache' });
      expect(headers['content-security-policy'], path).toContain('trusted-types vue worker');
    }
    expect(await get('/.vite/manifest.json')).toMatchObject({ status: 404 });
  });

  test('comes from a folder where one is named, as it lies there at that moment', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hongyan-web-root-'));
    const own = await startServer({ args: ['--web-root', folder] });
    try {
      for (const text of ['<p>one</p>', '<p>two</p>']) {
        writeFileSync(join(folder, 'index.html'), text);
        const page = await http(own.url, 'GET', '/c/123', { headers: { Accept: 'text/html' } });
        expect([page.status, page.text]).toEqual([200, text]);
        expect(page.headers['content-security-policy']).toContain("default-src 'none'");
      }
      expect(await http(own.url, 'GET', '/v1/users/me')).toMatchObject({ status: 401 });
    } finally {
      await own.stop();
      rmSync(folder, { recursive: true });
    }
  });

  test('assets never change and are compressed', async () => {
    const path = await assetPath();
    const plain = await get(path);
    expect(plain.headers['cache-control']).toContain('immutable');
    expect(plain.headers['content-type']).toContain('javascript');
    expect(plain.headers.vary).toContain('Accept-Encoding');
    // Compressed in the background after the start; until then files go out as they are.
    const encoding = async () =>
      (await get(path, { 'Accept-Encoding': 'gzip, br' })).headers['content-encoding'];
    await expect.poll(encoding, { timeout: 10_000 }).toBe('br');
    const brotli = await get(path, { 'Accept-Encoding': 'gzip, br' });
    expect(brotliDecompressSync(brotli.bytes).equals(plain.bytes)).toBe(true);
    const gzip = await get(path, { 'Accept-Encoding': 'gzip, br;q=0' });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzip.bytes).equals(plain.bytes)).toBe(true);
  });

  test('a copy that is still good is answered with 304', async () => {
    for (const path of ['/', await assetPath()]) {
      const first = await get(path);
      const tag = first.headers.etag ?? '';
      expect(tag, path).toMatch(/^(W\/)?".+"$/);
      const second = await get(path, { 'If-None-Match': tag });
      expect([second.status, second.bytes.length], path).toEqual([304, 0]);
      expect((await get(path, { 'If-None-Match': '"another"' })).status, path).toBe(200);
    }
  });
});

describe('the API', () => {
  test('unknown addresses and wrong verbs are told in JSON', async () => {
    const { access: token } = await register(server());
    for (const path of ['/v1', '/v1/nothing', '/v1/hooks', '/v1/users/me/more', '/v2/users/me']) {
      const answer = await http(server().url, 'GET', path, {
        token,
        headers: { Accept: 'application/json' },
      });
      expect([answer.status, answer.error.code], path).toEqual([404, 'not_found']);
    }
    for (const [verb, path] of [
      ['PUT', '/v1/users/me'],
      ['GET', '/v1/auth/login'],
      ['GET', '/v1/users'],
      ['PUT', '/v1/messages'],
      ['POST', '/'],
      ['PROPFIND', '/v1/users/me'],
    ] as const) {
      const answer = await http(server().url, verb, path, { token });
      expect([answer.status, answer.error.code], `${verb} ${path}`).toEqual([405, 'method_not_allowed']);
    }
  });

  test('bodies are JSON objects of a bounded size', async () => {
    const { access: token } = await register(server());
    const patch = (type: string, content: string) =>
      http(server().url, 'PATCH', '/v1/users/me', { token, raw: { type, content } });
    expect((await patch('application/json; charset=utf-8', '{}')).status).toBe(200);
    expect((await patch('text/plain', '{}')).error.code).toBe('unsupported_media');
    expect((await patch('application/x-www-form-urlencoded', 'nickname=x')).status).toBe(415);
    for (const content of [
      '{',
      '[]',
      '"x"',
      '7',
      'null',
      '{"nickname":"x"} trailing',
      '\u0000',
      '{"nickname":"\\ud800"}',
    ]) {
      const answer = await patch('application/json', content);
      expect([answer.status, answer.error.code], content).toEqual([400, 'invalid_argument']);
    }
    const large = await patch('application/json', `{"nickname":"${'x'.repeat(1024 * 1024)}"}`);
    expect([large.status, large.error.code]).toEqual([413, 'too_large']);
  });

  test('HEAD answers like GET without a body', async () => {
    const { access: token } = await register(server());
    for (const path of ['/', '/healthz', '/v1/users/me']) {
      const [full, head] = [
        await http(server().url, 'GET', path, { token }),
        await http(server().url, 'HEAD', path, { token }),
      ];
      expect([head.status, head.bytes.length], path).toEqual([full.status, 0]);
      expect(head.headers['content-length'], path).toBe(full.headers['content-length']);
    }
  });

  test('a connection serves several requests, also when they arrive at once', async () => {
    const { host } = new URL(server().url);
    const one = `GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    const last = `GET /readyz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    const connection = await RawConnection.open(server().url);
    connection.write(one + one + last);
    await connection.closed;
    const text = connection.received.toString('latin1');
    expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(3);
    expect(text).toContain('ready\n');
  });
});
