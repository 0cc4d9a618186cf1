/** Runs when an event happens. */
export type Listener<Args extends readonly unknown[]> = (...args: Args) => void;

/**
 * A typed event emitter. Owned by the client or by one of its parts; listeners run synchronously, in the order
 * they were added. A listener that throws does not keep the others from running: the error surfaces as an
 * unhandled rejection, where the platform reports it.
 */
export class Emitter<Events extends { [K in keyof Events]: readonly unknown[] }> {
  private readonly listeners = new Map<keyof Events, Set<Listener<never>>>();

  /** Answers the function that removes the listener again. */
  on<K extends keyof Events>(event: K, listener: Listener<Events[K]>): () => void {
    let set = this.listeners.get(event);
    if (set === undefined) {
      set = new Set();
      this.listeners.set(event, set);
    }
    set.add(listener);
    return () => {
      set.delete(listener);
    };
  }

  emit<K extends keyof Events>(event: K, ...args: Events[K]): void {
    for (const listener of [...(this.listeners.get(event) ?? [])]) {
      try {
        (listener as unknown as Listener<Events[K]>)(...args);
      } catch (error) {
        void Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  clear(): void {
    this.listeners.clear();
  }
}
