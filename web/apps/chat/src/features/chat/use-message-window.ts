import type { LoadState, MessageWindow, Row } from '@hongyan/sdk';
import { onScopeDispose, shallowRef } from 'vue';
import { useClient } from '../../app/client.ts';

/** What is painted of a conversation at one moment. */
export interface WindowView {
  readonly rows: readonly Row[];
  readonly state: LoadState;
  readonly older: LoadState;
  readonly atStart: boolean;
}

/** How many messages a page has: more on a tall screen. */
function pageSize(): number {
  return window.innerHeight > 900 ? 60 : 40;
}

/** The SDK's live window of a conversation, mirrored in one shallow ref. */
export function useMessageWindow(conversationId: string) {
  const client = useClient();
  const live: MessageWindow = client.messages.window(conversationId, { size: pageSize() });
  const read = (): WindowView => ({
    rows: live.items,
    state: live.state,
    older: live.older,
    atStart: live.atStart,
  });
  const view = shallowRef(read());
  live.subscribe(() => {
    view.value = read();
  });
  onScopeDispose(() => live.dispose());
  return {
    view,
    loadOlder: () => void live.loadOlder(),
    retry: () => live.retry(),
    reach: (seq: number) => live.reach(seq),
    reachTime: (timeMs: number) => live.reachTime(timeMs),
  };
}
