import { computed, onMounted, onUnmounted } from 'vue';
import { useClient } from '../../app/client.ts';
import { useConversations } from '../../stores/conversations.ts';

/**
 * What was begun to be written in a conversation, and telling the others that it is being written. Whoever leaves it may
 * go on at another device.
 */
export function useDraft(conversationId: string) {
  const client = useClient();
  const conversations = useConversations();

  const draft = computed(() => conversations.byId.get(conversationId)?.settings.draft ?? '');

  function saveDraft(text: string): void {
    // What is as it was is not being written.
    if (text !== draft.value) client.presence.tellTyping(conversationId, text.trim() !== '');
    client.conversations.setDraft(conversationId, text);
  }

  function flush(): void {
    client.presence.tellTyping(conversationId, false);
    client.conversations.flushDraft(conversationId);
  }

  function hidden(): void {
    if (document.visibilityState === 'hidden') flush();
  }

  onMounted(() => document.addEventListener('visibilitychange', hidden));
  // After the text box has said its last.
  onUnmounted(() => {
    document.removeEventListener('visibilitychange', hidden);
    flush();
  });

  return { draft, saveDraft };
}
