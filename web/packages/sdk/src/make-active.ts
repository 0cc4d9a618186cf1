import { ActiveSession } from './active.ts';
import type { ClientOptions } from './client-types.ts';
import { ImError } from './errors.ts';
import { FallbackStore } from './store/fallback-store.ts';
import { IndexedDbStore } from './store/indexeddb-store.ts';
import { MemoryStore } from './store/memory-store.ts';
import type { StoreFactory } from './store/store.ts';
import { TabStore } from './tabs/tab-store.ts';
import { Tabs } from './tabs/tabs.ts';
import { Connection } from './transport/connection.ts';
import type { UserId } from './types.ts';

/** What a session is made of that the platform or the caller gives. */
export type SessionOptions = Required<
  Pick<ClientOptions, 'url' | 'store' | 'clock' | 'random' | 'environment'>
> & {
  readonly WebSocket?: ClientOptions['WebSocket'];
  readonly tabs: ClientOptions['tabs'];
};

export interface SessionHooks {
  /** An access token that is not expired; `fresh` asks for a new one in place of one that was refused. */
  readonly token: (fresh: boolean) => Promise<string>;
  readonly storageFailed: () => void;
}

const memory: StoreFactory = () => new MemoryStore();
const indexedDb: StoreFactory = (user) => new IndexedDbStore(user);

/** The session of a user who is logged in: not started, not connected. */
export function makeActive(me: UserId, options: SessionOptions, hooks: SessionHooks): ActiveSession {
  const { url, store, clock, random, environment } = options;
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
    token: hooks.token,
  });
  const make = typeof store === 'function' ? store : store === 'indexeddb' ? indexedDb : memory;
  const safe = new FallbackStore(make(me), hooks.storageFailed);
  const shared = tabs === undefined ? safe : new TabStore(safe, () => tabs.leads);
  return new ActiveSession({
    me,
    store: shared,
    clock,
    random,
    connection,
    ...(tabs === undefined ? {} : { tabs }),
  });
}
