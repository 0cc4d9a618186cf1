import type { Clock, TimerHandle } from '../clock.ts';
import { Emitter } from '../emitter.ts';
import { asImError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { retryDelay } from '../sync/hole-filler.ts';
import { TurnSet } from '../turn-set.ts';
import type { Presence, UserId } from '../types.ts';
import { decodePresences } from './decode-presence.ts';

/** As many people a socket may follow. */
const MOST = 200;
/** Whoever scrolls through a list looks at somebody else every moment: the server hears of it when that rests. */
const QUIET_MS = 300;

export interface PresenceBookOptions {
  readonly clock: Clock;
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
}

interface PresenceBookEvents {
  /** What is known of these people has changed. */
  changed: [ReadonlySet<UserId>];
}

/**
 * Whether the people are here whom somebody looks at. Nothing is known of anybody without a connection, and of nobody
 * who is not looked at any more: what is told is what is so now. Owned by ActiveSession, kept in memory.
 */
export class PresenceBook extends Emitter<PresenceBookEvents> {
  private readonly options: PresenceBookOptions;
  /** How often each is looked at; whom somebody began to look at last stands last. */
  private readonly followers = new Map<UserId, number>();
  private readonly known = new Map<UserId, Presence>();
  private readonly touched = new TurnSet<UserId>((ids) => this.emit('changed', ids));
  /** Whom the server was asked to tell of. */
  private subscribed: ReadonlySet<UserId> = new Set();
  /** Who came or went while an answer was on its way, which may be older. */
  private pushed: Set<UserId> | undefined;
  private timer: TimerHandle | undefined;
  /** Raised whenever the connection is lost: work of an earlier one then stops by itself. */
  private connectionNo = 0;
  private online = false;

  constructor(options: PresenceBookOptions) {
    super();
    this.options = options;
  }

  /** Undefined while it is not known. */
  get(userId: UserId): Presence | undefined {
    return this.known.get(userId);
  }

  /** Somebody looks at a person, until the answered function is called. Beyond 200 the last ones are told of. */
  follow(userId: UserId): () => void {
    const count = this.followers.get(userId) ?? 0;
    this.followers.delete(userId);
    this.followers.set(userId, count + 1);
    this.askIn(QUIET_MS);
    let over = false;
    return () => {
      if (over) return;
      over = true;
      const left = (this.followers.get(userId) ?? 1) - 1;
      if (left > 0) this.followers.set(userId, left);
      else this.followers.delete(userId);
      this.askIn(QUIET_MS);
    };
  }

  /** There is a new socket, which follows nobody yet. */
  connected(): void {
    this.online = true;
    this.connectionNo += 1;
    this.askAgain();
  }

  disconnected(): void {
    this.online = false;
    this.connectionNo += 1;
    this.clearTimer();
    this.pushed = undefined;
    this.subscribed = new Set();
    for (const id of this.known.keys()) this.touched.add(id);
    this.known.clear();
  }

  push(type: string, data: JsonObject): void {
    if (type === 'presence') {
      for (const presence of decodePresences(data)) {
        this.pushed?.add(presence.user_id);
        if (this.subscribed.has(presence.user_id)) this.learn(presence);
      }
    } else if (type === 'gap' && this.online) {
      this.askAgain();
    }
  }

  private askAgain(): void {
    this.clearTimer();
    this.subscribed = new Set();
    if (this.followers.size > 0) void this.ask();
  }

  private askIn(ms: number): void {
    if (!this.online || this.timer !== undefined) return;
    this.timer = this.options.clock.setTimeout(() => {
      this.timer = undefined;
      void this.ask();
    }, ms);
  }

  private async ask(): Promise<void> {
    const wanted = new Set([...this.followers.keys()].slice(-MOST));
    // It goes on when the answer is here.
    if (this.pushed !== undefined) return;
    if (wanted.size === this.subscribed.size && [...wanted].every((id) => this.subscribed.has(id))) return;
    const connection = this.connectionNo;
    this.pushed = new Set();
    this.subscribed = wanted;
    try {
      const answer = await this.options.call('presence.subscribe', { user_ids: [...wanted] });
      if (this.connectionNo !== connection) return;
      this.take(decodePresences(answer));
      this.pushed = undefined;
      // Somebody may have looked elsewhere meanwhile, or pushes were lost.
      this.askIn(0);
    } catch (thrown) {
      if (this.connectionNo !== connection) return;
      this.pushed = undefined;
      this.subscribed = new Set();
      this.askIn(retryDelay(asImError(thrown)));
    }
  }

  /** An answer tells of all who are followed: of whom it does not, nothing is known. */
  private take(told: readonly Presence[]): void {
    const items = new Map(told.map((presence) => [presence.user_id, presence]));
    for (const id of this.known.keys()) {
      if (this.pushed?.has(id) === true || items.has(id)) continue;
      this.known.delete(id);
      this.touched.add(id);
    }
    for (const presence of told) if (this.pushed?.has(presence.user_id) !== true) this.learn(presence);
  }

  private learn(presence: Presence): void {
    this.known.set(presence.user_id, presence);
    this.touched.add(presence.user_id);
  }

  private clearTimer(): void {
    this.options.clock.clearTimeout(this.timer);
    this.timer = undefined;
  }
}
