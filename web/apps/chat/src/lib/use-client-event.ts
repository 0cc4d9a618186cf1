import type { ClientEvents } from '@hongyan/sdk';
import { onScopeDispose } from 'vue';
import { useClient } from '../app/client.ts';

/** Listens to the SDK as long as the component is there. */
export function useClientEvent<E extends keyof ClientEvents>(
  event: E,
  listener: (...args: ClientEvents[E]) => void,
): void {
  onScopeDispose(useClient().on(event, listener));
}
