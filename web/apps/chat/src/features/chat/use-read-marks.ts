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
  /** The chat that is looked at, while the timer runs. */
  let lookedAt: string | undefined;

  function look(): void {
    const id = conversationId();
    // What comes meanwhile waits for the next look: in a busy chat there is no pause to wait for.
    if (lookedAt === id && attended()) return;
    rest();
    if (!attended()) return;
    const began = seqInView();
    lookedAt = id;
    timer = setTimeout(() => {
      rest();
      if (!attended()) return;
      const now = seqInView();
      client.receipts.markRead(id, Math.min(began, now));
      if (now !== began) look();
    }, IN_VIEW_MS);
  }

  function rest(): void {
    clearTimeout(timer);
    lookedAt = undefined;
  }

  watch([conversationId, seqInView], look, { immediate: true });
  onMounted(() => {
    window.addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
  });
  onScopeDispose(() => {
    rest();
    window.removeEventListener('focus', look);
    document.removeEventListener('visibilitychange', look);
  });
}
