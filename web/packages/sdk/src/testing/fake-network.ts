import type { WebSocketConstructor, WebSocketLike } from '../transport/websocket.ts';
import type { ServerDouble, ServerSession } from './server-double.ts';

type Listeners = {
  open: (() => void)[];
  message: ((event: { data: unknown }) => void)[];
  close: ((event: { code: number }) => void)[];
  error: (() => void)[];
};

/** One socket between a client and the server double, with the frames that are on their way. */
export class FakeSocket implements WebSocketLike {
  /** Frames on their way, oldest first. Tests may drop, double and reorder them before `deliver`. */
  readonly toServer: string[] = [];
  readonly toClient: string[] = [];
  state: 'connecting' | 'open' | 'closed' = 'connecting';
  private readonly listeners: Listeners = { open: [], message: [], close: [], error: [] };
  private readonly network: FakeNetwork;
  private session: ServerSession | undefined;

  constructor(network: FakeNetwork) {
    this.network = network;
  }

  addEventListener(type: keyof Listeners, listener: never): void {
    (this.listeners[type] as unknown[]).push(listener);
  }

  send(data: string): void {
    if (this.state !== 'open') return;
    this.toServer.push(data);
    this.network.changed();
  }

  /** By the client: the server hears of it, what was on its way is lost. */
  close(): void {
    this.cut(1000);
  }

  /** The handshake ends. */
  open(): void {
    if (this.state !== 'connecting') return;
    this.state = 'open';
    this.session = this.network.server.accept(
      (frame) => {
        if (this.state !== 'open') return;
        this.toClient.push(frame);
        this.network.changed();
      },
      (code) => {
        // A close of the server's comes behind what it has sent before.
        while (this.state === 'open' && this.toClient.length > 0) this.deliverToClient();
        this.cut(code);
      },
    );
    for (const listener of this.listeners.open) listener();
  }

  deliverToServer(): void {
    const frame = this.toServer.shift();
    if (frame !== undefined) this.session?.receive(frame);
  }

  deliverToClient(): void {
    const frame = this.toClient.shift();
    if (frame !== undefined) for (const listener of this.listeners.message) listener({ data: frame });
  }

  /** The connection ends; frames on their way are lost. */
  cut(code = 1006): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.toServer.length = 0;
    this.toClient.length = 0;
    this.session?.gone();
    for (const listener of this.listeners.close) listener({ code });
  }
}

/** Sockets and HTTP between clients and a server double. `auto` delivers everything in the next microtasks. */
export class FakeNetwork {
  readonly server: ServerDouble;
  readonly sockets: FakeSocket[] = [];
  /** False: connections are refused. */
  up = true;
  auto = true;
  private pumping = false;

  constructor(server: ServerDouble) {
    this.server = server;
  }

  /** The newest socket. */
  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('no socket yet');
    return socket;
  }

  get WebSocket(): WebSocketConstructor {
    const make = () => {
      const socket = new FakeSocket(this);
      this.sockets.push(socket);
      this.changed();
      return socket;
    };
    return function FakeWebSocket() {
      return make();
    } as unknown as WebSocketConstructor;
  }

  get fetch(): typeof globalThis.fetch {
    return async (input, init) => {
      await Promise.resolve();
      if (!this.up) throw new TypeError('connection refused');
      init?.signal?.throwIfAborted();
      return this.server.http(input instanceof Request ? input.url : input.toString(), init);
    };
  }

  /** Cuts every connection. */
  cutAll(): void {
    for (const socket of this.sockets) socket.cut();
  }

  changed(): void {
    if (!this.auto || this.pumping) return;
    this.pumping = true;
    queueMicrotask(() => {
      this.pumping = false;
      for (const socket of this.sockets) this.step(socket);
      if (this.sockets.some((s) => s.state !== 'closed' && this.busy(s))) this.changed();
    });
  }

  /** Moves what can move on one socket by one step. */
  step(socket: FakeSocket): void {
    if (socket.state === 'connecting') {
      if (this.up) socket.open();
      else socket.cut();
    } else if (socket.state === 'open') {
      socket.deliverToServer();
      socket.deliverToClient();
    }
  }

  private busy(socket: FakeSocket): boolean {
    return socket.state === 'connecting' || socket.toServer.length > 0 || socket.toClient.length > 0;
  }
}
