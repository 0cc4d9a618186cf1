import type { Clock, TimerHandle } from '../clock.ts';
import { Emitter } from '../emitter.ts';
import { randomId } from '../ids.ts';
import type { WebSocketConstructor, WebSocketLike } from '../transport/websocket.ts';
import { Hub } from './hub.ts';
import { type Letter, letterOf } from './letters.ts';
import type { TabChannel, TabPlatform } from './platform.ts';
import { RelayedSocket } from './relayed-socket.ts';
import { SocketEvents } from './socket-events.ts';

export interface TabsOptions {
  /** The same in all tabs that share a connection. */
  readonly name: string;
  readonly platform: TabPlatform;
  readonly clock: Clock;
  readonly WebSocket: WebSocketConstructor;
}

interface TabsEvents {
  /** This tab leads now, or does not any more. */
  leads: [boolean];
  /** It leads now, after another one. */
  succeeded: [];
  /** The leader has a connection: it is worth connecting now. */
  available: [];
}

/** A leader that says nothing for this long is frozen. */
const SILENCE_MS = 5_000;

/**
 * One connection for all tabs of an account. A Web Lock says which tab leads; that one has the real socket, and the
 * `WebSocket` of the others goes over it by a BroadcastChannel. When the leader goes, the lock falls to another tab, and
 * everybody connects again as after any loss. Owned by the client, from login to logout.
 */
export class Tabs extends Emitter<TabsEvents> {
  private readonly options: TabsOptions;
  private readonly channel: TabChannel;
  private readonly hub: Hub;
  private readonly id = randomId().replace(/[-_]/g, '').slice(0, 12);
  private readonly stopping = new AbortController();
  /** Resolves when it is known who leads. */
  private readonly decided: Promise<void>;
  private decide: () => void = () => undefined;
  private release: (() => void) | undefined;
  private socketNo = 0;
  private following = false;
  private real: WebSocketLike | undefined;
  private relayed: RelayedSocket | undefined;

  constructor(options: TabsOptions) {
    super();
    this.options = options;
    this.channel = options.platform.channel(options.name);
    this.channel.addEventListener('message', ({ data }) => this.take(letterOf(data)));
    this.hub = new Hub({ leader: this.id, clock: options.clock, post: (letter) => this.post(letter) });
    this.decided = new Promise((done) => {
      this.decide = done;
    });
    this.elect({ ifAvailable: true });
  }

  /** Whether this tab has the real connection. */
  get leads(): boolean {
    return this.release !== undefined;
  }

  /** What the client connects with. */
  get WebSocket(): WebSocketConstructor {
    const open = (url: string, protocols?: string | string[]) =>
      new TabSocket(this.decided, (events) => this.open(events, url, protocols));
    return function SharedWebSocket(url: string, protocols?: string | string[]) {
      return open(url, protocols);
    } as unknown as WebSocketConstructor;
  }

  /** Lets another tab lead. */
  stop(): void {
    this.clear();
    this.stopping.abort();
    this.release?.();
    this.release = undefined;
    this.channel.close();
  }

  private elect(how: { ifAvailable?: boolean; steal?: boolean }): void {
    const { locks } = this.options.platform;
    // A lock that is stolen cannot be waited for by a signal.
    const options = how.ifAvailable === true || how.steal === true ? how : { signal: this.stopping.signal };
    const held = (lock: unknown): Promise<void> | undefined => {
      // Who has taken the lock by force is still in the queue.
      if (this.stopping.signal.aborted || this.leads) return undefined;
      if (lock !== null) return this.lead();
      this.following = true;
      this.decide();
      this.elect({});
      return undefined;
    };
    // It is rejected when the lock was stolen, and when nobody waits for it any more.
    locks.request(this.options.name, options, held).catch(() => this.depose());
  }

  private lead(): Promise<void> {
    const ended = new Promise<void>((done) => {
      this.release = done;
    });
    this.decide();
    this.relayed?.end(1006);
    this.emit('leads', true);
    if (this.following) this.emit('succeeded');
    this.following = false;
    return ended;
  }

  /** Another tab has taken this one for dead. */
  private depose(): void {
    if (this.stopping.signal.aborted || this.release === undefined) return;
    this.release = undefined;
    this.following = true;
    this.hub.forget();
    this.emit('leads', false);
    const { real } = this;
    this.real = undefined;
    real?.close();
    this.elect({});
  }

  private open(events: SocketEvents, url: string, protocols: string | string[] | undefined): WebSocketLike {
    if (!this.leads) return this.follow(events);
    const real = new this.options.WebSocket(url, protocols);
    this.real = real;
    real.addEventListener('open', () => events.opened());
    real.addEventListener('message', ({ data }) => {
      if (typeof data === 'string' && this.hub.received(data, (text) => real.send(text)))
        events.message(data);
    });
    real.addEventListener('close', ({ code }) => {
      this.lost(real, code);
      events.closed(code);
    });
    real.addEventListener('error', () => undefined);
    return {
      send: (text) => real.send(this.hub.own(text)),
      close: (code) => {
        this.lost(real, code ?? 1000);
        real.close(code);
      },
      addEventListener: (type: string, listener: unknown) => events.add(type, listener),
    };
  }

  private lost(real: WebSocketLike, code: number): void {
    if (this.real !== real) return;
    this.real = undefined;
    this.hub.lost(code);
  }

  private follow(events: SocketEvents): WebSocketLike {
    this.socketNo += 1;
    const socket = new RelayedSocket(`${this.id}x${this.socketNo}`, events, (letter) => this.post(letter));
    this.relayed = socket;
    const patience: TimerHandle = this.options.clock.setTimeout(() => {
      if (!socket.answered && !this.leads && !this.stopping.signal.aborted) this.elect({ steal: true });
    }, SILENCE_MS);
    events.add('close', () => this.options.clock.clearTimeout(patience));
    events.add('open', () => this.options.clock.clearTimeout(patience));
    return socket;
  }

  private post(letter: Letter): void {
    if (!this.stopping.signal.aborted) this.channel.postMessage(letter);
  }

  private take(letter: Letter | undefined): void {
    if (letter === undefined) return;
    if (this.leads) {
      this.hub.take(letter);
      return;
    }
    this.relayed?.take(letter);
    if (letter.kind === 'leads') this.emit('available');
  }
}

/** A socket of which is not known yet whose it is. */
class TabSocket implements WebSocketLike {
  private readonly events = new SocketEvents();
  private inner: WebSocketLike | undefined;
  private over = false;

  constructor(decided: Promise<void>, open: (events: SocketEvents) => WebSocketLike) {
    void decided.then(() => {
      if (this.over) return;
      try {
        this.inner = open(this.events);
      } catch {
        // The platform refuses the address, for example by a content policy.
        this.events.closed(1006);
      }
    });
  }

  addEventListener(type: string, listener: unknown): void {
    this.events.add(type, listener);
  }

  send(text: string): void {
    this.inner?.send(text);
  }

  close(code?: number): void {
    this.over = true;
    this.inner?.close(code);
  }
}
