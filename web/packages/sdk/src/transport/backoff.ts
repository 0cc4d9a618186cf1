export interface BackoffOptions {
  readonly minMs: number;
  readonly maxMs: number;
}

export const RECONNECT_BACKOFF: BackoffOptions = { minMs: 500, maxMs: 30_000 };

/**
 * Exponential back-off with full jitter: the n-th delay is uniform in [0, min(max, min * 2^n)). Full jitter keeps
 * the clients of a restarted server from coming back in step.
 */
export class Backoff {
  private attempt = 0;
  private readonly options: BackoffOptions;
  private readonly random: () => number;

  constructor(options: BackoffOptions, random: () => number) {
    this.options = options;
    this.random = random;
  }

  /** The next delay in milliseconds. */
  next(): number {
    const cap = Math.min(this.options.maxMs, this.options.minMs * 2 ** this.attempt);
    if (cap < this.options.maxMs) this.attempt += 1;
    return Math.floor(this.random() * cap);
  }

  reset(): void {
    this.attempt = 0;
  }
}
