import { onMounted, onScopeDispose, watch } from 'vue';
import { useClient } from '../../app/client.ts';
import { attended } from '../../lib/attended.ts';

/** A message counts as read when it was in view this long. */
const IN_VIEW_MS = 500;

/**
 * Marks what is in view as read, while somebody can be looking, and takes back that it was marked as unread. `seqInView`
 * answers 0 for nothing.
 */
export function useReadMarks(conversationId: () => string, seqInView: () => number): void {
  const client = useClient();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function check(): void {
    clearTimeout(timer);
    if (!attended()) return;
    timer = setTimeout(() => {
      if (attended()) client.receipts.markRead(conversationId(), seqInView());
    }, IN_VIEW_MS);
  }

  watch([conversationId, seqInView], check, { immediate: true });
  onMounted(() => {
    window.addEventListener('focus', check);
    document.addEventListener('visibilitychange', check);
  });
  onScopeDispose(() => {
    clearTimeout(timer);
    window.removeEventListener('focus', check);
    document.removeEventListener('visibilitychange', check);
  });
}
