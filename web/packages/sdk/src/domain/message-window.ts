import { asImError } from '../errors.ts';
import type { PendingMessage } from '../outbox/outbox.ts';
import type { Range } from '../sync/ranges.ts';
import type { Message, Seq } from '../types.ts';
import { afterChange, type MessageChange, newerOf, withoutQuoted } from './message-state.ts';
import { PaintedRows } from './painted-rows.ts';
import type { Row } from './row.ts';
import { beyondLimit, WINDOW_LIMIT } from './window-limit.ts';
import { type HistoryPage, WindowPages } from './window-pages.ts';
import type { LoadState, Reached, WindowOptions } from './window-types.ts';

export type { Row } from './row.ts';
export type { LoadState, Reached } from './window-types.ts';

/** As many pages of what came in while the newest one was read are loaded with it. */
const MAX_CAUGHT_UP = 3;
/** As many pages are loaded to reach a time. */
const MAX_PAGES = 50;

/**
 * A gapless stretch of one conversation; live until `dispose`. As long as it ends at the head, new messages and the
 * unsent ones behind them are in it. Reading far into the past gives it an end of its own, from which `loadNewer` and
 * `toLatest` lead back. Owned by whoever asked for it, usually an open chat. Paints from the store first.
 */
export class MessageWindow {
  private readonly options: WindowOptions;
  private readonly pages: WindowPages;
  private readonly messages = new Map<Seq, Message>();
  private readonly listeners = new Set<() => void>();
  private readonly unsubscribes: (() => void)[];
  /** Lowest seq the window reaches; undefined before the first load. */
  private low: Seq | undefined;
  /** Highest seq it reaches; undefined while it ends at the head. */
  private high: Seq | undefined;
  private rows: readonly Row[] = [];
  private readonly painted: PaintedRows;
  private readonly states: Record<'first' | 'older' | 'newer', LoadState> = {
    first: 'loading',
    older: 'idle',
    newer: 'idle',
  };
  private start = false;
  /** Where the first load begins. */
  private begin: Seq | undefined;
  private missedCount = 0;
  private followed = true;
  private notifying = false;
  private disposed = false;
  /** Raised when the window becomes another stretch: answers of earlier loads are then dropped. */
  private version = 0;

  constructor(options: WindowOptions) {
    this.options = options;
    this.pages = new WindowPages(options);
    this.painted = new PaintedRows(options.me);
    this.begin = options.from;
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
      engine.on('synced', () => this.retry()),
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
    return this.states.first;
  }

  /** Of `loadOlder`. */
  get older(): LoadState {
    return this.states.older;
  }

  /** Of `loadNewer`. */
  get newer(): LoadState {
    return this.states.newer;
  }

  /** Nothing lies before the first item. */
  get atStart(): boolean {
    return this.start;
  }

  /** Nothing lies behind the last item. */
  get atEnd(): boolean {
    return this.high === undefined;
  }

  /** How many messages of others have come in behind the last item, since it is not the newest any more. */
  get missed(): number {
    return this.missedCount;
  }

  /** Whether the reader is at its end: when it grows too long, it then lets go of the oldest. At first they are. */
  follow(atEnd: boolean): void {
    this.followed = atEnd;
  }

  /** Runs at most once a turn of the event loop after something changed. Answers the function that ends it. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  retry(): void {
    if (this.states.first === 'error') void this.load();
    else if (this.states.older === 'error') void this.loadOlder();
    else if (this.states.newer === 'error') void this.loadNewer();
  }

  /** Extends the window by a page into the past, from the store where it has it. Never rejects; see `older`. */
  async loadOlder(): Promise<void> {
    const { low } = this;
    if (low === undefined || this.start || this.isLoading) return;
    await this.extend('older', () => this.pages.before(low));
  }

  /** The same towards the head; see `newer`. */
  async loadNewer(): Promise<void> {
    const { high } = this;
    if (high === undefined || this.isLoading) return;
    await this.extend('newer', () => this.pages.after(high));
  }

  /** Back to the newest messages; those shown stay until these are there. Never rejects; see `state`. */
  async toLatest(): Promise<void> {
    if (!this.atEnd) await this.load();
  }

  /** Brings a message into the window; one that lies outside comes with those around it. Never rejects. */
  async reach(seq: Seq): Promise<Reached> {
    while (this.isLoading && !this.disposed) await this.nextChange();
    if (this.low === undefined) return 'failed';
    if (!this.covers(seq)) {
      const { version } = this;
      try {
        const page = await this.pages.around(seq);
        if (this.version !== version) return 'failed';
        if (page.messages.some((message) => message.seq === seq)) {
          this.version += 1;
          Object.assign(this.states, { older: 'idle', newer: 'idle' });
          this.become(page);
        }
      } catch {
        return 'failed';
      }
    }
    return this.messages.has(seq) ? 'reached' : 'missing';
  }

  /** Extends the window until the first message of a time or later is in it, and answers its seq. Never rejects. */
  async reachTime(timeMs: number): Promise<Seq | Exclude<Reached, 'reached'>> {
    for (let page = 0; page < MAX_PAGES && !this.disposed; page += 1) {
      while (this.isLoading && !this.disposed) await this.nextChange();
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

  private get isLoading(): boolean {
    return Object.values(this.states).includes('loading');
  }

  private get head(): Seq | undefined {
    return this.options.engine.get(this.options.conversation)?.mine.seq;
  }

  private covers(seq: Seq): boolean {
    if (this.low === undefined) return false;
    return (this.low <= seq || this.start) && (this.high === undefined || seq <= this.high);
  }

  private async load(): Promise<void> {
    const version = ++this.version;
    const { head } = this;
    Object.assign(this.states, { first: 'loading', older: 'idle', newer: 'idle' });
    this.notify();
    try {
      const from = this.begin;
      this.begin = undefined;
      if (head === 0) {
        this.low = 1;
        this.start = true;
      } else if (from !== undefined && head !== undefined && head - from >= this.options.size) {
        const page = await this.pages.around(from);
        if (this.version === version) this.become(page);
      } else {
        const page = await this.pages.before(head === undefined ? undefined : head + 1);
        if (this.version === version) {
          // Where it ends at the head, what has come in meanwhile is in it already.
          if (this.atEnd) this.take(page, 'older');
          else this.become(page);
        }
        await this.complete(version);
      }
      if (this.version === version) this.states.first = 'idle';
    } catch (thrown) {
      if (this.version !== version) return;
      if (asImError(thrown).kind !== 'aborted') this.states.first = this.messages.size > 0 ? 'idle' : 'error';
      if (this.messages.size > 0) this.states.older = 'error';
    }
    this.notify();
  }

  /** One remembered message is no page, and more may have come in while the newest ones were read. */
  private async complete(version: number): Promise<void> {
    this.notify();
    const { low } = this;
    if (
      this.version === version &&
      low !== undefined &&
      !this.start &&
      this.messages.size < this.options.size
    ) {
      const page = await this.pages.before(low);
      if (this.version === version) this.take(page, 'older');
    }
    for (let n = 0; n < MAX_CAUGHT_UP && this.version === version && this.high !== undefined; n += 1) {
      const page = await this.pages.after(this.high);
      if (this.version === version) this.take(page, 'newer');
    }
  }

  private async extend(which: 'older' | 'newer', fetch: () => Promise<HistoryPage>): Promise<void> {
    const { version } = this;
    this.states[which] = 'loading';
    this.notify();
    try {
      const page = await fetch();
      if (this.version !== version) return;
      this.take(page, which);
      this.states[which] = 'idle';
    } catch (thrown) {
      if (this.version !== version) return;
      this.states[which] = asImError(thrown).kind === 'aborted' ? 'idle' : 'error';
    }
    this.notify();
  }

  /** The window is another stretch from now on, which begins with this page. */
  private become(page: HistoryPage): void {
    this.messages.clear();
    this.low = undefined;
    this.endAt(page.covered.hi);
    this.take(page, 'older');
  }

  private endAt(seq: Seq): void {
    this.high = seq >= (this.head ?? 0) ? undefined : seq;
    if (this.atEnd) this.missedCount = 0;
  }

  private take({ messages, covered, atStart }: HistoryPage, which: 'older' | 'newer'): void {
    for (const message of messages) this.put(message);
    if (which === 'newer') {
      this.endAt(covered.hi);
      this.letGo('oldest');
    } else {
      this.low = Math.min(this.low ?? Infinity, covered.lo);
      this.start = atStart;
      this.letGo('newest');
    }
    this.notify();
  }

  private letGo(which: 'oldest' | 'newest'): void {
    const beyond = beyondLimit(this.messages.keys(), which);
    if (beyond === undefined) return;
    for (const seq of beyond.gone) this.messages.delete(seq);
    if (which === 'newest') {
      this.high = beyond.end;
    } else {
      this.low = beyond.end;
      this.start = false;
    }
  }

  private arrived(messages: readonly Message[]): void {
    // Whoever reads further up keeps what they read.
    if (this.atEnd && !this.followed && this.messages.size >= WINDOW_LIMIT)
      this.high = Math.max(...this.messages.keys());
    if (this.atEnd) {
      for (const message of messages) this.put(message);
      const first = messages[0];
      if (this.low === undefined && first !== undefined && first.seq === 1) this.low = 1;
      this.letGo('oldest');
    } else {
      this.missedCount += messages.filter((message) => message.sender_id !== this.options.me).length;
    }
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
    this.painted.clear();
    this.low = undefined;
    this.high = undefined;
    this.missedCount = 0;
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
    // They stand behind the newest message.
    for (const pending of this.atEnd ? outbox.pending(conversation) : []) {
      if (!confirmed.has(pending.item.client_msg_id)) sources.push(pending);
    }
    this.rows = this.painted.of(sources);
  }
}
