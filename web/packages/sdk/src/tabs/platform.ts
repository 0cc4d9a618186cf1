/** The part of the Web Locks API that tabs elect their leader by. */
export interface TabLocks {
  request(
    name: string,
    options: { ifAvailable?: boolean; steal?: boolean; signal?: AbortSignal },
    held: (lock: unknown) => Promise<void> | undefined,
  ): Promise<unknown>;
}

/** The part of a BroadcastChannel that tabs talk over. */
export interface TabChannel {
  postMessage(letter: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  close(): void;
}

/** What makes one client of several tabs. */
export interface TabPlatform {
  readonly locks: TabLocks;
  readonly channel: (name: string) => TabChannel;
}

/** A browser's; undefined where there is none, as on plain http from another machine. */
export function browserTabs(): TabPlatform | undefined {
  if (typeof window === 'undefined' || typeof BroadcastChannel === 'undefined') return undefined;
  // Only secure contexts have locks, whatever the types say.
  const locks = navigator.locks as LockManager | undefined;
  return locks === undefined
    ? undefined
    : { locks: locks as unknown as TabLocks, channel: (name) => new BroadcastChannel(name) };
}
