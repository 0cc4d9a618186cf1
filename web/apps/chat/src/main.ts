import '@hongyan/ui/tokens.css';
import { createPinia } from 'pinia';
import { createApp, watch, watchEffect } from 'vue';
import App from './App.vue';
import { clientKey, makeClient } from './app/client.ts';
import { firstLocale, i18n, speak } from './app/i18n.ts';
import { showUnread } from './lib/unread-signs.ts';
import { makeRouter } from './router/index.ts';
import { useConnection } from './stores/connection.ts';
import { useContacts } from './stores/contacts.ts';
import { useConversations } from './stores/conversations.ts';
import { useDirectory } from './stores/directory.ts';
import { useGroups } from './stores/groups.ts';
import { useNotifications } from './stores/notifications.ts';
import { usePresences } from './stores/presence.ts';
import { useSession } from './stores/session.ts';
import { useSettings } from './stores/settings.ts';

/** By then the first screens are there: what is kept for a start without a network does not hold them up. */
const KEEP_AFTER_MS = 3_000;

const startFailed = document.getElementById('start-failed');
const tellFailure = (): void => startFailed?.removeAttribute('hidden');
window.addEventListener('vite:preloadError', tellFailure);

const client = makeClient();
const app = createApp(App).use(createPinia()).use(i18n).provide(clientKey, client);

const session = useSession();
const conversations = useConversations();
useSettings();
session.attach(client);
useConnection().attach(client);
conversations.attach(client);
useContacts().attach(client);
useDirectory().attach(client);
useGroups().attach(client);
useNotifications().attach(client);
usePresences().attach(client);

// Reads the remembered session and what is stored; needs no network.
await Promise.all([speak(firstLocale), client.restore()]);

const router = makeRouter();
app.use(router);

watch(
  () => session.end,
  (end) => {
    if (end === undefined) return;
    if (end.reason === 'disabled') void router.push({ name: 'disabled' });
    else
      void router.push({
        name: 'login',
        query:
          end.reason === 'logged_out' || end.reason === 'deleting'
            ? {}
            : nextAfter(router.currentRoute.value.fullPath),
      });
  },
);

watchEffect(() => {
  const count = conversations.totalUnread;
  const { t } = i18n.global;
  document.title = count > 0 ? t('app.titleUnread', { count }) : t('app.title');
  showUnread(count);
});

await router.isReady();
window.removeEventListener('vite:preloadError', tellFailure);
startFailed?.remove();
app.mount('#app');

if (import.meta.env.PROD) setTimeout(keepForOffline, KEEP_AFTER_MS);

function keepForOffline(): void {
  void import('./app/updates/start.ts').then(({ startUpdates }) => startUpdates());
}

/** Where an involuntary end of the session interrupted somebody. */
function nextAfter(path: string): Record<string, string> {
  return path === '/' || path.startsWith('/login') ? {} : { next: path };
}
