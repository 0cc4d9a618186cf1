import type { UpdateSource } from './source.ts';

/** How often a page that stays open looks, at most and at least. */
const LOOK_AGAIN_MS = 10 * 60_000;
const LOOK_MS = 60 * 60_000;
/** A page that nobody has seen for this long becomes the newer client by itself. */
const UNSEEN_MS = 5 * 60_000;
/** All pages notice a newer server at the same moment: chance keeps them from coming at the same moment. */
const SPREAD_MS = 5 * 60_000;

/**
 * Looks for a newer client by the hour, when somebody comes back to the page, and some time after the server was away;
 * goes over to it while nobody looks. Lives as long as the page.
 */
export class UpdateWatch {
  private readonly source: UpdateSource;
  private readonly document: Document;
  private readonly random: () => number;
  private lookedMs = Date.now();
  private available = false;
  private unseen: ReturnType<typeof setTimeout> | undefined;

  constructor(options: {
    readonly source: UpdateSource;
    readonly document: Document;
    readonly random: () => number;
    /** There is a newer one. */
    readonly found: () => void;
  }) {
    this.source = options.source;
    this.document = options.document;
    this.random = options.random;
    this.source.tell(() => {
      this.available = true;
      options.found();
      this.plan();
    });
    setInterval(() => this.look(), LOOK_MS);
    this.document.addEventListener('visibilitychange', () => {
      if (!this.isUnseen() && Date.now() - this.lookedMs >= LOOK_AGAIN_MS) this.look();
      this.plan();
    });
  }

  /** The server is back: it may be a newer one. */
  reconnected(): void {
    setTimeout(() => this.look(), this.random() * SPREAD_MS);
  }

  look(): void {
    this.lookedMs = Date.now();
    void this.source.look();
  }

  private isUnseen(): boolean {
    return this.document.visibilityState !== 'visible';
  }

  private plan(): void {
    clearTimeout(this.unseen);
    if (!this.available || !this.isUnseen()) return;
    this.unseen = setTimeout(() => this.source.applyUnseen(), UNSEEN_MS + this.random() * SPREAD_MS);
  }
}
