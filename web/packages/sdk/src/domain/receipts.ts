import type { Clock, TimerHandle } from '../clock.ts';
import { asImError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { SyncEngine } from '../sync/engine.ts';
import type { ConversationId, Seq } from '../types.ts';

/** At most one mark a conversation is sent in this time. */
const COALESCE_MS = 1_500;
/** What is read within this time needs no word of having come. */
const DELIVERED_AFTER_MS = 1_000;

export interface ReceiptsOptions {
  readonly clock: Clock;
  readonly engine: SyncEngine;
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
}

/**
 * Read marks: shown at once, sent coalesced to the highest seq, sent again after a lost connection. And marks of what
 * has come to this device in a 1:1, for the sender to see. Owned by the client, one per user.
 */
export class Receipts {
  private readonly options: ReceiptsOptions;
  private readonly wanted = new Map<ConversationId, Seq>();
  private readonly timers = new Map<ConversationId, TimerHandle>();
  /** Up to where the server was told that messages have come. */
  private readonly told = new Map<ConversationId, Seq>();
  private readonly arrivals = new Set<ConversationId>();
  private arrivalTimer: TimerHandle | undefined;
  private online = false;

  constructor(options: ReceiptsOptions) {
    this.options = options;
  }

  /** Everything up to and including `seq` has been read. A repeat, or a lower seq, does nothing. */
  markRead(id: ConversationId, seq: Seq): void {
    const { engine } = this.options;
    const known = engine.get(id)?.conversation;
    if (known === undefined || seq <= known.read_seq) return;
    engine.markReadLocally(id, seq);
    this.wanted.set(id, Math.max(seq, this.wanted.get(id) ?? 0));
    if (!this.timers.has(id)) this.send(id);
  }

  /** These conversations are other ones now: messages may have come. */
  arrived(ids: ReadonlySet<ConversationId>): void {
    for (const id of ids) if (this.undelivered(id) !== undefined) this.arrivals.add(id);
    if (this.arrivals.size > 0) this.deliverSoon();
  }

  resume(): void {
    this.online = true;
    for (const id of this.wanted.keys()) if (!this.timers.has(id)) this.send(id);
    if (this.arrivals.size > 0) this.deliverSoon();
  }

  pause(): void {
    this.online = false;
  }

  close(): void {
    this.online = false;
    for (const timer of this.timers.values()) this.options.clock.clearTimeout(timer);
    this.timers.clear();
    this.options.clock.clearTimeout(this.arrivalTimer);
  }

  /** The head, when there is something unread that its sender has not been told of. */
  private undelivered(id: ConversationId): Seq | undefined {
    const known = this.options.engine.get(id)?.conversation;
    if (known?.type !== 'direct' || known.unread === 0) return undefined;
    return known.seq > (this.told.get(id) ?? 0) ? known.seq : undefined;
  }

  private deliverSoon(): void {
    this.arrivalTimer ??= this.options.clock.setTimeout(() => {
      this.arrivalTimer = undefined;
      if (this.online) this.deliver();
    }, DELIVERED_AFTER_MS);
  }

  private deliver(): void {
    for (const id of this.arrivals) {
      this.arrivals.delete(id);
      const seq = this.undelivered(id);
      if (seq === undefined) continue;
      this.told.set(id, seq);
      // A hint: what is lost is told with the next message, or by the next session.
      this.options.call('conversation.mark_delivered', { conversation_id: id, seq }).catch(() => undefined);
    }
  }

  private send(id: ConversationId): void {
    const seq = this.wanted.get(id);
    if (seq === undefined || !this.online) return;
    this.timers.set(
      id,
      this.options.clock.setTimeout(() => {
        this.timers.delete(id);
        this.send(id);
      }, COALESCE_MS),
    );
    this.options.call('conversation.mark_read', { conversation_id: id, seq }).then(
      () => {
        this.done(id, seq);
        this.options.engine.recount(id);
      },
      (thrown: unknown) => {
        // What the server refuses for good is not asked again; the timer repeats the rest.
        if (asImError(thrown).kind === 'fatal') this.done(id, seq);
      },
    );
  }

  private done(id: ConversationId, seq: Seq): void {
    if ((this.wanted.get(id) ?? 0) <= seq) this.wanted.delete(id);
  }
}
