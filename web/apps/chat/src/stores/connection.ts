import type { Client, ClientState } from '@hongyan/sdk';
import { defineStore } from 'pinia';
import { computed, ref } from 'vue';

/** A connection that is back within this time shows no banner. */
const PATIENCE_MS = 1_000;

export type Banner = 'none' | 'connecting' | 'syncing' | 'offline' | 'server';

/** The state of the connection as it is shown. Written only by the bridge to the SDK. */
export const useConnection = defineStore('connection', () => {
  const state = ref<ClientState>('stopped');
  /** The platform itself says that there is no network. */
  const networkDown = ref(false);
  /** An attempt failed since the last time we were online. */
  const failed = ref(false);
  const patienceOver = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let client: Client | undefined;

  const banner = computed<Banner>(() => {
    if (state.value === 'online' || state.value === 'stopped' || state.value === 'kicked') return 'none';
    // Once it failed the reason stays up until we are online: it does not flicker with every attempt.
    if (failed.value) return networkDown.value ? 'offline' : 'server';
    if (!patienceOver.value) return 'none';
    return state.value === 'syncing' ? 'syncing' : 'connecting';
  });

  /** Commands reach the server now. */
  const usable = computed(() => state.value === 'online' || state.value === 'syncing');

  function attach(to: Client): void {
    client = to;
    changed(client.state);
    client.on('state', changed);
  }

  function changed(now: ClientState): void {
    state.value = now;
    if (now === 'offline') {
      const connection = client?.connection;
      networkDown.value = connection?.name === 'waiting' && connection.offline;
      failed.value = true;
    }
    if (now === 'online' || now === 'stopped' || now === 'kicked') {
      clearTimeout(timer);
      timer = undefined;
      failed.value = false;
      patienceOver.value = false;
    } else {
      timer ??= setTimeout(() => {
        patienceOver.value = true;
      }, PATIENCE_MS);
    }
  }

  const retryNow = (): void => client?.retryNow();

  return { state, banner, usable, attach, retryNow };
});
