import { type Client, createClient } from '@hongyan/sdk';
import { inject, type InjectionKey } from 'vue';
import { deviceName } from '../lib/device-name.ts';

export const clientKey: InjectionKey<Client> = Symbol('client');

/** The client of this page; provided once by main.ts. */
export function useClient(): Client {
  const client = inject(clientKey);
  if (client === undefined) throw new Error('no client was provided');
  return client;
}

export function makeClient(): Client {
  return createClient({
    url: location.origin,
    store: 'indexeddb',
    session: 'cookie',
    device: { name: deviceName(navigator.userAgent), platform: 'web' },
  });
}
