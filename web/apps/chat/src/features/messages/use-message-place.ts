import type { Conversation, Row } from '@hongyan/sdk';
import { useClient } from '../../app/client.ts';
import { useGroups } from '../../stores/groups.ts';
import { useSession } from '../../stores/session.ts';
import type { MessagePlace } from './message-actions.ts';

export interface PlaceHost {
  readonly conversation: () => Conversation | undefined;
  /** There is a text box. */
  readonly mayWrite: () => boolean;
}

/** Where a message stands for the user, now. */
export function useMessagePlace({ conversation, mayWrite }: PlaceHost) {
  const client = useClient();
  const session = useSession();
  const groups = useGroups();

  return (row: Row): MessagePlace | undefined => {
    const of = conversation();
    if (of === undefined) return undefined;
    const view = groups.view(of.conversation_id);
    // Who has left since is below everybody.
    const gone = view?.complete === true ? 'member' : undefined;
    return {
      conversation: of,
      me: session.user?.user_id,
      mayWrite: mayWrite(),
      senderRole: view?.members.get(row.senderId)?.role ?? gone,
      nowMs: client.serverNow(),
    };
  };
}
