import { ActiveSession } from './active.ts';
import type { ClientOptions } from './client-types.ts';
import { ImError } from './errors.ts';
import { FallbackStore } from './store/fallback-store.ts';
import { IndexedDbStore } from './store/indexeddb-store.ts';
import { MemoryStore } from './store/memory-store.ts';
import type { StoreFactory } from './store/store.ts';
import { TabStore } from './tabs/tab-store.ts';
import { Tabs } from './tabs/tabs.ts';
import { Connection, type ConnectionOptions } from './transport/connection.ts';
import type { UserId } from './types.ts';

export type OpenOptions = Required<
  Pick<ClientOptions, 'url' | 'store' | 'clock' | 'random' | 'environment'>
> &
  Pick<ClientOptions, 'WebSocket'> & {
    readonly tabs: ClientOptions['tabs'];
    readonly me: UserId;
    readonly token: ConnectionOptions['token'];
    /** The store failed; the session goes on in memory. */
    readonly storageFailed: () => void;
  };

/** Makes everything that lives from login to logout: most of the SDK, so it is loaded when somebody has logged in. */
export function openSession(options: OpenOptions): ActiveSession {
  const { me, url, store, clock, random, environment, token } = options;
  const WebSocket = options.WebSocket ?? globalThis.WebSocket;
  if (WebSocket === undefined)
    throw new ImError('internal', { message: 'give a WebSocket: this platform has none' });
  const tabs =
    options.tabs === undefined
      ? undefined
      : new Tabs({ name: `hongyan.${me}`, platform: options.tabs, clock, WebSocket });
  const connection = new Connection({
    url: `${url.replace(/^http/, 'ws')}/ws`,
    WebSocket: tabs?.WebSocket ?? WebSocket,
    clock,
    random,
    environment,
    token,
  });
  const make = typeof store === 'function' ? store : store === 'indexeddb' ? indexedDb : memory;
  const safe = new FallbackStore(make(me), options.storageFailed);
  if (tabs === undefined) return new ActiveSession({ me, store: safe, clock, random, connection });
  const shared = new TabStore(safe, () => tabs.leads);
  return new ActiveSession({ me, store: shared, clock, random, connection, tabs });
}

const memory: StoreFactory = () => new MemoryStore();
const indexedDb: StoreFactory = (user) => new IndexedDbStore(user);
