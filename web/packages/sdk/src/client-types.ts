import type { SessionVault } from './auth/saved-session.ts';
import type { Clock } from './clock.ts';
import type { StoreFactory } from './store/store.ts';
import type { TabPlatform } from './tabs/platform.ts';
import type { Refusal } from './transport/connection.ts';
import type { Environment } from './transport/environment.ts';
import type { WebSocketConstructor } from './transport/websocket.ts';
import type {
  ConversationId,
  DeviceInfo,
  Export,
  Me,
  Message,
  ReadPush,
  SessionKind,
  Settings,
  UserId,
} from './types.ts';

export interface ClientOptions {
  /** http:// or https:// base of the server; in a browser `location.origin`. */
  readonly url: string;
  /** Where conversations and unsent messages are kept; default `memory`. */
  readonly store?: 'indexeddb' | 'memory' | StoreFactory;
  /** `cookie`: the browser holds the refresh token out of reach of scripts. Default `token`. */
  readonly session?: SessionKind;
  /** Default: a cli device called "hongyan-sdk". */
  readonly device?: DeviceInfo;
  /** Where the session is remembered; default localStorage for cookie sessions, else memory. */
  readonly vault?: SessionVault;
  /** Default the platform's own; Node 20 has none, give the one of the package `ws`. */
  readonly WebSocket?: WebSocketConstructor;
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly environment?: Environment;
  /**
   * What makes one client of several tabs: they share one connection, and one of them leads. Default the browser's when
   * the store is `indexeddb`; where there is none, each tab connects by itself.
   */
  readonly tabs?: TabPlatform | undefined;
}

/**
 * - `stopped`: nobody is logged in, or the client was closed
 * - `connecting`: the socket is being opened
 * - `syncing`: connected, comparing with the server
 * - `online`: connected and up to date
 * - `offline`: between two attempts to connect
 * - `kicked`: the server ended the session
 */
export type ClientState = 'stopped' | 'connecting' | 'syncing' | 'online' | 'offline' | 'kicked';

/** Why there is no session any more. */
export interface SessionEnd {
  /** `deleting`: the user wants the account to be deleted. */
  readonly reason: Refusal['reason'] | 'logged_out' | 'deleting';
  /** Name of the device that caused it, when the server said so. */
  readonly device?: string;
  readonly atMs: number;
  /** Of `deleting`: until then it can be undone. */
  readonly deletesAtMs?: number;
}

export interface ClientEvents {
  state: [ClientState];
  /** Of the tabs that share a connection, this one has it now, or does not any more. */
  leads: [boolean];
  /** Somebody logged in, or the own profile changed. */
  'session:changed': [Me];
  'session:ended': [SessionEnd];
  /** The user's settings, here or on another device. */
  'settings:changed': [Settings];
  /** A copy of everything that is kept about the user was begun or finished. */
  'export:changed': [Export];
  /** Batched: ids of conversations whose summary changed. */
  'conversations:changed': [ReadonlySet<ConversationId>];
  /** Batched by the window; `messages.window(...).subscribe` tells of one conversation. */
  'messages:changed': [ConversationId];
  /** Each new message once, in the order of its conversation, one's own included. History pages are not new. */
  message: [Message];
  /** A message is another one now: edited, recalled, reacted to, pinned. In no order, one of history included. */
  'message:changed': [Message];
  read: [ReadPush];
  /** Batched: contacts, requests, blocks or profiles of these people changed, or `contacts.state` did. */
  'contacts:changed': [ReadonlySet<UserId>];
  /** Batched: groups that are followed, or members of them, changed. */
  'groups:changed': [ReadonlySet<ConversationId>];
  /** Batched: what these people call themselves, asked for by `users.named`; an empty set: ask again. */
  'names:changed': [ReadonlySet<UserId>];
  /** Batched: whether these people are here, of those who are followed. */
  'presence:changed': [ReadonlySet<UserId>];
  /** Somebody else began to type there, or has stopped. */
  'typing:changed': [ConversationId];
  /** The store failed: the client goes on in memory. Said once a session. */
  'storage:failed': [];
}
