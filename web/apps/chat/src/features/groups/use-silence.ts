import type { Conversation, Group } from '@hongyan/sdk';
import { computed, onScopeDispose, ref, watch } from 'vue';
import { useContacts } from '../../stores/contacts.ts';
import { useSession } from '../../stores/session.ts';
import { silenceIn } from './rights.ts';

/** The longest time a timer can be set to. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Why the user may not write; ends by itself when a mute is over. */
export function useSilence(conversation: () => Conversation | undefined, group: () => Group | undefined) {
  const session = useSession();
  const contacts = useContacts();
  /** A mute that ran out meanwhile: the clock of the screen goes in steps. */
  const overMs = ref(0);
  let timer: ReturnType<typeof setTimeout> | undefined;

  watch(
    () => conversation()?.muted_until_ms,
    (untilMs) => {
      clearTimeout(timer);
      if (untilMs === undefined || untilMs - contacts.nowMs > TIMER_MAX_MS) return;
      const end = () => {
        overMs.value = untilMs;
      };
      timer = setTimeout(end, Math.max(0, untilMs - contacts.nowMs));
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));

  return computed(() => {
    const of = conversation();
    const nowMs = Math.max(contacts.nowMs, overMs.value);
    return of === undefined ? undefined : silenceIn(of, group(), session.user?.user_id, nowMs);
  });
}
