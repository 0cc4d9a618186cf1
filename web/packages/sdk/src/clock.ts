/** Whatever the platform calls a timer. */
export type TimerHandle = number | object;

/** All time of the SDK goes through this, so that tests own it. */
export interface Clock {
  /** Unix milliseconds UTC. */
  now(): number;
  setTimeout(run: () => void, ms: number): TimerHandle;
  /** Nothing happens for a timer that has run, or for none. */
  clearTimeout(handle: TimerHandle | undefined): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => globalThis.setTimeout(run, ms),
  clearTimeout: (handle) => {
    globalThis.clearTimeout(handle as ReturnType<typeof globalThis.setTimeout>);
  },
};
