import type { GroupNotice } from '@hongyan/sdk';
import { useI18n } from 'vue-i18n';
import { useNames } from '../../lib/names.ts';
import { momentLabel } from '../../lib/time/time-labels.ts';
import { useContacts } from '../../stores/contacts.ts';

/** Who has announced something in a group, and when. */
export function useNoticeAbout() {
  const { locale } = useI18n();
  const contacts = useContacts();
  const names = useNames();

  return (groupId: string, notice: GroupNotice): string => {
    const time = momentLabel(notice.time_ms, contacts.nowMs, locale.value);
    return `${names.inGroup(groupId, notice.user_id)} · ${time}`;
  };
}
