import { onScopeDispose, readonly, ref, watch } from 'vue';
import { useClient } from '../../app/client.ts';
import { useConnection } from '../../stores/connection.ts';

const AGAIN_MS = 60_000;

/** How many of a group are here, asked for once a minute while somebody can be looking; undefined while it is not known. */
export function useOnlineCount(groupId: () => string | undefined) {
  const client = useClient();
  const connection = useConnection();
  const count = ref<number>();

  async function ask(): Promise<void> {
    const id = groupId();
    if (id === undefined || !connection.usable || document.visibilityState === 'hidden') return;
    try {
      const { online_count: here } = await client.presence.inGroup(id);
      if (groupId() === id && connection.usable) count.value = here;
    } catch {
      count.value = undefined;
    }
  }

  watch(
    [groupId, () => connection.usable],
    () => {
      count.value = undefined;
      void ask();
    },
    { immediate: true },
  );
  const asks = (): void => void ask();
  const timer = setInterval(asks, AGAIN_MS);
  document.addEventListener('visibilitychange', asks);
  onScopeDispose(() => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', asks);
  });

  return readonly(count);
}
