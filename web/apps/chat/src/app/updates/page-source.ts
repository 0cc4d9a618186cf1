import type { UpdateSource } from './source.ts';

const SCRIPT = /<script[^>]+type="module"[^>]+src="([^"]+)"/;

/** Where there is no service worker: the newer client is the one whose page names another script. */
export class PageSource implements UpdateSource {
  private readonly running: string | null | undefined;
  private readonly fetch: typeof fetch;
  private readonly reload: () => void;
  private found: () => void = () => undefined;

  constructor(document: Document, fetch: typeof globalThis.fetch, reload: () => void) {
    this.running = document.querySelector('script[type="module"][src]')?.getAttribute('src');
    this.fetch = fetch;
    this.reload = reload;
  }

  tell(found: () => void): void {
    this.found = found;
  }

  async look(): Promise<void> {
    try {
      const answer = await this.fetch('/index.html', { cache: 'no-cache' });
      const served = answer.ok ? SCRIPT.exec(await answer.text())?.[1] : undefined;
      if (served !== undefined && served !== this.running) this.found();
    } catch {
      // Where the server is away there is nothing newer to be had.
    }
  }

  apply(): void {
    this.reload();
  }

  applyUnseen(): void {
    this.reload();
  }
}
