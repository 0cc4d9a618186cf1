import type { LoadState, MessageWindow, Row } from '@hongyan/sdk';
import { onScopeDispose, shallowRef } from 'vue';
import { useClient } from '../../app/client.ts';
import { perFrame } from '../../lib/per-frame.ts';
import type { LoadWhat } from './list/use-list-end.ts';

/** What is painted of a conversation at one moment. */
export interface WindowView {
  readonly rows: readonly Row[];
  readonly state: LoadState;
  readonly older: LoadState;
  readonly newer: LoadState;
  readonly atStart: boolean;
  /** The last row is the newest message. */
  readonly atEnd: boolean;
  /** Messages of others that came in behind the last row. */
  readonly missed: number;
}

/** How many messages a page has: more on a tall screen. */
function pageSize(): number {
  return window.innerHeight > 900 ? 60 : 40;
}

/** The SDK's live window of a conversation, mirrored in one shallow ref. */
export function useMessageWindow(conversationId: string) {
  const client = useClient();
  const { unread = 0, read_seq: readSeq = 0 } = client.conversations.get(conversationId) ?? {};
  const live: MessageWindow = client.messages.window(conversationId, {
    size: pageSize(),
    from: unread > 0 ? readSeq + 1 : undefined,
  });
  const read = (): WindowView => ({
    rows: live.items,
    state: live.state,
    older: live.older,
    newer: live.newer,
    atStart: live.atStart,
    atEnd: live.atEnd,
    missed: live.missed,
  });
  const view = shallowRef(read());
  live.subscribe(
    perFrame(() => {
      view.value = read();
    }),
  );
  onScopeDispose(() => live.dispose());
  /** Whoever waits for a message looks for it among the rows, which may only be due in the next frame. */
  async function painted<T>(reached: Promise<T>): Promise<T> {
    const result = await reached;
    if (view.value.rows !== live.items) view.value = read();
    return result;
  }
  return {
    view,
    load: (what: LoadWhat): void => {
      if (what === 'older') void live.loadOlder();
      else if (what === 'newer') void live.loadNewer();
      else void live.toLatest();
    },
    follow: (atEnd: boolean) => live.follow(atEnd),
    retry: () => live.retry(),
    reach: (seq: number) => painted(live.reach(seq)),
    reachTime: (timeMs: number) => painted(live.reachTime(timeMs)),
  };
}
