import { watch } from 'vue';
import { useConnection } from '../../stores/connection.ts';
import { useUpdates } from '../../stores/updates.ts';
import { PageSource } from './page-source.ts';
import type { UpdateSource } from './source.ts';
import { UpdateWatch } from './update-watch.ts';
import { WorkerSource } from './worker-source.ts';

const WORKER = '/sw.js';

/** Keeps the client for a start without a network, where the browser lets us, and watches for a newer one. */
export async function startUpdates(): Promise<void> {
  const updates = useUpdates();
  const source = await makeSource();
  const looking = new UpdateWatch({
    source,
    document,
    random: Math.random,
    found: () => updates.found(() => source.apply()),
  });
  const connection = useConnection();
  let wasAway = false;
  watch(
    () => connection.state,
    (state) => {
      if (state === 'online' && wasAway) looking.reconnected();
      wasAway = state === 'offline' || (wasAway && state !== 'online');
    },
  );
  // A part of this page is no longer there.
  window.addEventListener('vite:preloadError', () => looking.look());
}

async function makeSource(): Promise<UpdateSource> {
  const reload = () => location.reload();
  // Plain http from another machine has none, and a browser may refuse one.
  const registration = 'serviceWorker' in navigator ? await register().catch(() => undefined) : undefined;
  return registration === undefined
    ? new PageSource(document, (input, init) => fetch(input, init), reload)
    : new WorkerSource(navigator.serviceWorker, registration, reload);
}

async function register(): Promise<ServiceWorkerRegistration> {
  // The content policy lets a script's address come from this policy only, and it knows one address.
  const policy = window.trustedTypes?.createPolicy('worker', { createScriptURL: () => WORKER });
  return navigator.serviceWorker.register((policy?.createScriptURL('') ?? WORKER) as string);
}
