import type { SendResponse } from '@hongyan/sdk';

import type { Socket } from '../e2e/support/socket.ts';
import { passes } from './errors.ts';
import type { Ledger, Sent } from './ledger.ts';

interface Item {
  readonly sent: Sent;
  state: 'waiting' | 'flying' | 'unknown';
}

export interface OutboxOptions {
  /** Sends of a conversation that may be without an answer at once. */
  readonly window: number;
  /** How long a send waits that was refused for a while. */
  readonly againMs: number;
  /** The id to send with; only a broken client changes it. */
  readonly idOf?: (sent: Sent) => string;
}

/**
 * What one device still has to send. Unanswered sends are repeated in their order with the same client_msg_id, and nothing
 * later of that conversation leaves before they are resolved. Lives as long as its device, over all connections.
 */
export class Outbox {
  private readonly ledger: Ledger;
  private readonly options: OutboxOptions;
  private readonly lanes = new Map<string, Item[]>();
  private socket: Socket | undefined;

  constructor(ledger: Ledger, options: OutboxOptions) {
    this.ledger = ledger;
    this.options = options;
  }

  get idle(): boolean {
    return [...this.lanes.values()].every((lane) => lane.length === 0);
  }

  add(sent: Sent): void {
    const lane = this.lanes.get(sent.conversation) ?? [];
    this.lanes.set(sent.conversation, lane);
    lane.push({ sent, state: 'waiting' });
    this.pump(lane);
  }

  /** From now on by this socket. */
  resume(socket: Socket): void {
    this.socket = socket;
    for (const lane of this.lanes.values()) this.pump(lane);
  }

  /** The connection is lost: what has no answer may or may not have happened. */
  suspend(): void {
    this.socket = undefined;
    for (const lane of this.lanes.values()) {
      for (const item of lane) if (item.state === 'flying') item.state = 'unknown';
    }
  }

  private pump(lane: Item[]): void {
    if (this.socket === undefined) return;
    const unknown = lane.filter((item) => item.state === 'unknown');
    for (const item of unknown) this.fly(lane, item, this.socket);
    if (unknown.length > 0) return;
    const waiting = lane.filter((item) => item.state === 'waiting');
    const free = this.options.window - (lane.length - waiting.length);
    for (const item of waiting.slice(0, Math.max(0, free))) this.fly(lane, item, this.socket);
  }

  private fly(lane: Item[], item: Item, socket: Socket): void {
    item.state = 'flying';
    void this.transmit(lane, item, socket);
  }

  private async transmit(lane: Item[], item: Item, socket: Socket): Promise<void> {
    const { sent } = item;
    let answer;
    try {
      answer = await socket.request<SendResponse>('message.send', {
        conversation_id: sent.conversation,
        client_msg_id: this.options.idOf?.(sent) ?? sent.clientMsgId,
        content: sent.content,
        ...(sent.readSeq === undefined ? {} : { read_seq: sent.readSeq }),
        ...(sent.quoteSeq === undefined ? {} : { quote_seq: sent.quoteSeq }),
      });
    } catch {
      // No answer in time, or the connection has ended: repeated on the next one.
      socket.terminate();
      return;
    }
    if (answer.error !== undefined && passes(answer.error.code)) {
      this.ledger.count('sends refused for a while');
      sent.overtaken = true;
      setTimeout(() => {
        if (this.socket !== socket || item.state !== 'flying') return;
        item.state = 'unknown';
        this.pump(lane);
      }, this.options.againMs);
      return;
    }
    if (answer.data !== undefined) this.ledger.acked(sent, answer.data);
    else sent.refused = answer.error?.code ?? 'no reason';
    const at = lane.indexOf(item);
    if (at >= 0) lane.splice(at, 1);
    this.pump(lane);
  }
}
