import type { ReadyFrame } from '@hongyan/sdk';
import WebSocket from 'ws';

import type { WireError } from './http.ts';
import { encodeData, protoFrame, readProtoFrame } from './proto.ts';
import { deferred, PATIENCE_MS, within } from './wait.ts';

export const JSON_PROTOCOL = 'hongyan.v1.json';
export const PROTO_PROTOCOL = 'hongyan.v1.proto';

/** A frame of the server. */
export interface Frame<T = unknown> {
  readonly type: string;
  readonly id?: string;
  readonly data?: T;
  readonly error?: WireError;
}

export interface OpenOptions {
  /** Sub-protocols to offer. */
  readonly protocol?: string | string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
}

/**
 * A plain client of `/ws` in either sub-protocol: sends what it is told, keeps every frame that comes, as JSON has it. Close
 * it, or stop the server.
 */
export class Socket {
  /** Every frame of the server in order of arrival. */
  readonly frames: Frame[] = [];
  /** The close code. */
  readonly closed: Promise<number>;
  /** Told of every frame as it comes, before whoever waits for it. */
  onFrame: (frame: Frame) => void = () => undefined;
  private readonly ws: WebSocket;
  private readonly watchers = new Set<() => void>();
  private readonly waiting = new Map<string, (frame: Frame) => void>();
  /** Types of the requests sent, by id. */
  private readonly asked = new Map<string, string>();
  private over = false;
  private nextId = 1;

  private constructor(ws: WebSocket) {
    this.ws = ws;
    const end = deferred<number>();
    this.closed = end.promise;
    ws.on('message', (data: Buffer, isBinary: boolean) => this.take(this.read(data, isBinary)));
    ws.on('error', () => undefined);
    ws.on('close', (code: number) => {
      this.over = true;
      end.resolve(code);
      this.wake();
    });
  }

  static async open(base: string, options: OpenOptions = {}): Promise<Socket> {
    const url = base.replace(/^http/, 'ws') + (options.path ?? '/ws');
    const ws = new WebSocket(url, options.protocol ?? JSON_PROTOCOL, {
      headers: { ...options.headers },
      perMessageDeflate: false,
    });
    const socket = new Socket(ws);
    const opened = deferred<void>();
    ws.once('open', () => opened.resolve());
    ws.once('error', (error) => opened.reject(error));
    await within(opened.promise, 'the socket opens');
    return socket;
  }

  /** An open and authenticated socket. */
  static async ready(base: string, token: string, protocol = JSON_PROTOCOL): Promise<Socket> {
    const socket = await Socket.open(base, { protocol });
    const answer = await socket.auth(token);
    if (answer.type !== 'ready') throw new Error(`auth was refused: ${JSON.stringify(answer)}`);
    return socket;
  }

  /** The negotiated sub-protocol, empty when there is none. */
  get protocol(): string {
    return this.ws.protocol;
  }

  auth(token: string): Promise<Frame<ReadyFrame>> {
    return this.request<ReadyFrame>('auth', { token });
  }

  /** Sends a request; the answer is `ok`, `error`, `ready` or `pong`. Rejects when the socket closes before it. */
  request<T = unknown>(type: string, data: unknown = {}): Promise<Frame<T>> {
    const id = `t${this.nextId++}`;
    const answer = deferred<Frame<T>>();
    this.waiting.set(id, (frame) => answer.resolve(frame as Frame<T>));
    this.asked.set(id, type);
    const isProto = this.ws.protocol === PROTO_PROTOCOL;
    this.sendRaw(isProto ? protoFrame(type, id, encodeData(type, data)) : JSON.stringify({ type, id, data }));
    void this.closed.then((code) => answer.reject(new Error(`${type}: the socket was closed with ${code}`)));
    return within(answer.promise, `an answer to ${type}`);
  }

  /** The data of the `ok` to a request; throws when it is refused. */
  async call<T = unknown>(type: string, data: unknown = {}): Promise<T> {
    const frame = await this.request<T>(type, data);
    if (frame.data === undefined || frame.type === 'error') {
      throw new Error(`${type}: ${JSON.stringify(frame.error ?? frame)}`);
    }
    return frame.data;
  }

  /** The error of a request that is refused; throws when it is not. */
  async refusal(type: string, data: unknown = {}): Promise<WireError> {
    const frame = await this.request(type, data);
    if (frame.error === undefined) throw new Error(`${type} was not refused: ${JSON.stringify(frame)}`);
    return frame.error;
  }

  /** Sends one text frame (a Buffer: one binary frame) as it is. */
  sendRaw(text: string | Buffer): void {
    this.ws.send(text);
  }

  /** The first frame that matches, already here or still to come. */
  seen<T = unknown>(match: (frame: Frame<T>) => boolean, what: string, ms = PATIENCE_MS): Promise<Frame<T>> {
    const found = deferred<Frame<T>>();
    const look = () => {
      const frame = this.frames.find((one) => match(one as Frame<T>));
      if (frame !== undefined) found.resolve(frame as Frame<T>);
      else if (this.over) found.reject(new Error(`the socket was closed before: ${what}`));
    };
    this.watchers.add(look);
    look();
    return within(found.promise, what, ms).finally(() => this.watchers.delete(look));
  }

  /** The first push of this type whose data matches. */
  async push<T>(type: string, match: (data: T) => boolean = () => true): Promise<T> {
    const frame = await this.seen<T>((one) => one.type === type && match(one.data as T), `a push ${type}`);
    return frame.data as T;
  }

  /** What came so far is looked for no more. */
  forget(): void {
    this.frames.length = 0;
  }

  /** The data of all pushes of this type so far. */
  pushes<T>(type: string): T[] {
    return this.frames
      .filter((frame) => frame.type === type && frame.id === undefined)
      .map((frame) => frame.data as T);
  }

  /** Answers the close code; rejects when the server does not close in time. */
  closeCode(ms = PATIENCE_MS): Promise<number> {
    return within(this.closed, 'the socket is closed', ms);
  }

  async close(): Promise<void> {
    this.ws.close(1000);
    await this.closeCode();
  }

  /** Reads nothing any more until `resume`. */
  pause(): void {
    this.ws.pause();
  }

  resume(): void {
    this.ws.resume();
  }

  /** Drops the connection without a word. */
  terminate(): void {
    this.ws.terminate();
  }

  private read(data: Buffer, isBinary: boolean): Frame {
    if (isBinary !== (this.ws.protocol === PROTO_PROTOCOL)) throw new Error('a frame of the other kind');
    const frame: unknown = isBinary
      ? readProtoFrame(data, (id) => this.asked.get(id))
      : JSON.parse(data.toString('utf8'));
    return frame as Frame;
  }

  private take(frame: Frame): void {
    this.frames.push(frame);
    this.onFrame(frame);
    const waiting = frame.id === undefined ? undefined : this.waiting.get(frame.id);
    if (frame.id !== undefined) this.waiting.delete(frame.id);
    waiting?.(frame);
    this.wake();
  }

  private wake(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}
