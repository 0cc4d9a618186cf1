import { onScopeDispose, readonly, type Ref, ref } from 'vue';

const TICK_MS = 20_000;

/** The time, for labels: goes on every 20 s, so midnight and a changed time zone are seen soon. */
export function useNow(): Readonly<Ref<number>> {
  const now = ref(Date.now());
  const timer = setInterval(() => {
    now.value = Date.now();
  }, TICK_MS);
  onScopeDispose(() => clearInterval(timer));
  return readonly(now);
}
