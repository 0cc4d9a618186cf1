import type { Clock, TimerHandle } from '../clock.ts';
import { asImError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { SyncEngine } from '../sync/engine.ts';
import type { ConversationId, Seq } from '../types.ts';

/** At most one mark a conversation is sent in this time. */
const COALESCE_MS = 1_500;

export interface ReceiptsOptions {
  readonly clock: Clock;
  readonly engine: SyncEngine;
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
}

/**
 * Read marks: shown at once, sent coalesced to the highest seq, sent again after a lost connection. Owned by the
 * client, one per user.
 */
export class Receipts {
  private readonly options: ReceiptsOptions;
  private readonly wanted = new Map<ConversationId, Seq>();
  private readonly timers = new Map<ConversationId, TimerHandle>();
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

  resume(): void {
    this.online = true;
    for (const id of this.wanted.keys()) if (!this.timers.has(id)) this.send(id);
  }

  pause(): void {
    this.online = false;
  }

  close(): void {
    this.online = false;
    for (const timer of this.timers.values()) this.options.clock.clearTimeout(timer);
    this.timers.clear();
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
