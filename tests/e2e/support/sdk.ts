import {
  type Client,
  type ClientEvents,
  type ClientOptions,
  createClient,
  type Environment,
  type MessageWindow,
  type Row,
} from '@hongyan/sdk';
import { onTestFinished } from 'vitest';
import WebSocket from 'ws';

import { type Base, freshName } from './people.ts';
import { deferred, PATIENCE_MS, within } from './wait.ts';

/** A network that a test can take away from a client and give back. */
export class Network implements Environment {
  private online = true;
  private signal: (what: 'online' | 'offline' | 'visible') => void = () => undefined;

  isOnline(): boolean {
    return this.online;
  }

  subscribe(signal: (what: 'online' | 'offline' | 'visible') => void): () => void {
    this.signal = signal;
    return () => undefined;
  }

  cut(): void {
    this.online = false;
    this.signal('offline');
  }

  restore(): void {
    this.online = true;
    this.signal('online');
  }
}

/** An SDK client on the real platform; closed when the test ends. */
export function sdkClient(server: Base, options: Partial<ClientOptions> = {}): Client {
  // No jitter: the first attempt to connect again is made at once.
  const client = createClient({ url: server.url, WebSocket, random: () => 0, ...options });
  onTestFinished(() => client.close());
  return client;
}

/** A fresh account whose client is connected and in step with the server. */
export async function sdkPerson(server: Base, options: Partial<ClientOptions> = {}): Promise<Client> {
  const client = sdkClient(server, options);
  await client.register({ username: freshName('sdk'), password: 'correct horse battery' });
  await online(client);
  return client;
}

export function online(client: Client): Promise<true> {
  return when(client, 'the client is online', () => client.state === 'online' || undefined);
}

export function userId(client: Client): string {
  const user = client.user;
  if (user === undefined) throw new Error('nobody is logged in');
  return user.user_id;
}

const EVENTS: readonly (keyof ClientEvents)[] = [
  'state',
  'session:changed',
  'session:ended',
  'conversations:changed',
  'contacts:changed',
  'messages:changed',
  'message',
  'read',
];

/** What `look` answers as soon as it answers something; it looks again after every event of the client. */
export async function when<T>(
  client: Client,
  what: string,
  look: () => T | undefined,
  ms = PATIENCE_MS,
): Promise<T> {
  const found = deferred<T>();
  const check = () => {
    const result = look();
    if (result !== undefined) found.resolve(result);
  };
  // Views are rebuilt in a microtask after the event.
  const offs = EVENTS.map((event) => client.on(event, () => setImmediate(check)));
  check();
  try {
    return await within(found.promise, what, ms);
  } finally {
    for (const off of offs) off();
  }
}

/** The rows of a window once it has this many. */
export async function painted(window: MessageWindow, count: number): Promise<readonly Row[]> {
  const found = deferred<readonly Row[]>();
  const check = () => {
    if (window.items.length === count) found.resolve(window.items);
  };
  const off = window.subscribe(check);
  check();
  return within(found.promise, `${count} painted messages`).finally(off);
}
