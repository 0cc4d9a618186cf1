import type { Conversation, Group, GroupRole, Member } from '@hongyan/sdk';
import { describe, expect, it } from 'vitest';
import { groupChat } from '../../testing/builders.ts';
import { actionsOn, rightsIn, silenceIn } from './rights.ts';

function conversation(role: GroupRole | undefined, more: Partial<Conversation> = {}): Conversation {
  return groupChat({ ...(role === undefined ? {} : { my_role: role }), ...more });
}

function group(more: Partial<Group> = {}): Group {
  return {
    group_id: '9',
    name: '',
    avatar: '',
    state: 'normal',
    owner_id: '1',
    member_count: 3,
    max_members: 10,
    mute_all: false,
    group_version: 1,
    join_mode: 'invite',
    avatar_user_ids: [],
    ...more,
  };
}

const member = (role: GroupRole, more: Partial<Member> = {}): Member => ({
  user_id: '5',
  role,
  joined_ms: 0,
  nickname: '',
  ...more,
});

describe('GR-3: what a role may do', () => {
  const on = (mine: GroupRole | undefined, theirs: Member, more: Partial<Conversation> = {}) =>
    actionsOn(theirs, rightsIn(conversation(mine, more), group()), mine, 100);

  it('about a member: nobody acts on an equal or higher role', () => {
    expect(on('owner', member('member'))).toEqual(['makeAdmin', 'transfer', 'mute', 'remove']);
    expect(on('owner', member('admin'))).toEqual(['revokeAdmin', 'transfer', 'mute', 'remove']);
    expect(on('admin', member('member'))).toEqual(['mute', 'remove']);
    expect(on('admin', member('member', { muted_until_ms: 101 }))).toEqual(['unmute', 'remove']);
    expect(on('admin', member('member', { muted_until_ms: 100 }))).toEqual(['mute', 'remove']);
    for (const theirs of ['admin', 'owner'] as const) expect(on('admin', member(theirs))).toEqual([]);
    expect(on('member', member('member'))).toEqual([]);
    expect(on('owner', member('member'), { state: 'dissolved' })).toEqual([]);
    expect(on(undefined, member('member'))).toEqual([]);
  });

  it('with the group', () => {
    const rights = (mine: GroupRole | undefined, of = group()) => rightsIn(conversation(mine), of);
    expect(rights('owner')).toEqual({ takesPart: true, leads: true, owns: true, invites: true });
    expect(rights('admin')).toEqual({ takesPart: true, leads: true, owns: false, invites: true });
    expect(rights('member')).toEqual({ takesPart: true, leads: false, owns: false, invites: false });
    expect(rights('member', group({ join_mode: 'open' })).invites).toBe(true);
    expect(rights(undefined, group({ join_mode: 'open' }))).toEqual({
      takesPart: false,
      leads: false,
      owns: false,
      invites: false,
    });
  });
});

describe('GR-4, GR-6: who may not write', () => {
  const silence = (of: Conversation, in_ = group()) => silenceIn(of, in_, '7', 100);
  const line = (code: string, userId: string) => ({
    last_message: {
      message_id: '1',
      conversation_id: '9',
      seq: 1,
      client_msg_id: '',
      time_ms: 0,
      change: 0,
      content: { system: { code, params: { user_id: userId } } },
    },
  });

  it('is told until when, or why', () => {
    expect(silence(conversation('member'))).toBeUndefined();
    expect(silence(conversation('admin', { muted_until_ms: 101 }))).toEqual({ why: 'muted', untilMs: 101 });
    expect(silence(conversation('member', { muted_until_ms: 100 }))).toBeUndefined();
    const mutedAll = group({ mute_all: true });
    expect(silence(conversation('member'), mutedAll)).toEqual({ why: 'allMuted' });
    expect(silence(conversation('admin'), mutedAll)).toBeUndefined();
    expect(silence(conversation('owner', { state: 'dissolved' }))).toEqual({ why: 'dissolved' });
    expect(silence(conversation('owner', { state: 'disabled' }))).toEqual({ why: 'disabled' });
    expect(silence(conversation(undefined, line('member_removed', '7')))).toEqual({ why: 'removed' });
    expect(silence(conversation(undefined, line('member_left', '7')))).toEqual({ why: 'left' });
    expect(silence(conversation(undefined, line('member_left', '8')))).toEqual({ why: 'notMember' });
    expect(silence({ ...conversation(undefined), type: 'direct' })).toBeUndefined();
  });
});
