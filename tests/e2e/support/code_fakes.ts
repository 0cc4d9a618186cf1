import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { testCertificate } from '@hongyan/test-support/certificate';

import { freshName } from './people.ts';
import { deferred, within } from './wait.ts';

const USER = 'relay';
const PASSWORD = 'mail password';
const GATEWAY_TOKEN = 'gateway token';

/** An e-mail address nobody has yet. */
export function freshMail(): string {
  return `${freshName('mail')}@people.example`;
}

let phones = 0;

/** A phone number nobody has yet. */
export function freshPhone(): string {
  phones += 1;
  return `+86138${String(process.pid % 1000).padStart(3, '0')}${String(phones).padStart(5, '0')}`;
}

/** A code as it came to somebody. */
export interface Letter {
  readonly to: string;
  readonly text: string;
  readonly code: string;
  /** By mail: whether it came over TLS and from somebody who had logged in. By phone: what the gateway was told. */
  readonly encrypted?: boolean;
  readonly head?: string;
  readonly json?: Readonly<Record<string, unknown>>;
}

/**
 * A mail server and an SMS gateway that keep what they are given. The mail server wants STARTTLS and a login before it takes
 * anything. Owned by the test file that started them, which ends them with `stop()`.
 */
export class CodeFakes {
  readonly letters: Letter[] = [];
  /** What the mail server answers to RCPT; by default it takes everybody. */
  refuseRecipients: string | undefined;
  /** The mail server takes connections and says nothing. */
  silent = false;
  private readonly folder = mkdtempSync(join(tmpdir(), 'hongyan-codes-'));
  /** Settled by the next letter. */
  private next = deferred<undefined>();
  private readonly open = new Set<Socket>();
  private readonly mail: Server;
  private readonly gateway: HttpServer;

  private constructor() {
    this.mail = createServer((socket) => this.serveMail(socket));
    this.gateway = createHttpServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const good = request.headers.authorization === `Bearer ${GATEWAY_TOKEN}`;
        const json = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
        if (good) this.keep({ to: String(json.to), text: String(json.text), code: String(json.code), json });
        response.writeHead(good ? 200 : 401).end();
      });
    });
  }

  static async start(): Promise<CodeFakes> {
    const fakes = new CodeFakes();
    fakes.mail.listen(0, '127.0.0.1');
    fakes.gateway.listen(0, '127.0.0.1');
    await Promise.all([once(fakes.mail, 'listening'), once(fakes.gateway, 'listening')]);
    writeFileSync(join(fakes.folder, 'mail'), `${PASSWORD}\n`, { mode: 0o600 });
    writeFileSync(join(fakes.folder, 'sms'), GATEWAY_TOKEN, { mode: 0o600 });
    return fakes;
  }

  async stop(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    this.gateway.closeAllConnections();
    await Promise.all([
      new Promise((done) => this.mail.close(done)),
      new Promise((done) => this.gateway.close(done)),
    ]);
    rmSync(this.folder, { recursive: true });
  }

  /** Environment of a server that sends its codes here. */
  get env(): Record<string, string> {
    return {
      HONGYAN_CODES_SMTP_URL: `smtp://127.0.0.1:${portOf(this.mail)}`,
      HONGYAN_CODES_SMTP_USER: USER,
      HONGYAN_CODES_SMTP_PASSWORD_FILE: join(this.folder, 'mail'),
      HONGYAN_CODES_SMTP_FROM: 'no-reply@chat.example',
      HONGYAN_CODES_SMS_URL: `http://127.0.0.1:${portOf(this.gateway)}/send`,
      HONGYAN_CODES_SMS_TOKEN_FILE: join(this.folder, 'sms'),
      HONGYAN_CODES_CA_FILE: testCertificate().certFile,
    };
  }

  /** How many have come for this target. */
  count(target: string): number {
    return this.letters.filter((letter) => letter.to === target).length;
  }

  /** The nth letter to this target, as soon as it is there. */
  async letter(target: string, nth = 1): Promise<Letter> {
    for (;;) {
      const found = this.letters.filter((letter) => letter.to === target)[nth - 1];
      if (found !== undefined) return found;
      await within(this.next.promise, `code ${nth} to ${target}`);
    }
  }

  private keep(letter: Letter): void {
    this.letters.push(letter);
    this.next.resolve(undefined);
    this.next = deferred();
  }

  private serveMail(socket: Socket): void {
    this.open.add(socket);
    socket.on('close', () => this.open.delete(socket));
    socket.on('error', () => undefined);
    if (this.silent) return;
    socket.write('220 fake ESMTP\r\n');
    new MailSession(socket, this.keep.bind(this), () => this.refuseRecipients).listen(socket);
  }
}

/** One connection to the mail server (RFC 5321, as much of it as a relay needs). */
class MailSession {
  private channel: Socket;
  private buffer = '';
  private encrypted = false;
  private known = false;
  private recipient = '';
  private mail: string[] | undefined;
  private readonly keep: (letter: Letter) => void;
  private readonly refusal: () => string | undefined;

  constructor(socket: Socket, keep: (letter: Letter) => void, refusal: () => string | undefined) {
    this.channel = socket;
    this.keep = keep;
    this.refusal = refusal;
  }

  listen(channel: Socket): void {
    this.channel = channel;
    channel.setEncoding('latin1');
    channel.on('error', () => undefined);
    channel.on('data', (chunk) => {
      this.buffer += String(chunk);
      for (let end = this.buffer.indexOf('\r\n'); end >= 0; end = this.buffer.indexOf('\r\n')) {
        const line = this.buffer.slice(0, end);
        this.buffer = this.buffer.slice(end + 2);
        if (this.mail !== undefined) this.takeLine(line);
        else if (line === 'STARTTLS') return this.encrypt();
        else this.answer(line);
      }
    });
  }

  private encrypt(): void {
    const { certFile, keyFile } = testCertificate();
    const secureContext = createSecureContext({ cert: readFileSync(certFile), key: readFileSync(keyFile) });
    this.channel.removeAllListeners('data');
    this.channel.write('220 go on\r\n');
    this.encrypted = true;
    this.listen(new TLSSocket(this.channel, { isServer: true, secureContext }));
  }

  private answer(line: string): void {
    this.channel.write(`${this.reply(line)}\r\n`);
  }

  private reply(line: string): string {
    const [verb = ''] = line.split(' ');
    if (verb === 'EHLO') return this.encrypted ? '250-fake\r\n250 AUTH PLAIN' : '250-fake\r\n250 STARTTLS';
    if (verb === 'QUIT') return '221 bye';
    if (!this.encrypted) return '530 encrypt first';
    if (line === 'AUTH PLAIN') return '334 ';
    if (line === Buffer.from(`\0${USER}\0${PASSWORD}`).toString('base64')) {
      this.known = true;
      return '235 welcome';
    }
    if (!this.known) return '530 log in first';
    if (verb === 'RCPT') {
      this.recipient = /<(.*)>/.exec(line)?.[1] ?? '';
      return this.refusal() ?? '250 fine';
    }
    if (verb === 'DATA') {
      this.mail = [];
      return '354 go on';
    }
    return '250 fine';
  }

  private takeLine(line: string): void {
    if (line !== '.') {
      this.mail?.push(line.startsWith('.') ? line.slice(1) : line);
      return;
    }
    const [head = '', body = ''] = (this.mail ?? []).join('\n').split('\n\n');
    this.mail = undefined;
    const text = Buffer.from(body, 'base64').toString('utf8');
    this.keep({
      to: this.recipient,
      text,
      code: /\d{6}/.exec(text)?.[0] ?? '',
      encrypted: this.encrypted,
      head,
    });
    this.channel.write('250 taken\r\n');
  }
}

function portOf(server: Server | HttpServer): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it does not listen');
  return address.port;
}
