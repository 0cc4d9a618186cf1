import type { ErrorCode } from '../errors.ts';
import { type JsonObject, optionalNumber, optionalString, stringAt } from '../json.ts';
import type {
  Conversation,
  Group,
  GroupNotice,
  GroupRole,
  JoinMode,
  JoinRequestState,
  Member,
} from '../types.ts';
import type { Moves } from './room.ts';

/** Users are told apart by id; what is answered is data of the rpc. `refuse` never answers. */
export interface GroupsDoubleHost {
  readonly now: () => number;
  readonly nextId: () => string;
  readonly refuse: (code: ErrorCode) => never;
  readonly exists: (userId: string) => boolean;
  readonly profile: (userId: string) => object;
  /** Says a line of the server's own in the conversation; who is named comes in before it, or goes out behind it. */
  readonly line: (
    group: string,
    code: string,
    params: Readonly<Record<string, string>>,
    moves?: Moves,
  ) => void;
  readonly tell: (userId: string, key: string, state: object) => void;
}

interface Kept {
  group: Group;
  /** The newest first. */
  readonly notices: GroupNotice[];
  readonly members: Map<string, Member>;
  readonly requests: Map<string, { user_id: string; message: string; time_ms: number }>;
  readonly invites: Map<string, { invite_id: string; created_by: string; token: string }>;
}

/** Pages of two, so that paging is always part of the test. */
const PAGE = 2;
const RANKS: readonly GroupRole[] = ['member', 'admin', 'owner'];
const INVITE_MS = 7 * 24 * 3_600_000;

/** The rules of groups in memory: part of ServerDouble. */
export class GroupsDouble {
  maxMembers = 10;
  private readonly host: GroupsDoubleHost;
  private readonly groups = new Map<string, Kept>();

  constructor(host: GroupsDoubleHost) {
    this.host = host;
  }

  /** What a conversation says of it to one of its members, or to a former one. */
  view(id: string, me: string): Partial<Conversation> {
    const kept = this.groups.get(id);
    if (kept === undefined) return {};
    const member = kept.members.get(me);
    return {
      title: kept.group.name,
      state: kept.group.state,
      group_version: kept.group.group_version,
      ...(member === undefined ? {} : { my_role: member.role }),
      ...(member?.muted_until_ms === undefined ? {} : { muted_until_ms: member.muted_until_ms }),
    };
  }

  /** Refuses who may not write there. */
  checkSend(id: string, me: string): void {
    const kept = this.groups.get(id);
    if (kept === undefined) return;
    const member = this.usable(kept, me);
    if ((member.muted_until_ms ?? 0) > this.host.now()) this.host.refuse('muted');
    if (kept.group.mute_all && member.role === 'member') this.host.refuse('all_muted');
  }

  /** Undefined for rpcs that are none of these. */
  rpc(type: string, data: JsonObject, me: string): object | undefined {
    if (!type.startsWith('group.')) return undefined;
    if (type === 'group.create') return this.create(data, me);
    if (type === 'group.preview_invite') return this.preview(stringAt(data, 'token'), me);
    const kept = this.groups.get(stringAt(data, 'group_id')) ?? this.host.refuse('not_found');
    if (type === 'group.join') return this.join(kept, data, me);
    const member = kept.members.get(me) ?? this.host.refuse('not_member');
    const other = stringAt(data, 'user_id');
    switch (type) {
      case 'group.get':
        return this.answer(kept);
      case 'group.members':
        return this.page(data, this.found(kept, stringAt(data, 'q')));
      case 'group.notices':
        return this.page(data, kept.notices);
      case 'group.requests':
        return this.page(data, [...kept.requests.values()]);
      case 'group.add_members':
        this.usable(kept, me);
        return this.add(kept, data, me);
      case 'group.remove_member':
        this.remove(kept, member, other);
        return {};
      case 'group.leave':
        this.leave(kept, me);
        return {};
      default:
        this.usable(kept, me);
        return this.command(type, kept, data, me);
    }
  }

  private command(type: string, kept: Kept, data: JsonObject, me: string): object | undefined {
    const other = stringAt(data, 'user_id');
    if (type === 'group.update_member') return this.updateMember(kept, data, me);
    if (kept.members.get(me)?.role === 'member') this.host.refuse('permission_denied');
    switch (type) {
      case 'group.update':
        return this.update(kept, data, me);
      case 'group.mute_all':
        this.change(kept, { mute_all: data['muted'] === true });
        this.host.line(this.id(kept), kept.group.mute_all ? 'all_muted' : 'all_unmuted', { by: me });
        return this.answer(kept);
      case 'group.transfer':
        this.setRole(kept, me, 'member');
        this.setRole(kept, other, 'owner');
        this.change(kept, { owner_id: other });
        this.host.line(this.id(kept), 'owner_changed', { by: me, user_id: other });
        return this.answer(kept);
      case 'group.dissolve':
        this.change(kept, { state: 'dissolved' });
        this.host.line(this.id(kept), 'group_dissolved', { by: me });
        return {};
      case 'group.create_notice':
        return this.announce(kept, stringAt(data, 'text'), me);
      case 'group.create_invite':
        return this.invite(kept, me);
      case 'group.invites':
        return { items: [...kept.invites.values()].map((one) => this.inviteOf(kept, one)) };
      case 'group.revoke_invite':
        kept.invites.delete(stringAt(data, 'invite_id'));
        return {};
      case 'group.accept':
        kept.requests.delete(other);
        this.enter(kept, [other], 'member_joined', { user_id: other, by: me });
        this.tellRequest(kept, other, 'accepted');
        return this.answer(kept);
      case 'group.reject':
        kept.requests.delete(other);
        this.tellRequest(kept, other, 'rejected');
        return {};
      default:
        return undefined;
    }
  }

  private create(data: JsonObject, me: string): object {
    const id = `g${this.host.nextId()}`;
    const name = stringAt(data, 'name');
    const kept: Kept = {
      group: {
        group_id: id,
        name,
        avatar: '',
        state: 'normal',
        owner_id: me,
        member_count: 0,
        max_members: this.maxMembers,
        mute_all: false,
        group_version: 0,
        join_mode: 'invite',
        avatar_user_ids: [],
      },
      notices: [],
      members: new Map(),
      requests: new Map(),
      invites: new Map(),
    };
    this.groups.set(id, kept);
    const { wanted, failed } = this.sort(
      kept,
      strings(data, 'member_ids').filter((other) => other !== me),
    );
    const all = [me, ...wanted];
    this.enter(kept, all, 'group_created', { by: me, name, user_ids: all.join(',') });
    this.setRole(kept, me, 'owner');
    return { ...this.answer(kept), failed };
  }

  private add(kept: Kept, data: JsonObject, me: string): object {
    const { wanted, failed } = this.sort(kept, strings(data, 'user_ids'));
    if (wanted.length > 0) this.enter(kept, wanted, 'member_added', { by: me, user_ids: wanted.join(',') });
    return { ...this.answer(kept), failed };
  }

  /** Who can come in, and why the others cannot. */
  private sort(kept: Kept, ids: readonly string[]): { wanted: string[]; failed: object[] } {
    const wanted: string[] = [];
    const failed: object[] = [];
    for (const id of new Set(ids)) {
      if (!this.host.exists(id)) failed.push({ user_id: id, code: 'not_found' });
      else if (kept.members.has(id)) failed.push({ user_id: id, code: 'already_exists' });
      else if (kept.members.size + wanted.length + 1 >= this.maxMembers)
        failed.push({ user_id: id, code: 'group_full' });
      else wanted.push(id);
    }
    return { wanted, failed };
  }

  private enter(kept: Kept, ids: readonly string[], code: string, params: Record<string, string>): void {
    for (const id of ids) {
      const joined = { joined_ms: this.host.now(), nickname: '' };
      kept.members.set(id, { user_id: id, role: 'member', ...joined });
    }
    this.change(kept, { member_count: kept.members.size });
    this.host.line(this.id(kept), code, params, { join: ids });
    for (const id of ids)
      this.host.tell(id, this.id(kept), { group: { group_id: this.id(kept), joined: true } });
  }

  private remove(kept: Kept, actor: Member, other: string): void {
    const target = kept.members.get(other);
    if (target === undefined) return;
    if (RANKS.indexOf(actor.role) <= RANKS.indexOf(target.role)) this.host.refuse('permission_denied');
    this.exit(kept, other, 'member_removed', { by: actor.user_id, user_id: other });
  }

  private leave(kept: Kept, me: string): void {
    this.exit(kept, me, 'member_left', { user_id: me });
    const [next] = kept.members.keys();
    if (kept.group.owner_id === me && next !== undefined) {
      this.change(kept, { owner_id: next });
      this.setRole(kept, next, 'owner');
    }
  }

  private exit(kept: Kept, id: string, code: string, params: Record<string, string>): void {
    kept.members.delete(id);
    this.change(kept, { member_count: kept.members.size });
    this.host.line(this.id(kept), code, params, { leave: [id] });
  }

  private update(kept: Kept, data: JsonObject, me: string): object {
    const name = optionalString(data, 'name');
    const mode = optionalString(data, 'join_mode') as JoinMode | undefined;
    if (name !== undefined) {
      this.change(kept, { name });
      this.host.line(this.id(kept), 'group_renamed', { by: me, name });
    }
    if (mode !== undefined) {
      this.change(kept, { join_mode: mode });
      this.host.line(this.id(kept), 'join_mode_changed', { by: me, join_mode: mode });
    }
    return this.answer(kept);
  }

  private updateMember(kept: Kept, data: JsonObject, me: string): object {
    const other = stringAt(data, 'user_id');
    const before = kept.members.get(other) ?? this.host.refuse('not_found');
    const params = { by: me, user_id: other };
    const role = optionalString(data, 'role') as GroupRole | undefined;
    const until = optionalNumber(data, 'muted_until_ms');
    const nickname = optionalString(data, 'nickname');
    const { muted_until_ms: mutedBefore, ...rest } = before;
    const muted = until ?? mutedBefore;
    kept.members.set(other, {
      ...rest,
      ...(role === undefined ? {} : { role }),
      ...(muted === undefined || muted === 0 ? {} : { muted_until_ms: muted }),
      ...(nickname === undefined ? {} : { nickname }),
    });
    this.change(kept, {});
    if (role !== undefined) this.host.line(this.id(kept), 'role_changed', { ...params, role });
    if (until === 0) this.host.line(this.id(kept), 'member_unmuted', params);
    else if (until !== undefined)
      this.host.line(this.id(kept), 'member_muted', { ...params, until_ms: String(until) });
    if (nickname !== undefined) this.host.line(this.id(kept), 'nickname_changed', { ...params, nickname });
    return { member: kept.members.get(other) };
  }

  private announce(kept: Kept, text: string, me: string): object {
    const notice = { notice_id: this.host.nextId(), user_id: me, text, time_ms: this.host.now() };
    kept.notices.unshift(notice);
    this.change(kept, {});
    this.host.line(this.id(kept), 'notice_changed', { by: me, notice_id: notice.notice_id, text });
    return { notice };
  }

  private invite(kept: Kept, me: string): object {
    const one = { invite_id: this.host.nextId(), created_by: me, token: `t${this.host.nextId()}` };
    kept.invites.set(one.invite_id, one);
    return { invite: this.inviteOf(kept, one), token: one.token };
  }

  private inviteOf(kept: Kept, one: { invite_id: string; created_by: string }): object {
    const [group_id, time_ms] = [this.id(kept), this.host.now()];
    const { invite_id, created_by } = one;
    return {
      invite_id,
      created_by,
      group_id,
      time_ms,
      expires_ms: time_ms + INVITE_MS,
      max_uses: 0,
      uses: 0,
    };
  }

  private invitedBy(token: string): { kept: Kept; by: string } | undefined {
    for (const kept of this.groups.values()) {
      for (const one of kept.invites.values()) if (one.token === token) return { kept, by: one.created_by };
    }
    return undefined;
  }

  private preview(token: string, me: string): object {
    const { kept, by } = this.invitedBy(token) ?? this.host.refuse('not_found');
    const { group_id, name, avatar, member_count } = kept.group;
    const expires_ms = this.host.now() + INVITE_MS;
    const joined = kept.members.has(me);
    return { group_id, name, avatar, member_count, invited_by: this.host.profile(by), expires_ms, joined };
  }

  private join(kept: Kept, data: JsonObject, me: string): object {
    const by = this.invitedBy(stringAt(data, 'token'))?.by;
    if (by !== undefined || kept.group.join_mode === 'open') {
      this.enter(kept, [me], 'member_joined', { user_id: me, ...(by === undefined ? {} : { by }) });
      return { ...this.answer(kept), pending: false };
    }
    if (kept.group.join_mode === 'invite') this.host.refuse('not_found');
    const request = { user_id: me, message: stringAt(data, 'message'), time_ms: this.host.now() };
    kept.requests.set(me, request);
    this.tellRequest(kept, me, 'pending');
    return { pending: true };
  }

  private tellRequest(kept: Kept, userId: string, state: JoinRequestState): void {
    const leaders = [...kept.members.values()].filter((m) => m.role !== 'member').map((m) => m.user_id);
    for (const to of new Set([userId, ...leaders]))
      this.host.tell(to, `${this.id(kept)}/${userId}`, {
        join_request: { group_id: this.id(kept), user_id: userId, state },
      });
  }

  private page<T extends { user_id: string }>(data: JsonObject, items: readonly T[]): object {
    const from = Number(stringAt(data, 'cursor') || '0');
    const shown = items.slice(from, from + PAGE);
    const more = from + PAGE < items.length ? { next_cursor: String(from + PAGE) } : {};
    return { items: shown, users: shown.map((item) => this.host.profile(item.user_id)), ...more };
  }

  private found(kept: Kept, q: string): Member[] {
    return [...kept.members.values()]
      .filter((member) => q === '' || JSON.stringify(this.host.profile(member.user_id)).includes(q))
      .sort((a, b) => RANKS.indexOf(b.role) - RANKS.indexOf(a.role));
  }

  private usable(kept: Kept, me: string): Member {
    if (kept.group.state === 'dissolved') this.host.refuse('group_dissolved');
    return kept.members.get(me) ?? this.host.refuse('not_member');
  }

  private setRole(kept: Kept, id: string, role: GroupRole): void {
    const member = kept.members.get(id);
    if (member !== undefined) kept.members.set(id, { ...member, role });
  }

  private change(kept: Kept, what: Partial<Group>): void {
    kept.group = { ...kept.group, ...what, group_version: kept.group.group_version + 1 };
  }

  private answer(kept: Kept): object {
    const [notice] = kept.notices;
    return { group: { ...kept.group, ...(notice === undefined || notice.text === '' ? {} : { notice }) } };
  }

  private id(kept: Kept): string {
    return kept.group.group_id;
  }
}

function strings(data: JsonObject, key: string): string[] {
  const list = data[key];
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
}
