import type { Clock, TimerHandle } from '../clock.ts';
import { decodeKicked, decodeReady } from '../decode.ts';
import { Emitter } from '../emitter.ts';
import { asImError, errorFromWire, type ImError } from '../errors.ts';
import { type JsonObject, numberAt, objectAt, optionalString, parseObject, stringAt } from '../json.ts';
import type { KickedPush, PingFrame, ReadyFrame } from '../types.ts';
import { Backoff, RECONNECT_BACKOFF } from './backoff.ts';
import { actionForClose } from './close-codes.ts';
import type { Environment } from './environment.ts';
import { type RequestOptions, Requests } from './requests.ts';
import { SUB_PROTOCOL, type WebSocketConstructor, type WebSocketLike } from './websocket.ts';

export type ConnectionState =
  | { readonly name: 'stopped' }
  | { readonly name: 'connecting' }
  | { readonly name: 'ready' }
  /** Between two attempts. `offline`: the platform says that there is no network. */
  | { readonly name: 'waiting'; readonly retryAtMs: number; readonly offline: boolean };

/** Why the server does not want this session any more. */
export interface Refusal {
  readonly reason: KickedPush['reason'];
  /** Name of the device that caused it, when the server said so. */
  readonly device?: string;
}

export interface ConnectionOptions {
  /** ws:// or wss:// address of the socket. */
  readonly url: string;
  readonly WebSocket: WebSocketConstructor;
  readonly clock: Clock;
  readonly random: () => number;
  readonly environment: Environment;
  /** An access token that is not expired; `fresh` asks for a new one in place of one that was refused. */
  readonly token: (fresh: boolean) => Promise<string>;
}

interface ConnectionEvents {
  state: [ConnectionState];
  ready: [ReadyFrame];
  /** A server push, or the answer to a ping: type and data. `kicked` and `reconnect` are handled here and not emitted. */
  push: [string, JsonObject];
  /** The session is over; the connection has stopped. */
  refused: [Refusal];
}

/** From opening the socket to `ready`. */
const CONNECT_WITHIN_MS = 10_000;
const PROBE_WITHIN_MS = 10_000;
const DEFAULT_HEARTBEAT_MS = 30_000;
/** A connection that lasted this long was a good one: the next loss starts with a short delay again. */
const GOOD_AFTER_MS = 5_000;
/** While the platform says that there is no network; it tells us earlier when there is one. */
const OFFLINE_RETRY_MS = 30_000;
const DEFAULT_OUTSTANDING = 64;
const AUTH_ID = 'auth';
const PING_ID = 'ping';

/**
 * The WebSocket of a client: connects, authenticates, keeps alive, reconnects with back-off, matches answers to
 * requests. Owned by the client, from login to logout. A socket that is suspected dead is dropped at once and its
 * late events are ignored: what a half-open socket delivers later must not mix with its successor's frames.
 */
export class Connection extends Emitter<ConnectionEvents> {
  /** What a ping tells of what is held. */
  holdings: () => PingFrame = () => ({});
  private readonly options: ConnectionOptions;
  private readonly requests: Requests;
  private readonly backoff: Backoff;
  private current: ConnectionState = { name: 'stopped' };
  private socket: WebSocketLike | undefined;
  private timer: TimerHandle | undefined;
  private probeTimer: TimerHandle | undefined;
  private unsubscribe: (() => void) | undefined;
  private heartbeatMs = DEFAULT_HEARTBEAT_MS;
  private maxOutstanding = DEFAULT_OUTSTANDING;
  private lastFrameMs = 0;
  private readySinceMs = 0;
  /** The server's own wish for the next delay (`reconnect`, `retry_after_ms`). */
  private wishedDelayMs: number | undefined;
  private kicked: KickedPush | undefined;
  private tokenRefused = false;

  constructor(options: ConnectionOptions) {
    super();
    this.options = options;
    this.requests = new Requests(options.clock);
    this.backoff = new Backoff(RECONNECT_BACKOFF, options.random);
  }

  get state(): ConnectionState {
    return this.current;
  }

  /** Connects and stays connected until `stop` or a refusal. A repeat does nothing. */
  start(): void {
    if (this.current.name !== 'stopped') return;
    this.unsubscribe = this.options.environment.subscribe((what) => this.signal(what));
    this.kicked = undefined;
    this.tokenRefused = false;
    this.backoff.reset();
    this.connect();
  }

  /** Closes for good; requests without an answer are rejected. */
  stop(): void {
    this.unsubscribe?.();
    this.unsubscribe = undefined;
    this.dropSocket();
    this.requests.abortAll();
    this.setState({ name: 'stopped' });
  }

  /** Ends the wait between two attempts. */
  retryNow(): void {
    if (this.current.name === 'waiting') this.connect();
  }

  /** Waits for a connection when there is none. Rejects with an ImError. */
  request(type: string, data: unknown, options?: RequestOptions): Promise<JsonObject> {
    const answer = this.requests.add(type, data, options);
    this.flush();
    return answer;
  }

  private signal(what: 'online' | 'offline' | 'visible'): void {
    if (what === 'offline') {
      // The socket may look open for minutes; nothing passes any more.
      if (this.current.name === 'ready' || this.current.name === 'connecting') this.lost();
    } else if (this.current.name === 'ready') {
      this.probe();
    } else {
      this.retryNow();
    }
  }

  private connect(): void {
    this.dropSocket();
    this.setState({ name: 'connecting' });
    const attempt = this.arm(CONNECT_WITHIN_MS, () => this.lost());
    this.options.token(this.tokenRefused).then(
      (token) => {
        if (this.timer === attempt) this.open(token);
      },
      (thrown: unknown) => {
        if (this.timer !== attempt) return;
        if (asImError(thrown).kind === 'auth') this.refuse({ reason: 'expired' });
        else this.lost();
      },
    );
  }

  private open(token: string): void {
    let socket: WebSocketLike;
    try {
      socket = new this.options.WebSocket(this.options.url, SUB_PROTOCOL);
    } catch {
      // The platform refuses the address, for example by a content policy.
      this.lost();
      return;
    }
    this.socket = socket;
    const mine = <A extends unknown[]>(run: (...args: A) => void) => {
      return (...args: A) => {
        if (this.socket === socket) run(...args);
      };
    };
    socket.addEventListener(
      'open',
      mine(() => socket.send(JSON.stringify({ type: 'auth', id: AUTH_ID, data: { token } }))),
    );
    socket.addEventListener(
      'message',
      mine((event: { data: unknown }) => {
        if (typeof event.data === 'string') this.frame(event.data);
      }),
    );
    socket.addEventListener(
      'close',
      mine((event: { code: number }) => this.closed(event.code)),
    );
    // A close always follows; without a listener `ws` would throw.
    socket.addEventListener('error', () => undefined);
  }

  private frame(text: string): void {
    const frame = parseObject(text);
    if (frame === undefined) return;
    this.lastFrameMs = this.options.clock.now();
    const id = optionalString(frame, 'id');
    const type = stringAt(frame, 'type');
    if (type === 'ready') this.becomeReady(decodeReady(objectAt(frame, 'data')));
    else if (type === 'pong') this.ponged(objectAt(frame, 'data'));
    else if (type === 'ok' || type === 'error') this.answer(id ?? '', type, frame);
    else this.push(type, objectAt(frame, 'data'));
  }

  private answer(id: string, type: 'ok' | 'error', frame: JsonObject): void {
    if (type === 'ok') {
      this.requests.settle(id, { data: objectAt(frame, 'data') });
    } else {
      const error = errorFromWire(objectAt(frame, 'error'));
      if (id === AUTH_ID) this.authFailed(error);
      else if (!this.requests.settle(id, { error })) this.wishedDelayMs = error.retryAfterMs;
    }
    this.flush();
  }

  private authFailed(error: ImError): void {
    if (error.kind === 'auth') this.closed(4401);
    else if (error.code === 'account_disabled') this.closed(4403);
    else {
      this.wishedDelayMs = error.retryAfterMs;
      this.lost();
    }
  }

  private push(type: string, data: JsonObject): void {
    if (type === 'kicked') this.kicked = decodeKicked(data);
    else if (type === 'reconnect') this.wishedDelayMs = numberAt(data, 'after_ms');
    else if (this.current.name === 'ready') this.emit('push', type, data);
  }

  private becomeReady(ready: ReadyFrame): void {
    this.tokenRefused = false;
    this.readySinceMs = this.options.clock.now();
    if (ready.heartbeat_ms > 0) this.heartbeatMs = ready.heartbeat_ms;
    const outstanding = ready.limits?.max_outstanding ?? 0;
    if (outstanding > 0) this.maxOutstanding = outstanding;
    this.watch();
    this.setState({ name: 'ready' });
    this.emit('ready', ready);
    this.flush();
  }

  private flush(): void {
    const socket = this.socket;
    if (this.current.name !== 'ready' || socket === undefined) return;
    this.requests.flush((frame) => socket.send(frame), this.maxOutstanding);
  }

  /** Browsers show no WebSocket PINGs, so silence is probed by the protocol's own `ping`. */
  private watch(): void {
    const silentMs = this.options.clock.now() - this.lastFrameMs;
    if (silentMs >= this.heartbeatMs) this.probe();
    this.arm(silentMs >= this.heartbeatMs ? this.heartbeatMs : this.heartbeatMs - silentMs, () =>
      this.watch(),
    );
  }

  private probe(): void {
    if (this.probeTimer !== undefined || this.socket === undefined) return;
    this.probeTimer = this.options.clock.setTimeout(() => {
      this.probeTimer = undefined;
      this.lost();
    }, PROBE_WITHIN_MS);
    this.socket.send(JSON.stringify({ type: 'ping', id: PING_ID, data: this.holdings() }));
  }

  private ponged(data: JsonObject): void {
    this.alive();
    this.emit('push', 'pong', data);
  }

  private alive(): void {
    this.options.clock.clearTimeout(this.probeTimer);
    this.probeTimer = undefined;
  }

  private closed(code: number): void {
    const action = actionForClose(code);
    if (action === 'retry') {
      this.lost();
    } else if (action === 'new_token') {
      if (this.kicked !== undefined || this.tokenRefused) this.refuse(this.kicked ?? { reason: 'expired' });
      else {
        this.tokenRefused = true;
        this.connect();
      }
    } else {
      this.refuse(this.kicked ?? { reason: action });
    }
  }

  private refuse(refusal: Refusal): void {
    this.stop();
    this.emit('refused', refusal);
  }

  private lost(): void {
    const now = this.options.clock.now();
    if (this.current.name === 'ready' && now - this.readySinceMs >= GOOD_AFTER_MS) this.backoff.reset();
    this.dropSocket();
    const offline = !this.options.environment.isOnline();
    const jittered = this.backoff.next();
    const delayMs = offline ? OFFLINE_RETRY_MS : (this.wishedDelayMs ?? 0) + jittered;
    this.wishedDelayMs = undefined;
    this.arm(delayMs, () => this.connect());
    this.setState({ name: 'waiting', retryAtMs: now + delayMs, offline });
  }

  private dropSocket(): void {
    const socket = this.socket;
    this.socket = undefined;
    this.options.clock.clearTimeout(this.timer);
    this.timer = undefined;
    this.alive();
    this.requests.socketLost();
    socket?.close(1000);
  }

  /** One timer for all states: connect deadline, heartbeat, wait between attempts. */
  private arm(ms: number, run: () => void): TimerHandle {
    this.options.clock.clearTimeout(this.timer);
    const handle = this.options.clock.setTimeout(() => run(), ms);
    this.timer = handle;
    return handle;
  }

  private setState(state: ConnectionState): void {
    if (state.name === 'stopped' && this.current.name === 'stopped') return;
    this.current = state;
    this.emit('state', state);
  }
}
