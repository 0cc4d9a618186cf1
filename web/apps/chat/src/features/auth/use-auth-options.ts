import type { AuthOptionsResponse } from '@hongyan/sdk';
import { computed, ref, shallowRef } from 'vue';
import { useClient } from '../../app/client.ts';

/** What the server asks of registrations, asked when the page opens; `reload` asks again. */
export function useAuthOptions() {
  const client = useClient();
  const options = shallowRef<AuthOptionsResponse>();
  const state = ref<'loading' | 'ready' | 'error'>('loading');

  async function reload(): Promise<void> {
    state.value = 'loading';
    try {
      options.value = await client.authOptions();
      state.value = 'ready';
    } catch {
      // Whatever it was: without the answer nothing can be said about registration.
      state.value = 'error';
    }
  }

  /** What codes can be sent to. */
  const codeTargets = computed(() => options.value?.code_targets ?? []);

  void reload();
  return { options, state, reload, codeTargets };
}
