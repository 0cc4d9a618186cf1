import type { Clock, TimerHandle } from '../clock.ts';
import { Emitter } from '../emitter.ts';
import { withoutQuoted } from '../domain/message-state.ts';
import { asImError, type ErrorCode, ImError } from '../errors.ts';
import { randomId } from '../ids.ts';
import type { OutboxItem, Store, StoredDraft } from '../store/store.ts';
import { Backoff, RECONNECT_BACKOFF } from '../transport/backoff.ts';
import type {
  ClientMsgId,
  SendableContent,
  ConversationId,
  Message,
  SendRequest,
  SendResponse,
  Seq,
} from '../types.ts';

export interface OutboxOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** The time that others will see. */
  readonly serverNow: () => number;
  readonly random: () => number;
  /** Calls message.send. Rejects with an ImError. */
  readonly send: (request: SendRequest) => Promise<SendResponse>;
  /** Whether what was sent as `seq` has come in as a message. */
  readonly arrived: (conversation: ConversationId, seq: Seq) => boolean;
  /** A text is sent: what becomes of the draft of the conversation, when that is what it was. */
  readonly usesUp: (conversation: ConversationId, text: string) => StoredDraft | undefined;
}

interface OutboxEvents {
  /** The unsent messages of a conversation have changed. */
  changed: [ConversationId];
}

/** What goes with a message: the one it answers, as it is now, and whom it names. */
export type SentAbout = Pick<OutboxItem, 'quote' | 'mentions'>;

/** An unsent message as it is shown. */
export interface PendingMessage {
  readonly item: OutboxItem;
  /** The server's answer, while the message itself has not come in yet. */
  readonly ack?: SendResponse;
  readonly errorCode?: ErrorCode;
}

export interface SendHandle {
  readonly clientMsgId: ClientMsgId;
  /** Resolves when the message is kept on this machine for good. */
  readonly queued: Promise<void>;
  /** Resolves when it is durable at the server; rejects with an ImError when it was refused or removed. */
  readonly settled: Promise<SendResponse>;
}

interface Waiter {
  readonly resolve: (response: SendResponse) => void;
  readonly reject: (error: ImError) => void;
}

/** The unsent messages of one conversation, in the order they go out. */
interface Lane {
  pending: PendingMessage[];
  sending: boolean;
  timer: TimerHandle | undefined;
  readonly backoff: Backoff;
  /** Since when the server has been answering the first one with errors that may pass. */
  refusedSinceMs: number | undefined;
}

/** A server that keeps answering "later" for this long has refused the message. */
const GIVE_UP_MS = 5 * 60_000;

/**
 * The persistent queue of sends. A message is noted before it is shown and stored before it is sent: what was seen
 * outlives its tab, and nobody waits for that. It keeps its client_msg_id for ever, and leaves by the server's answer or
 * by its own push, whichever is first. In each conversation one send is on the wire at a time: an answer that leaves
 * the outcome open (`timeout`, `unavailable`, a lost socket) is followed by the same id again, and what was written later
 * waits, so the order stands. Owned by the client, one per user.
 */
export class Outbox extends Emitter<OutboxEvents> {
  private readonly options: OutboxOptions;
  private readonly lanes = new Map<ConversationId, Lane>();
  private readonly waiters = new Map<ClientMsgId, Waiter>();
  private storing: Promise<void> = Promise.resolve();
  /** Shown, and not stored yet. */
  private readonly unstored = new Set<ClientMsgId>();
  private nextOrder = 1;
  private online = false;
  private closed = false;

  constructor(options: OutboxOptions) {
    super();
    this.options = options;
  }

  /** Takes up what an earlier run or another tab left; what was on its way has an unknown outcome and goes out again. */
  load(items: readonly OutboxItem[]): void {
    for (const item of items) {
      if (this.find(item.client_msg_id) !== undefined) continue;
      const queued: OutboxItem = item.state === 'failed' ? item : { ...item, state: 'queued' };
      this.lane(item.conversation_id).pending.push(pendingOf(queued));
      this.nextOrder = Math.max(this.nextOrder, item.order + 1);
      if (!this.online) continue;
      this.emit('changed', item.conversation_id);
      this.pump(item.conversation_id);
    }
  }

  /** Unsent messages of a conversation, oldest first. */
  pending(conversation: ConversationId): readonly PendingMessage[] {
    return this.lanes.get(conversation)?.pending ?? [];
  }

  /** How many messages the server has not confirmed, failed ones included. */
  get size(): number {
    let count = 0;
    for (const lane of this.lanes.values()) count += lane.pending.filter((p) => p.ack === undefined).length;
    return count;
  }

  add(conversation: ConversationId, content: SendableContent, about: SentAbout = {}): SendHandle {
    const item: OutboxItem = {
      client_msg_id: randomId(),
      conversation_id: conversation,
      content,
      ...about,
      created_ms: this.options.serverNow(),
      order: this.nextOrder++,
      state: 'queued',
    };
    const settled = new Promise<SendResponse>((resolve, reject) => {
      this.waiters.set(item.client_msg_id, { resolve, reject });
    });
    // Whoever does not look at the outcome sees it in `pending`.
    settled.catch(() => undefined);
    const text = content.text?.text;
    const draft = text === undefined ? undefined : this.options.usesUp(conversation, text);
    this.options.store.noteOutbox(item, draft);
    this.unstored.add(item.client_msg_id);
    this.lane(conversation).pending.push({ item });
    this.emit('changed', conversation);
    const queued = this.persist(() => this.options.store.putOutbox(item, draft)).finally(() => {
      // Where nothing can be stored it is sent all the same: the store has said so.
      this.unstored.delete(item.client_msg_id);
      if (!this.closed) this.pump(conversation);
    });
    queued.catch(() => undefined);
    return { clientMsgId: item.client_msg_id, queued, settled };
  }

  /** Puts a failed message at the end of its queue, under the same id. Anything else is left alone. */
  retry(id: ClientMsgId): void {
    const found = this.find(id);
    if (found?.pending.item.state !== 'failed') return;
    const { lane } = found;
    const item: OutboxItem = { ...found.pending.item, state: 'queued', order: this.nextOrder++ };
    delete (item as { error_code?: string }).error_code;
    lane.pending = [...lane.pending.filter((p) => p.item.client_msg_id !== id), { item }];
    void this.persist(() => this.options.store.putOutbox(item));
    this.emit('changed', item.conversation_id);
    this.pump(item.conversation_id);
  }

  /** Gives up a failed message. Others cannot be taken back: they may be at the server already. */
  remove(id: ClientMsgId): void {
    const found = this.find(id);
    if (found?.pending.item.state !== 'failed') return;
    this.drop(id, found.lane);
    this.emit('changed', found.pending.item.conversation_id);
  }

  /** The socket is ready. */
  resume(): void {
    this.online = true;
    for (const [conversation, lane] of this.lanes) {
      this.options.clock.clearTimeout(lane.timer);
      lane.timer = undefined;
      this.pump(conversation);
    }
  }

  /** The socket is gone; sends without an answer come back by their rejected promises. */
  pause(): void {
    this.online = false;
  }

  /** A message that came in by push or history: when it is one of ours, it is settled. */
  settleBy(message: Message): void {
    const found = this.find(message.client_msg_id);
    if (found === undefined) return;
    this.drop(message.client_msg_id, found.lane);
    const { message_id, seq, time_ms } = message;
    this.finish(message.client_msg_id, (w) => w.resolve({ message_id, seq, time_ms }));
    this.emit('changed', message.conversation_id);
  }

  /** What was confirmed but will not come in by itself any more, because its conversation is loaded anew. */
  forgetConfirmed(conversation: ConversationId | undefined): void {
    for (const [id, lane] of this.lanes) {
      if (conversation === undefined || conversation === id) {
        lane.pending = lane.pending.filter((p) => p.ack === undefined);
      }
    }
  }

  /** A message was recalled: what is not sent yet says no more of it either. */
  forgetQuoted(conversation: ConversationId, seq: Seq): void {
    const lane = this.lanes.get(conversation);
    if (lane === undefined) return;
    lane.pending = lane.pending.map((pending) => {
      const item = withoutQuoted(pending.item, seq);
      if (item === pending.item) return pending;
      if (pending.ack === undefined) void this.persist(() => this.options.store.putOutbox(item));
      return { ...pending, item };
    });
    this.emit('changed', conversation);
  }

  /** Stops for good; what is stored stays stored. */
  close(): void {
    this.closed = true;
    this.online = false;
    for (const lane of this.lanes.values()) this.options.clock.clearTimeout(lane.timer);
    for (const id of [...this.waiters.keys()]) {
      this.finish(id, (w) =>
        w.reject(new ImError('unavailable', { kind: 'aborted', message: 'the client was stopped' })),
      );
    }
  }

  private pump(conversation: ConversationId): void {
    const lane = this.lane(conversation);
    if (!this.online || lane.sending || lane.timer !== undefined) return;
    const next = lane.pending.find((p) => p.ack === undefined && p.item.state !== 'failed');
    if (next === undefined || this.unstored.has(next.item.client_msg_id)) return;
    lane.sending = true;
    const { client_msg_id, content } = next.item;
    this.options.send({ conversation_id: conversation, client_msg_id, content, ...aboutOf(next.item) }).then(
      (ack) => this.acked(lane, client_msg_id, ack),
      (thrown: unknown) => this.refused(lane, client_msg_id, asImError(thrown)),
    );
  }

  private acked(lane: Lane, id: ClientMsgId, ack: SendResponse): void {
    lane.sending = false;
    lane.backoff.reset();
    lane.refusedSinceMs = undefined;
    void this.persist(() => this.options.store.deleteOutbox(id));
    this.finish(id, (w) => w.resolve(ack));
    const found = this.find(id);
    // Its own push may have been first; then it is gone already. What an earlier run has sent may be history long since.
    if (found !== undefined) {
      const { item } = found.pending;
      const here = this.options.arrived(item.conversation_id, ack.seq);
      lane.pending = lane.pending.flatMap((p) => (p !== found.pending ? [p] : here ? [] : [{ item, ack }]));
      this.emit('changed', item.conversation_id);
      this.pump(item.conversation_id);
    } else {
      this.pumpLane(lane);
    }
  }

  private refused(lane: Lane, id: ClientMsgId, error: ImError): void {
    lane.sending = false;
    const item = this.find(id)?.pending.item;
    if (this.closed || item === undefined) {
      this.pumpLane(lane);
      return;
    }
    const now = this.options.clock.now();
    const answered = error.kind === 'retryable' || error.kind === 'rate';
    lane.refusedSinceMs = answered ? (lane.refusedSinceMs ?? now) : undefined;
    const tooLong = lane.refusedSinceMs !== undefined && now - lane.refusedSinceMs > GIVE_UP_MS;
    const inProgress = error.code === 'conflict' && error.retryAfterMs !== undefined;
    if (tooLong || (error.kind === 'fatal' && !inProgress)) {
      this.fail(lane, item, error);
      return;
    }
    // Without a connection `resume` goes on; with one, the same id goes out again after a while.
    if (!this.online) return;
    const delayMs = Math.max(error.retryAfterMs ?? 0, lane.backoff.next());
    lane.timer = this.options.clock.setTimeout(() => {
      lane.timer = undefined;
      this.pump(item.conversation_id);
    }, delayMs);
  }

  private fail(lane: Lane, item: OutboxItem, error: ImError): void {
    lane.backoff.reset();
    lane.refusedSinceMs = undefined;
    const failed: OutboxItem = { ...item, state: 'failed', error_code: error.code };
    lane.pending = lane.pending.map((p) =>
      p.item.client_msg_id === item.client_msg_id ? { item: failed, errorCode: error.code } : p,
    );
    void this.persist(() => this.options.store.putOutbox(failed));
    this.finish(item.client_msg_id, (w) => w.reject(error));
    this.emit('changed', item.conversation_id);
    this.pump(item.conversation_id);
  }

  private pumpLane(lane: Lane): void {
    const first = lane.pending[0];
    if (first !== undefined) this.pump(first.item.conversation_id);
  }

  private drop(id: ClientMsgId, lane: Lane): void {
    lane.pending = lane.pending.filter((p) => p.item.client_msg_id !== id);
    void this.persist(() => this.options.store.deleteOutbox(id));
  }

  private find(id: ClientMsgId): { lane: Lane; pending: PendingMessage } | undefined {
    for (const lane of this.lanes.values()) {
      const pending = lane.pending.find((p) => p.item.client_msg_id === id);
      if (pending !== undefined) return { lane, pending };
    }
    return undefined;
  }

  private finish(id: ClientMsgId, settle: (waiter: Waiter) => void): void {
    const waiter = this.waiters.get(id);
    this.waiters.delete(id);
    if (waiter !== undefined) settle(waiter);
  }

  /** Writes take effect in the order they are asked for: a late put must not bring back what was deleted. */
  private persist(write: () => Promise<void>): Promise<void> {
    const done = this.storing.then(write);
    this.storing = done.catch(() => undefined);
    return done;
  }

  private lane(conversation: ConversationId): Lane {
    let lane = this.lanes.get(conversation);
    if (lane === undefined) {
      const backoff = new Backoff(RECONNECT_BACKOFF, this.options.random);
      lane = { pending: [], sending: false, timer: undefined, backoff, refusedSinceMs: undefined };
      this.lanes.set(conversation, lane);
    }
    return lane;
  }
}

function aboutOf({ quote, mentions }: OutboxItem): Pick<SendRequest, 'quote_seq' | 'mentions'> {
  return {
    ...(quote === undefined ? {} : { quote_seq: quote.seq }),
    ...(mentions === undefined ? {} : { mentions }),
  };
}

function pendingOf(item: OutboxItem): PendingMessage {
  return item.error_code === undefined ? { item } : { item, errorCode: item.error_code as ErrorCode };
}
