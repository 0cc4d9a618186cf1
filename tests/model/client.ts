import type { ChangePush, GapPush, ListMessagesResponse, MessagePush, ReadPush } from '@hongyan/sdk';

import { JSON_PROTOCOL, type Frame, Socket } from '../e2e/support/socket.ts';
import type { Person } from '../e2e/support/people.ts';
import { has } from './alphabet.ts';
import { passes } from './errors.ts';
import { type Ask, type Comparing, Heads } from './heads.ts';
import type { Ledger, Sent } from './ledger.ts';
import { Outbox } from './outbox.ts';
import { type Changes, Replica } from './replica.ts';

export interface ClientOptions {
  /** Where `/ws` is. */
  readonly url: string;
  readonly person: Person;
  readonly ledger: Ledger;
  /** Sub-protocol of its sockets. */
  readonly protocol?: string;
  /** How it finds out what has moved while it was away. */
  readonly comparing?: Comparing;
  /** Sends of a conversation that may be without an answer at once. */
  readonly window?: number;
  /** A hole is pulled after this. */
  readonly holeMs?: number;
  /** Wait before connecting or asking again. */
  readonly againMs?: number;
  /** Whether a push is lost on the way: a stand-in for servers that leave out pushes. */
  readonly loses?: (frame: Frame) => boolean;
  /** What holds a conversation; only a broken client has another. */
  readonly replica?: new (conversation: string, me: string) => Replica;
  readonly idOf?: (sent: Sent) => string;
}

/** A write that is asked for until it is answered. */
interface Deed {
  readonly type: string;
  readonly data: object;
  readonly done: (answer: Frame) => void;
  flying: boolean;
}

/** History and change pages of random length, so that their borders fall everywhere. */
const PAGES = [1, 3, 20, 100] as const;

/**
 * One device that follows the rule for clients of docs/protocol.md: connects again whenever its connection ends, compares
 * heads, takes pushes, pulls holes, repeats what has no answer. Owned by a world, which ends it with `stop`.
 */
export class ModelClient {
  readonly person: Person;
  readonly replicas = new Map<string, Replica>();
  readonly outbox: Outbox;
  private readonly options: Required<Omit<ClientOptions, 'idOf' | 'url' | 'person' | 'ledger'>> &
    ClientOptions;
  private readonly ledger: Ledger;
  private readonly heads: Heads;
  private readonly deeds = new Set<Deed>();
  private readonly pulls = new Map<string, Promise<void>>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private socket: Socket | undefined;
  private current = false;
  private syncAgain = false;
  private stopped = false;
  private pages = 0;
  private life: Promise<void> = Promise.resolve();

  constructor(options: ClientOptions) {
    this.options = {
      protocol: JSON_PROTOCOL,
      comparing: 'list',
      window: 1,
      holeMs: 300,
      againMs: 30,
      loses: () => false,
      replica: Replica,
      ...options,
    };
    this.person = options.person;
    this.heads = new Heads(this.options.comparing);
    this.ledger = options.ledger;
    const { window, againMs, idOf } = this.options;
    this.outbox = new Outbox(this.ledger, { window, againMs, ...(idOf === undefined ? {} : { idOf }) });
  }

  /** Connected, synced, and nothing asked for or still to be asked. */
  get idle(): boolean {
    return (
      this.current &&
      this.outbox.idle &&
      this.deeds.size === 0 &&
      this.pulls.size === 0 &&
      this.timers.size === 0
    );
  }

  /** What it is at, for complaints. */
  get doing(): string {
    const { current, deeds, pulls, timers, syncAgain } = this;
    const open = [...deeds].map((deed) => `${deed.type} ${deed.flying ? 'asked' : 'waits'}`);
    return JSON.stringify({
      ...{ connected: this.socket !== undefined, current, syncAgain, open },
      ...{ sends: !this.outbox.idle, pulls: [...pulls.keys()], holes: [...timers.keys()] },
      held: [...this.replicas.values()].map(
        ({ conversationId, seq, headSeq, change, headChange, joinedSeq, leftSeq }) => ({
          conversationId,
          seq,
          headSeq,
          change,
          headChange,
          joinedSeq,
          leftSeq,
        }),
      ),
    });
  }

  start(): void {
    this.life = this.live();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.socket?.terminate();
    await this.life;
  }

  /** Ends the connection; a new one follows, with a comparison of all heads. */
  drop(): void {
    const socket = this.socket;
    this.disconnected();
    socket?.terminate();
  }

  /** Loses what it holds, not what it has to send, as a reloaded page does. */
  forget(): void {
    this.replicas.clear();
    this.heads.forget();
    this.drop();
  }

  /** Asks until there is an answer, which `done` is told. */
  ask(type: string, data: object, done: (answer: Frame) => void): void {
    const deed = { type, data, done, flying: false };
    this.deeds.add(deed);
    if (this.current && this.socket !== undefined) void this.perform(deed, this.socket);
  }

  private async live(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.connect();
      } catch {
        // The server is away or the connection ended too early; the next try follows.
      }
      this.disconnected();
      if (!this.stopped) await new Promise<void>((next) => setTimeout(next, this.options.againMs));
    }
  }

  private async connect(): Promise<void> {
    const socket = await Socket.open(this.options.url, { protocol: this.options.protocol });
    this.socket = socket;
    socket.onFrame = (frame) => {
      if (this.socket === socket && frame.id === undefined) this.take(frame);
    };
    if (this.stopped) socket.terminate();
    try {
      const ready = await socket.auth(this.person.access);
      if (ready.type !== 'ready') throw new Error(`auth was refused: ${JSON.stringify(ready.error)}`);
      this.ledger.count('connections');
      this.ledger.servedBy(ready.data?.epoch ?? '');
      await this.sync(socket);
    } catch (error) {
      socket.terminate();
      throw error;
    }
    this.outbox.resume(socket);
    this.proceed(socket);
    await socket.closed;
  }

  /** Synced: what was asked for meanwhile may go on. */
  private proceed(socket: Socket): void {
    this.current = true;
    for (const deed of this.deeds) void this.perform(deed, socket);
  }

  private disconnected(): void {
    this.socket = undefined;
    this.current = false;
    this.outbox.suspend();
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  /** Compares all heads with what is held, and pulls what lacks. */
  private async sync(socket: Socket): Promise<void> {
    const ask: Ask = (type, data) => this.call(socket, type, data);
    do {
      this.syncAgain = false;
      await this.heads.compare(ask, this.replicas, (id) => this.replicaOf(id));
      await Promise.all([...this.replicas.values()].map((replica) => this.pull(socket, replica)));
    } while (this.syncAgain);
  }

  private resync(): void {
    this.syncAgain = true;
    const socket = this.socket;
    // While it is not current a sync is under way, which looks again.
    if (!this.current || socket === undefined) return;
    this.current = false;
    this.sync(socket).then(
      () => {
        // A newer connection has a comparison of its own.
        if (this.socket === socket) this.proceed(socket);
      },
      () => socket.terminate(),
    );
  }

  private replicaOf(conversation: string): Replica {
    let replica = this.replicas.get(conversation);
    if (replica === undefined) {
      replica = new this.options.replica(conversation, this.person.userId);
      this.replicas.set(conversation, replica);
    }
    return replica;
  }

  private take(frame: Frame): void {
    if (this.options.loses(frame)) {
      this.ledger.count('pushes lost');
      return;
    }
    const data: unknown = frame.data;
    switch (frame.type) {
      case 'message':
        return this.takeMessage(data as MessagePush);
      case 'change':
        return this.takeChange(data as ChangePush);
      case 'read': {
        const push = data as ReadPush;
        this.known(push.conversation_id)?.readBy(push.user_id, push.seq);
        return;
      }
      case 'gap':
        return this.takeGap(data as GapPush);
      default:
        // Unknown types are ignored; `reconnect` is followed by the end of the connection.
        return;
    }
  }

  private takeMessage(push: MessagePush): void {
    this.ledger.shown(push.message, this.person.userId);
    const replica = this.known(push.conversation_id);
    replica?.pushed(push);
    this.mind(replica);
  }

  private takeChange(push: ChangePush): void {
    this.ledger.count('change pushes');
    if (push.message !== undefined) this.ledger.shown(push.message, this.person.userId);
    const replica = this.known(push.conversation_id);
    replica?.changed(push);
    this.mind(replica);
  }

  /** Marks may be among what was left out, so the conversations are asked for, not only their heads compared. */
  private takeGap(push: GapPush): void {
    this.ledger.count('gaps');
    for (const { conversation_id, seq, change } of push.conversations)
      this.known(conversation_id)?.hear(seq, change);
    this.resync();
  }

  /** What is held of a conversation; one that is unknown is asked for. */
  private known(conversation: string): Replica | undefined {
    const replica = this.replicas.get(conversation);
    if (replica === undefined) this.resync();
    return replica;
  }

  /** A hole that has not closed by itself in a while is pulled. */
  private mind(replica: Replica | undefined): void {
    const socket = this.socket;
    if (replica === undefined || socket === undefined) return;
    if (!replica.lacksMessages && !replica.lacksChanges) return;
    const id = replica.conversationId;
    if (this.timers.has(id)) return;
    this.timers.set(
      id,
      setTimeout(() => {
        this.timers.delete(id);
        if (!replica.lacksMessages && !replica.lacksChanges) return;
        this.ledger.count('holes pulled');
        this.pull(socket, replica).catch(() => socket.terminate());
      }, this.options.holeMs),
    );
  }

  /** One pull of a conversation at a time. */
  private async pull(socket: Socket, replica: Replica): Promise<void> {
    const id = replica.conversationId;
    for (let before = this.pulls.get(id); before !== undefined; before = this.pulls.get(id)) {
      await before.catch(() => undefined);
    }
    const pull = this.pullAll(socket, replica).finally(() => this.pulls.delete(id));
    this.pulls.set(id, pull);
    await pull;
  }

  private async pullAll(socket: Socket, replica: Replica): Promise<void> {
    const conversation_id = replica.conversationId;
    while (replica.lacksMessages) {
      // Pushes may go on from there before the answer is here.
      const asked = replica.seq;
      const data = { conversation_id, after: asked, limit: this.pageSize() };
      const page = await this.call<ListMessagesResponse>(socket, 'message.list', data);
      for (const message of page.items) this.ledger.shown(message, this.person.userId);
      const before = replica.seq;
      // Came back and left again, both unseen: there is nothing before this any more.
      const first = !page.has_more_before && page.from_seq > replica.lowest;
      if (replica.leftSeq !== undefined && (first || page.from_seq > before + 1))
        replica.comeBack(page.from_seq);
      replica.listed(page);
      // What may be seen begins later now: a join is on its way.
      if (replica.leftSeq === undefined && page.from_seq > before + 1) return this.resync();
      if (replica.seq <= asked && replica.lacksMessages) {
        throw this.broken(`message.list after ${asked} has nothing, the head was ${replica.headSeq}`);
      }
    }
    while (replica.lacksChanges && has('message.changes')) {
      const asked = replica.change;
      const data = { conversation_id, after: asked, min_seq: replica.lowest, limit: this.pageSize() };
      const answer = await this.call<Changes>(socket, 'message.changes', data);
      for (const message of answer.items) this.ledger.shown(message, this.person.userId);
      replica.caughtUp(answer);
      if (answer.reset !== undefined) return this.pullAll(socket, replica);
      if (replica.change <= asked && replica.lacksChanges) {
        throw this.broken(`message.changes after ${asked} has nothing, the head was ${replica.headChange}`);
      }
    }
  }

  private pageSize(): number {
    this.pages += 1;
    return PAGES[this.pages % PAGES.length] ?? 100;
  }

  /** An answer, asked for again while it is refused for a while. Rejects when the connection ends. */
  private async call<T>(socket: Socket, type: string, data: object): Promise<T> {
    for (;;) {
      const answer = await socket.request<T>(type, data);
      if (answer.data !== undefined && answer.error === undefined) return answer.data;
      const { error } = answer;
      if (error === undefined || !passes(error.code)) {
        throw this.broken(`${type} ${JSON.stringify(data)} was refused: ${JSON.stringify(error)}`);
      }
      await new Promise<void>((next) => setTimeout(next, this.options.againMs));
    }
  }

  private async perform(deed: Deed, socket: Socket): Promise<void> {
    if (deed.flying) return;
    deed.flying = true;
    try {
      const answer = await socket.request(deed.type, deed.data);
      if (answer.error !== undefined && passes(answer.error.code)) {
        await new Promise<void>((next) => setTimeout(next, this.options.againMs));
      } else {
        this.deeds.delete(deed);
        deed.done(answer);
      }
    } catch {
      socket.terminate();
    }
    deed.flying = false;
    if (this.deeds.has(deed) && this.current && this.socket !== undefined)
      void this.perform(deed, this.socket);
  }

  private broken(what: string): Error {
    this.ledger.complain(`${this.person.username}: ${what}`);
    return new Error(what);
  }
}
