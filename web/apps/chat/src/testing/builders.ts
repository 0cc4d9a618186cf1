import { type Conversation, type Row, settingsOf } from '@hongyan/sdk';
import type { ListRow } from '../stores/conversations.ts';

/** One in which something was said and nothing is unread. */
const quiet = {
  conversation_id: '9',
  avatar: '',
  state: 'normal',
  seq: 1,
  change: 0,
  floor_seq: 1,
  avatar_user_ids: [],
  read_seq: 0,
  unread: 0,
} as const;

/** The 1:1 with user 2, who is called Bob. */
export function directChat(over: Partial<Conversation> = {}): Conversation {
  return { ...quiet, type: 'direct', title: 'Bob', peer_user_id: '2', ...over };
}

/** A group without a name. */
export function groupChat(over: Partial<Conversation> = {}): Conversation {
  return { ...quiet, type: 'group', title: '', ...over };
}

/** A row of the list, of the 1:1 with Bob. */
export function listRow(over: Partial<Conversation> = {}): ListRow {
  const conversation = directChat(over);
  return {
    conversation,
    settings: settingsOf(conversation),
    pending: undefined,
    hasFailed: false,
    activityMs: 0,
  };
}

/** A message of user 1 that the server has. */
export function messageRow(over: Partial<Row> = {}): Row {
  return {
    key: 'k',
    clientMsgId: 'c',
    senderId: '1',
    seq: 1,
    timeMs: 0,
    content: { text: { text: 'hi' } },
    status: 'sent',
    reactions: [],
    mine: [],
    pinned: false,
    ...over,
  };
}
