import type { CreateGroupResponse, ListMembersResponse, Member, Message, MessagePush } from '@hongyan/sdk';

import { type Base, call, type Person } from './people.ts';
import type { Socket } from './socket.ts';

/** A group of `owner` and the members; answers its id, which is that of its conversation. */
export async function createGroup(
  server: Base,
  owner: Person,
  members: readonly Person[],
  name = 'Team',
): Promise<string> {
  const made = await call<CreateGroupResponse>(server, owner, 'POST', '/v1/groups', {
    name,
    member_ids: members.map((member) => member.userId),
  });
  return made.group.group_id;
}

export function addMembers(
  server: Base,
  by: Person,
  group: string,
  users: readonly Person[],
): Promise<CreateGroupResponse> {
  return call(server, by, 'POST', `/v1/groups/${group}/members`, {
    user_ids: users.map((user) => user.userId),
  });
}

export function removeMember(server: Base, by: Person, group: string, user: Person): Promise<object> {
  return call(server, by, 'DELETE', `/v1/groups/${group}/members/${user.userId}`);
}

/** All members, by pages. */
export async function membersOf(server: Base, reader: Person, group: string, limit = 200): Promise<Member[]> {
  const members: Member[] = [];
  let cursor = '';
  do {
    const path = `/v1/groups/${group}/members?limit=${limit}&cursor=${encodeURIComponent(cursor)}`;
    const page = await call<ListMembersResponse>(server, reader, 'GET', path);
    members.push(...page.items);
    cursor = page.next_cursor ?? '';
  } while (cursor !== '');
  return members;
}

/** The code of a system line; undefined for what people say. */
export function codeOf(message: Message | undefined): string | undefined {
  return message?.content?.system?.code;
}

/** The message pushes of one conversation that this socket got, in order. */
export function pushesOf(socket: Socket, conversation: string): MessagePush[] {
  return socket.pushes<MessagePush>('message').filter((push) => push.conversation_id === conversation);
}

/** The push of this seq, already here or still to come. */
export function pushAt(socket: Socket, conversation: string, seq: number): Promise<MessagePush> {
  return socket.push<MessagePush>(
    'message',
    (push) => push.conversation_id === conversation && push.seq === seq,
  );
}
