import type { Clock } from '../clock.ts';
import {
  decodeConversation,
  decodeConversationPage,
  decodeGapPush,
  decodeMessagePush,
  decodeReadPush,
} from '../decode.ts';
import { Emitter } from '../emitter.ts';
import { asImError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { Store, StoredConversation, StoredState } from '../store/store.ts';
import type { Conversation, ConversationId, Message, MessagePush, ReadPush, Seq, UserId } from '../types.ts';
import {
  addHistory,
  applyStretch,
  type Entry,
  entryOf,
  MAX_HELD,
  MAX_HOLE,
  mergeConversation,
  newEntry,
  type Stretch,
} from './entry.ts';
import { HoleFiller, retryDelay } from './hole-filler.ts';
import type { Range } from './ranges.ts';

const LIST_LIMIT = 200;

export interface EngineOptions {
  readonly me: UserId;
  readonly store: Store;
  readonly clock: Clock;
  /** Calls an rpc over the socket. Rejects with an ImError. */
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
}

interface EngineEvents {
  /** Summaries that have changed. */
  conversations: [ReadonlySet<ConversationId>];
  /** New messages of a conversation: gapless, ascending, each exactly once. */
  messages: [ConversationId, readonly Message[]];
  /** Somebody's read mark moved. */
  read: [ReadPush];
  /** What is painted of this conversation (of all, when undefined) no longer joins the head: load it again. */
  reset: [ConversationId | undefined];
  /** Every conversation has been compared with the server; holes may still be filling. */
  synced: [];
}

/**
 * Keeps the copy of the user's conversations in step with the server by the protocol's client rule: counters
 * (seq, change) per conversation; a push with the next number applies, an older one is ignored, a later one is
 * held until exactly the hole before it has been pulled; after each connect all heads are compared.
 * Owned by the client, one per logged-in user. Memory changes first and is written behind in order, each write a
 * consistent step: a crash in between only means that the same step is pulled again.
 */
export class SyncEngine extends Emitter<EngineEvents> {
  private readonly options: EngineOptions;
  private readonly entries = new Map<ConversationId, Entry>();
  /** Pushes of conversations that are not known yet. */
  private readonly strangers = new Map<ConversationId, MessagePush[]>();
  /** Summaries that are asked for, and whether they are wanted once more. */
  private readonly refreshing = new Map<ConversationId, boolean>();
  private readonly changed = new Set<ConversationId>();
  private readonly filler: HoleFiller;
  private epoch: string | undefined;
  /** Raised whenever the connection is lost: work of an earlier one then stops by itself. */
  private connectionNo = 0;
  private online = false;

  constructor(options: EngineOptions) {
    super();
    this.options = options;
    this.filler = new HoleFiller({
      clock: options.clock,
      call: options.call,
      connection: () => (this.online ? this.connectionNo : undefined),
      apply: (entry, stretch) => this.apply(entry, stretch),
      jumped: (id) => this.emit('reset', id),
      gone: (id) => this.remove(id),
    });
  }

  /** Takes up what the store holds. */
  load(state: StoredState): void {
    // A cache whose first sync never ended has no epoch to be checked by: it is not worth keeping.
    if (state.epoch === undefined) return;
    this.epoch = state.epoch;
    for (const stored of state.conversations) {
      this.entries.set(stored.conversation.conversation_id, entryOf(stored));
    }
  }

  conversations(): Conversation[] {
    return [...this.entries.values()].map((entry) => entry.stored.conversation);
  }

  get(id: ConversationId): StoredConversation | undefined {
    return this.entries.get(id)?.stored;
  }

  /** The socket is ready: compares everything. Answers when all heads were compared or the connection is lost. */
  async connected(epoch: string): Promise<void> {
    this.online = true;
    const connection = ++this.connectionNo;
    if (this.epoch !== undefined && this.epoch !== epoch) this.dropCaches();
    for (;;) {
      try {
        await this.compareAll(connection);
        break;
      } catch (thrown) {
        if (this.connectionNo !== connection) return;
        await this.pause(retryDelay(asImError(thrown)));
        if (this.connectionNo !== connection) return;
      }
    }
    if (this.connectionNo !== connection) return;
    this.epoch = epoch;
    this.write({ epoch });
    this.emit('synced');
  }

  /** The socket is gone. What waits for holes is dropped: the next comparison finds them again. */
  disconnected(): void {
    this.online = false;
    this.connectionNo += 1;
    this.strangers.clear();
    for (const entry of this.entries.values()) this.filler.drop(entry);
  }

  /** A push of the server; kinds this client does not know are ignored. */
  push(type: string, data: JsonObject): void {
    if (type === 'message') {
      const push = decodeMessagePush(data);
      if (push !== undefined) this.messagePush(push);
    } else if (type === 'read') {
      this.readPush(decodeReadPush(data));
    } else if (type === 'gap') {
      const gap = decodeGapPush(data);
      for (const head of gap.conversations) this.behind(head.conversation_id, head.seq);
      if (gap.all === true) void this.compareAll(this.connectionNo).catch(() => undefined);
    }
  }

  /** A conversation that an answer carried, for example of `conversation.open`. */
  learn(conversation: Conversation): void {
    const entry = this.entries.get(conversation.conversation_id);
    if (entry === undefined) this.addEntry(newEntry(conversation, conversation.seq));
    else this.take(entry, conversation);
  }

  /** Moves one's own read mark at once; the server hears of it from the caller. */
  markReadLocally(id: ConversationId, seq: Seq): void {
    this.moveReadMark(id, this.options.me, seq);
  }

  /** Messages a window has pulled below the head. */
  addHistory(id: ConversationId, messages: readonly Message[], range: Range): void {
    const entry = this.entries.get(id);
    if (entry === undefined || range.hi < range.lo) return;
    addHistory(entry, range);
    this.write({ conversations: [entry.stored], messages });
  }

  private async compareAll(connection: number): Promise<void> {
    // Without any earlier sync there is nothing that could have been missed.
    const first = this.epoch === undefined;
    const listed = new Set<ConversationId>();
    let cursor: string | undefined;
    do {
      const page = decodeConversationPage(
        await this.options.call('conversation.list', {
          limit: LIST_LIMIT,
          ...(cursor === undefined ? {} : { cursor }),
        }),
      );
      if (this.connectionNo !== connection) return;
      for (const conversation of page.items) {
        listed.add(conversation.conversation_id);
        this.compare(conversation, first);
      }
      cursor = page.next === cursor ? undefined : page.next;
    } while (cursor !== undefined);
    // A group the user was put out of meanwhile is listed no more; what led to it still belongs to its history.
    for (const [id, { stored }] of this.entries) {
      if (stored.conversation.my_role !== undefined && !listed.has(id)) void this.refresh(id);
    }
  }

  private compare(conversation: Conversation, first: boolean): void {
    const known = this.entries.get(conversation.conversation_id);
    if (known !== undefined) {
      this.take(known, conversation);
      return;
    }
    // Not there at the last sync, so all of it is new.
    const missed = first || conversation.seq > MAX_HOLE ? 0 : conversation.seq;
    const entry = newEntry(conversation, conversation.seq - missed);
    this.addEntry(entry);
    this.filler.pullTo(entry, conversation.seq);
  }

  private take(entry: Entry, conversation: Conversation): void {
    mergeConversation(entry, conversation);
    this.write({ conversations: [entry.stored] });
    this.touch(conversation.conversation_id);
    this.filler.pullTo(entry, conversation.seq);
  }

  private addEntry(entry: Entry): void {
    const { conversation, mine } = entry.stored;
    const id = conversation.conversation_id;
    this.entries.set(id, entry);
    const last = conversation.last_message;
    this.write({
      conversations: [entry.stored],
      messages: last !== undefined && last.seq <= mine.seq ? [last] : [],
    });
    this.touch(id);
    const waiting = this.strangers.get(id) ?? [];
    this.strangers.delete(id);
    for (const push of waiting) this.filler.take(entry, push);
  }

  private messagePush(push: MessagePush): void {
    const entry = this.entries.get(push.conversation_id);
    if (entry !== undefined) {
      this.filler.take(entry, push);
      return;
    }
    const waiting = this.strangers.get(push.conversation_id);
    if (waiting !== undefined) {
      if (waiting.length < MAX_HELD) waiting.push(push);
      return;
    }
    this.strangers.set(push.conversation_id, [push]);
    void this.meet(push.conversation_id, this.connectionNo);
  }

  /** Learns of a conversation from its first push. */
  private async meet(id: ConversationId, connection: number): Promise<void> {
    while (this.connectionNo === connection && this.strangers.has(id)) {
      try {
        const answer = await this.options.call('conversation.get', { conversation_id: id });
        const conversation = decodeConversation(answer['conversation']);
        if (this.connectionNo !== connection) return;
        const lowest = Math.min(...(this.strangers.get(id) ?? []).map((p) => p.seq));
        if (conversation === undefined || !Number.isFinite(lowest)) break;
        const entry = newEntry(conversation, lowest - 1);
        this.addEntry(entry);
        this.filler.pullTo(entry, conversation.seq);
        return;
      } catch (thrown) {
        const error = asImError(thrown);
        if (error.kind === 'fatal' || error.kind === 'aborted') break;
        await this.pause(retryDelay(error));
      }
    }
    if (this.connectionNo === connection) this.strangers.delete(id);
  }

  /** A head the server named outside of a message push. */
  private behind(id: ConversationId, seq: Seq): void {
    const entry = this.entries.get(id);
    if (entry !== undefined) this.filler.pullTo(entry, seq);
    else void this.refresh(id);
  }

  private apply(entry: Entry, stretch: Stretch): void {
    applyStretch(entry, stretch, this.options.me);
    const id = entry.stored.conversation.conversation_id;
    this.write({ conversations: [entry.stored], messages: stretch.messages });
    this.touch(id);
    if (stretch.messages.length > 0) this.emit('messages', id, stretch.messages);
    // A line of the server's own says that the group is another one now: its name, or what the user may do in it.
    const told = stretch.messages.some((message) => message.content?.system !== undefined);
    if (told && entry.stored.conversation.type === 'group') void this.keepFresh(id);
  }

  private readPush(push: ReadPush): void {
    this.moveReadMark(push.conversation_id, push.user_id, push.seq);
    if (push.user_id === this.options.me) this.recount(push.conversation_id);
    this.emit('read', push);
  }

  private moveReadMark(id: ConversationId, user: UserId, seq: Seq): void {
    const entry = this.entries.get(id);
    if (entry === undefined) return;
    const { conversation } = entry.stored;
    if (user === this.options.me) {
      if (seq <= conversation.read_seq) return;
      const all = seq >= conversation.seq;
      entry.stored = {
        ...entry.stored,
        conversation: { ...conversation, read_seq: seq, unread: all ? 0 : conversation.unread },
      };
    } else {
      // In a group there is no one other whose mark this could be.
      if (conversation.type !== 'direct' || seq <= (conversation.peer_read_seq ?? 0)) return;
      entry.stored = { ...entry.stored, conversation: { ...conversation, peer_read_seq: seq } };
    }
    this.write({ conversations: [entry.stored] });
    this.touch(id);
  }

  /** Only the server can count what is unread above a mark that is not the head. */
  recount(id: ConversationId): void {
    const conversation = this.entries.get(id)?.stored.conversation;
    if (conversation !== undefined && conversation.unread > 0 && this.online) void this.refresh(id);
  }

  /** The same for what comes in bursts: one question at a time, and one more for all that comes meanwhile. */
  private async keepFresh(id: ConversationId): Promise<void> {
    const asking = this.refreshing.has(id);
    this.refreshing.set(id, asking);
    if (asking) return;
    do {
      this.refreshing.set(id, false);
      await this.refresh(id);
    } while (this.refreshing.get(id) === true);
    this.refreshing.delete(id);
  }

  /** Asks for a summary again; a failure leaves the old one until the next comparison. */
  private async refresh(id: ConversationId): Promise<void> {
    const connection = this.connectionNo;
    try {
      const answer = await this.options.call('conversation.get', { conversation_id: id });
      const conversation = decodeConversation(answer['conversation']);
      if (this.connectionNo === connection && conversation !== undefined) this.compare(conversation, false);
    } catch {
      // The next comparison brings it.
    }
  }

  private remove(id: ConversationId): void {
    this.entries.delete(id);
    this.write({ removed: [id] });
    this.touch(id);
    this.emit('reset', id);
  }

  private dropCaches(): void {
    for (const id of this.entries.keys()) this.touch(id);
    this.entries.clear();
    this.epoch = undefined;
    void this.options.store.dropCaches();
    this.emit('reset', undefined);
  }

  private write(update: Parameters<Store['update']>[0]): void {
    void this.options.store.update(update);
  }

  /** Collects changes of one turn of the event loop into one event. */
  private touch(id: ConversationId): void {
    this.changed.add(id);
    if (this.changed.size > 1) return;
    queueMicrotask(() => {
      const ids = new Set(this.changed);
      this.changed.clear();
      this.emit('conversations', ids);
    });
  }

  private pause(ms: number): Promise<void> {
    return new Promise((done) => this.options.clock.setTimeout(done, ms));
  }
}
