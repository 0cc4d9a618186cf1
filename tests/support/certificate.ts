import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate and its key, as files and the certificate also as text. */
export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly pem: string;
}

/** Makes a certificate for localhost and 127.0.0.1 that signs itself, as `NAME.crt` and `NAME.key` in `folder`. */
export function makeCertificate(folder: string, name: string): Certificate {
  const certFile = join(folder, `${name}.crt`);
  const keyFile = join(folder, `${name}.key`);
  execFileSync(
    'openssl',
    [
      ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'.split(' '),
      ...['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
      ...['-keyout', keyFile, '-out', certFile],
    ],
    { stdio: 'pipe' },
  );
  return { certFile, keyFile, pem: readFileSync(certFile, 'utf8') };
}

/**
 * The certificate of all servers of a run, which HONGYAN_TEST_CERTIFICATE names without its extension. Clients trust it
 * because NODE_EXTRA_CA_CERTS does.
 */
export function testCertificate(): Certificate {
  const base = process.env.HONGYAN_TEST_CERTIFICATE;
  if (base === undefined) throw new Error('HONGYAN_TEST_CERTIFICATE is not set');
  return { certFile: `${base}.crt`, keyFile: `${base}.key`, pem: readFileSync(`${base}.crt`, 'utf8') };
}

/** Makes that certificate in `folder`. Only processes that are started later trust it. */
export function provideTestCertificate(folder: string): void {
  const { certFile } = makeCertificate(folder, 'hongyan-test');
  process.env.NODE_EXTRA_CA_CERTS = certFile;
  process.env.HONGYAN_TEST_CERTIFICATE = certFile.replace(/\.crt$/, '');
}
