// Groups and their members out of JSON from outside, read with the same care as decode.ts.

import {
  isObject,
  type JsonObject,
  numberAt,
  objectsAt,
  optionalNumber,
  optionalString,
  stringAt,
  stringsAt,
} from '../json.ts';
import { decodeUserName } from '../people/decode-people.ts';
import type {
  ConversationState,
  Group,
  GroupNotice,
  GroupRole,
  JoinMode,
  JoinRequest,
  Member,
  UserName,
} from '../types.ts';

/** A page of a list of members, or of those who want to be. */
export interface MembersPage<T> {
  readonly items: readonly T[];
  readonly names: readonly UserName[];
  readonly next?: string;
}

/** Undefined when there is no id. */
export function decodeGroup(from: unknown): Group | undefined {
  if (!isObject(from)) return undefined;
  const id = stringAt(from, 'group_id');
  if (id === '') return undefined;
  const notice = decodeNotice(from['notice']);
  return {
    group_id: id,
    name: stringAt(from, 'name'),
    avatar: stringAt(from, 'avatar'),
    state: (optionalString(from, 'state') ?? 'normal') as ConversationState,
    owner_id: stringAt(from, 'owner_id'),
    member_count: numberAt(from, 'member_count'),
    max_members: numberAt(from, 'max_members'),
    mute_all: from['mute_all'] === true,
    group_version: numberAt(from, 'group_version'),
    join_mode: (optionalString(from, 'join_mode') ?? 'invite') as JoinMode,
    avatar_user_ids: stringsAt(from, 'avatar_user_ids'),
    ...(notice === undefined ? {} : { notice }),
  };
}

/** Undefined when there is none, or it was taken down. */
function decodeNotice(from: unknown): GroupNotice | undefined {
  if (!isObject(from)) return undefined;
  const text = stringAt(from, 'text');
  if (text === '') return undefined;
  return {
    notice_id: stringAt(from, 'notice_id'),
    user_id: stringAt(from, 'user_id'),
    text,
    time_ms: numberAt(from, 'time_ms'),
  };
}

/** Undefined when there is no id. */
export function decodeMember(from: JsonObject): Member | undefined {
  const id = stringAt(from, 'user_id');
  if (id === '') return undefined;
  const muted = optionalNumber(from, 'muted_until_ms');
  const invitedBy = optionalString(from, 'invited_by');
  return {
    user_id: id,
    role: (optionalString(from, 'role') ?? 'member') as GroupRole,
    ...(muted === undefined ? {} : { muted_until_ms: muted }),
    joined_ms: numberAt(from, 'joined_ms'),
    ...(invitedBy === undefined ? {} : { invited_by: invitedBy }),
    nickname: stringAt(from, 'nickname'),
  };
}

/** Undefined when there is no id. */
export function decodeJoinRequest(from: JsonObject): JoinRequest | undefined {
  const id = stringAt(from, 'user_id');
  if (id === '') return undefined;
  return { user_id: id, message: stringAt(from, 'message'), time_ms: numberAt(from, 'time_ms') };
}

export function decodeMembersPage<T>(
  from: unknown,
  decode: (item: JsonObject) => T | undefined,
): MembersPage<T> {
  const page = isObject(from) ? from : {};
  const next = optionalString(page, 'next_cursor');
  return {
    items: objectsAt(page, 'items')
      .map(decode)
      .filter((item) => item !== undefined),
    names: objectsAt(page, 'users')
      .map(decodeUserName)
      .filter((name) => name !== undefined),
    ...(next === undefined || next === '' ? {} : { next }),
  };
}
