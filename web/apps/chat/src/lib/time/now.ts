import { hasInjectionContext, inject, onScopeDispose, readonly, type Ref, ref } from 'vue';
import { clientKey } from '../../app/client.ts';

const TICK_MS = 20_000;

/** The server's time, for labels: goes on every 20 s, so midnight and a changed time zone are seen soon. */
export function useNow(): Readonly<Ref<number>> {
  const client = hasInjectionContext() ? inject(clientKey, undefined) : undefined;
  const read = () => client?.serverNow() ?? Date.now();
  const now = ref(read());
  const timer = setInterval(() => {
    now.value = read();
  }, TICK_MS);
  onScopeDispose(() => clearInterval(timer));
  return readonly(now);
}
