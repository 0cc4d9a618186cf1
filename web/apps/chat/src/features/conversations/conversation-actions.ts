import type { ListRow } from '../../stores/conversations.ts';

/** What can be done with a conversation in the list, by what it is now. */
export type ConversationAction =
  'pin' | 'unpin' | 'mute' | 'unmute' | 'markUnread' | 'markRead' | 'hide' | 'clear';

/** In the order of the menu; what does not apply is not there. */
export function actionsFor({ conversation, settings }: ListRow): ConversationAction[] {
  const unread = conversation.unread > 0 || settings.marked_unread;
  return [
    settings.pinned ? 'unpin' : 'pin',
    unread ? 'markRead' : 'markUnread',
    settings.muted ? 'unmute' : 'mute',
    'hide',
    ...(conversation.last_message === undefined ? [] : (['clear'] as const)),
  ];
}
