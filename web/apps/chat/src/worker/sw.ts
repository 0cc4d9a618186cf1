import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import type { WorkerMessage } from './messages.ts';

/**
 * Keeps the files of the client, so that it starts without a network. Nothing else is ever kept: what the server says
 * about anybody lies in the database of the SDK, which a log-out wipes.
 */

declare const self: ServiceWorkerGlobalScope;
/** Put in by the build. */
declare const __KEPT_FILES__: { url: string; revision: string | null }[];

/** Pages of the server's own, and one that is of no use without it. */
const SERVER_PAGES =
  /^\/(?:v1|ws|docs|captcha\.html|openapi\.json|asyncapi\.json|healthz|readyz|metrics)(?:[/?]|$)/;

precacheAndRoute(__KEPT_FILES__);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [SERVER_PAGES] }));

self.addEventListener('activate', (event) => {
  // Also the page that brought the first worker may ask for a part of itself after the server has become newer.
  event.waitUntil(self.clients.claim());
});

self.addEventListener('message', (event) => {
  const said = event.data as WorkerMessage;
  if (said === 'take-over') event.waitUntil(self.skipWaiting());
  else event.waitUntil(takeOverUnseen());
});

async function takeOverUnseen(): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (pages.every((page) => page.visibilityState !== 'visible')) await self.skipWaiting();
}
