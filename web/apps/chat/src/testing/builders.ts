import type { Conversation } from '@hongyan/sdk';

/** The 1:1 with user 2, who is called Bob. */
export function directChat(over: Partial<Conversation> = {}): Conversation {
  return {
    conversation_id: '9',
    type: 'direct',
    title: 'Bob',
    avatar: '',
    peer_user_id: '2',
    state: 'normal',
    seq: 1,
    change: 0,
    floor_seq: 1,
    avatar_user_ids: [],
    read_seq: 0,
    unread: 0,
    ...over,
  };
}
