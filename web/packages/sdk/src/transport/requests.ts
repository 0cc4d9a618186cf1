import type { Clock, TimerHandle } from '../clock.ts';
import { abortedError, type ImError, networkError, timeoutError } from '../errors.ts';
import type { JsonObject } from '../json.ts';

export interface RequestOptions {
  /** Gives up after this long, waiting for a connection included; default 10 s. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

export const DEFAULT_DEADLINE_MS = 10_000;

interface Pending {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly resolve: (data: JsonObject) => void;
  readonly reject: (error: ImError) => void;
  readonly release: () => void;
  sent: boolean;
}

/**
 * The requests of one client that have no answer yet: those on the wire and those that wait for a connection or
 * for a free place on it. Owned by Connection. Every request ends: by its answer, its deadline, its signal, or
 * the loss of the socket that carried it.
 */
export class Requests {
  private readonly pending = new Map<string, Pending>();
  private readonly clock: Clock;
  private nextId = 1;
  private outstanding = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Queues a request; `flush` puts it on the wire. */
  add(type: string, data: unknown, options: RequestOptions = {}): Promise<JsonObject> {
    return new Promise((resolve, reject) => {
      const id = String(this.nextId++);
      const abort = () => this.fail(id, abortedError(`${type} was aborted`));
      if (options.signal?.aborted === true) {
        reject(abortedError(`${type} was aborted`));
        return;
      }
      const deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS;
      const timer: TimerHandle = this.clock.setTimeout(
        () => this.fail(id, timeoutError(`${type} had no answer in ${deadlineMs} ms`)),
        deadlineMs,
      );
      options.signal?.addEventListener('abort', abort);
      const release = () => {
        this.clock.clearTimeout(timer);
        options.signal?.removeEventListener('abort', abort);
      };
      this.pending.set(id, { id, type, data, resolve, reject, release, sent: false });
    });
  }

  /** Sends what waits, oldest first, as long as fewer than `limit` are on the wire. */
  flush(send: (frame: string) => void, limit: number): void {
    for (const request of this.pending.values()) {
      if (this.outstanding >= limit) return;
      if (request.sent) continue;
      request.sent = true;
      this.outstanding += 1;
      send(JSON.stringify({ type: request.type, id: request.id, data: request.data }));
    }
  }

  /** Takes an answer; false when nobody waits for that id (any more). */
  settle(id: string, outcome: { data: JsonObject } | { error: ImError }): boolean {
    const request = this.take(id);
    if (request === undefined) return false;
    if ('data' in outcome) request.resolve(outcome.data);
    else request.reject(outcome.error);
    return true;
  }

  /** The socket is gone: what it carried has an unknown outcome, what waits keeps waiting. */
  socketLost(): void {
    for (const request of [...this.pending.values()]) {
      if (request.sent)
        this.fail(request.id, networkError(`the connection closed before ${request.type} was answered`));
    }
  }

  /** Ends everything, for good. */
  abortAll(): void {
    for (const id of [...this.pending.keys()]) this.fail(id, abortedError('the client was stopped'));
  }

  private fail(id: string, error: ImError): void {
    this.take(id)?.reject(error);
  }

  private take(id: string): Pending | undefined {
    const request = this.pending.get(id);
    if (request === undefined) return undefined;
    this.pending.delete(id);
    if (request.sent) this.outstanding -= 1;
    request.release();
    return request;
  }
}
