import { decodeMessagePage } from '../decode.ts';
import { asImError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { Outbox, PendingMessage } from '../outbox/outbox.ts';
import type { Store } from '../store/store.ts';
import type { SyncEngine } from '../sync/engine.ts';
import { type Range, rangeOf } from '../sync/ranges.ts';
import type { ConversationId, Message, Seq, UserId } from '../types.ts';
import { afterChange, type MessageChange, newerOf, withoutQuoted } from './message-state.ts';
import { keyOf, type Row, rowOf } from './row.ts';

export type { Row } from './row.ts';

export type LoadState = 'idle' | 'loading' | 'error';

/** As many pages are loaded to reach one message. */
const MAX_PAGES = 50;

/**
 * What has come of looking for a message: it is in the window; the user may not see it (any more); it lies further back
 * than anybody waits for; what lies before could not be loaded.
 */
export type Reached = 'reached' | 'missing' | 'far' | 'failed';

export interface WindowOptions {
  readonly conversation: ConversationId;
  readonly size: number;
  readonly me: UserId;
  readonly engine: SyncEngine;
  readonly outbox: Outbox;
  readonly store: Store;
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
}

/**
 * A gapless stretch of one conversation that ends at its head, plus the unsent messages behind it; live until
 * `dispose`. Owned by whoever asked for it, usually an open chat. Paints from the store first.
 */
export class MessageWindow {
  private readonly options: WindowOptions;
  private readonly messages = new Map<Seq, Message>();
  private readonly listeners = new Set<() => void>();
  private readonly unsubscribes: (() => void)[];
  /** Lowest seq the window reaches; undefined before the first load. */
  private low: Seq | undefined;
  private rows: readonly Row[] = [];
  private byKey = new Map<string, { source: Message | PendingMessage; row: Row }>();
  private loadState: LoadState = 'loading';
  private olderState: LoadState = 'idle';
  private start = false;
  private notifying = false;
  private disposed = false;
  /** Raised by a reset: answers of earlier loads are then dropped. */
  private version = 0;

  constructor(options: WindowOptions) {
    this.options = options;
    const { engine, outbox, conversation } = options;
    this.unsubscribes = [
      engine.on('messages', (id, messages) => {
        if (id === conversation) this.arrived(messages);
      }),
      engine.on('changed', (id, changes) => {
        if (id === conversation) this.changed(changes);
      }),
      engine.on('hidden', (id, range) => {
        if (id === conversation) this.hide(range);
      }),
      engine.on('reset', (id) => {
        if (id === undefined || id === conversation) this.reset();
      }),
      engine.on('synced', () => {
        if (this.loadState === 'error') void this.load();
        if (this.olderState === 'error') void this.loadOlder();
      }),
      outbox.on('changed', (id) => {
        if (id === conversation) this.notify();
      }),
    ];
    void this.load();
  }

  /** Oldest first; unsent ones last. */
  get items(): readonly Row[] {
    return this.rows;
  }

  /** Of the first load: `error` means that nothing could be had; `retry` or the next connection tries again. */
  get state(): LoadState {
    return this.loadState;
  }

  /** Of `loadOlder`. */
  get older(): LoadState {
    return this.olderState;
  }

  /** Nothing lies before the first item. */
  get atStart(): boolean {
    return this.start;
  }

  /** Runs at most once a turn of the event loop after something changed. Answers the function that ends it. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  retry(): void {
    if (this.loadState === 'error') void this.load();
    else if (this.olderState === 'error') void this.loadOlder();
  }

  /** Extends the window by a page into the past, from the store where it has it. Never rejects; see `older`. */
  async loadOlder(): Promise<void> {
    if (this.low === undefined || this.start) return;
    if (this.olderState === 'loading' || this.loadState === 'loading') return;
    const version = this.version;
    this.olderState = 'loading';
    this.notify();
    try {
      await this.extend(this.low, version);
      if (this.version === version) this.olderState = 'idle';
    } catch (thrown) {
      if (this.version === version) this.olderState = asImError(thrown).kind === 'aborted' ? 'idle' : 'error';
    }
    this.notify();
  }

  /** Extends the window until a message is in it. Never rejects. */
  async reach(seq: Seq): Promise<Reached> {
    for (let page = 0; page < MAX_PAGES && !this.disposed; page += 1) {
      while (this.loadState === 'loading' || this.olderState === 'loading') await this.nextChange();
      const before = this.low;
      if (before === undefined) return 'failed';
      if (before <= seq || this.start) return this.messages.has(seq) ? 'reached' : 'missing';
      await this.loadOlder();
      if (this.low === before) return 'failed';
    }
    return 'far';
  }

  /** Extends the window until the first message of a time or later is in it, and answers its seq. Never rejects. */
  async reachTime(timeMs: number): Promise<Seq | Exclude<Reached, 'reached'>> {
    for (let page = 0; page < MAX_PAGES && !this.disposed; page += 1) {
      while (this.loadState === 'loading' || this.olderState === 'loading') await this.nextChange();
      const before = this.low;
      if (before === undefined) return 'failed';
      const inOrder = [...this.messages.values()]
        .filter((m) => m.seq >= before)
        .sort((a, b) => a.seq - b.seq);
      if (this.start || (inOrder[0]?.time_ms ?? Infinity) < timeMs)
        return inOrder.find((message) => message.time_ms >= timeMs)?.seq ?? 'missing';
      await this.loadOlder();
      if (this.low === before) return 'failed';
    }
    return 'far';
  }

  dispose(): void {
    this.disposed = true;
    this.version += 1;
    for (const unsubscribe of this.unsubscribes) unsubscribe();
    this.listeners.clear();
  }

  private async load(): Promise<void> {
    const version = ++this.version;
    const { engine, conversation } = this.options;
    this.loadState = 'loading';
    this.olderState = 'idle';
    this.notify();
    const head = engine.get(conversation)?.mine.seq;
    try {
      if (head === undefined || head > 0) {
        await this.extend(head === undefined ? undefined : head + 1, version);
        // One remembered message is no page: fetch the rest at once.
        if (
          this.version === version &&
          this.messages.size < this.options.size &&
          !this.start &&
          this.low !== undefined
        ) {
          this.notify();
          await this.extend(this.low, version);
        }
      } else {
        this.low = 1;
        this.start = true;
      }
      if (this.version === version) this.loadState = 'idle';
    } catch (thrown) {
      const kind = asImError(thrown).kind;
      if (this.version === version && kind !== 'aborted')
        this.loadState = this.messages.size > 0 ? 'idle' : 'error';
      if (this.version === version && this.messages.size > 0) this.olderState = 'error';
    }
    this.notify();
  }

  /** Loads one page that ends right below `below` (at the head, when undefined). */
  private async extend(below: Seq | undefined, version: number): Promise<void> {
    const { engine, store, conversation, size } = this.options;
    const known = engine.get(conversation);
    const range = below === undefined ? undefined : rangeOf(known?.ranges ?? [], below - 1);
    if (range !== undefined && below !== undefined) {
      const wanted = { lo: Math.max(range.lo, below - size), hi: below - 1 };
      const held = await store.messages(conversation, wanted);
      if (this.version !== version) return;
      // A store that lost what the ranges promise is no source; the server is.
      if (held.length > 0) {
        this.take(
          engine.asOfNow(conversation, held),
          wanted,
          wanted.lo <= Math.max(1, known?.conversation.floor_seq ?? 1),
        );
        return;
      }
    }
    const page = decodeMessagePage(
      await this.options.call('message.list', {
        conversation_id: conversation,
        limit: size,
        ...(below === undefined ? {} : { before: below }),
      }),
    );
    if (this.version !== version) return;
    const covered = { lo: page.from_seq, hi: page.to_seq };
    const items = engine.addHistory(conversation, page);
    if (covered.hi < covered.lo) this.take([], { lo: below ?? 1, hi: 0 }, true);
    else this.take(items, covered, !page.has_more_before);
  }

  private take(messages: readonly Message[], covered: Range, start: boolean): void {
    for (const message of messages) this.put(message);
    this.low = Math.min(this.low ?? Infinity, covered.lo);
    this.start = start;
    this.notify();
  }

  private arrived(messages: readonly Message[]): void {
    for (const message of messages) this.put(message);
    const first = messages[0];
    if (this.low === undefined && first !== undefined && first.seq === 1) this.low = 1;
    this.notify();
  }

  private put(message: Message): void {
    this.messages.set(message.seq, newerOf(this.messages.get(message.seq), message));
  }

  private changed(changes: readonly MessageChange[]): void {
    for (const change of changes) {
      const { seq, recalled } = change.message;
      const held = this.messages.get(seq);
      if (held !== undefined) this.messages.set(seq, afterChange(held, change));
      if (recalled === undefined) continue;
      for (const message of this.messages.values())
        this.messages.set(message.seq, withoutQuoted(message, seq));
    }
    this.notify();
  }

  private hide(range: Range): void {
    for (const seq of this.messages.keys()) if (seq >= range.lo && seq <= range.hi) this.messages.delete(seq);
    this.notify();
  }

  private reset(): void {
    this.messages.clear();
    this.byKey.clear();
    this.low = undefined;
    this.start = false;
    void this.load();
  }

  private notify(): void {
    if (this.notifying || this.disposed) return;
    this.notifying = true;
    queueMicrotask(() => {
      this.notifying = false;
      if (this.disposed) return;
      this.rebuild();
      for (const listener of [...this.listeners]) listener();
    });
  }

  private nextChange(): Promise<void> {
    return new Promise((done) => {
      const unsubscribe = this.subscribe(() => {
        unsubscribe();
        done();
      });
    });
  }

  private rebuild(): void {
    const { conversation, me, outbox } = this.options;
    const low = this.low ?? Infinity;
    const sources: (Message | PendingMessage)[] = [...this.messages.values()]
      .filter((m) => m.seq >= low)
      .sort((a, b) => a.seq - b.seq);
    const confirmed = new Set(
      [...this.messages.values()].filter((m) => m.sender_id === me).map((m) => m.client_msg_id),
    );
    for (const pending of outbox.pending(conversation)) {
      if (!confirmed.has(pending.item.client_msg_id)) sources.push(pending);
    }
    const byKey: typeof this.byKey = new Map();
    for (const source of sources) {
      const key = keyOf(source, me);
      const before = this.byKey.get(key);
      byKey.set(key, before?.source === source ? before : { source, row: rowOf(source, key, me) });
    }
    this.byKey = byKey;
    this.rows = [...byKey.values()].map((entry) => entry.row);
  }
}
