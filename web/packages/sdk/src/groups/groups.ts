import { decodeConversation } from '../decode.ts';
import type { RpcHost } from '../hosts.ts';
import type { Directory } from '../people/directory.ts';
import type { SyncEngine } from '../sync/engine.ts';
import type {
  ConversationId,
  CreateInviteResponse,
  Group,
  GroupRole,
  Invite,
  JoinGroupResponse,
  JoinMode,
  ListNoticesResponse,
  Member,
  NotAdded,
  PreviewInviteResponse,
  UserId,
} from '../types.ts';
import { decodeMember, decodeMembersPage } from './decode-groups.ts';
import { type GroupBook, type GroupView, UNKNOWN } from './group-book.ts';

/** How many are found at most. */
const FOUND = 50;
const LIST_LIMIT = 200;

/** What Groups needs of the client. */
export interface GroupsHost extends RpcHost {
  /** Of the logged-in user; undefined while nobody is. */
  readonly session: () =>
    { readonly groups: GroupBook; readonly engine: SyncEngine; readonly directory: Directory } | undefined;
}

/** What has come of bringing people in. */
export interface Brought {
  readonly group: Group;
  /** Who was not brought in, and why. */
  readonly failed: readonly NotAdded[];
}

/**
 * Groups, and what can be done with them. Commands reject with an ImError and need a connection; what they change
 * comes by a line in the conversation and `groups:changed`, here and on every device of every member.
 */
export class Groups {
  private readonly host: GroupsHost;

  constructor(host: GroupsHost) {
    this.host = host;
  }

  /** What is known of a group; only what is followed is read. */
  get(id: ConversationId): GroupView {
    return this.host.session()?.groups.get(id) ?? UNKNOWN;
  }

  /** Reads a group with its members and keeps it in step until the answered function is called. */
  follow(id: ConversationId): () => void {
    return this.host.session()?.groups.follow(id) ?? (() => undefined);
  }

  /** Tries again at once after `error`. */
  retry(id: ConversationId): void {
    this.host.session()?.groups.retry(id);
  }

  /** Members by a part of what they are called, also in pinyin; at most 50. */
  async search(id: ConversationId, q: string): Promise<readonly Member[]> {
    const answer = await this.host.request('group.members', { group_id: id, q, limit: FOUND });
    const page = decodeMembersPage(answer, decodeMember);
    this.host.session()?.directory.learn(page.names);
    return page.items;
  }

  /** The user owns it. Its conversation is known when this resolves. */
  async create(members: readonly UserId[], name = ''): Promise<Brought> {
    const made = await this.host.request('group.create', { name, member_ids: [...members] });
    await this.bring(made.group.group_id);
    return made;
  }

  async addMembers(id: ConversationId, members: readonly UserId[]): Promise<Brought> {
    return this.host.request('group.add_members', { group_id: id, user_ids: [...members] });
  }

  /** A repeat changes nothing. */
  async removeMember(id: ConversationId, userId: UserId): Promise<void> {
    await this.host.request('group.remove_member', { group_id: id, user_id: userId });
  }

  /** What is left out stays; an empty name clears it. */
  async update(id: ConversationId, change: { name?: string; join_mode?: JoinMode }): Promise<void> {
    await this.host.request('group.update', { group_id: id, ...change });
  }

  async setRole(id: ConversationId, userId: UserId, role: Exclude<GroupRole, 'owner'>): Promise<void> {
    await this.host.request('group.update_member', { group_id: id, user_id: userId, role });
  }

  /** They may not write until then; 0 lets them. */
  async mute(id: ConversationId, userId: UserId, untilMs: number): Promise<void> {
    const change = { group_id: id, user_id: userId, muted_until_ms: untilMs };
    await this.host.request('group.update_member', change);
  }

  /** What somebody is called in the group; empty for nothing else than their nickname. */
  async setNickname(id: ConversationId, userId: UserId, nickname: string): Promise<void> {
    await this.host.request('group.update_member', { group_id: id, user_id: userId, nickname });
  }

  async muteAll(id: ConversationId, muted: boolean): Promise<void> {
    await this.host.request('group.mute_all', { group_id: id, muted });
  }

  /** An empty text takes the notice down. `toAll`: it counts as a mention of everybody. */
  async announce(id: ConversationId, text: string, toAll = false): Promise<void> {
    await this.host.request('group.create_notice', { group_id: id, text, notify_all: toAll });
  }

  /** What was announced, the newest first; an empty text has taken the one before it down. `cursor`: of the page before. */
  async notices(id: ConversationId, cursor?: string): Promise<ListNoticesResponse> {
    return this.host.request('group.notices', { group_id: id, ...(cursor === undefined ? {} : { cursor }) });
  }

  async transfer(id: ConversationId, userId: UserId): Promise<void> {
    await this.host.request('group.transfer', { group_id: id, user_id: userId });
  }

  async leave(id: ConversationId): Promise<void> {
    await this.host.request('group.leave', { group_id: id });
  }

  /** Ends it for everybody. */
  async dissolve(id: ConversationId): Promise<void> {
    await this.host.request('group.dissolve', { group_id: id });
  }

  /** The token is told only here. */
  async createInvite(id: ConversationId, expiresInMs?: number): Promise<CreateInviteResponse> {
    const expiry = expiresInMs === undefined ? {} : { expires_in_ms: expiresInMs };
    return this.host.request('group.create_invite', { group_id: id, ...expiry });
  }

  /** Those that are good: all of them for the owner and admins, one's own for others. */
  async invites(id: ConversationId): Promise<readonly Invite[]> {
    return (await this.host.request('group.invites', { group_id: id, limit: LIST_LIMIT })).items;
  }

  /** A repeat changes nothing. */
  async revokeInvite(id: ConversationId, inviteId: string): Promise<void> {
    await this.host.request('group.revoke_invite', { group_id: id, invite_id: inviteId });
  }

  /** What an invite leads to. */
  async preview(token: string): Promise<PreviewInviteResponse> {
    return this.host.request('group.preview_invite', { token });
  }

  /** Comes in, or asks to be let in: `pending`. The conversation is known when this resolves with a group. */
  async join(id: ConversationId, how: { token?: string; message?: string } = {}): Promise<JoinGroupResponse> {
    const answer = await this.host.request('group.join', { group_id: id, ...how });
    if (answer.group !== undefined) await this.bring(id);
    return answer;
  }

  async accept(id: ConversationId, userId: UserId): Promise<void> {
    await this.host.request('group.accept', { group_id: id, user_id: userId });
  }

  async reject(id: ConversationId, userId: UserId): Promise<void> {
    await this.host.request('group.reject', { group_id: id, user_id: userId });
  }

  /** The conversation of a group the user has just come into, which its first line may not have brought yet. */
  private async bring(id: ConversationId): Promise<void> {
    const answer = await this.host.request('conversation.get', { conversation_id: id });
    const conversation = decodeConversation(answer.conversation);
    if (conversation !== undefined) this.host.session()?.engine.learn(conversation);
  }
}
