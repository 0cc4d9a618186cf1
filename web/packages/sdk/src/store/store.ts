import type { MessageChange } from '../domain/message-state.ts';
import type { Person } from '../people/person.ts';
import type { Range } from '../sync/ranges.ts';
import type {
  ClientMsgId,
  SendableContent,
  Conversation,
  ConversationId,
  Mentions,
  Message,
  Quote,
  Seq,
  UserId,
  UserName,
} from '../types.ts';

/** What the client knows of one conversation. */
export interface StoredConversation {
  readonly conversation: Conversation;
  /** The client's own counters: everything up to them has been applied. */
  readonly mine: { readonly seq: Seq; readonly change: number };
  /** Which seqs are held without a hole. */
  readonly ranges: readonly Range[];
  /** The user has hidden it, until there is a message above this one. */
  readonly hiddenUpTo?: Seq;
}

/** A message that its sender has not seen confirmed yet. */
export interface OutboxItem {
  readonly client_msg_id: ClientMsgId;
  readonly conversation_id: ConversationId;
  readonly content: SendableContent;
  /** The message it answers, as it was then. */
  readonly quote?: Quote;
  /** Whom it names. */
  readonly mentions?: Mentions;
  readonly created_ms: number;
  /** Position among all unsent messages: they go out by this order in each conversation. */
  readonly order: number;
  readonly state: 'queued' | 'sending' | 'failed';
  /** Of a failed one: the error code. */
  readonly error_code?: string;
}

/** What was begun to be written, and the server has not taken yet. */
export interface StoredDraft {
  readonly conversation_id: ConversationId;
  readonly text: string;
}

/** Messages that the user has hidden from themselves. */
export interface HiddenMessages {
  readonly conversation_id: ConversationId;
  readonly range: Range;
}

/** Applied as a whole or not at all. */
export interface CacheUpdate {
  readonly conversations?: readonly StoredConversation[];
  readonly removed?: readonly ConversationId[];
  /** Conversations of which all messages are dropped, before anything else is taken in. */
  readonly emptied?: readonly ConversationId[];
  /** Each replaces the one that is held if its `change` is higher. */
  readonly messages?: readonly Message[];
  /** Applied in their order to what is held; what a recall takes away also leaves the quotes of it. */
  readonly changes?: readonly MessageChange[];
  /** Messages that are dropped, after everything else was taken in. */
  readonly hidden?: readonly HiddenMessages[];
  readonly people?: readonly Person[];
  readonly removedPeople?: readonly UserId[];
  /** What people call themselves whom conversations name. */
  readonly names?: readonly UserName[];
  readonly epoch?: string;
  /** Up to where conversations were compared with the server. */
  readonly since?: string;
  /** Up to which version `people` are known. */
  readonly userVersion?: number;
}

export interface StoredState {
  /** Of the history in the cache; undefined before the first sync. */
  readonly epoch: string | undefined;
  /** Up to where the conversations in the cache were compared with the server. */
  readonly since: string | undefined;
  /** Of the people in the cache; undefined before their lists were read once. */
  readonly userVersion: number | undefined;
  readonly conversations: readonly StoredConversation[];
  readonly people: readonly Person[];
  readonly names: readonly UserName[];
  readonly outbox: readonly OutboxItem[];
  readonly drafts: readonly StoredDraft[];
}

/** What somebody who looks for messages says of one. */
export type Verdict = 'take' | 'pass' | 'stop';

/**
 * What one account keeps on this machine. One instance serves one account; the client opens it at login and
 * closes or destroys it at the end of the session. Conversations, messages, people and names are a cache of the server's truth;
 * outbox and drafts are the only copy of what they hold. Updates take effect in the order they were asked for.
 */
export interface Store {
  /** Opens and reads everything but the messages. */
  load(): Promise<StoredState>;
  /** Messages with lo <= seq <= hi, ascending. Sees every update asked for before. */
  messages(conversation: ConversationId, range: Range): Promise<Message[]>;
  /**
   * The messages that are wanted, of one conversation or of all: in each the newest first. Asks of each once, and stops
   * when `wanted` answers `stop`.
   */
  find(wanted: (message: Message) => Verdict, conversation?: ConversationId): Promise<Message[]>;
  update(update: CacheUpdate): Promise<void>;
  /** Drops everything but outbox and drafts. */
  dropCaches(): Promise<void>;
  /**
   * Keeps an unsent message when it returns, where this machine can; `putOutbox`, with the same, keeps it for good. `draft`:
   * what becomes of the draft that the message was, in the same step.
   */
  noteOutbox(item: OutboxItem, draft?: StoredDraft): void;
  putOutbox(item: OutboxItem, draft?: StoredDraft): Promise<void>;
  deleteOutbox(id: ClientMsgId): Promise<void>;
  /** Notes it when it returns, as `noteOutbox`, and keeps it for good when it is answered. */
  putDraft(draft: StoredDraft): Promise<void>;
  /** Another text, which another tab may have written meanwhile, stays. */
  deleteDraft(draft: StoredDraft): Promise<void>;
  /** Leaves the data for the next time. */
  close(): Promise<void>;
  /** Leaves nothing. */
  destroy(): Promise<void>;
}

/** Makes the store of an account. */
export type StoreFactory = (userId: string) => Store;
