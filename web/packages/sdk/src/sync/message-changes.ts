import type { ChangesPage, ToldChange } from '../decode.ts';
import type { MessageChange } from '../domain/message-state.ts';
import type { CacheUpdate } from '../store/store.ts';
import type { ConversationId, Head, Message, UserId } from '../types.ts';
import { ChangeFiller, type ChangeFillerHost } from './change-filler.ts';
import type { Entry } from './entry.ts';
import { answeredChange, countChanges, noteChanges, pushedChange } from './entry-changes.ts';
import { addRange, type Range } from './ranges.ts';

/** What MessageChanges needs of the engine. */
export interface MessageChangesHost extends Pick<ChangeFillerHost, 'clock' | 'call' | 'connection'> {
  readonly me: UserId;
  readonly write: (update: CacheUpdate) => void;
  /** Messages have become something else. */
  readonly changed: (id: ConversationId, changes: readonly MessageChange[]) => void;
  /** Messages are not shown to the user any more. */
  readonly hidden: (id: ConversationId, range: Range) => void;
  /** Nothing is held of this conversation any more. */
  readonly emptied: (id: ConversationId) => void;
  /** The summary has to be asked for. */
  readonly refresh: (id: ConversationId) => void;
}

/**
 * Keeps the messages that are held as the server has them: edits, recalls, reactions and pins by their own counter,
 * and what the user has hidden. Owned by SyncEngine; all state is in the entries and in the store.
 */
export class MessageChanges extends ChangeFiller {
  private readonly engine: MessageChangesHost;

  constructor(engine: MessageChangesHost) {
    super({
      clock: engine.clock,
      call: engine.call,
      connection: engine.connection,
      apply: (entry, told) => this.apply(entry, told),
      applyPage: (entry, page) => this.applyPage(entry, page),
      reset: (entry, head) => this.reset(entry, head),
    });
    this.engine = engine;
  }

  /** States that the answer to a command told; the counters move by what is pushed. */
  learn(entry: Entry, messages: readonly Message[]): void {
    this.note(entry, messages.map(answeredChange));
  }

  /** The user has hidden messages from themselves, here or on another device. */
  hide(entry: Entry, range: Range): void {
    entry.hidden = addRange(entry.hidden, range);
    const { conversation } = entry.stored;
    const { last_message: last, ...rest } = conversation;
    const lastGone = last !== undefined && last.seq >= range.lo && last.seq <= range.hi;
    if (lastGone) entry.stored = { ...entry.stored, conversation: rest };
    const id = conversation.conversation_id;
    this.engine.write({ conversations: [entry.stored], hidden: [{ conversation_id: id, range }] });
    this.engine.hidden(id, range);
    this.engine.refresh(id);
  }

  /** Drops all messages that are held; they are loaded again when somebody looks. */
  empty(entry: Entry): void {
    const id = entry.stored.conversation.conversation_id;
    entry.stored = { ...entry.stored, ranges: [] };
    entry.recent = [];
    this.engine.write({ emptied: [id], conversations: [entry.stored] });
    this.engine.emptied(id);
  }

  private apply(entry: Entry, told: ToldChange): void {
    countChanges(entry, told.change);
    this.note(entry, [pushedChange(told, this.engine.me)]);
  }

  private applyPage(entry: Entry, page: ChangesPage): void {
    countChanges(entry, page.upTo);
    this.note(entry, page.items.map(answeredChange));
  }

  private note(entry: Entry, changes: readonly MessageChange[]): void {
    noteChanges(entry, changes);
    this.engine.write({ conversations: [entry.stored], changes });
    this.engine.changed(entry.stored.conversation.conversation_id, changes);
  }

  private reset(entry: Entry, head: Head): void {
    const { mine, conversation } = entry.stored;
    entry.stored = {
      ...entry.stored,
      mine: { seq: Math.min(mine.seq, head.seq), change: head.change },
      conversation: { ...conversation, change: head.change },
    };
    entry.countedFrom = head.change;
    this.empty(entry);
    // What is shown of it in the list may be older than what was missed.
    this.engine.refresh(conversation.conversation_id);
  }
}
