import type { Conversation, Group, GroupRole, Member } from '@hongyan/sdk';

const RANKS: readonly GroupRole[] = ['member', 'admin', 'owner'];

/** What the user may do in a group. What is not in it is not drawn. */
export interface Rights {
  /** Is in it, and it goes on. */
  readonly takesPart: boolean;
  /** The owner and admins: name, notice, who may come in, who may write. */
  readonly leads: boolean;
  readonly owns: boolean;
  /** May make links by which others come in. */
  readonly invites: boolean;
}

export function rightsIn(conversation: Conversation | undefined, group: Group | undefined): Rights {
  const role = conversation?.my_role;
  const takesPart = role !== undefined && conversation?.state === 'normal';
  const leads = takesPart && role !== 'member';
  return {
    takesPart,
    leads,
    owns: takesPart && role === 'owner',
    invites: leads || (takesPart && group?.join_mode === 'open'),
  };
}

/** Nobody acts on an equal or higher role; members act on nobody. */
export function outranks(role: GroupRole | undefined, other: GroupRole): boolean {
  return role !== undefined && role !== 'member' && RANKS.indexOf(role) > RANKS.indexOf(other);
}

export type MemberAction = 'makeAdmin' | 'revokeAdmin' | 'transfer' | 'mute' | 'unmute' | 'remove';

/** What the user may do about a member: nobody acts on an equal or higher role. */
export function actionsOn(
  member: Member,
  rights: Rights,
  role: GroupRole | undefined,
  nowMs: number,
): MemberAction[] {
  if (!rights.leads || !outranks(role, member.role)) return [];
  const actions: MemberAction[] = [];
  if (rights.owns) actions.push(member.role === 'admin' ? 'revokeAdmin' : 'makeAdmin', 'transfer');
  actions.push(isMuted(member, nowMs) ? 'unmute' : 'mute', 'remove');
  return actions;
}

export function isMuted(member: Member, nowMs: number): boolean {
  return (member.muted_until_ms ?? 0) > nowMs;
}

/** Why the user may not write in a group. */
export type Silence =
  | { readonly why: 'dissolved' | 'disabled' | 'removed' | 'left' | 'notMember' | 'allMuted' }
  | { readonly why: 'muted'; readonly untilMs: number };

/** Undefined where the user may write. */
export function silenceIn(
  conversation: Conversation,
  group: Group | undefined,
  me: string | undefined,
  nowMs: number,
): Silence | undefined {
  if (conversation.type !== 'group') return undefined;
  if (conversation.my_role === undefined) return { why: departure(conversation, me) };
  if (conversation.state !== 'normal') return { why: conversation.state };
  const untilMs = conversation.muted_until_ms ?? 0;
  if (untilMs > nowMs) return { why: 'muted', untilMs };
  return group?.mute_all === true && conversation.my_role === 'member' ? { why: 'allMuted' } : undefined;
}

/** The last line a former member sees says how they went. */
function departure(
  { last_message: last }: Conversation,
  me: string | undefined,
): 'removed' | 'left' | 'notMember' {
  const line = last?.content?.system;
  if (line?.params['user_id'] !== me) return 'notMember';
  if (line?.code === 'member_removed') return 'removed';
  return line?.code === 'member_left' ? 'left' : 'notMember';
}
