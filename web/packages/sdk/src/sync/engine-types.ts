import type { Clock } from '../clock.ts';
import type { MessageChange } from '../domain/message-state.ts';
import type { JsonObject } from '../json.ts';
import type { Store } from '../store/store.ts';
import type { ConversationId, Message, ReadPush, UserId } from '../types.ts';
import type { Range } from './ranges.ts';

export interface EngineOptions {
  readonly me: UserId;
  readonly store: Store;
  readonly clock: Clock;
  /** Calls an rpc over the socket. Rejects with an ImError. */
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
  /** Up to which version the user's own events are known. */
  readonly userVersion: () => number;
}

export interface EngineEvents {
  /** Summaries that have changed. */
  conversations: [ReadonlySet<ConversationId>];
  /** New messages of a conversation: gapless, ascending, each exactly once. */
  messages: [ConversationId, readonly Message[]];
  /** Messages have become something else: edited, recalled, reacted to, pinned. */
  changed: [ConversationId, readonly MessageChange[]];
  /** Messages that the user has hidden from themselves. */
  hidden: [ConversationId, Range];
  /** Somebody's read mark moved. */
  read: [ReadPush];
  /** What is painted of this conversation (of all, when undefined) no longer joins the head: load it again. */
  reset: [ConversationId | undefined];
  /** Every conversation has been compared with the server; holes may still be filling. */
  synced: [];
}
