import type { Conversation } from '@hongyan/sdk';
import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { useNames } from '../../lib/names.ts';
import { useSession } from '../../stores/session.ts';

/** Of the title of what is sent on as one. */
const MOST_BYTES = 200;

/** As much of a text as fits, whole characters. */
export function cutToBytes(text: string, most: number): string {
  let bytes = 0;
  let cut = '';
  for (const character of text) {
    bytes += new TextEncoder().encode(character).length;
    if (bytes > most) break;
    cut += character;
  }
  return cut;
}

/** What messages are called that are sent on as one. Everybody reads it: no remark of the user's is in it. */
export function useMergedTitle(from: () => Conversation) {
  const { t } = useI18n();
  const names = useNames();
  const session = useSession();

  return computed(() => {
    const { type, conversation_id: id, peer_user_id: peer = '' } = from();
    const one = session.user?.nickname ?? '';
    if (type === 'group') return t('message.merged.ofGroup');
    const other = names.publicIn(id, peer);
    const title = type === 'self' || other === '' ? 'ofSelf' : 'ofDirect';
    return cutToBytes(t(`message.merged.${title}`, { one, other }), MOST_BYTES);
  });
}
