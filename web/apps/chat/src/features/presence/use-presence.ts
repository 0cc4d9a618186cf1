import { computed, onScopeDispose, watch } from 'vue';
import { useClient } from '../../app/client.ts';
import { usePresences } from '../../stores/presence.ts';

/** Whether somebody is here, as long as the component looks; undefined while it looks at nobody. */
export function usePresence(userId: () => string | undefined) {
  const client = useClient();
  const presences = usePresences();
  let unfollow: (() => void) | undefined;

  watch(
    userId,
    (id) => {
      unfollow?.();
      unfollow = id === undefined ? undefined : client.presence.follow(id);
    },
    { immediate: true },
  );
  onScopeDispose(() => unfollow?.());

  return computed(() => {
    const id = userId();
    return id === undefined ? undefined : presences.of(id);
  });
}
