import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { useContentText } from '../../lib/content-text.ts';
import { useNames } from '../../lib/names.ts';
import type { ListRow } from '../../stores/conversations.ts';
import { useSession } from '../../stores/session.ts';

/** The second line of a row: what was said last, and what wants to be seen before it. */
export function useRowPreview(row: () => ListRow, active: () => boolean) {
  const { t } = useI18n();
  const names = useNames();
  const session = useSession();
  const text = useContentText(() => row().conversation);

  /** What stands in the box of the open chat is seen there. */
  const draft = computed(() => (active() ? '' : row().settings.draft.replace(/\s+/g, ' ').trim()));

  /** In red: that somebody has named the user, or that something was begun to be written. */
  const call = computed(() => {
    if (row().conversation.mentioned_seq !== undefined) return t('list.mentioned');
    return draft.value === '' ? undefined : t('list.draft');
  });

  const said = computed(() => {
    const { conversation, pending } = row();
    if (pending !== undefined) return text.summary({ content: pending.item.content });
    if (draft.value !== '' && conversation.mentioned_seq === undefined) return draft.value;
    const last = conversation.last_message;
    if (last === undefined) return t('list.noMessages');
    const { sender_id: sender, recalled } = last;
    const summary = text.summary(last);
    const named = sender !== undefined && sender !== session.user?.user_id && recalled === undefined;
    if (conversation.type !== 'group' || !named) return summary;
    return t('list.said', { name: names.inConversation(conversation, sender), text: summary });
  });

  /** Of a muted one the number stands here: its picture has a dot only. */
  const count = computed(() => {
    const { settings, conversation } = row();
    return settings.muted && conversation.unread > 1
      ? t('list.mutedCount', { count: conversation.unread })
      : undefined;
  });

  return { call, count, said };
}
