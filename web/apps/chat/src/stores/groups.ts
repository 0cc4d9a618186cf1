import type { Client, GroupView } from '@hongyan/sdk';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

type Lookup = (groupId: string) => GroupView | undefined;

/** Groups that somebody looks at. Written only by the bridge to the SDK. */
export const useGroups = defineStore('groups', () => {
  /** Another function whenever something is another now. */
  const lookup = shallowRef<Lookup>(() => undefined);

  function attach(client: Client): void {
    const renew = () => {
      lookup.value = (groupId) => client.groups.get(groupId);
    };
    for (const event of ['session:changed', 'session:ended', 'groups:changed'] as const)
      client.on(event, renew);
    renew();
  }

  /** What is known of a group; little more than nothing while nobody follows it. */
  const view: Lookup = (groupId) => lookup.value(groupId);

  return { attach, view };
});
