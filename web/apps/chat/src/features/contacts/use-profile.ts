import { asImError, type User } from '@hongyan/sdk';
import { computed, ref, shallowRef, watch } from 'vue';
import { useClient } from '../../app/client.ts';
import { useConnection } from '../../stores/connection.ts';
import { useContacts } from '../../stores/contacts.ts';

/** The profile of somebody: what is known at once, then as the server has it now. */
export function useProfile(userId: string) {
  const client = useClient();
  const contacts = useContacts();
  const connection = useConnection();
  const fetched = shallowRef<User>();
  const failure = ref<'gone' | 'failed'>();

  const user = computed(() => fetched.value ?? contacts.people.get(userId)?.profile);
  const state = computed(() => {
    if (user.value !== undefined) return 'ready';
    return failure.value ?? 'loading';
  });

  async function load(): Promise<void> {
    failure.value = undefined;
    try {
      fetched.value = await client.users.get(userId);
    } catch (thrown) {
      failure.value = asImError(thrown).code === 'not_found' ? 'gone' : 'failed';
    }
  }

  watch(
    () => connection.usable,
    (usable) => {
      if (usable && failure.value !== 'gone') void load();
    },
  );
  void load();

  return { user, state, load };
}
