// Outside JSON -> the shapes of types.ts. The counters decide what is applied and what is painted, so they are
// read with care here, once, and trusted everywhere else.

import {
  type JsonObject,
  isObject,
  numberAt,
  objectAt,
  objectsAt,
  optionalNumber,
  optionalString,
  stringAt,
  stringsAt,
} from './json.ts';
import type {
  AnyContent,
  ChangeKind,
  Conversation,
  ConversationId,
  ConversationSettings,
  ConversationSettingsEvent,
  ConversationState,
  ConversationType,
  GapPush,
  GroupRole,
  Head,
  KickedPush,
  KickReason,
  ListMessagesResponse,
  MergedContent,
  Message,
  MessagePush,
  Quote,
  Reaction,
  ReadPush,
  ReadyFrame,
  UserId,
} from './types.ts';

function decodeContent(from: unknown): AnyContent | undefined {
  if (!isObject(from)) return undefined;
  const { text, system, merged } = from;
  if (isObject(text)) return { text: { text: stringAt(text, 'text') } };
  if (isObject(merged)) return { merged: decodeMerged(merged) };
  if (!isObject(system)) return {};
  const params = Object.entries(objectAt(system, 'params')).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return { system: { code: stringAt(system, 'code'), params: Object.fromEntries(params) } };
}

function decodeMerged(from: JsonObject): MergedContent {
  const items = objectsAt(from, 'items').map((item) => {
    const content = decodeContent(item['content']);
    return {
      sender_id: stringAt(item, 'sender_id'),
      time_ms: numberAt(item, 'time_ms'),
      ...(content === undefined ? {} : { content }),
    };
  });
  return { title: stringAt(from, 'title'), items };
}

/** What was told of a change: enough to apply it. */
export interface ToldChange {
  readonly conversation_id: string;
  readonly change: number;
  readonly kind: ChangeKind;
  readonly by: UserId;
  readonly emoji?: string;
  readonly added: boolean;
  /** After it, without the user's own reactions. */
  readonly message: Message;
}

/** An answer of message.changes. */
export interface ChangesPage {
  readonly items: readonly Message[];
  readonly upTo: number;
  readonly reset?: Head;
}

function decodeQuote(from: unknown): Quote | undefined {
  if (!isObject(from)) return undefined;
  const content = decodeContent(from['content']);
  return {
    seq: numberAt(from, 'seq'),
    sender_id: stringAt(from, 'sender_id'),
    ...(content === undefined ? {} : { content }),
  };
}

function decodeReaction(from: JsonObject): Reaction {
  return {
    emoji: stringAt(from, 'emoji'),
    count: numberAt(from, 'count'),
    user_ids: stringsAt(from, 'user_ids'),
  };
}

/** What a message has only when something was done with it. */
function decodeMarks(
  from: JsonObject,
): Pick<Message, 'quote' | 'mentions' | 'edited_ms' | 'recalled' | 'reactions' | 'mine' | 'pinned'> {
  const quote = decodeQuote(from['quote']);
  const mentions = from['mentions'];
  const edited = optionalNumber(from, 'edited_ms');
  const recalled = from['recalled'];
  const reactions = objectsAt(from, 'reactions').map(decodeReaction);
  const mine = stringsAt(from, 'mine');
  return {
    ...(quote === undefined ? {} : { quote }),
    ...(isObject(mentions)
      ? { mentions: { user_ids: stringsAt(mentions, 'user_ids'), all: mentions['all'] === true } }
      : {}),
    ...(edited === undefined ? {} : { edited_ms: edited }),
    ...(isObject(recalled)
      ? { recalled: { by: stringAt(recalled, 'by'), time_ms: numberAt(recalled, 'time_ms') } }
      : {}),
    ...(reactions.length === 0 ? {} : { reactions }),
    ...(mine.length === 0 ? {} : { mine }),
    ...(from['pinned'] === true ? { pinned: true } : {}),
  };
}

/** Undefined when the ids or the seq are missing: such a message has no place to be put. */
export function decodeMessage(from: unknown): Message | undefined {
  if (!isObject(from)) return undefined;
  const seq = numberAt(from, 'seq');
  const conversation = stringAt(from, 'conversation_id');
  if (seq < 1 || conversation === '') return undefined;
  const content = decodeContent(from['content']);
  const sender = optionalString(from, 'sender_id');
  return {
    message_id: stringAt(from, 'message_id'),
    conversation_id: conversation,
    seq,
    ...(sender === undefined ? {} : { sender_id: sender }),
    client_msg_id: stringAt(from, 'client_msg_id'),
    time_ms: numberAt(from, 'time_ms'),
    ...(content === undefined ? {} : { content }),
    change: numberAt(from, 'change'),
    ...decodeMarks(from),
  };
}

export function decodeMessages(from: JsonObject, key: string): Message[] {
  return objectsAt(from, key)
    .map(decodeMessage)
    .filter((m) => m !== undefined);
}

/** Undefined when there is no id. */
export function decodeConversation(from: unknown): Conversation | undefined {
  if (!isObject(from)) return undefined;
  const id = stringAt(from, 'conversation_id');
  if (id === '') return undefined;
  const peer = optionalString(from, 'peer_user_id');
  const peerRead = optionalNumber(from, 'peer_read_seq');
  const peerDelivered = optionalNumber(from, 'peer_delivered_seq');
  const mentioned = optionalNumber(from, 'mentioned_seq');
  const last = decodeMessage(from['last_message']);
  return {
    conversation_id: id,
    type: (optionalString(from, 'type') ?? 'direct') as ConversationType,
    title: stringAt(from, 'title'),
    avatar: stringAt(from, 'avatar'),
    ...(peer === undefined ? {} : { peer_user_id: peer }),
    state: (optionalString(from, 'state') ?? 'normal') as ConversationState,
    seq: numberAt(from, 'seq'),
    change: numberAt(from, 'change'),
    floor_seq: numberAt(from, 'floor_seq'),
    read_seq: numberAt(from, 'read_seq'),
    ...(peerRead === undefined ? {} : { peer_read_seq: peerRead }),
    ...(peerDelivered === undefined ? {} : { peer_delivered_seq: peerDelivered }),
    unread: numberAt(from, 'unread'),
    ...(mentioned === undefined ? {} : { mentioned_seq: mentioned }),
    settings: decodeSettings(objectAt(from, 'settings')),
    ...(last === undefined ? {} : { last_message: last }),
    ...decodeGroupPlace(from),
  };
}

function decodeSettings(from: JsonObject): ConversationSettings {
  return {
    pinned: from['pinned'] === true,
    muted: from['muted'] === true,
    marked_unread: from['marked_unread'] === true,
    hidden: from['hidden'] === true,
    draft: stringAt(from, 'draft'),
  };
}

/** Undefined when there is no id. */
export function decodeSettingsEvent(from: JsonObject): ConversationSettingsEvent | undefined {
  const id = stringAt(from, 'conversation_id');
  if (id === '') return undefined;
  const { pinned, muted, marked_unread, draft } = decodeSettings(from);
  const hidden = optionalNumber(from, 'hidden_up_to_seq');
  return {
    conversation_id: id,
    pinned,
    muted,
    marked_unread,
    draft,
    ...(hidden === undefined ? {} : { hidden_up_to_seq: hidden }),
  };
}

/** What a conversation says of the reader's place in a group. */
function decodeGroupPlace(
  from: JsonObject,
): Pick<Conversation, 'my_role' | 'muted_until_ms' | 'joined_seq' | 'group_version' | 'avatar_user_ids'> {
  const role = optionalString(from, 'my_role');
  const muted = optionalNumber(from, 'muted_until_ms');
  const joined = optionalNumber(from, 'joined_seq');
  const version = optionalNumber(from, 'group_version');
  return {
    avatar_user_ids: stringsAt(from, 'avatar_user_ids'),
    ...(role === undefined ? {} : { my_role: role as GroupRole }),
    ...(muted === undefined ? {} : { muted_until_ms: muted }),
    ...(joined === undefined ? {} : { joined_seq: joined }),
    ...(version === undefined ? {} : { group_version: version }),
  };
}

export function decodeConversationPage(from: unknown): { items: Conversation[]; next?: string } {
  if (!isObject(from)) return { items: [] };
  const items = objectsAt(from, 'items')
    .map(decodeConversation)
    .filter((c) => c !== undefined);
  const next = optionalString(from, 'next_cursor');
  return next === undefined || next === '' ? { items } : { items, next };
}

/** What an answer of sync.pull says of conversations. */
export interface MovedPage {
  readonly conversations: readonly Conversation[];
  readonly gone: readonly ConversationId[];
  readonly since: string;
  readonly next?: string;
}

export function decodeMovedPage(from: JsonObject): MovedPage {
  const { items, next } = decodeConversationPage({ ...from, items: from['conversations'] });
  const gone = objectsAt(from, 'gone').map((left) => stringAt(left, 'conversation_id'));
  return {
    conversations: items,
    gone,
    since: stringAt(from, 'since'),
    ...(next === undefined ? {} : { next }),
  };
}

export function decodeMessagePage(from: unknown): ListMessagesResponse {
  const page = isObject(from) ? from : {};
  const head = objectAt(page, 'head');
  return {
    items: decodeMessages(page, 'items'),
    from_seq: numberAt(page, 'from_seq'),
    to_seq: numberAt(page, 'to_seq'),
    has_more_before: page['has_more_before'] === true,
    has_more_after: page['has_more_after'] === true,
    head: { seq: numberAt(head, 'seq'), change: numberAt(head, 'change') },
    floor_seq: numberAt(page, 'floor_seq'),
  };
}

export function decodeReady(from: JsonObject): ReadyFrame {
  const limits = from['limits'];
  return {
    user_id: stringAt(from, 'user_id'),
    device_id: stringAt(from, 'device_id'),
    session_id: stringAt(from, 'session_id'),
    epoch: stringAt(from, 'epoch'),
    server_time_ms: numberAt(from, 'server_time_ms'),
    heartbeat_ms: numberAt(from, 'heartbeat_ms'),
    ...(isObject(limits)
      ? {
          limits: {
            max_content_bytes: numberAt(limits, 'max_content_bytes'),
            max_frame_bytes: numberAt(limits, 'max_frame_bytes'),
            max_outstanding: numberAt(limits, 'max_outstanding'),
          },
        }
      : {}),
    features: stringsAt(from, 'features'),
    user_version: numberAt(from, 'user_version'),
  };
}

export function decodeMessagePush(from: JsonObject): MessagePush | undefined {
  const message = decodeMessage(from['message']);
  if (message === undefined) return undefined;
  return {
    conversation_id: message.conversation_id,
    seq: message.seq,
    change: numberAt(from, 'change'),
    message,
  };
}

/** Undefined when it does not say which message has become what: such a change is pulled. */
export function decodeChangePush(from: JsonObject): ToldChange | undefined {
  const message = decodeMessage(from['message']);
  const change = numberAt(from, 'change');
  if (message === undefined || change < 1) return undefined;
  const emoji = optionalString(from, 'emoji');
  return {
    conversation_id: message.conversation_id,
    change,
    kind: (optionalString(from, 'kind') ?? 'edit') as ChangeKind,
    by: stringAt(from, 'by'),
    ...(emoji === undefined ? {} : { emoji }),
    added: from['added'] === true,
    message,
  };
}

export function decodeChangesPage(from: JsonObject): ChangesPage {
  const reset = from['reset'];
  return {
    items: decodeMessages(from, 'items'),
    upTo: numberAt(from, 'up_to_change'),
    ...(isObject(reset) ? { reset: { seq: numberAt(reset, 'seq'), change: numberAt(reset, 'change') } } : {}),
  };
}

/** Of `delivered` too, which looks the same. */
export function decodeReadPush(from: JsonObject): ReadPush {
  return {
    conversation_id: stringAt(from, 'conversation_id'),
    user_id: stringAt(from, 'user_id'),
    seq: numberAt(from, 'seq'),
  };
}

export function decodeGapPush(from: JsonObject): GapPush {
  const conversations = objectsAt(from, 'conversations').map((c) => ({
    conversation_id: stringAt(c, 'conversation_id'),
    seq: numberAt(c, 'seq'),
    change: numberAt(c, 'change'),
  }));
  return { conversations, ...(from['all'] === true ? { all: true } : {}) };
}

export function decodeKicked(from: JsonObject): KickedPush {
  const device = optionalString(from, 'device');
  return {
    reason: (optionalString(from, 'reason') ?? 'revoked') as KickReason,
    ...(device === undefined ? {} : { device }),
  };
}
