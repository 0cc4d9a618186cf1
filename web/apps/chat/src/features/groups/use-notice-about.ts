import type { GroupNotice } from '@hongyan/sdk';
import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { useNames } from '../../lib/names.ts';
import { momentLabel } from '../../lib/time/time-labels.ts';
import { useContacts } from '../../stores/contacts.ts';

/** Who has announced something in a group, and when. */
export function useNoticeAbout(groupId: () => string, notice: () => GroupNotice | undefined) {
  const { locale } = useI18n();
  const contacts = useContacts();
  const names = useNames();

  return computed(() => {
    const announced = notice();
    if (announced === undefined) return '';
    const time = momentLabel(announced.time_ms, contacts.nowMs, locale.value);
    return `${names.inGroup(groupId(), announced.user_id)} · ${time}`;
  });
}
