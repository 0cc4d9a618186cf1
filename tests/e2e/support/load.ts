import type { MessagePush } from '@hongyan/sdk';

import { atRate } from './crowd.ts';
import { freshId, say } from './people.ts';
import type { Frame, Socket } from './socket.ts';
import { type Deferred, deferred, median, percentile, within } from './wait.ts';

/** Where people of the load talk: every message comes to each of the sockets once. */
export interface Room {
  readonly conversation: string;
  readonly sockets: readonly Socket[];
}

/** One stretch of the load. */
export interface Stretch {
  readonly p50: number;
  readonly p99: number;
  readonly messages: number;
}

interface Underway {
  /** The ack and the pushes that are still to come. */
  left: number;
  readonly arrived: Deferred<void>;
}

// Beyond any latency: only what was lost takes so long.
const LOST_AFTER_MS = 10_000;

/**
 * Messages at a fixed rate, each by the next of the rooms and of its people. What is measured is the time from when a message
 * should have been sent until its sender has the ack and everybody the push. It takes the pushes from its sockets, and keeps
 * the books: in each conversation every socket gets every seq once and in order.
 */
export class Load {
  private readonly rooms: readonly Room[];
  private readonly underway = new Map<string, Underway>();
  private readonly heads = new Map<Socket, Map<string, number>>();
  private readonly problems: string[] = [];
  private sent = 0;

  constructor(rooms: readonly Room[]) {
    this.rooms = rooms;
    for (const socket of new Set(rooms.flatMap((room) => room.sockets))) {
      this.heads.set(socket, new Map());
      socket.onFrame = (frame) => this.take(socket, frame);
    }
  }

  /** So many messages, evenly over the time. Rejects when somebody does not get one, or gets it otherwise than in order. */
  async run(messages: number, overMs: number): Promise<Stretch> {
    const took: number[] = [];
    await atRate(messages, overMs, async (_, due) => {
      await this.send();
      took.push(performance.now() - due);
    });
    if (this.problems.length > 0) throw new Error(this.problems.slice(0, 5).join('; '));
    return { p50: median(took), p99: percentile(took, 99), messages };
  }

  private async send(): Promise<void> {
    const number = this.sent++;
    const room = this.rooms[number % this.rooms.length];
    const turn = Math.floor(number / this.rooms.length);
    const sender = room?.sockets[turn % room.sockets.length];
    if (room === undefined || sender === undefined) throw new Error('nobody to talk to');
    const id = freshId();
    const one: Underway = { left: room.sockets.length + 1, arrived: deferred() };
    this.underway.set(id, one);
    await say(sender, room.conversation, 'a message of an ordinary length, as people write them', id);
    this.arrive(id, one);
    await within(one.arrived.promise, `message ${number} is with all ${room.sockets.length}`, LOST_AFTER_MS);
  }

  private take(socket: Socket, frame: Frame): void {
    // Thousands come in a second; what counts is booked here.
    socket.forget();
    if (frame.type === 'gap') this.problems.push('one who reads was told of a gap');
    if (frame.type !== 'message') return;
    const push = frame.data as MessagePush;
    const heads = this.heads.get(socket);
    const held = heads?.get(push.conversation_id);
    if (held !== undefined && push.seq !== held + 1) {
      this.problems.push(`conversation ${push.conversation_id}: ${push.seq} came after ${held}`);
    }
    heads?.set(push.conversation_id, push.seq);
    const id = push.message.client_msg_id;
    const one = this.underway.get(id);
    if (one !== undefined) this.arrive(id, one);
  }

  private arrive(id: string, one: Underway): void {
    if (--one.left > 0) return;
    this.underway.delete(id);
    one.arrived.resolve();
  }
}
