import type { ErrorCode } from '../errors.ts';
import type { PendingMessage } from '../outbox/outbox.ts';
import type {
  AnyContent,
  ClientMsgId,
  Mentions,
  Message,
  Quote,
  Reaction,
  Recalled,
  Seq,
  UserId,
} from '../types.ts';

/** One painted message. The object stays the same as long as nothing in it changes. */
export interface Row {
  /** Stays the same from the first painting to the end: sender and client_msg_id, of a system line its place. */
  readonly key: string;
  readonly clientMsgId: ClientMsgId;
  /** Empty for a line of the server's own. */
  readonly senderId: UserId;
  /** Absent until the server has given one. */
  readonly seq?: Seq;
  readonly timeMs: number;
  readonly content: AnyContent | undefined;
  readonly status: 'received' | 'sending' | 'sent' | 'failed';
  readonly errorCode?: ErrorCode;
  /** The message it answers; without content once that was recalled. */
  readonly quote?: Quote;
  /** Whom it names. */
  readonly mentions?: Mentions;
  readonly editedMs?: number;
  readonly recalled?: Recalled;
  readonly reactions: readonly Reaction[];
  /** The user's own emojis among them. */
  readonly mine: readonly string[];
  readonly pinned: boolean;
}

export function keyOf(source: Message | PendingMessage, me: UserId): string {
  if ('item' in source) return `${me}:${source.item.client_msg_id}`;
  // Lines of the server's own were sent by nobody, under no id.
  return source.sender_id === undefined
    ? `line:${source.seq}`
    : `${source.sender_id}:${source.client_msg_id}`;
}

export function rowOf(source: Message | PendingMessage, key: string, me: UserId): Row {
  return 'item' in source ? rowOfPending(source, key, me) : rowOfMessage(source, key, me);
}

function rowOfMessage(message: Message, key: string, me: UserId): Row {
  const { quote, mentions, edited_ms: editedMs, recalled } = message;
  return {
    key,
    clientMsgId: message.client_msg_id,
    senderId: message.sender_id ?? '',
    seq: message.seq,
    timeMs: message.time_ms,
    content: message.content,
    status: message.sender_id === me ? 'sent' : 'received',
    ...(quote === undefined ? {} : { quote }),
    ...(mentions === undefined ? {} : { mentions }),
    ...(editedMs === undefined ? {} : { editedMs }),
    ...(recalled === undefined ? {} : { recalled }),
    reactions: message.reactions ?? [],
    mine: message.mine ?? [],
    pinned: message.pinned === true,
  };
}

function rowOfPending({ item, ack, errorCode }: PendingMessage, key: string, me: UserId): Row {
  return {
    key,
    clientMsgId: item.client_msg_id,
    senderId: me,
    ...(ack === undefined ? {} : { seq: ack.seq }),
    timeMs: ack?.time_ms ?? item.created_ms,
    content: item.content,
    status: ack !== undefined ? 'sent' : item.state === 'failed' ? 'failed' : 'sending',
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(item.quote === undefined ? {} : { quote: item.quote }),
    ...(item.mentions === undefined ? {} : { mentions: item.mentions }),
    reactions: [],
    mine: [],
    pinned: false,
  };
}
