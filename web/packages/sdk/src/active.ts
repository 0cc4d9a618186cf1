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
import { Directory } from './people/directory.ts';
import type { Store } from './store/store.ts';
import { SyncEngine } from './sync/engine.ts';
import { Heads } from './sync/heads.ts';
import { UserEvents } from './sync/user-events.ts';
import type { Connection, Refusal } from './transport/connection.ts';
import type { ConversationId, SendRequest, SendResponse, Seq, Settings, User, UserId } from './types.ts';

/** A send's own deadline: above the server's 10 s, so that the server's answer is heard first. */
const SEND_DEADLINE_MS = 12_000;

export interface ActiveOptions {
  readonly me: UserId;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: () => number;
  readonly connection: Connection;
}

interface ActiveEvents {
  /** The socket is ready and all heads were compared. */
  synced: [];
  /** What is shown of a conversation beside what the engine holds of it has changed. */
  conversation: [ConversationId];
  /** Another device has changed them. */
  settings: [Settings];
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
  readonly engine: SyncEngine;
  readonly book: ContactBook;
  readonly directory: Directory;
  readonly groups: GroupBook;
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
    const call = (type: string, data: unknown): Promise<JsonObject> => connection.request(type, data);
    this.engine = new SyncEngine({ me, store, clock, call });
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
    this.userEvents = new UserEvents({
      clock,
      call,
      apply: (events, version) => {
        book.apply(events, version);
        for (const { joinRequestOf: group, cleared, deleted, settings, ownSettings, user } of events) {
          if (ownSettings !== undefined) this.emit('settings', ownSettings);
          if (settings !== undefined) this.engine.tellSettings(settings);
          if (group !== undefined) this.groups.requestsChanged(group);
          if (cleared !== undefined)
            this.engine.hide(cleared.conversation_id, { lo: 1, hi: cleared.up_to_seq });
          if (deleted !== undefined)
            this.engine.hide(deleted.conversation_id, { lo: deleted.seq, hi: deleted.seq });
          if (user !== undefined) this.gone(user);
        }
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
    this.wire();
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
    this.engine.disconnected();
    this.groups.disconnected();
    this.userEvents.disconnected();
    this.connection.stop();
    await (data === 'keep' ? this.store.close() : this.store.destroy());
  }

  private wire(): void {
    const { connection, engine, book, directory, groups, userEvents, outbox, receipts, drafts } = this;
    connection.on('ready', (ready) => {
      this.clockSkewMs = ready.server_time_ms - this.clock.now();
      // Another epoch is noticed at once, and everything is forgotten before anything is compared.
      void engine.connected(ready.epoch);
      userEvents.connected(ready.user_version);
      directory.connected();
      groups.connected();
      outbox.resume();
      receipts.resume();
      drafts.resume();
    });
    connection.on('state', (state) => {
      if (state.name === 'ready') return;
      engine.disconnected();
      groups.disconnected();
      userEvents.disconnected();
      outbox.pause();
      receipts.pause();
      drafts.pause();
    });
    connection.on('push', (type, data) => {
      engine.push(type, data);
      userEvents.push(type, data);
    });
    connection.on('refused', (refusal) => this.emit('refused', refusal));
    // Before any window hears of a message, it has left the outbox: it is never painted twice.
    engine.on('messages', (_, messages) => {
      for (const message of messages) if (message.sender_id === this.me) outbox.settleBy(message);
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
      book.forget();
      directory.forget();
      groups.forget();
      userEvents.forget();
    });
    engine.on('synced', () => this.emit('synced'));
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
