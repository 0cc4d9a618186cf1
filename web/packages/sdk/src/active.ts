import type { Clock } from './clock.ts';
import { Emitter } from './emitter.ts';
import type { JsonObject } from './json.ts';
import { isObject, numberAt, stringAt } from './json.ts';
import { GroupBook } from './groups/group-book.ts';
import { Outbox } from './outbox/outbox.ts';
import { Drafts } from './conversations/drafts.ts';
import { SettingsBook } from './conversations/settings-book.ts';
import { Receipts } from './domain/receipts.ts';
import { ContactBook } from './people/book.ts';
import type { DecodedEvent } from './people/decode-people.ts';
import { Directory } from './people/directory.ts';
import { PresenceBook } from './presence/presence-book.ts';
import { TypingBook } from './presence/typing-book.ts';
import type { Store } from './store/store.ts';
import type { Tabs } from './tabs/tabs.ts';
import { SyncEngine } from './sync/engine.ts';
import { Heads } from './sync/heads.ts';
import { UserEvents } from './sync/user-events.ts';
import type { Connection, Refusal } from './transport/connection.ts';
import type {
  ConversationId,
  DeletionEvent,
  Export,
  SendRequest,
  SendResponse,
  Seq,
  Settings,
  User,
  UserId,
} from './types.ts';

/** A send's own deadline: above the server's 10 s, so that the server's answer is heard first. */
const SEND_DEADLINE_MS = 12_000;

export interface ActiveOptions {
  readonly me: UserId;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: () => number;
  readonly connection: Connection;
  /** Of a client that is several tabs. */
  readonly tabs?: Tabs;
}

interface ActiveEvents {
  /** The socket is ready and all heads were compared. */
  synced: [];
  /** What is shown of a conversation beside what the engine holds of it has changed. */
  conversation: [ConversationId];
  /** Another device has changed them. */
  settings: [Settings];
  /** The account is to be deleted, or stays. */
  deletion: [DeletionEvent];
  /** A copy of everything that is kept about the user was begun or finished. */
  export: [Export];
  refused: [Refusal];
}

/**
 * Everything that lives from login to logout: connection, sync, people, outbox, receipts, wired to each other. Owned by
 * the client; a new login makes a new one.
 */
export class ActiveSession extends Emitter<ActiveEvents> {
  readonly me: UserId;
  readonly store: Store;
  readonly connection: Connection;
  readonly tabs: Tabs | undefined;
  readonly engine: SyncEngine;
  readonly book: ContactBook;
  readonly directory: Directory;
  readonly groups: GroupBook;
  readonly presence: PresenceBook;
  readonly typing: TypingBook;
  readonly userEvents: UserEvents;
  readonly outbox: Outbox;
  readonly receipts: Receipts;
  readonly settings: SettingsBook;
  readonly drafts: Drafts;
  /** Server time minus ours, from the last `ready`. */
  clockSkewMs = 0;
  private readonly clock: Clock;

  constructor(options: ActiveOptions) {
    super();
    const { me, store, clock, random, connection } = options;
    this.me = me;
    this.store = store;
    this.clock = clock;
    this.connection = connection;
    this.tabs = options.tabs;
    const call = (type: string, data: unknown): Promise<JsonObject> => connection.request(type, data);
    this.engine = new SyncEngine({
      me,
      store,
      clock,
      call,
      userVersion: () => this.userEvents.known,
    });
    const book = new ContactBook({ me, store, call });
    this.book = book;
    this.directory = new Directory({ store, call });
    this.groups = new GroupBook({
      clock,
      call,
      conversation: (id) => this.engine.get(id)?.conversation,
      learnNames: (names) => {
        this.directory.learn(names);
        book.heard(names);
      },
    });
    this.presence = new PresenceBook({ clock, call });
    this.typing = new TypingBook({ me, clock, call, clockSkewMs: () => this.clockSkewMs });
    this.userEvents = new UserEvents({
      clock,
      call,
      apply: (events, version) => {
        book.apply(events, version);
        for (const event of events) this.happened(event);
      },
      lost: () => this.engine.forgetMessages(),
      relist: (version, stillWanted) => book.relist(version, stillWanted),
      failed: () => book.failed(),
    });
    this.outbox = new Outbox({
      store,
      clock,
      random,
      serverNow: () => this.serverNow(),
      send: (request) => this.send(request),
      arrived: (id, seq) => (this.engine.get(id)?.mine.seq ?? 0) >= seq,
      usesUp: (id, text) => this.drafts.useUp(id, text),
    });
    this.receipts = new Receipts({ clock, engine: this.engine, call });
    const changed = (id: ConversationId) => this.emit('conversation', id);
    this.settings = new SettingsBook({ engine: this.engine, call, changed });
    this.drafts = new Drafts({ engine: this.engine, store, clock, call, changed });
    const heads = new Heads();
    connection.holdings = () => ({
      user_version: this.userEvents.known,
      heads: heads.pick(this.engine.held()),
    });
    this.wireConnection();
    this.wireEngine();
  }

  /** Reads the store, then connects. What is stored can be painted as soon as this resolves. */
  async start(): Promise<void> {
    const state = await this.store.load();
    this.engine.load(state);
    this.directory.load(state);
    this.userEvents.load(this.book.load(state));
    this.outbox.load(state.outbox);
    this.drafts.load(state.drafts);
  }

  /** The server's clock, as far as known. */
  serverNow(): number {
    return this.clock.now() + this.clockSkewMs;
  }

  /** Somebody has looked at a conversation, up to and including `seq`. */
  read(id: ConversationId, seq: Seq): void {
    this.receipts.markRead(id, seq);
    // Where it fails the mark is back, and goes with the next look.
    this.settings.change(id, { marked_unread: false }).catch(() => undefined);
  }

  connect(): void {
    this.connection.start();
  }

  /** What an event tells of that is in no list of people. */
  private happened(event: DecodedEvent): void {
    const { joinRequestOf: group, cleared, deleted, settings, ownSettings, user } = event;
    if (ownSettings !== undefined) this.emit('settings', ownSettings);
    if (settings !== undefined) this.engine.tellSettings(settings);
    if (group !== undefined) this.groups.requestsChanged(group);
    if (cleared !== undefined) this.engine.hide(cleared.conversation_id, { lo: 1, hi: cleared.up_to_seq });
    if (deleted !== undefined)
      this.engine.hide(deleted.conversation_id, { lo: deleted.seq, hi: deleted.seq });
    if (user !== undefined) this.gone(user);
    if (event.deletion !== undefined) this.emit('deletion', event.deletion);
    if (event.dataExport !== undefined) this.emit('export', event.dataExport);
  }

  /** Somebody has deleted their account: their name goes, and nobody writes to them any more. */
  private gone(user: User): void {
    this.directory.learn([user]);
    this.book.learn(user);
    this.engine.peerChanged(user.user_id);
  }

  async stop(data: 'keep' | 'destroy'): Promise<void> {
    this.clear();
    this.outbox.close();
    this.receipts.close();
    this.drafts.close();
    this.disconnected();
    this.connection.stop();
    this.tabs?.stop();
    await (data === 'keep' ? this.store.close() : this.store.destroy());
  }

  private wireConnection(): void {
    const { connection, engine, userEvents, presence, typing } = this;
    connection.on('ready', (ready) => {
      this.clockSkewMs = ready.server_time_ms - this.clock.now();
      // Another epoch is noticed at once, and everything is forgotten before anything is compared.
      void engine.connected(ready.epoch);
      userEvents.connected(ready.user_version);
      for (const part of [this.directory, this.groups, presence, typing]) part.connected();
      for (const part of [this.outbox, this.receipts, this.drafts]) part.resume();
    });
    connection.on('state', (state) => {
      if (state.name === 'ready') return;
      this.disconnected();
      for (const part of [this.outbox, this.receipts, this.drafts]) part.pause();
    });
    connection.on('push', (type, data) => {
      for (const part of [engine, userEvents, presence, typing]) part.push(type, data);
    });
    connection.on('refused', (refusal) => this.emit('refused', refusal));
  }

  private disconnected(): void {
    const { engine, groups, presence, typing, userEvents } = this;
    for (const part of [engine, groups, presence, typing, userEvents]) part.disconnected();
  }

  private wireEngine(): void {
    const { engine, book, directory, groups, userEvents, outbox, receipts, typing } = this;
    // Before any window hears of a message, it has left the outbox: it is never painted twice.
    engine.on('messages', (id, messages) => {
      for (const message of messages) if (message.sender_id === this.me) outbox.settleBy(message);
      typing.sent(id, messages);
    });
    engine.on('changed', (id, changes) => {
      for (const { message } of changes)
        if (message.recalled !== undefined) outbox.forgetQuoted(id, message.seq);
    });
    engine.on('conversations', (ids) => groups.conversationsChanged(ids));
    engine.on('conversations', (ids) => receipts.arrived(ids));
    engine.on('reset', (id) => {
      outbox.forgetConfirmed(id);
      if (id !== undefined) return;
      for (const part of [book, directory, groups, userEvents]) part.forget();
    });
    engine.on('synced', () => this.emit('synced'));
    this.tabs?.on('available', () => this.connection.retryNow());
    this.tabs?.on('succeeded', () => void this.succeed());
  }

  /** The tab that led is gone: what it had not sent yet is this one's now, and so is what is written of the rest. */
  private async succeed(): Promise<void> {
    this.connection.retryNow();
    const state = await this.store.load();
    this.engine.writeAll(state);
    this.book.writeAll(state, this.userEvents.known);
    this.outbox.load(state.outbox);
  }

  private async send(request: SendRequest): Promise<SendResponse> {
    const answer = await this.connection.request('message.send', request, { deadlineMs: SEND_DEADLINE_MS });
    const ack = isObject(answer) ? answer : {};
    return {
      message_id: stringAt(ack, 'message_id'),
      seq: numberAt(ack, 'seq'),
      time_ms: numberAt(ack, 'time_ms'),
    };
  }
}
