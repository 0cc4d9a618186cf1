import { randomUUID } from 'node:crypto';

import type { SendResponse } from '@hongyan/sdk';

import { type Person } from '../e2e/support/people.ts';
import { type Frame, Socket } from '../e2e/support/socket.ts';
import { type ChangeKind, edited, type Lane, type Ledger, REACTION, type Sent } from './ledger.ts';

/** Sends of a lane that may be without an answer at once. */
const WINDOW = 8;
/** Acked messages sent once more at the beginning of a round. */
const REPEATS = 3;

/**
 * Streams sends of one person over one socket until the socket dies: first, in their order, all those whose outcome a
 * crash left open, then new ones. Lives for one round.
 */
export class Writer {
  private readonly ledger: Ledger;
  private readonly lanes: readonly Lane[];
  private readonly socket: Socket;
  private stopped = false;

  private constructor(ledger: Ledger, lanes: readonly Lane[], socket: Socket) {
    this.ledger = ledger;
    this.lanes = lanes;
    this.socket = socket;
  }

  static async start(base: string, ledger: Ledger, person: Person): Promise<Writer> {
    const lanes = ledger.lanes.filter((lane) => lane.sender === person.userId);
    return new Writer(ledger, lanes, await Socket.ready(base, person.access));
  }

  /** Sends new messages until the connection is lost. */
  stream(): void {
    for (const lane of this.lanes) {
      void this.resume(lane);
      for (let free = WINDOW - lane.pending.length; free > 0; free--) this.sendNext(lane);
    }
  }

  /** Only finds out what became of those that are open. Resolves when all are confirmed. */
  async settle(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.lanes.flatMap((lane) => this.resume(lane)));
    await this.socket.close();
  }

  /** Marks everything of this person's first lane as read. */
  async mark(): Promise<void> {
    const lane = this.lanes[0];
    if (lane === undefined) return;
    const seq = lane.sent.findLast((sent) => sent.ack !== undefined)?.ack?.seq ?? 0;
    const data = { conversation_id: lane.conversation, seq };
    const answer = await this.socket
      .request<{ read_seq: number }>('conversation.mark_read', data)
      .catch(() => undefined);
    if (answer?.data !== undefined) this.ledger.marked(lane.sender, lane.conversation, answer.data.read_seq);
  }

  private resume(lane: Lane): Promise<void>[] {
    const acked = lane.sent.filter((sent) => sent.ack !== undefined).slice(-REPEATS);
    return [...acked, ...lane.pending].map((sent) => this.send(lane, sent));
  }

  private sendNext(lane: Lane): void {
    if (!this.stopped) void this.send(lane, lane.add(randomUUID()));
  }

  /** Changes some of the messages, each kind at its own pace, so that all combinations occur. */
  private async change(lane: Lane, sent: Sent, seq: number): Promise<void> {
    const place = { conversation_id: lane.conversation, seq };
    const wishes: [ChangeKind, object][] = [];
    if (sent.order % 3 === 0) wishes.push(['react', { emoji: REACTION }]);
    if (sent.order % 5 === 0) wishes.push(['edit', { content: { text: { text: edited(sent.text) } } }]);
    if (sent.order % 7 === 0) wishes.push(['recall', {}]);
    for (const [kind, data] of wishes) {
      sent.changes[kind] = 'asked';
      const answer = await this.socket
        .request(`message.${kind}`, { ...place, ...data })
        .catch(() => undefined);
      if (answer === undefined) return;
      if (answer.type !== 'ok') throw new Error(`${kind} was refused: ${JSON.stringify(answer)}`);
      sent.changes[kind] = 'promised';
    }
  }

  private async send(lane: Lane, sent: Sent): Promise<void> {
    const isNew = sent.ack === undefined;
    let answer: Frame<SendResponse>;
    try {
      answer = await this.socket.request<SendResponse>('message.send', {
        conversation_id: lane.conversation,
        client_msg_id: sent.clientMsgId,
        content: { text: { text: sent.text } },
      });
    } catch {
      // The connection is lost: the outcome stays open until the next round.
      this.stopped = true;
      return;
    }
    if (answer.type !== 'ok' || answer.data === undefined) {
      throw new Error(`a send was refused: ${JSON.stringify(answer)}`);
    }
    this.ledger.acknowledged(lane, sent, answer.data);
    if (isNew) void this.change(lane, sent, answer.data.seq);
    if (isNew) this.sendNext(lane);
  }
}
