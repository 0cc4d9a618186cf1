// Contacts, requests and profiles out of JSON from outside, read with the same care as decode.ts.

import {
  isObject,
  type JsonObject,
  numberAt,
  objectAt,
  objectsAt,
  optionalNumber,
  optionalString,
  stringAt,
  stringsAt,
} from '../json.ts';
import { decodeSettingsEvent } from '../decode.ts';
import type {
  Audience,
  BlockEvent,
  ClearedEvent,
  Contact,
  ContactRequest,
  ContactRequestState,
  ContactSource,
  ContactState,
  ConversationId,
  ConversationSettingsEvent,
  DeletedEvent,
  DeletionEvent,
  Export,
  ExportState,
  Settings,
  User,
  UserId,
  UserName,
} from '../types.ts';

/** One change of the user's own things; of its state only what this client keeps. */
export interface DecodedEvent {
  readonly version: number;
  readonly contact?: Contact;
  readonly request?: ContactRequest;
  readonly block?: BlockEvent;
  /** The group in which somebody has asked to be let in, or was answered. */
  readonly joinRequestOf?: ConversationId;
  /** What the user has hidden from themselves. */
  readonly cleared?: ClearedEvent;
  readonly deleted?: DeletedEvent;
  /** What the user has set for a conversation. */
  readonly settings?: ConversationSettingsEvent;
  /** What holds for all they do. */
  readonly ownSettings?: Settings;
  /** Somebody with whom there is a 1:1 has deleted their account. */
  readonly user?: User;
  /** The user's own account is to be deleted, or stays. */
  readonly deletion?: DeletionEvent;
  /** A copy of everything that is kept about the user was begun or finished. */
  readonly dataExport?: Export;
}

/** An answer of sync.pull, as far as it tells of the user's own things. */
export interface DecodedPull {
  readonly events: readonly DecodedEvent[];
  /** Where to go on from; undefined when the lists have to be read again, see `resetTo`. */
  readonly version: number;
  readonly resetTo?: number;
}

/** A page of a list of people. */
export interface PeoplePage {
  readonly items: readonly JsonObject[];
  /** The version of the profile of each person named. */
  readonly versions: ReadonlyMap<UserId, number>;
  readonly next?: string;
}

/** Undefined when there is no id. */
export function decodeContact(from: unknown): Contact | undefined {
  if (!isObject(from)) return undefined;
  const userId = stringAt(from, 'user_id');
  if (userId === '') return undefined;
  const sortKey = optionalString(from, 'sort_key');
  return {
    user_id: userId,
    remark: stringAt(from, 'remark'),
    tags: stringsAt(from, 'tags'),
    starred: from['starred'] === true,
    ...(sortKey === undefined ? {} : { sort_key: sortKey }),
    state: (optionalString(from, 'state') ?? 'friend') as ContactState,
  };
}

/** Undefined when an id is missing. */
export function decodeContactRequest(from: unknown): ContactRequest | undefined {
  if (!isObject(from)) return undefined;
  const [id, fromUser, toUser] = ['contact_request_id', 'from_user_id', 'to_user_id'].map((key) =>
    stringAt(from, key),
  );
  if (!id || !fromUser || !toUser) return undefined;
  const source = optionalString(from, 'source');
  return {
    contact_request_id: id,
    from_user_id: fromUser,
    to_user_id: toUser,
    message: stringAt(from, 'message'),
    ...(source === undefined ? {} : { source: source as ContactSource }),
    state: (optionalString(from, 'state') ?? 'pending') as ContactRequestState,
    time_ms: numberAt(from, 'time_ms'),
    expires_ms: numberAt(from, 'expires_ms'),
  };
}

/** Undefined when there is no id. */
export function decodeUser(from: unknown): User | undefined {
  if (!isObject(from)) return undefined;
  const userId = stringAt(from, 'user_id');
  if (userId === '') return undefined;
  return {
    user_id: userId,
    username: stringAt(from, 'username'),
    nickname: stringAt(from, 'nickname'),
    avatar: stringAt(from, 'avatar'),
    signature: stringAt(from, 'signature'),
    gender: stringAt(from, 'gender'),
    region: stringAt(from, 'region'),
    version: numberAt(from, 'version'),
    ...(from['deleted'] === true ? { deleted: true } : {}),
    ...(from['bot'] === true ? { bot: true } : {}),
  };
}

/** Undefined when there is no id. */
export function decodeUserName(from: unknown): UserName | undefined {
  if (!isObject(from)) return undefined;
  const userId = stringAt(from, 'user_id');
  if (userId === '') return undefined;
  return {
    user_id: userId,
    nickname: stringAt(from, 'nickname'),
    avatar: stringAt(from, 'avatar'),
    version: numberAt(from, 'version'),
    ...(from['deleted'] === true ? { deleted: true } : {}),
  };
}

export function decodePeoplePage(from: JsonObject): PeoplePage {
  const next = optionalString(from, 'next_cursor');
  return {
    items: objectsAt(from, 'items'),
    versions: new Map(
      objectsAt(from, 'users').map((user) => [stringAt(user, 'user_id'), numberAt(user, 'version')]),
    ),
    ...(next === undefined || next === '' ? {} : { next }),
  };
}

/** A kind this client does not keep, or a later one, is an event that changes nothing but the version. */
export function decodeUserEvent(from: JsonObject): DecodedEvent {
  const state = objectAt(from, 'state');
  const contact = decodeContact(state['contact']);
  const request = decodeContactRequest(state['contact_request']);
  const block = objectAt(state, 'block');
  const blockedId = stringAt(block, 'user_id');
  const groupId = stringAt(objectAt(state, 'join_request'), 'group_id');
  const cleared = placeAt(state, 'cleared', 'up_to_seq');
  const deleted = placeAt(state, 'deleted', 'seq');
  const settings = decodeSettingsEvent(objectAt(state, 'conversation'));
  const ownSettings = decodeOwnSettings(state['settings']);
  const user = decodeUser(state['user']);
  return {
    version: numberAt(from, 'version'),
    ...(contact === undefined ? {} : { contact }),
    ...(request === undefined ? {} : { request }),
    ...(blockedId === '' ? {} : { block: { user_id: blockedId, blocked: block['blocked'] === true } }),
    ...(groupId === '' ? {} : { joinRequestOf: groupId }),
    ...(cleared === undefined ? {} : { cleared: { conversation_id: cleared.id, up_to_seq: cleared.seq } }),
    ...(deleted === undefined ? {} : { deleted: { conversation_id: deleted.id, seq: deleted.seq } }),
    ...(settings === undefined ? {} : { settings }),
    ...(ownSettings === undefined ? {} : { ownSettings }),
    ...(user === undefined ? {} : { user }),
    ...decodeLeaving(state),
  };
}

/** What becomes of the account, and of a copy of what is kept about it. */
function decodeLeaving(state: JsonObject): Pick<DecodedEvent, 'deletion' | 'dataExport'> {
  const { deletion, data_export: copy } = state;
  const deletesAt = isObject(deletion) ? optionalNumber(deletion, 'deletes_at_ms') : undefined;
  return {
    ...(isObject(deletion) ? { deletion: deletesAt === undefined ? {} : { deletes_at_ms: deletesAt } } : {}),
    ...(isObject(copy) ? { dataExport: decodeExport(copy) } : {}),
  };
}

function decodeExport(from: JsonObject): Export {
  const expires = optionalNumber(from, 'expires_ms');
  return {
    export_id: stringAt(from, 'export_id'),
    state: (optionalString(from, 'state') ?? 'failed') as ExportState,
    time_ms: numberAt(from, 'time_ms'),
    ...(expires === undefined ? {} : { expires_ms: expires }),
    size: numberAt(from, 'size'),
    lines: numberAt(from, 'lines'),
  };
}

function decodeOwnSettings(from: unknown): Settings | undefined {
  if (!isObject(from)) return undefined;
  const notifications = objectAt(from, 'notifications');
  return {
    find_me: audienceAt(from, 'find_me'),
    add_me: audienceAt(from, 'add_me'),
    see_last_seen: audienceAt(from, 'see_last_seen'),
    read_receipts: from['read_receipts'] !== false,
    notifications: {
      enabled: notifications['enabled'] !== false,
      preview: notifications['preview'] !== false,
    },
  };
}

function audienceAt(from: JsonObject, key: string): Audience {
  return (optionalString(from, key) ?? 'everyone') as Audience;
}

/** A conversation and a seq in it; undefined when one of them is missing. */
function placeAt(
  state: JsonObject,
  kind: string,
  key: string,
): { readonly id: ConversationId; readonly seq: number } | undefined {
  const place = objectAt(state, kind);
  const [id, seq] = [stringAt(place, 'conversation_id'), numberAt(place, key)];
  return id === '' || seq < 1 ? undefined : { id, seq };
}

export function decodePull(from: JsonObject): DecodedPull {
  const reset = isObject(from['reset']) ? optionalNumber(from['reset'], 'version') : undefined;
  return {
    events: objectsAt(from, 'user_events').map(decodeUserEvent),
    version: numberAt(from, 'user_version'),
    ...(reset === undefined ? {} : { resetTo: reset }),
  };
}
