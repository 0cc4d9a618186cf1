import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { useClient } from '../../app/client.ts';
import { momentLabel } from '../../lib/time/time-labels.ts';
import { useAction } from '../../lib/use-action.ts';
import { useConnection } from '../../stores/connection.ts';
import { useContacts } from '../../stores/contacts.ts';
import { useSession } from '../../stores/session.ts';

/** When the account ends, if it does, and keeping it. */
export function useDeletion() {
  const { locale } = useI18n();
  const { personal } = useClient();
  const connection = useConnection();
  const contacts = useContacts();
  const session = useSession();
  const { busy, problem, run } = useAction();

  const endsAt = computed(() => {
    const ms = session.user?.deletes_at_ms;
    return ms === undefined ? undefined : momentLabel(ms, contacts.nowMs, locale.value);
  });
  const off = computed(() => busy.value || !connection.usable);

  return { endsAt, off, problem, keep: () => run(() => personal.cancelDeletion()) };
}
