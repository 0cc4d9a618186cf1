import type { TabChannel, TabLocks, TabPlatform } from '../tabs/platform.ts';

interface Wish {
  readonly held: (lock: unknown) => Promise<void> | undefined;
  readonly done: (outcome: Promise<unknown>) => void;
}

interface Holder {
  readonly tab: FakeTab;
  readonly robbed: (error: Error) => void;
}

/** A browser with several tabs: one lock, and what they say to each other. */
export class FakeBrowser {
  private readonly tabs: FakeTab[] = [];
  private holder: Holder | undefined;
  private waiting: { readonly tab: FakeTab; readonly wish: Wish }[] = [];

  tab(): FakeTab {
    const tab = new FakeTab(this);
    this.tabs.push(tab);
    return tab;
  }

  /** @internal */
  request(
    tab: FakeTab,
    options: { ifAvailable?: boolean; steal?: boolean; signal?: AbortSignal },
    wish: Wish,
  ): void {
    if (options.steal === true) {
      this.holder?.robbed(new DOMException('stolen', 'AbortError'));
      this.holder = undefined;
    }
    if (this.holder === undefined) this.grant(tab, wish);
    else if (options.ifAvailable === true) wish.done(Promise.resolve(wish.held(null)));
    else {
      const entry = { tab, wish };
      this.waiting.push(entry);
      options.signal?.addEventListener('abort', () => {
        if (!this.waiting.includes(entry)) return;
        this.waiting = this.waiting.filter((other) => other !== entry);
        wish.done(Promise.reject(new DOMException('aborted', 'AbortError')));
      });
    }
  }

  /** @internal Everything the tab had is gone, as when it is closed or crashes. */
  close(tab: FakeTab): void {
    this.waiting = this.waiting.filter((entry) => entry.tab !== tab);
    if (this.holder?.tab === tab) this.next();
  }

  /** @internal */
  say(from: FakeTab, name: string, letter: unknown): void {
    for (const tab of this.tabs) if (tab !== from) tab.hear(name, structuredClone(letter));
  }

  private grant(tab: FakeTab, wish: Wish): void {
    const robbed = new Promise<never>((_, reject) => {
      this.holder = { tab, robbed: reject };
    });
    const mine = this.holder;
    const over = Promise.resolve(wish.held({})).then(() => {
      if (this.holder === mine) this.next();
    });
    wish.done(Promise.race([over, robbed]));
  }

  private next(): void {
    this.holder = undefined;
    const entry = this.waiting.shift();
    if (entry !== undefined) this.grant(entry.tab, entry.wish);
  }
}

/** One of its tabs. What a frozen one says and what is said to it waits until it thaws. */
export class FakeTab implements TabPlatform {
  private readonly browser: FakeBrowser;
  private closed = false;
  private held: (() => void)[] | undefined;
  private readonly listeners: { readonly name: string; readonly run: (event: { data: unknown }) => void }[] =
    [];

  constructor(browser: FakeBrowser) {
    this.browser = browser;
  }

  readonly locks: TabLocks = {
    request: (_, options, held) =>
      new Promise((done) => queueMicrotask(() => this.browser.request(this, options, { held, done }))),
  };

  readonly channel = (name: string): TabChannel => ({
    postMessage: (letter) => this.whenAwake(() => queueMicrotask(() => this.browser.say(this, name, letter))),
    addEventListener: (_, run) => this.listeners.push({ name, run }),
    close: () => this.listeners.splice(0),
  });

  freeze(): void {
    this.held ??= [];
  }

  thaw(): void {
    const { held = [] } = this;
    this.held = undefined;
    for (const run of held) run();
  }

  /** Gone without a word. */
  close(): void {
    this.closed = true;
    this.listeners.splice(0);
    this.browser.close(this);
  }

  /** @internal */
  hear(name: string, data: unknown): void {
    this.whenAwake(() => {
      for (const listener of [...this.listeners]) if (listener.name === name) listener.run({ data });
    });
  }

  private whenAwake(run: () => void): void {
    if (this.closed) return;
    if (this.held === undefined) run();
    else this.held.push(run);
  }
}
