import type { Person } from '@hongyan/sdk';
import { expect, it } from 'vitest';
import { relationOf } from './relation.ts';
import { matches, sectionsOf } from './sections.ts';

function contact(
  id: string,
  key: string,
  more: { starred?: boolean; remark?: string; nickname?: string } = {},
): Person {
  return {
    user_id: id,
    blocked: false,
    profile: {
      user_id: id,
      username: `user_${id}`,
      nickname: more.nickname ?? key,
      avatar: '',
      signature: '',
      gender: '',
      region: '',
      version: 1,
    },
    contact: {
      user_id: id,
      remark: more.remark ?? '',
      tags: [],
      starred: more.starred ?? false,
      sort_key: key,
      state: 'friend',
    },
  };
}

it('CT-1: stands by sound under initials, starred first, no letter last', () => {
  const people = [
    contact('1', '~9th'),
    contact('2', 'zhangsan'),
    contact('3', 'bob'),
    contact('4', 'aming'),
    contact('5', 'wang', { starred: true }),
    contact('6', 'bill'),
  ];
  expect(sectionsOf(people).map((s) => [s.letter, ...s.people.map((p) => p.user_id)])).toEqual([
    ['★', '5'],
    ['A', '4'],
    ['B', '6', '3'],
    ['Z', '2'],
    ['#', '1'],
  ]);
});

it('finds by remark, nickname, username and sound', () => {
  const person = contact('1', 'zhangsan', { remark: '张三', nickname: 'Tiger' });
  for (const typed of ['张', 'tig', 'USER_1', 'zhang san', 'sa'])
    expect(matches(person, typed), typed).toBe(true);
  expect(matches(person, 'bob')).toBe(false);
});

it('knows what somebody is to the user', () => {
  const request = (from: string, to: string) => ({
    contact_request_id: '9',
    from_user_id: from,
    to_user_id: to,
    message: '',
    state: 'pending' as const,
    time_ms: 0,
    expires_ms: 100,
  });
  const nobody: Person = { user_id: '2', blocked: false };
  const relation = (person: Person | undefined, nowMs = 50) => relationOf('2', '1', person, nowMs);
  expect(relationOf('1', '1', undefined, 0)).toBe('me');
  expect(relation(undefined)).toBe('none');
  expect(relation(contact('2', 'b'))).toBe('friend');
  expect(relation({ ...contact('2', 'b'), blocked: true })).toBe('blocked');
  expect(relation({ ...nobody, received: request('2', '1') })).toBe('received');
  expect(relation({ ...nobody, sent: request('1', '2') })).toBe('sent');
  expect(relation({ ...nobody, sent: request('1', '2') }, 100)).toBe('none');
});
