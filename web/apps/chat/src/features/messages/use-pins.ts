import { onScopeDispose, shallowRef } from 'vue';
import { useClient } from '../../app/client.ts';

/** The SDK's live view of the pinned messages, mirrored in one shallow ref. */
export function usePins(conversationId: string) {
  const board = useClient().messages.pins(conversationId);
  const pins = shallowRef(board.items);
  board.subscribe(() => {
    pins.value = board.items;
  });
  onScopeDispose(() => board.dispose());
  return pins;
}
