import {
  decodeChangePush,
  decodeGapPush,
  decodeMessagePush,
  decodeReadPush,
  type ToldChange,
} from '../decode.ts';
import { Emitter } from '../emitter.ts';
import { asImError } from '../errors.ts';
import { type JsonObject, stringsAt } from '../json.ts';
import type { CacheUpdate, Store, StoredConversation, StoredState } from '../store/store.ts';
import { TurnSet } from '../turn-set.ts';
import type {
  Conversation,
  ConversationId,
  ConversationSettingsEvent,
  ListMessagesResponse,
  Message,
  MessagePush,
  ReadPush,
  Seq,
  UserId,
} from '../types.ts';
import { Comparison } from './comparison.ts';
import type { EngineEvents, EngineOptions } from './engine-types.ts';
import {
  addHistory,
  applyStretch,
  type Entry,
  entryOf,
  MAX_HOLE,
  mergeConversation,
  moveDelivered,
  moveMark,
  newEntry,
  type Stretch,
} from './entry.ts';
import { countAgainFrom, nameChange, upToDate, withLast } from './entry-changes.ts';
import { type ConfirmedSettings, confirmSettings, tellSettings } from './entry-settings.ts';
import { HoleFiller, retryDelay } from './hole-filler.ts';
import { MessageChanges } from './message-changes.ts';
import type { Range } from './ranges.ts';
import { Strangers } from './strangers.ts';
import { Summaries } from './summaries.ts';

/** By then a mark of our own is at the server. */
const RECOUNT_MS = 2_000;

/**
 * Keeps the copy of the user's conversations in step with the server by the protocol's client rule: counters
 * (seq, change) per conversation; a push with the next number applies, an older one is ignored, a later one is
 * held until exactly the hole before it has been pulled; after each connect all heads are compared.
 * Owned by the client, one per logged-in user. Memory changes first and is written behind in order, each write a
 * consistent step: a crash in between only means that the same step is pulled again.
 */
export class SyncEngine extends Emitter<EngineEvents> {
  /** How many events have told what the user has set; changed by the engine alone. */
  settingsNo = 0;
  private readonly options: EngineOptions;
  private readonly entries = new Map<ConversationId, Entry>();
  private readonly strangers: Strangers;
  private readonly summaries: Summaries;
  private readonly comparison: Comparison;
  private readonly touched = new TurnSet<ConversationId>((ids) => this.emit('conversations', ids));
  private readonly filler: HoleFiller;
  private readonly changes: MessageChanges;
  private epoch: string | undefined;
  /** Up to where the last comparison has come. */
  private since: string | undefined;
  /** Raised whenever the connection is lost: work of an earlier one then stops by itself. */
  private connectionNo = 0;
  private online = false;

  constructor(options: EngineOptions) {
    super();
    this.options = options;
    const { me, clock, call } = options;
    const connection = () => (this.online ? this.connectionNo : undefined);
    this.strangers = new Strangers({
      call,
      connection: () => this.connectionNo,
      pause: (ms) => this.pause(ms),
      met: (conversation, lowest) => this.met(conversation, lowest),
    });
    this.on('changed', (id) => this.touched.add(id));
    this.on('hidden', (id) => this.touched.add(id));
    this.summaries = new Summaries({
      call,
      connection: () => this.connectionNo,
      settingsNo: () => this.settingsNo,
      take: (conversation, settingsNo) => this.compare(conversation, false, settingsNo),
    });
    this.comparison = new Comparison({
      call,
      connection: () => this.connectionNo,
      userVersion: options.userVersion,
      held: () => this.held(),
      settingsNo: () => this.settingsNo,
      take: (page, settingsNo) => this.takePage(page, settingsNo),
      refresh: (id) => void this.summaries.refresh(id),
    });
    this.changes = new MessageChanges({
      me,
      clock,
      call,
      connection,
      write: (update) => this.write(update),
      changed: (id, changes) => this.emit('changed', id, changes),
      hidden: (id, range) => this.emit('hidden', id, range),
      emptied: (id) => this.emit('reset', id),
      refresh: (id) => void this.summaries.keepFresh(id),
    });
    this.filler = new HoleFiller({
      clock,
      call,
      connection,
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
    this.since = state.since;
    for (const stored of state.conversations) {
      this.entries.set(stored.conversation.conversation_id, entryOf(stored));
    }
  }

  /** Another tab has written the store until now. */
  writeAll(before: StoredState): void {
    if (this.epoch === undefined) return;
    const gone = before.conversations.map(({ conversation }) => conversation.conversation_id);
    this.write({
      removed: gone.filter((id) => !this.entries.has(id)),
      conversations: this.held(),
      ...this.comparedWith(),
    });
  }

  held(): StoredConversation[] {
    return [...this.entries.values()].map((entry) => entry.stored);
  }

  conversations(): Conversation[] {
    return this.held().map((stored) => stored.conversation);
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
        await this.compareAll();
        break;
      } catch (thrown) {
        if (this.connectionNo !== connection) return;
        await this.pause(retryDelay(asImError(thrown)));
        if (this.connectionNo !== connection) return;
      }
    }
    if (this.connectionNo !== connection) return;
    this.epoch = epoch;
    this.write(this.comparedWith());
    this.emit('synced');
  }

  /** The socket is gone. What waits for holes is dropped: the next comparison finds them again. */
  disconnected(): void {
    this.online = false;
    this.connectionNo += 1;
    this.strangers.clear();
    for (const entry of this.entries.values()) {
      this.filler.drop(entry);
      this.changes.drop(entry);
    }
  }

  /** A push of the server; kinds this client does not know are ignored. */
  push(type: string, data: JsonObject): void {
    if (type === 'message') {
      const push = decodeMessagePush(data);
      if (push !== undefined) this.messagePush(push);
    } else if (type === 'change') {
      const told = decodeChangePush(data);
      if (told !== undefined) this.changePush(told);
    } else if (type === 'read') {
      this.readPush(decodeReadPush(data));
    } else if (type === 'delivered') {
      this.deliveredPush(decodeReadPush(data));
    } else if (type === 'gap') {
      const gap = decodeGapPush(data);
      for (const head of gap.conversations) this.behind(head.conversation_id, head.seq, head.change);
      if (gap.all === true) void this.compareAll().catch(() => undefined);
    } else if (type === 'pong') {
      // Either something is lacking here, or more is known than there is.
      for (const id of stringsAt(data, 'behind'))
        void this.summaries.refresh(id).then(() => this.changes.verify(this.entries.get(id), 0));
    }
  }

  /** A conversation that an answer carried, for example of `conversation.open`. */
  learn(conversation: Conversation): void {
    const entry = this.entries.get(conversation.conversation_id);
    if (entry === undefined) this.addEntry(newEntry(conversation, conversation.seq));
    else this.take(entry, conversation, 0);
  }

  /** What the user has set for a conversation, here or on another device. */
  tellSettings(event: ConversationSettingsEvent): void {
    const entry = this.entries.get(event.conversation_id);
    this.settingsNo += 1;
    if (entry === undefined) return void this.summaries.refresh(event.conversation_id);
    tellSettings(entry, event, this.settingsNo);
    this.keep(entry);
  }

  /** What others see of somebody has changed: the 1:1 with them is read again. */
  peerChanged(user: UserId): void {
    for (const [id, { stored }] of this.entries) {
      if (stored.conversation.peer_user_id === user) void this.summaries.refresh(id);
    }
  }

  /** What an answer has confirmed, unless an event has told more since it was asked for. */
  confirmSettings(id: ConversationId, change: ConfirmedSettings, settingsNo: number): void {
    const entry = this.entries.get(id);
    if (entry === undefined || entry.settingsNo > settingsNo) return;
    confirmSettings(entry, change);
    this.keep(entry);
  }

  /** Moves one's own read mark at once; the server hears of it from the caller. */
  markReadLocally(id: ConversationId, seq: Seq): void {
    this.move(id, (entry) => moveMark(entry, true, seq));
  }

  /** A page that a window has pulled below the head. Answers its messages as they are by now. */
  addHistory(id: ConversationId, page: ListMessagesResponse): readonly Message[] {
    const entry = this.entries.get(id);
    if (entry === undefined || page.to_seq < page.from_seq) return page.items;
    const messages = this.asOfNow(id, page.items);
    countAgainFrom(entry, page.head.change);
    addHistory(entry, { lo: page.from_seq, hi: page.to_seq });
    this.write({ conversations: [entry.stored], messages });
    this.changes.expect(entry);
    return messages;
  }

  /** What was read while changes came in, with these changes. */
  asOfNow(id: ConversationId, messages: readonly Message[]): readonly Message[] {
    const entry = this.entries.get(id);
    if (entry === undefined) return messages;
    return messages.map((message) => upToDate(entry, message)).filter((message) => message !== undefined);
  }

  /** A state of a message that the answer to a command told. */
  learnMessage(message: Message): void {
    const entry = this.entries.get(message.conversation_id);
    if (entry !== undefined) this.changes.learn(entry, [message]);
  }

  /** The user has hidden these messages from themselves. A repeat does no harm. */
  hide(id: ConversationId, range: Range): void {
    const entry = this.entries.get(id);
    if (entry !== undefined) this.changes.hide(entry, range);
  }

  /** What the user has hidden meanwhile cannot be told any more: all messages are loaded anew. */
  forgetMessages(): void {
    for (const entry of this.entries.values()) this.changes.empty(entry);
  }

  private async compareAll(): Promise<void> {
    // Of a cache whose first sync never ended nothing can have been missed.
    const since = await this.comparison.run(this.epoch === undefined ? undefined : this.since);
    if (since === undefined) return;
    this.since = since;
    // What was known to lack when the last connection was lost does not move again by itself.
    for (const entry of this.entries.values()) {
      this.filler.pullTo(entry, entry.stored.conversation.seq);
      this.changes.pull(entry);
    }
  }

  /** The state of the server that the entries are compared with. */
  private comparedWith(): Pick<CacheUpdate, 'epoch' | 'since'> {
    const { epoch, since } = this;
    return { ...(epoch === undefined ? {} : { epoch }), ...(since === undefined ? {} : { since }) };
  }

  private takePage(page: readonly Conversation[], settingsNo: number): void {
    for (const conversation of page) {
      this.compare(conversation, this.epoch === undefined, settingsNo);
      this.changes.verify(this.entries.get(conversation.conversation_id), conversation.change);
    }
  }

  private compare(conversation: Conversation, first: boolean, settingsNo: number): void {
    const known = this.entries.get(conversation.conversation_id);
    if (known !== undefined) {
      this.take(known, conversation, settingsNo);
      return;
    }
    // Not there at the last sync, so all of it is new.
    const missed = first || conversation.seq > MAX_HOLE ? 0 : conversation.seq;
    const entry = newEntry(conversation, conversation.seq - missed);
    this.addEntry(entry);
    this.filler.pullTo(entry, conversation.seq);
  }

  /** `settingsNo`: how many events had told what the user has set when the server was asked. */
  private take(entry: Entry, conversation: Conversation, settingsNo: number): void {
    const miscounts = mergeConversation(entry, withLast(entry, conversation), entry.settingsNo > settingsNo);
    this.keep(entry);
    if (miscounts) void this.pause(RECOUNT_MS).then(() => this.recount(conversation.conversation_id));
    this.filler.pullTo(entry, conversation.seq);
    this.changes.pull(entry);
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
    this.touched.add(id);
    const waiting = this.strangers.release(id);
    for (const push of waiting.messages) this.filler.take(entry, push);
    for (const told of waiting.changes) this.changes.take(entry, told);
  }

  private messagePush(push: MessagePush): void {
    const entry = this.entries.get(push.conversation_id);
    if (entry === undefined) this.strangers.holdMessage(push);
    else this.filler.take(entry, push);
  }

  private changePush(told: ToldChange): void {
    const entry = this.entries.get(told.conversation_id);
    if (entry === undefined) this.strangers.holdChange(told);
    else this.changes.take(entry, told);
  }

  /** A conversation that was learned of from its first push. */
  private met(conversation: Conversation, lowest: Seq = conversation.seq + 1): void {
    const entry = newEntry(conversation, lowest - 1);
    this.addEntry(entry);
    this.filler.pullTo(entry, conversation.seq);
  }

  /** A head the server named outside of a message push. */
  private behind(id: ConversationId, seq: Seq, change: number): void {
    const entry = this.entries.get(id);
    if (entry === undefined) return void this.summaries.refresh(id);
    this.filler.pullTo(entry, seq);
    nameChange(entry, change);
    this.changes.pull(entry);
  }

  private apply(entry: Entry, stretch: Stretch): void {
    const id = entry.stored.conversation.conversation_id;
    const messages = this.asOfNow(id, stretch.messages);
    countAgainFrom(entry, stretch.change);
    applyStretch(entry, { ...stretch, messages }, this.options.me);
    this.write({ conversations: [entry.stored], messages });
    this.touched.add(id);
    if (messages.length > 0) this.emit('messages', id, messages);
    this.changes.expect(entry);
    // A line of the server's own says that the group is another one now: its name, or what the user may do in it.
    const told = messages.some((message) => message.content?.system !== undefined);
    if (told && entry.stored.conversation.type === 'group') void this.summaries.keepFresh(id);
  }

  private readPush(push: ReadPush): void {
    const own = push.user_id === this.options.me;
    this.move(push.conversation_id, (entry) => moveMark(entry, own, push.seq));
    if (own) this.recount(push.conversation_id);
    this.emit('read', push);
  }

  private deliveredPush(push: ReadPush): void {
    if (push.user_id === this.options.me) return;
    this.move(push.conversation_id, (entry) => moveDelivered(entry, push.seq));
  }

  /** Moves a mark; `mark` answers whether it has moved. */
  private move(id: ConversationId, mark: (entry: Entry) => boolean): void {
    const entry = this.entries.get(id);
    if (entry !== undefined && mark(entry)) this.keep(entry);
  }

  /** The summary is another one. */
  private keep(entry: Entry): void {
    this.write({ conversations: [entry.stored] });
    this.touched.add(entry.stored.conversation.conversation_id);
  }

  /** Only the server can count what is unread above a mark that is not the head. */
  recount(id: ConversationId): void {
    const conversation = this.entries.get(id)?.stored.conversation;
    if (conversation !== undefined && conversation.unread > 0 && this.online) void this.summaries.refresh(id);
  }

  private remove(id: ConversationId): void {
    this.entries.delete(id);
    this.write({ removed: [id] });
    this.touched.add(id);
    this.emit('reset', id);
  }

  private dropCaches(): void {
    for (const id of this.entries.keys()) this.touched.add(id);
    this.entries.clear();
    this.epoch = undefined;
    this.since = undefined;
    void this.options.store.dropCaches();
    this.emit('reset', undefined);
  }

  private write(update: Parameters<Store['update']>[0]): void {
    void this.options.store.update(update);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((done) => this.options.clock.setTimeout(done, ms));
  }
}
