import { randomBytes } from 'node:crypto';
import { connect, type Socket as TcpSocket } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { deferred, within } from './wait.ts';

/** The first HTTP answer on a connection. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** A connection, over TLS for https, that sends exactly the bytes it is given. */
export class RawConnection {
  /** Settled when the other end has ended or reset the connection. */
  readonly closed: Promise<void>;
  private readonly tcp: TcpSocket;
  private bytes = Buffer.alloc(0);
  private over = false;
  private readonly watchers = new Set<() => void>();

  private constructor(tcp: TcpSocket) {
    this.tcp = tcp;
    const end = deferred<void>();
    this.closed = end.promise;
    const finish = () => {
      this.over = true;
      end.resolve();
      this.wake();
    };
    tcp.on('data', (chunk: Buffer) => {
      this.bytes = Buffer.concat([this.bytes, chunk]);
      this.wake();
    });
    tcp.on('end', finish);
    tcp.on('close', finish);
    tcp.on('error', () => undefined);
  }

  static async open(base: string): Promise<RawConnection> {
    const { protocol, hostname, port } = new URL(base);
    const where = { host: hostname, port: Number(port) };
    const tcp = protocol === 'https:' ? connectTls(where) : connect(where);
    tcp.setNoDelay(true);
    const opened = deferred<void>();
    tcp.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => opened.resolve());
    tcp.once('error', (error: Error) => opened.reject(error));
    await within(opened.promise, 'the connection opens');
    return new RawConnection(tcp);
  }

  get received(): Buffer {
    return this.bytes;
  }

  write(data: string | Buffer): void {
    this.tcp.write(data);
  }

  /** Takes nothing more from the kernel. */
  stopReading(): void {
    this.tcp.pause();
  }

  resumeReading(): void {
    this.tcp.resume();
  }

  destroy(): void {
    this.tcp.destroy();
  }

  /** What `look` makes of the received bytes, as soon as it makes something of them. */
  async until<T>(what: string, look: (received: Buffer) => T | undefined): Promise<T> {
    const found = deferred<T>();
    const check = () => {
      const result = look(this.bytes);
      if (result !== undefined) found.resolve(result);
      else if (this.over)
        found.reject(new Error(`closed before: ${what}; got ${this.bytes.toString('latin1')}`));
    };
    this.watchers.add(check);
    check();
    return within(found.promise, what).finally(() => this.watchers.delete(check));
  }

  answer(): Promise<RawAnswer> {
    return this.until('an HTTP answer', parseAnswer);
  }

  private wake(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}

function parseAnswer(received: Buffer): RawAnswer | undefined {
  const text = received.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first, ...lines] = text.slice(0, end).split('\r\n');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const body = text.slice(end + 4);
  if (body.length < Number(headers.get('content-length') ?? 0)) return undefined;
  return { status: Number(first?.split(' ')[1]), headers, body };
}

/** Sends raw bytes as one HTTP request and answers what came; the connection is then dropped. */
export async function rawHttp(base: string, request: string | Buffer): Promise<RawAnswer> {
  const connection = await RawConnection.open(base);
  try {
    connection.write(request);
    return await connection.answer();
  } finally {
    connection.destroy();
  }
}

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameOptions {
  readonly masked?: boolean;
  readonly fin?: boolean;
  /** The three reserved bits. */
  readonly rsv?: number;
  /** Announced length, when it is not the payload's. */
  readonly length?: number;
}

/** One WebSocket frame as a client sends it, or as one that breaks the rules does. */
export function wsFrame(opcode: number, payload: string | Buffer, options: FrameOptions = {}): Buffer {
  const { masked = true, fin = true, rsv = 0 } = options;
  const data = Buffer.from(payload);
  const length = options.length ?? data.length;
  const extended = Buffer.alloc(length < 126 ? 0 : length < 65_536 ? 2 : 8);
  if (extended.length === 2) extended.writeUInt16BE(length);
  if (extended.length === 8) extended.writeBigUInt64BE(BigInt(length));
  const short = extended.length === 0 ? length : extended.length === 2 ? 126 : 127;
  const head = Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode, (masked ? 0x80 : 0) | short]);
  if (!masked) return Buffer.concat([head, extended, data]);
  const key = randomBytes(4);
  return Buffer.concat([head, extended, key, data.map((byte, i) => byte ^ (key[i % 4] ?? 0))]);
}

/** A frame of the server. */
export interface ServerFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** A WebSocket made by hand: may break every rule after the handshake. */
export class RawSocket {
  readonly connection: RawConnection;
  private readonly frontBytes: number;

  private constructor(connection: RawConnection, frontBytes: number) {
    this.connection = connection;
    this.frontBytes = frontBytes;
  }

  /** Opens `/ws`; `token` is sent with the upgrade, and then `ready` is awaited. */
  static async open(base: string, token?: string, protocol?: string): Promise<RawSocket> {
    const connection = await RawConnection.open(base);
    connection.write(
      `GET /ws HTTP/1.1\r\nHost: ${new URL(base).host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n` +
        (token === undefined ? '' : `Authorization: Bearer ${token}\r\n`) +
        (protocol === undefined ? '' : `Sec-WebSocket-Protocol: ${protocol}\r\n`) +
        '\r\n',
    );
    const answer = await connection.until('the upgrade', (received) => {
      const end = received.indexOf('\r\n\r\n');
      return end < 0 ? undefined : { head: received.toString('latin1', 0, end), end: end + 4 };
    });
    if (!answer.head.startsWith('HTTP/1.1 101')) throw new Error(`no upgrade: ${answer.head}`);
    const socket = new RawSocket(connection, answer.end);
    if (token !== undefined) await socket.until('ready', (frame) => frame.payload.includes('ready'));
    return socket;
  }

  /** Several frames leave in one write. */
  send(...frames: Buffer[]): void {
    this.connection.write(Buffer.concat(frames));
  }

  /** The first frame of the server that matches. */
  until(what: string, match: (frame: ServerFrame) => boolean): Promise<ServerFrame> {
    return this.connection.until(what, () => this.frames().find(match));
  }

  /** The code of the server's Close frame. */
  async closeCode(): Promise<number> {
    const frame = await this.until('a Close frame', (one) => one.opcode === OPCODE.close);
    return frame.payload.readUInt16BE(0);
  }

  /** Whole frames so far. */
  frames(): ServerFrame[] {
    const frames: ServerFrame[] = [];
    const bytes = this.connection.received;
    let at = this.frontBytes;
    while (at + 2 <= bytes.length) {
      const short = (bytes[at + 1] ?? 0) & 0x7f;
      const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
      const start = at + 2 + extended;
      if (start > bytes.length) break;
      const length =
        extended === 0
          ? short
          : extended === 2
            ? bytes.readUInt16BE(at + 2)
            : Number(bytes.readBigUInt64BE(at + 2));
      if (start + length > bytes.length) break;
      frames.push({ opcode: (bytes[at] ?? 0) & 0x0f, payload: bytes.subarray(start, start + length) });
      at = start + length;
    }
    return frames;
  }

  destroy(): void {
    this.connection.destroy();
  }
}
