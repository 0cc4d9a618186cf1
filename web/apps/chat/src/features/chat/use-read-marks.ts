import { onMounted, onScopeDispose, watch } from 'vue';
import { useClient } from '../../app/client.ts';

/** A message counts as read when it was in view this long. */
const IN_VIEW_MS = 500;

/** Whether somebody can be looking at the page. */
function attended(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}

/** Marks what is in view as read, while somebody can be looking. `seqInView` answers 0 for nothing. */
export function useReadMarks(conversationId: () => string, seqInView: () => number): void {
  const client = useClient();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function check(): void {
    clearTimeout(timer);
    if (seqInView() === 0 || !attended()) return;
    timer = setTimeout(() => {
      const seq = seqInView();
      if (seq > 0 && attended()) client.receipts.markRead(conversationId(), seq);
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
