import type { SendResponse } from '@hongyan/sdk';

import { shared, type State } from './wire.ts';

/** A message somebody has tried to send, perhaps from several devices, each perhaps several times. */
export interface Sent {
  readonly clientMsgId: string;
  readonly conversation: string;
  readonly sender: string;
  readonly content: { readonly text: { readonly text: string } };
  /** Moves the sender's read mark with it. */
  readonly readSeq?: number;
  /** The message it answers. */
  readonly quoteSeq?: number;
  /** The device whose order it keeps, and its place in that order. */
  readonly lane: string;
  readonly order: number;
  /** The server's promise, once it was heard. */
  ack?: SendResponse;
  /** A device was told for good that this is not possible. */
  refused?: string;
  /** It was refused for a while, so that a later one may have passed it. */
  overtaken?: boolean;
}

/** A read mark of one person in one conversation: what was asked for, and what was promised. */
export interface Mark {
  tried: number;
  acked: number;
}

/**
 * Everything that was asked of the server and promised by it in one schedule, kept apart from what the devices make of it.
 * Owned by its world.
 */
export class Ledger {
  /** What is wrong, in words; only the first ones. */
  readonly problems: string[] = [];
  /** All messages ever tried, by sender and client_msg_id. */
  readonly sent = new Map<string, Sent>();
  /** Messages whose recall was confirmed, as `conversation seq`. */
  readonly recalled = new Set<string>();
  /** How often something happened, for the line that a schedule prints. */
  readonly counts = new Map<string, number>();
  private readonly marks = new Map<string, Mark>();
  private readonly orders = new Map<string, number>();
  /** Each state that anybody was shown, by conversation, seq and change: there is only one. */
  private readonly states = new Map<string, string>();
  private epoch: string | undefined;
  private readonly reached = new Map<string, Set<number>>();
  /** The newest change of a message that was promised. */
  private readonly promisedChanges = new Map<string, number>();

  /** The seqs of all messages that have ever come to a device of this person. */
  seqsShown(user: string, conversation: string): ReadonlySet<number> {
    return this.reached.get(`${user} ${conversation}`) ?? new Set();
  }

  /** The history's epoch, as somebody was told it: nothing in a schedule begins another. */
  servedBy(epoch: string): void {
    this.epoch ??= epoch;
    if (epoch !== this.epoch) this.complain(`the epoch is ${epoch}, it was ${this.epoch}`);
  }

  complain(what: string): void {
    if (this.problems.length < 20) this.problems.push(what);
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** A new message in the order of `lane`. */
  compose(message: Omit<Sent, 'order'>): Sent {
    const lane = `${message.lane} ${message.conversation}`;
    const order = this.orders.get(lane) ?? 0;
    this.orders.set(lane, order + 1);
    const sent: Sent = { ...message, order };
    this.sent.set(`${sent.sender} ${sent.clientMsgId}`, sent);
    return sent;
  }

  /** An `ok` to a send. A repeat must give the first answer again. */
  acked(sent: Sent, ack: SendResponse): void {
    this.count('acked');
    const first = sent.ack;
    sent.ack ??= ack;
    if (first === undefined) return;
    if (first.seq === ack.seq && first.message_id === ack.message_id && first.time_ms === ack.time_ms) return;
    this.complain(`${sent.clientMsgId} was acked as ${first.seq} and as ${ack.seq}`);
  }

  mark(user: string, conversation: string): Mark {
    const key = `${user} ${conversation}`;
    const mark = this.marks.get(key) ?? { tried: 0, acked: 0 };
    this.marks.set(key, mark);
    return mark;
  }

  /** An `ok` to a command that changes a message. */
  changeAcked(conversation: string, seq: number, change: number): void {
    const key = `${conversation} ${seq}`;
    this.promisedChanges.set(key, Math.max(change, this.promisedChanges.get(key) ?? 0));
  }

  promisedChange(conversation: string, seq: number): number {
    return this.promisedChanges.get(`${conversation} ${seq}`) ?? 0;
  }

  /** A state that somebody was shown, in a push or an answer. */
  shown(state: State, user: string): void {
    const who = `${user} ${state.conversation_id}`;
    this.reached.set(who, (this.reached.get(who) ?? new Set()).add(state.seq));
    const key = `${state.conversation_id} ${state.seq} ${state.change}`;
    const text = shared(state);
    const before = this.states.get(key) ?? text;
    this.states.set(key, before);
    if (before !== text)
      this.complain(`two states of seq ${state.seq} at change ${state.change}: ${before} and ${text}`);
  }
}
