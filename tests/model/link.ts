import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Which way of a connection: towards the server, towards the client. */
export type Way = 'up' | 'down';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/**
 * The network between one device and its server: carries bytes, stalls a direction, cuts, or leaves the server alone with a
 * connection nobody holds any more. Owned by its device; `close` ends all of it.
 */
export class Link {
  readonly url: string;
  private readonly listener: Server;
  private readonly target: number;
  private readonly pairs = new Set<Pair>();
  private readonly orphans = new Set<Socket>();
  private readonly stalled = new Set<Way>();

  private constructor(listener: Server, port: number, target: number) {
    this.listener = listener;
    this.target = target;
    this.url = `http://127.0.0.1:${port}`;
    listener.on('connection', (client) => this.carry(client));
  }

  /** A link to the server at `url`, which may be restarted on the same port. */
  static async open(url: string): Promise<Link> {
    const listener = createServer();
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return new Link(listener, address.port, Number(new URL(url).port));
  }

  /** Nothing more passes this way; what is sent piles up. */
  stall(way: Way): void {
    this.stalled.add(way);
    for (const pair of this.pairs) source(pair, way).pause();
  }

  /** Everything passes again, what has piled up first. */
  flow(): void {
    this.stalled.clear();
    for (const { client, server } of this.pairs) {
      client.resume();
      server.resume();
    }
  }

  /** Both ends see the connection end; what has piled up is lost. */
  cut(): void {
    for (const { client, server } of [...this.pairs]) {
      client.destroy();
      server.destroy();
    }
  }

  /** The client sees the connection end, the server does not. */
  abandon(): void {
    for (const pair of [...this.pairs]) {
      this.pairs.delete(pair);
      this.orphans.add(pair.server);
      pair.server.pause();
      pair.client.destroy();
    }
  }

  async close(): Promise<void> {
    this.cut();
    for (const orphan of this.orphans) orphan.destroy();
    this.listener.close();
    await once(this.listener, 'close');
  }

  private carry(client: Socket): void {
    const server = connect({ host: '127.0.0.1', port: this.target });
    const pair = { client, server };
    this.pairs.add(pair);
    for (const socket of [client, server]) socket.setNoDelay(true);
    pass(client, server);
    pass(server, client);
    const end = () => {
      if (!this.pairs.delete(pair)) return;
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      socket.on('error', () => undefined);
      socket.on('close', end);
    }
    for (const way of this.stalled) source(pair, way).pause();
  }
}

function source(pair: Pair, way: Way): Socket {
  return way === 'up' ? pair.client : pair.server;
}

/** Not `pipe`: that would resume a stalled source by itself. */
function pass(from: Socket, to: Socket): void {
  from.on('data', (chunk: Buffer) => {
    if (!to.destroyed) to.write(chunk);
  });
  from.on('end', () => to.end());
}
