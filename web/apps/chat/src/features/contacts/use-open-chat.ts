import { useRouter } from 'vue-router';
import { useConversations } from '../../stores/conversations.ts';

/** Goes to the 1:1 with somebody, which is made when there is none. Rejects with an ImError. */
export function useOpenChat(): (userId: string) => Promise<void> {
  const router = useRouter();
  const conversations = useConversations();
  return async (userId) => {
    const conversationId = await conversations.open(userId);
    await router.push({ name: 'chat', params: { conversationId } });
  };
}
