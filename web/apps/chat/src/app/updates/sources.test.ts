import { describe, expect, it, vi } from 'vitest';
import { PageSource } from './page-source.ts';
import { WorkerSource } from './worker-source.ts';

/** The platform's side: a worker in charge, one that is being installed, one that waits. */
function workers(inCharge: boolean) {
  const worker = () => Object.assign(new EventTarget(), { postMessage: vi.fn() });
  const container = Object.assign(new EventTarget(), { controller: inCharge ? worker() : null });
  const registration = Object.assign(new EventTarget(), {
    installing: null as ReturnType<typeof worker> | null,
    waiting: null as ReturnType<typeof worker> | null,
    update: vi.fn(() => Promise.reject(new TypeError('away'))),
  });
  const reload = vi.fn();
  const found = vi.fn();
  const source = new WorkerSource(
    container as unknown as ServiceWorkerContainer,
    registration as unknown as ServiceWorkerRegistration,
    reload,
  );
  source.tell(found);
  /** A new worker comes, and waits where there is one in charge. */
  function install() {
    const installing = worker();
    registration.installing = installing;
    registration.dispatchEvent(new Event('updatefound'));
    registration.installing = null;
    if (inCharge) registration.waiting = installing;
    installing.dispatchEvent(new Event('statechange'));
    return installing;
  }
  function takeCharge() {
    container.controller = worker();
    container.dispatchEvent(new Event('controllerchange'));
  }
  return { source, reload, found, install, takeCharge };
}

describe('OF-6: a newer client by its worker', () => {
  it('is told of when it waits, and taken up when asked to', () => {
    const { source, reload, found, install, takeCharge } = workers(true);
    const waiting = install();
    expect(found).toHaveBeenCalledTimes(1);
    source.applyUnseen();
    source.apply();
    expect(waiting.postMessage.mock.calls).toEqual([['take-over-unseen'], ['take-over']]);
    expect(reload).not.toHaveBeenCalled();
    takeCharge();
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it('is not what the first worker is', () => {
    const { reload, found, install, takeCharge } = workers(false);
    install();
    takeCharge();
    expect(found).not.toHaveBeenCalled();
    expect(reload).not.toHaveBeenCalled();
    takeCharge();
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it('is not missed by a server that is away', async () => {
    await expect(workers(true).source.look()).resolves.toBeUndefined();
  });
});

describe('OF-6: a newer client where there are no workers', () => {
  const page = (script: string) => `<script type="module" crossorigin src="${script}"></script>`;

  function running(fetched: () => Promise<Response>) {
    const document = new DOMParser().parseFromString(page('/assets/index-1.js'), 'text/html');
    const found = vi.fn();
    const source = new PageSource(document, fetched, vi.fn());
    source.tell(found);
    return { source, found };
  }

  it.each([
    ['the same page', () => Promise.resolve(new Response(page('/assets/index-1.js'))), 0],
    ['another script', () => Promise.resolve(new Response(page('/assets/index-2.js'))), 1],
    ['a failing server', () => Promise.resolve(new Response('down', { status: 503 })), 0],
    ['no server', () => Promise.reject(new TypeError('away')), 0],
  ])('is looked for in the page: %s', async (_, fetched, times) => {
    const { source, found } = running(fetched);
    await source.look();
    expect(found).toHaveBeenCalledTimes(times);
  });
});
