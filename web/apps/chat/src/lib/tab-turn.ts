/**
 * Of all tabs of this browser one has the turn: the one that was taken up last, or after that has gone another one.
 * Where the browser has no locks every tab has it.
 */
export class TabTurn {
  private readonly name: string;
  private readonly abort = new AbortController();
  /** Of the request that holds the lock: lets go of it. */
  private release: (() => void) | undefined;
  private waiting = false;

  constructor(name: string) {
    this.name = name;
    this.wait();
  }

  get isMine(): boolean {
    return this.release !== undefined || !hasLocks();
  }

  /** Takes it from the tab that has it. */
  take(): void {
    if (!this.isMine) void this.request({ steal: true });
  }

  /** Leaves it to the others. */
  end(): void {
    this.abort.abort();
    this.release?.();
  }

  private wait(): void {
    if (this.waiting || this.isMine || this.abort.signal.aborted) return;
    this.waiting = true;
    void this.request({ signal: this.abort.signal });
  }

  private async request(options: LockOptions): Promise<void> {
    let release: (() => void) | undefined;
    const released = new Promise<void>((done) => {
      release = done;
    });
    try {
      await navigator.locks.request(this.name, options, () => {
        this.release = release;
        return released;
      });
    } catch {
      // Another tab has taken it, or it is left to the others.
    }
    if (options.steal !== true) this.waiting = false;
    // One that was taken by this tab itself is held by the later request.
    if (this.release === release) this.release = undefined;
    this.wait();
  }
}

function hasLocks(): boolean {
  return 'locks' in navigator;
}
