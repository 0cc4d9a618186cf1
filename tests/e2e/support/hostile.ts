import type { GapPush } from '@hongyan/sdk';
import type { RunningServer } from '@hongyan/test-support';

import { Attack, type Damage, Sink } from './attack.ts';
import { connect, direct, type Person, say } from './people.ts';
import { OPCODE, RawSocket } from './raw.ts';
import { metric } from './servers.ts';
import type { Frame } from './socket.ts';

/** A client who misbehaves while something is measured. End it with `stop`. */
export interface Misuse {
  /** How much of what it has done so far. */
  readonly done: Damage;
  /** Runs the measurement under misuse. */
  against<T>(measure: () => Promise<T>): Promise<T>;
  /** Runs it while the machine, but not the server, bears the same; absent when that is nothing. */
  control?<T>(measure: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

// More than the buffers of both ends and the server's bound hold together.
const MOST_FILLERS = 400;
const FILLER = '雁'.repeat(20_000);

/**
 * Stands with a full output queue while others write into its conversations: it has filled that by itself before, with what it
 * says to itself and does not read.
 */
export class SlowReader implements Misuse {
  readonly done = { 'pushes left out': 0, gaps: 0 };
  private readonly server: RunningServer;
  private readonly person: Person;

  constructor(server: RunningServer, person: Person) {
    this.server = server;
    this.person = person;
  }

  async against<T>(measure: () => Promise<T>): Promise<T> {
    const socket = await RawSocket.open(this.server.url, this.person.access);
    try {
      socket.connection.stopReading();
      const before = await this.leftOut();
      await this.fill(before);
      const filled = await this.leftOut();
      const result = await measure();
      this.done['pushes left out'] += (await this.leftOut()) - filled;
      socket.connection.resumeReading();
      const frame = await socket.until(
        'a gap',
        (one) => one.opcode === OPCODE.text && one.payload.includes('"gap"'),
      );
      const gap = (JSON.parse(frame.payload.toString()) as Required<Frame<GapPush>>).data;
      if (gap.all === true || gap.conversations.length < 2)
        throw new Error(`a gap of ${JSON.stringify(gap)}`);
      this.done.gaps += 1;
      return result;
    } finally {
      socket.destroy();
    }
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  private leftOut(): Promise<number> {
    return metric(this.server, 'hongyan_pushes_left_out_total');
  }

  private async fill(before: number): Promise<void> {
    const other = await connect(this.server, this.person);
    const notes = await direct(this.server, this.person, this.person);
    for (let i = 0; (await this.leftOut()) === before; i++) {
      if (i === MOST_FILLERS) throw new Error('the queue of who does not read never fills');
      await say(other, notes, FILLER);
    }
    await other.close();
  }
}

/** Garbage, broken frames and floods of pings, on ever new connections; see attacker.ts. */
export class Flooder implements Misuse {
  done: Damage = {};
  private readonly sink: Sink;
  private readonly onSink: Attack;
  private readonly onServer: Attack;

  private constructor(sink: Sink, onSink: Attack, onServer: Attack) {
    this.sink = sink;
    this.onSink = onSink;
    this.onServer = onServer;
  }

  static async start(server: RunningServer, person: Person): Promise<Flooder> {
    const conversation = await direct(server, person, person);
    const target = { token: person.access, conversation, only: ['frames', 'pings'] };
    const sink = await Sink.start();
    return new Flooder(
      sink,
      new Attack({ ...target, url: sink.url }),
      new Attack({ ...target, url: server.url }),
    );
  }

  async against<T>(measure: () => Promise<T>): Promise<T> {
    await this.onServer.on();
    const result = await measure();
    const { frames = 0, pings = 0 } = await this.onServer.off();
    this.done = { frames, pings };
    return result;
  }

  async control<T>(measure: () => Promise<T>): Promise<T> {
    await this.onSink.on();
    const result = await measure();
    await this.onSink.off();
    return result;
  }

  async stop(): Promise<void> {
    await Promise.all([this.onServer.stop(), this.onSink.stop(), this.sink.stop()]);
  }
}
