/** What the platform says about the network and the attention of the user. */
export interface Environment {
  /** False only when the platform is sure that there is no network. */
  isOnline(): boolean;
  /** Calls back on each change; answers the function that ends it. */
  subscribe(signal: (what: 'online' | 'offline' | 'visible') => void): () => void;
}

/** Node and workers: always online, nothing to say. */
export const headlessEnvironment: Environment = {
  isOnline: () => true,
  subscribe: () => () => undefined,
};

/** A browser's window. */
export const browserEnvironment: Environment = {
  isOnline: () => navigator.onLine,
  subscribe(signal) {
    const online = () => signal('online');
    const offline = () => signal('offline');
    const visible = () => {
      if (document.visibilityState === 'visible') signal('visible');
    };
    window.addEventListener('online', online);
    window.addEventListener('offline', offline);
    document.addEventListener('visibilitychange', visible);
    return () => {
      window.removeEventListener('online', online);
      window.removeEventListener('offline', offline);
      document.removeEventListener('visibilitychange', visible);
    };
  },
};

export function defaultEnvironment(): Environment {
  return typeof window === 'undefined' || typeof document === 'undefined'
    ? headlessEnvironment
    : browserEnvironment;
}
