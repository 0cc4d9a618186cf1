import { randomUUID } from 'node:crypto';

import type { SendResponse } from '@hongyan/sdk';

import { type Person } from '../e2e/support/people.ts';
import { type Frame, Socket } from '../e2e/support/socket.ts';
import { type Lane, type Ledger, type Sent } from './ledger.ts';

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
    if (isNew) this.sendNext(lane);
  }
}
