import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';

import { type Certificate, makeCertificate, testCertificate } from '@hongyan/test-support/certificate';
import { hongyan } from '@hongyan/test-support/command';
import { describe, expect, test } from 'vitest';

import { http } from './support/http.ts';
import { register } from './support/people.ts';
import { useServer, withServer } from './support/servers.ts';
import { Socket } from './support/socket.ts';
import { deferred, PATIENCE_MS, within } from './support/wait.ts';

const folder = mkdtempSync(join(tmpdir(), 'hongyan-tls-'));

/** The certificate a new connection is shown, whoever signed it. */
async function shownBy(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const shown = deferred<string>();
  const tls = connectTls({ host: hostname, port: Number(port), rejectUnauthorized: false }, () =>
    shown.resolve(tls.getPeerX509Certificate()?.fingerprint256 ?? 'none'),
  );
  tls.on('error', (error: Error) => shown.reject(error));
  return within(shown.promise, 'a handshake').finally(() => tls.destroy());
}

function fingerprint(certificate: Certificate): string {
  return new X509Certificate(certificate.pem).fingerprint256;
}

/** Looks again with every new connection until `look` is content. */
async function eventually(url: string, what: string, look: (shown: string) => boolean): Promise<void> {
  const giveUp = performance.now() + PATIENCE_MS;
  while (!look(await shownBy(url))) {
    if (performance.now() > giveUp) throw new Error(`not in ${PATIENCE_MS} ms: ${what}`);
  }
}

describe('certificate files', () => {
  const used: Certificate = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem'), pem: '' };
  const put = (certificate: Certificate) => {
    copyFileSync(certificate.keyFile, used.keyFile);
    copyFileSync(certificate.certFile, used.certFile);
  };
  put(testCertificate());
  // Looked at by the files' age only where a test says so.
  const options = (checkMs: number) => ({
    edge: 'plain' as const,
    args: ['--tls-cert', used.certFile, '--tls-key', used.keyFile],
    env: {
      HONGYAN_TLS_CHECK_MS: String(checkMs),
      HONGYAN_GATEWAY_SOCKETS_PER_DEVICE: '200',
      HONGYAN_GATEWAY_SOCKETS_PER_USER: '200',
    },
  });

  test('are read again on SIGHUP: none of 100 sockets is dropped, new connections see the new one', async () => {
    put(testCertificate());
    await withServer(options(3_600_000), async (server) => {
      expect(await shownBy(server.url)).toBe(fingerprint(testCertificate()));
      const alice = await register(server);
      const sockets = await Promise.all(
        Array.from({ length: 100 }, () => Socket.ready(server.url, alice.access)),
      );
      const next = makeCertificate(folder, 'next');
      put(next);
      process.kill(server.pid, 'SIGHUP');
      const wanted = fingerprint(next);
      await eventually(server.url, 'the new certificate', (shown) => shown === wanted);
      // Who trusts the new one alone is served.
      expect((await http(server.url, 'GET', '/healthz', { ca: next.pem })).status).toBe(200);
      const answers = await Promise.all(sockets.map((socket) => socket.request('user.me')));
      expect(answers.map((answer) => answer.type)).toEqual(Array.from({ length: 100 }, () => 'ok'));
      await Promise.all(sockets.map((socket) => socket.close()));
    });
  });

  test('are read again when they change; a broken pair is refused and the old one stays', async () => {
    put(testCertificate());
    await withServer(options(100), async (server) => {
      const next = makeCertificate(folder, 'changed');
      put(next);
      const wanted = fingerprint(next);
      await eventually(server.url, 'the new certificate', (shown) => shown === wanted);
      writeFileSync(used.certFile, 'no certificate');
      const log = () => readFileSync(server.logFile, 'utf8');
      await eventually(server.url, 'the refusal', () => log().includes('tls_certificate_refused'));
      expect(log()).toContain('the certificate file holds no certificate in PEM form');
      expect(await shownBy(server.url)).toBe(wanted);
    });
  });

  test.each([
    ['a key alone', { KEY: used.keyFile, MODE: 'files' }, 'needs both tls.cert and tls.key'],
    ['files without the mode', { CERT: used.certFile, KEY: used.keyFile }, 'need tls.mode = "files"'],
    ['an unknown mode', { MODE: 'on' }, 'tls.mode must be off, files or self-signed'],
    [
      'a file that is not there',
      { CERT: '/nowhere', KEY: used.keyFile, MODE: 'files' },
      '/nowhere: no such file',
    ],
    ['a certificate as key', { CERT: 'C', KEY: 'C', MODE: 'files' }, 'the key file holds no private key'],
  ])('%s: check-config says so', async (_, values, message) => {
    const { certFile } = testCertificate();
    const env = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [`HONGYAN_TLS_${key}`, value === 'C' ? certFile : value]),
    );
    const { code, stderr } = await hongyan(['check-config'], { env });
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});

describe('the encrypted port', () => {
  const server = useServer({ edge: 'tls' });
  const plainUrl = () => server().url.replace('https:', 'http:');

  test('tells plain clients the way', async () => {
    expect(server().url).toMatch(/^https:/);
    const answer = await http(plainUrl(), 'GET', '/some/page?x=1');
    expect(answer.status).toBe(308);
    expect(answer.headers.location).toBe(`${server().url}/some/page?x=1`);
    await expect(Socket.open(plainUrl())).rejects.toThrow('308');
    const login = await http(plainUrl(), 'POST', '/v1/auth/login', { body: { account: 'a', password: 'b' } });
    expect(login.status).toBe(308);
  });

  test('does not make browsers remember a name nobody gave it', async () => {
    expect((await http(server().url, 'GET', '/')).headers['strict-transport-security']).toBeUndefined();
  });
});

test('a certificate of its own: made once, kept private, for the names it is reached by', async () => {
  const data = join(folder, 'self-signed');
  mkdirSync(data);
  const options = {
    edge: 'plain' as const,
    dataDir: data,
    args: ['--tls', 'self-signed'],
    env: { HONGYAN_HTTP_PUBLIC_URL: 'https://chat.example' },
  };
  const certFile = join(data, 'tls/cert.pem');
  const certificate = await withServer(options, async (server) => {
    expect(statSync(join(data, 'tls/key.pem')).mode & 0o777).toBe(0o600);
    const ca = readFileSync(certFile, 'utf8');
    const answer = await http(server.url, 'GET', '/', { ca });
    expect(answer.status).toBe(200);
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
    const x509 = new X509Certificate(ca);
    for (const name of ['localhost', 'chat.example']) expect(x509.checkHost(name), name).toBe(name);
    for (const ip of ['127.0.0.1', '::1']) expect(x509.checkIP(ip), ip).toBe(ip);
    return ca;
  });
  await withServer(options, async () => {
    expect(readFileSync(certFile, 'utf8')).toBe(certificate);
    return Promise.resolve();
  });
  await withServer(
    { ...options, env: { HONGYAN_HTTP_PUBLIC_URL: 'https://other.example' } },
    async (server) => {
      const ca = readFileSync(certFile, 'utf8');
      expect(ca).not.toBe(certificate);
      expect((await http(server.url, 'GET', '/healthz', { ca })).status).toBe(200);
    },
  );
});
