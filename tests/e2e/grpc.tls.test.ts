import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Certificate, makeCertificate, testCertificate } from '@hongyan/test-support/certificate';
import { hongyan } from '@hongyan/test-support/command';
import { expect, test } from 'vitest';

import { Grpc, status } from './support/grpc.ts';
import { withServer } from './support/servers.ts';

const folder = mkdtempSync(join(tmpdir(), 'hongyan-grpc-tls-'));

/** Status of one call on a connection of its own. */
async function tryOnce(address: string, ca?: string): Promise<string> {
  const client = new Grpc(address, { 'grpc.use_local_subchannel_pool': 1 }, ca);
  const answer = await client.call('auth.options', {});
  client.close();
  return status[answer.status];
}

test('with a certificate the port speaks TLS with it, and nothing else', async () => {
  await withServer({ edge: 'tls' }, async (server) => {
    expect(await tryOnce(server.grpcAddress, testCertificate().pem)).toBe('OK');
    expect(await tryOnce(server.grpcAddress, makeCertificate(folder, 'foreign').pem)).toBe('UNAVAILABLE');
    expect(await tryOnce(server.grpcAddress)).toBe('UNAVAILABLE');
  });
});

test('a new certificate is taken over without dropping connections', async () => {
  const used: Certificate = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem'), pem: '' };
  const put = (certificate: Certificate) => {
    copyFileSync(certificate.keyFile, used.keyFile);
    copyFileSync(certificate.certFile, used.certFile);
  };
  put(testCertificate());
  const options = {
    edge: 'plain' as const,
    args: ['--tls-cert', used.certFile, '--tls-key', used.keyFile],
    env: { HONGYAN_TLS_CHECK_MS: '1000' },
  };
  await withServer(options, async (server) => {
    const early = new Grpc(server.grpcAddress, {}, testCertificate().pem);
    expect(status[(await early.call('auth.options', {})).status]).toBe('OK');
    const next = makeCertificate(folder, 'next');
    put(next);
    await expect.poll(() => tryOnce(server.grpcAddress, next.pem), { timeout: 10_000 }).toBe('OK');
    expect(await tryOnce(server.grpcAddress, testCertificate().pem)).toBe('UNAVAILABLE');
    expect(status[(await early.call('auth.options', {})).status]).toBe('OK');
    early.close();
  });
});

test('in plain text it does not leave the machine unless told to', async () => {
  const args = ['serve', '--data', join(folder, 'data'), '--http-port', '0', '--metrics-port', '0'];
  const refused = await hongyan([...args, '--grpc-port', '0'], { env: { HONGYAN_GRPC_LISTEN: '0.0.0.0' } });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('grpc.insecure');
});
