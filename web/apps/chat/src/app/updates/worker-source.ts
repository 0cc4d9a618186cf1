import type { WorkerMessage } from '../../worker/messages.ts';
import type { UpdateSource } from './source.ts';

/** The newer client is the one whose service worker waits for the one in charge to go. */
export class WorkerSource implements UpdateSource {
  private readonly container: ServiceWorkerContainer;
  private readonly registration: ServiceWorkerRegistration;
  private readonly reload: () => void;
  /** Where there was none before, a worker that takes charge is the first, and no newer client. */
  private inCharge: ServiceWorker | null;

  constructor(
    container: ServiceWorkerContainer,
    registration: ServiceWorkerRegistration,
    reload: () => void,
  ) {
    this.container = container;
    this.registration = registration;
    this.reload = reload;
    this.inCharge = container.controller;
  }

  tell(found: () => void): void {
    const check = () => {
      if (this.registration.waiting !== null && this.inCharge !== null) found();
    };
    const follow = () => this.registration.installing?.addEventListener('statechange', check);
    this.container.addEventListener('controllerchange', () => {
      // What this page has not loaded yet is gone with the older worker.
      if (this.inCharge !== null) this.reload();
      this.inCharge = this.container.controller;
    });
    this.registration.addEventListener('updatefound', follow);
    follow();
    check();
  }

  async look(): Promise<void> {
    // Where the server is away there is nothing newer to be had.
    await this.registration.update().catch(() => undefined);
  }

  apply(): void {
    this.say('take-over');
  }

  applyUnseen(): void {
    this.say('take-over-unseen');
  }

  private say(message: WorkerMessage): void {
    this.registration.waiting?.postMessage(message);
  }
}
