import { decodeMessagePage } from '../decode.ts';
import type { JsonObject } from '../json.ts';
import type { Store } from '../store/store.ts';
import type { SyncEngine } from '../sync/engine.ts';
import { type Range, rangeOf } from '../sync/ranges.ts';
import type { ConversationId, ListMessagesRequest, Message, Seq } from '../types.ts';

/** Where the messages of a window come from. */
export interface WindowSource {
  readonly conversation: ConversationId;
  /** How many messages a page has. */
  readonly size: number;
  readonly engine: SyncEngine;
  readonly store: Store;
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
}

/** A gapless stretch of history; without messages when nothing lies there. */
export interface HistoryPage {
  readonly messages: readonly Message[];
  readonly covered: Range;
  readonly atStart: boolean;
}

/** Pages of one conversation: from the store where it has them, else from the server. Rejects with an ImError. */
export class WindowPages {
  private readonly source: WindowSource;

  constructor(source: WindowSource) {
    this.source = source;
  }

  /** The page that ends right below `below`; at the head, when undefined. */
  async before(below: Seq | undefined): Promise<HistoryPage> {
    if (below === undefined) return this.ask({});
    const lo = below - this.source.size;
    const held = await this.held(below - 1, (range) => ({ lo: Math.max(range.lo, lo), hi: below - 1 }));
    return held ?? this.ask({ before: below });
  }

  /** The page that begins right above `above`. */
  async after(above: Seq): Promise<HistoryPage> {
    const hi = above + this.source.size;
    const held = await this.held(above + 1, (range) => ({ lo: above + 1, hi: Math.min(range.hi, hi) }));
    return held ?? this.ask({ after: above });
  }

  /** The page in whose middle a message lies. */
  async around(seq: Seq): Promise<HistoryPage> {
    const half = Math.ceil(this.source.size / 2);
    const held = await this.held(seq, (range) => ({
      lo: Math.max(range.lo, seq - half),
      hi: Math.min(range.hi, seq + half),
    }));
    return held ?? this.ask({ around: seq });
  }

  private async held(seq: Seq, cut: (range: Range) => Range): Promise<HistoryPage | undefined> {
    const { engine, store, conversation } = this.source;
    const known = engine.get(conversation);
    const range = rangeOf(known?.ranges ?? [], seq);
    if (range === undefined) return undefined;
    const covered = cut(range);
    const messages = await store.messages(conversation, covered);
    // A store that lost what the ranges promise is no source; the server is.
    if (messages.length === 0) return undefined;
    return {
      messages: engine.asOfNow(conversation, messages),
      covered,
      atStart: covered.lo <= Math.max(1, known?.conversation.floor_seq ?? 1),
    };
  }

  private async ask(where: Pick<ListMessagesRequest, 'before' | 'after' | 'around'>): Promise<HistoryPage> {
    const { engine, conversation, size, call } = this.source;
    const request = { conversation_id: conversation, limit: size, ...where };
    const page = decodeMessagePage(await call('message.list', request));
    const messages = engine.addHistory(conversation, page);
    if (page.to_seq < page.from_seq)
      return { messages, covered: { lo: where.before ?? 1, hi: where.after ?? 0 }, atStart: true };
    return { messages, covered: { lo: page.from_seq, hi: page.to_seq }, atStart: !page.has_more_before };
  }
}
