import type { Clock } from '../clock.ts';
import { decodeMessagePage } from '../decode.ts';
import { asImError, type ImError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { ConversationId, MessagePush, Seq } from '../types.ts';
import { type Entry, MAX_HELD, MAX_HOLE, type Stretch } from './entry.ts';

/** A push may simply have overtaken its predecessor: a hole is pulled when it is still there after this. */
export const HOLE_PATIENCE_MS = 300;
const RETRY_MS = 1_000;
/** After an answer that asking again will hardly change. */
const HOPELESS_RETRY_MS = 30_000;
const PAGE_LIMIT = 100;

/** When to ask again after an error. */
export function retryDelay(error: ImError): number {
  return error.retryAfterMs ?? (error.kind === 'fatal' ? HOPELESS_RETRY_MS : RETRY_MS);
}

/** What the filler needs of the engine. */
export interface FillerHost {
  readonly clock: Clock;
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
  /** Which connection this is; another number after each loss, undefined while there is none. */
  readonly connection: () => number | undefined;
  /** Takes a stretch that begins right above what the entry has. */
  readonly apply: (entry: Entry, stretch: Stretch) => void;
  /** Messages of this conversation were left out: what is painted no longer joins the head. */
  readonly jumped: (id: ConversationId) => void;
  /** The server does not know the conversation, or does not show it any more. */
  readonly gone: (id: ConversationId) => void;
}

/**
 * Keeps the messages of a conversation gapless: a push with the next number applies, an older one is ignored, a
 * later one is held until exactly the hole before it has been pulled. Owned by SyncEngine; keeps no state of its
 * own, all of it is in the entries.
 */
export class HoleFiller {
  private readonly host: FillerHost;

  constructor(host: FillerHost) {
    this.host = host;
  }

  /** The rule for one push. */
  take(entry: Entry, push: MessagePush): void {
    const { mine } = entry.stored;
    if (push.seq <= mine.seq) return;
    if (push.seq > mine.seq + 1) {
      if (entry.held.size < MAX_HELD) entry.held.set(push.seq, push);
      this.waitForHole(entry);
      return;
    }
    this.host.apply(entry, { messages: [push.message], to: push.seq, change: push.change });
    this.drainHeld(entry);
  }

  /** A head the server named: pulls what lies between, if anything. */
  pullTo(entry: Entry, head: Seq): void {
    if (head > entry.stored.mine.seq) void this.fill(entry, head);
  }

  /** The connection is gone: what waits is dropped, the next comparison finds it again. */
  drop(entry: Entry): void {
    entry.held.clear();
    entry.filling = false;
    this.host.clock.clearTimeout(entry.timer);
    entry.timer = undefined;
  }

  private drainHeld(entry: Entry): void {
    for (const seq of [...entry.held.keys()].sort((a, b) => a - b)) {
      const push = entry.held.get(seq);
      const next = entry.stored.mine.seq + 1;
      if (push === undefined || seq > next) break;
      entry.held.delete(seq);
      if (seq === next) this.host.apply(entry, { messages: [push.message], to: seq, change: push.change });
    }
    if (entry.held.size > 0) this.waitForHole(entry);
  }

  private waitForHole(entry: Entry): void {
    if (entry.timer !== undefined || entry.filling) return;
    entry.timer = this.host.clock.setTimeout(() => {
      entry.timer = undefined;
      const first = Math.min(...entry.held.keys());
      if (Number.isFinite(first)) void this.fill(entry, first - 1);
    }, HOLE_PATIENCE_MS);
  }

  /** Pulls (mine, target] page by page; a hole too large is jumped over. */
  private async fill(entry: Entry, target: Seq): Promise<void> {
    const connection = this.host.connection();
    if (entry.filling || connection === undefined) return;
    const before = entry.stored.mine.seq;
    entry.filling = true;
    try {
      if (target - before > MAX_HOLE) await this.jump(entry, connection);
      else await this.pull(entry, target, connection);
    } catch (thrown) {
      if (this.host.connection() === connection) this.failed(entry, target, asImError(thrown));
      return;
    } finally {
      if (this.host.connection() === connection) entry.filling = false;
    }
    if (this.host.connection() !== connection) return;
    this.drainHeld(entry);
    // The head may have moved on meanwhile; without progress asking again would never end.
    const { mine, conversation } = entry.stored;
    if (entry.held.size === 0 && mine.seq > before) this.pullTo(entry, conversation.seq);
  }

  private failed(entry: Entry, target: Seq, error: ImError): void {
    if (error.code === 'not_found') {
      this.host.gone(entry.stored.conversation.conversation_id);
    } else if (error.kind !== 'fatal') {
      entry.timer ??= this.host.clock.setTimeout(() => {
        entry.timer = undefined;
        void this.fill(entry, target);
      }, retryDelay(error));
    }
  }

  private async pull(entry: Entry, target: Seq, connection: number): Promise<void> {
    const id = entry.stored.conversation.conversation_id;
    while (entry.stored.mine.seq < target) {
      const after = entry.stored.mine.seq;
      const limit = Math.min(PAGE_LIMIT, target - after);
      const answer = await this.host.call('message.list', { conversation_id: id, after, limit });
      const page = decodeMessagePage(answer);
      // An answer that covers nothing new would be asked for for ever.
      if (this.host.connection() !== connection || page.to_seq <= after) return;
      const mine = entry.stored.mine.seq;
      const messages = page.items.filter((m) => m.seq > mine && m.seq <= page.to_seq);
      if (page.to_seq > mine) this.host.apply(entry, { messages, to: page.to_seq, change: page.head.change });
    }
  }

  /** Goes to the head without what lies between; windows load it when somebody looks. */
  private async jump(entry: Entry, connection: number): Promise<void> {
    const id = entry.stored.conversation.conversation_id;
    const page = decodeMessagePage(
      await this.host.call('message.list', { conversation_id: id, limit: PAGE_LIMIT }),
    );
    const { mine } = entry.stored;
    if (this.host.connection() !== connection || page.to_seq <= mine.seq) return;
    entry.stored = { ...entry.stored, mine: { seq: page.from_seq - 1, change: mine.change } };
    this.host.jumped(id);
    this.host.apply(entry, { messages: page.items, to: page.to_seq, change: page.head.change });
  }
}
