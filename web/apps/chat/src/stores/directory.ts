import type { Client, UserName } from '@hongyan/sdk';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

type Lookup = (userId: string) => UserName | undefined;

/** What people call themselves who are in no list of the user's. Written only by the bridge to the SDK. */
export const useDirectory = defineStore('directory', () => {
  /** Another function whenever more is known. */
  const lookup = shallowRef<Lookup>(() => undefined);

  function attach(client: Client): void {
    const renew = () => {
      lookup.value = (userId) => client.users.named(userId);
    };
    for (const event of ['session:changed', 'session:ended', 'names:changed'] as const)
      client.on(event, renew);
    renew();
  }

  /** Undefined while it is not known; it is then asked for. */
  const named: Lookup = (userId) => lookup.value(userId);

  return { attach, named };
});
