import type { Clock, TimerHandle } from '../clock.ts';
import { asImError } from '../errors.ts';
import { type JsonObject, optionalNumber } from '../json.ts';
import { type DecodedEvent, decodePull, decodeUserEvent } from '../people/decode-people.ts';
import { MAX_HELD } from './entry.ts';
import { HOLE_PATIENCE_MS, retryDelay } from './hole-filler.ts';

/** What was read within this time is new enough to be looked at. */
export const FRESH_MS = 60_000;

export interface UserEventsOptions {
  readonly clock: Clock;
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
  /** Takes in events in the order of their versions, and notes that everything up to `version` is known. */
  readonly apply: (events: readonly DecodedEvent[], version: number) => void;
  /**
   * Reads the lists again from which the events would have told, and notes `version`. Rejects with an ImError.
   * `stillWanted` says whether the connection it was asked on is still there.
   */
  readonly relist: (version: number, stillWanted: () => boolean) => Promise<void>;
  /** Events were missed that no list tells of. */
  readonly lost: () => void;
  /** An attempt to catch up has failed; another one follows by itself. */
  readonly failed: () => void;
}

/**
 * Follows the changes of the user's own things by their version, as the engine follows messages: the next number
 * applies, an older one is ignored, a later one waits until the hole before it was pulled. Owned by ActiveSession.
 */
export class UserEvents {
  private readonly options: UserEventsOptions;
  private version: number | undefined;
  private readonly held = new Map<number, DecodedEvent>();
  private timer: TimerHandle | undefined;
  private busy = false;
  /** The newest version the server has named. */
  private target = 0;
  /** When the lists were read as a whole. */
  private readMs = -Infinity;
  private connectionNo = 0;
  private online = false;
  /** Somebody wanted to look at the lists before there was a connection. */
  private refreshLater = false;

  constructor(options: UserEventsOptions) {
    this.options = options;
  }

  /** Up to where the store holds them; undefined: nothing. */
  load(version: number | undefined): void {
    this.version = version;
  }

  /** Up to where they are known, 0 for nothing. */
  get known(): number {
    return this.version ?? 0;
  }

  /** The history is another one: what was known counts for nothing. */
  forget(): void {
    this.version = undefined;
    this.held.clear();
  }

  /** The socket is ready. `version`: the newest there is. */
  connected(version: number): void {
    this.online = true;
    this.connectionNo += 1;
    this.busy = false;
    this.target = version;
    if (this.refreshLater) this.version = undefined;
    this.refreshLater = false;
    if (this.version !== version) void this.catchUp();
  }

  disconnected(): void {
    this.online = false;
    this.connectionNo += 1;
    this.held.clear();
    this.options.clock.clearTimeout(this.timer);
    this.timer = undefined;
  }

  push(type: string, data: JsonObject): void {
    if (type === 'user_event') this.take(decodeUserEvent(data));
    // A client that was too slow is told the newest version instead of the events, and whoever asks.
    else if (type === 'gap' || type === 'pong') this.named(optionalNumber(data, 'user_version') ?? 0);
  }

  /**
   * Reads the lists again unless that was done just now, or once there is a connection: nicknames change without an
   * event.
   */
  async refresh(): Promise<void> {
    if (this.options.clock.now() - this.readMs < FRESH_MS) return;
    this.refreshLater = !this.online;
    if (!this.online || this.busy || this.version === undefined) return;
    this.version = undefined;
    await this.catchUp();
  }

  /** Tries again at once what has failed. */
  retry(): void {
    if (this.timer === undefined || !this.online || this.busy) return;
    this.options.clock.clearTimeout(this.timer);
    this.timer = undefined;
    void this.catchUp();
  }

  private named(version: number): void {
    this.target = Math.max(this.target, version);
    if (this.version !== undefined && version > this.version) this.waitForHole();
  }

  private take(event: DecodedEvent): void {
    this.target = Math.max(this.target, event.version);
    if (this.version !== undefined && event.version <= this.version) return;
    if (this.held.size < MAX_HELD) this.held.set(event.version, event);
    if (!this.busy) this.drain();
  }

  /** Applies what follows without a hole. */
  private drain(): void {
    if (this.version === undefined) return;
    const ready: DecodedEvent[] = [];
    let version = this.version;
    for (let next = this.held.get(version + 1); next !== undefined; next = this.held.get(version + 1)) {
      version += 1;
      ready.push(next);
    }
    for (const held of this.held.keys()) if (held <= version) this.held.delete(held);
    this.version = version;
    if (ready.length > 0) this.options.apply(ready, version);
    if (this.target > version) this.waitForHole();
  }

  private waitForHole(): void {
    if (this.busy || this.timer !== undefined) return;
    this.timer = this.options.clock.setTimeout(() => {
      this.timer = undefined;
      if (this.version === undefined || this.target > this.version) void this.catchUp();
    }, HOLE_PATIENCE_MS);
  }

  private async catchUp(): Promise<void> {
    if (this.busy || !this.online) return;
    const connection = this.connectionNo;
    const stillWanted = () => this.connectionNo === connection;
    this.busy = true;
    try {
      await this.step(stillWanted);
    } catch (thrown) {
      if (!stillWanted()) return;
      this.busy = false;
      this.options.failed();
      this.timer ??= this.options.clock.setTimeout(
        () => {
          this.timer = undefined;
          void this.catchUp();
        },
        retryDelay(asImError(thrown)),
      );
      return;
    }
    if (!stillWanted()) return;
    this.busy = false;
    this.drain();
  }

  private async step(stillWanted: () => boolean): Promise<void> {
    if (this.version === undefined) {
      await this.relist(this.target, stillWanted);
      return;
    }
    // Whatever the limit, all events come with the first page; the conversations are the engine's business.
    const request = { user_version: this.version, limit: 1 };
    const answer = decodePull(await this.options.call('sync.pull', request));
    if (!stillWanted()) return;
    if (answer.resetTo !== undefined) {
      this.options.lost();
      await this.relist(answer.resetTo, stillWanted);
      return;
    }
    const from = this.version;
    this.version = Math.max(from, answer.version);
    this.target = Math.max(this.target, this.version);
    this.options.apply(
      answer.events.filter((event) => event.version > from),
      this.version,
    );
  }

  private async relist(version: number, stillWanted: () => boolean): Promise<void> {
    await this.options.relist(version, stillWanted);
    if (!stillWanted()) return;
    this.version = version;
    this.readMs = this.options.clock.now();
    this.target = Math.max(version, ...this.held.keys());
  }
}
