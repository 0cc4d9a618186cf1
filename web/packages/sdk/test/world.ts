import { type Client, type ClientOptions, createClient } from '../src/index.ts';
import { FakeClock, FakeNetwork, ServerDouble } from '../src/testing/index.ts';

/** A server double, the network to it and a clock, for one test. */
export class World {
  readonly clock = new FakeClock();
  readonly server = new ServerDouble(this.clock);
  readonly network = new FakeNetwork(this.server);
  /** Tells the clients about their network; see `environment`. */
  signal: (what: 'online' | 'offline' | 'visible') => void = () => undefined;
  platformOnline = true;

  client(options: Partial<ClientOptions> = {}): Client {
    return createClient({
      url: 'http://server',
      WebSocket: this.network.WebSocket,
      fetch: this.network.fetch,
      clock: this.clock,
      random: () => 0.5,
      environment: {
        isOnline: () => this.platformOnline,
        subscribe: (signal) => {
          this.signal = signal;
          return () => undefined;
        },
      },
      ...options,
    });
  }

  /** A registered user with a connected client. */
  async person(username: string, options: Partial<ClientOptions> = {}): Promise<Client> {
    const client = this.client(options);
    await client.register({ username, password: 'correct horse' });
    await this.clock.advance(0);
    return client;
  }

  /** Holds back the frames that `make` causes, and hands them over to the newest socket in the order given. */
  async reordered(order: readonly number[], make: () => void): Promise<void> {
    this.network.auto = false;
    make();
    const { last } = this.network;
    const frames = last.toClient.splice(0);
    last.toClient.push(...order.map((index) => frames[index] ?? ''));
    this.network.auto = true;
    this.network.changed();
    await this.clock.advance(0);
  }

  /** Registers without a client. */
  async stranger(username: string): Promise<void> {
    await this.network.fetch('http://server/v1/auth/register', {
      method: 'POST',
      body: JSON.stringify({ username, password: 'correct horse' }),
    });
  }
}

/** The texts a client has in a conversation, as painted. */
export function textsOf(rows: readonly { content?: { text?: { text: string } } | undefined }[]): string[] {
  return rows.map((row) => row.content?.text?.text ?? '?');
}

export async function open(client: Client, username: string): Promise<string> {
  const [user] = await client.users.search(username);
  if (user === undefined) throw new Error(`no ${username}`);
  return (await client.conversations.open(user.user_id)).conversation_id;
}
