import type { ChangePush, ListMessagesResponse, MessagePush } from '@hongyan/sdk';

import type { State, View } from './wire.ts';

/** An answer to `message.changes`. */
export interface Changes {
  readonly items: readonly State[];
  readonly up_to_change: number;
  readonly more: boolean;
  readonly reset?: { readonly seq: number; readonly change: number };
}

/**
 * What one device holds of one conversation, by the rule for clients of docs/protocol.md: two counters, each of which moves
 * only by its next number or by a pull, and the newest known state of each message. Owned by its client; no input or output.
 */
export class Replica {
  readonly conversationId: string;
  /** Everything that may be seen up to here is held. */
  seq = 0;
  /** All changes up to here are in what is held. */
  change = 0;
  /** The highest numbers heard of. */
  headSeq = 0;
  headChange = 0;
  readSeq = 0;
  peerReadSeq = 0;
  /** Nothing below is visible. */
  lowest = 1;
  isGroup = false;
  /** Of a group: the line with which this member came in, as far as it is known. */
  joinedSeq = 0;
  /** The highest change that was told of while they were no member. */
  private awayChange = 0;
  /** Where a former member has left. */
  leftSeq: number | undefined;
  readonly messages = new Map<number, State>();
  protected readonly me: string;
  private readonly early = new Map<number, ChangePush>();
  /** Changes of messages that have not come yet: an answer that is under way may be older, and only it tells `mine`. */
  private readonly ahead = new Map<number, ChangePush[]>();
  /** Nothing is known but what pushes have said. */
  private fresh = true;

  constructor(conversationId: string, me: string) {
    this.conversationId = conversationId;
    this.me = me;
  }

  get lacksMessages(): boolean {
    return this.seq < this.headSeq;
  }

  get lacksChanges(): boolean {
    return this.change < this.headChange;
  }

  /** A push `message`. */
  pushed({ seq, change, message, join, leave }: MessagePush): void {
    if (join?.includes(this.me) === true && seq > Math.max(this.joinedSeq, this.leftSeq ?? 0))
      this.startAt(seq);
    if (leave?.includes(this.me) === true && this.leftSeq !== undefined && seq > this.leftSeq)
      this.endAt(seq);
    if (!this.allowed(seq)) return;
    this.hear(seq, change);
    // A message that is new has no reactions of anybody's.
    this.come(message, []);
    this.advance();
    if (leave?.includes(this.me) === true) this.endAt(seq);
  }

  /** A push `change`. */
  changed(push: ChangePush): void {
    if (push.change <= this.change) return;
    // They may have been brought in again, and be told of that later: by the answer that is under way.
    if (this.leftSeq !== undefined) {
      this.awayChange = Math.max(this.awayChange, push.change);
      return;
    }
    this.hear(0, push.change);
    this.early.set(push.change, push);
    this.drain();
  }

  /** An answer to `message.list` that began right above `seq`, or the newest page of what is new. */
  listed(page: ListMessagesResponse): void {
    for (const message of page.items) this.come(message, message.mine ?? []);
    // What lies beyond the end that is known is not kept: a later one may be told, and is pulled then.
    const toSeq = Math.min(page.to_seq, this.leftSeq ?? Infinity);
    if (page.from_seq <= Math.max(this.seq, this.lowest - 1) + 1) this.seq = Math.max(this.seq, toSeq);
    this.advance();
  }

  /** An answer to `message.changes`. */
  caughtUp(answer: Changes): void {
    if (answer.reset !== undefined) {
      this.forget();
      this.change = answer.reset.change;
      this.hear(answer.reset.seq, answer.reset.change);
      return;
    }
    for (const message of answer.items) this.come(message, message.mine ?? []);
    this.change = Math.max(this.change, answer.up_to_change);
    this.drain();
  }

  /** The conversation as a list shows it to a member. */
  seen(view: View): void {
    this.isGroup = view.type === 'group';
    const joined = view.joined_seq ?? 0;
    // Read before the member left.
    if (this.leftSeq !== undefined && joined <= this.leftSeq) return;
    if (joined > this.joinedSeq) this.startAt(joined);
    // What is listed from now on holds all changes up to this head.
    if (this.fresh) this.change = view.change;
    this.fresh = false;
    this.hear(view.seq, view.change);
    this.readBy(this.me, view.read_seq);
    this.peerReadSeq = Math.max(this.peerReadSeq, view.peer_read_seq ?? 0);
  }

  /** Heads of a push `gap`. */
  hear(seq: number, change: number): void {
    const limit = this.leftSeq ?? Infinity;
    this.headSeq = Math.min(Math.max(this.headSeq, seq), limit);
    if (this.leftSeq === undefined) this.headChange = Math.max(this.headChange, change);
  }

  readBy(user: string, seq: number): void {
    if (user === this.me) this.readSeq = Math.max(this.readSeq, seq);
    else this.peerReadSeq = Math.max(this.peerReadSeq, seq);
  }

  /** A join of one's own: what was before it is out of sight. */
  startAt(joinedSeq: number): void {
    this.joinedSeq = joinedSeq;
    this.lowest = joinedSeq;
    this.leftSeq = undefined;
    this.headChange = Math.max(this.headChange, this.awayChange);
    for (const seq of this.messages.keys()) if (seq < joinedSeq) this.messages.delete(seq);
    this.seq = Math.max(this.seq, joinedSeq - 1);
    this.readSeq = Math.max(this.readSeq, joinedSeq);
    this.advance();
  }

  /** Of a former member: what they may see begins later than they knew. */
  comeBack(joinedSeq: number): void {
    const { leftSeq } = this;
    this.startAt(joinedSeq);
    // Beyond where they left: somebody has brought them in again.
    if (leftSeq !== undefined && leftSeq >= joinedSeq) this.endAt(leftSeq);
  }

  /** A leave of one's own: nothing above it is for this device. */
  endAt(leftSeq: number): void {
    this.leftSeq = leftSeq;
    this.headSeq = leftSeq;
    this.headChange = this.change;
    this.early.clear();
  }

  /** Messages of others above the read mark. */
  unread(counts: (message: State) => boolean): number {
    return [...this.messages.values()].filter(
      (message) => message.seq > this.readSeq && message.sender_id !== this.me && counts(message),
    ).length;
  }

  /** Replaces what is held if `state` is newer. */
  protected keep(state: State, mine: readonly string[]): void {
    const held = this.messages.get(state.seq);
    if (held !== undefined && held.change >= state.change) return;
    if (this.allowed(state.seq)) this.messages.set(state.seq, { ...state, mine });
  }

  private allowed(seq: number): boolean {
    return seq >= this.lowest && seq <= (this.leftSeq ?? Infinity);
  }

  private advance(): void {
    while (this.messages.has(this.seq + 1)) this.seq += 1;
  }

  private drain(): void {
    for (let next = this.early.get(this.change + 1); next !== undefined;) {
      this.change = next.change;
      this.apply(next);
      next = this.early.get(this.change + 1);
    }
    for (const change of this.early.keys()) if (change <= this.change) this.early.delete(change);
  }

  private apply(push: ChangePush): void {
    const { message } = push;
    if (message === undefined) return;
    if (this.messages.has(message.seq)) this.keep(message, this.mineAfter(push, message.seq));
    else this.ahead.set(message.seq, [...(this.ahead.get(message.seq) ?? []), push]);
  }

  /** A message by itself, and what has changed it since. */
  private come(state: State, mine: readonly string[]): void {
    const later = this.ahead.get(state.seq)?.filter((push) => push.change > state.change) ?? [];
    this.ahead.delete(state.seq);
    this.keep(state, mine);
    for (const push of later) this.apply(push);
  }

  /** Pushes do not say which reactions are one's own. */
  private mineAfter(push: ChangePush, seq: number): readonly string[] {
    const held = this.messages.get(seq)?.mine ?? [];
    if (push.kind === 'recall') return [];
    if (push.by !== this.me || push.emoji === undefined) return held;
    const others = held.filter((emoji) => emoji !== push.emoji);
    return push.added === true ? [...others, push.emoji] : others;
  }

  private forget(): void {
    this.messages.clear();
    this.early.clear();
    this.ahead.clear();
    this.seq = this.lowest - 1;
  }
}
