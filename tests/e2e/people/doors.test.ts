import type {
  CreateInviteResponse,
  Group,
  JoinGroupResponse,
  ListJoinRequestsResponse,
  ListMembersResponse,
  Member,
  PreviewInviteResponse,
  SearchGroupsResponse,
} from '@hongyan/sdk';
import { describe, expect, test } from 'vitest';

import { eventOf } from '../support/contacts.ts';
import { addMembers, codeOf, createGroup, membersOf, pushAt, removeMember } from '../support/groups.ts';
import { type Answer, http } from '../support/http.ts';
import { call, connect, history, type Person, register, say, textMessage } from '../support/people.ts';
import { useServer, withServer } from '../support/servers.ts';

const server = useServer();

async function people(): Promise<[Person, Person, Person, Person]> {
  return Promise.all([register(server()), register(server()), register(server()), register(server())]);
}

function ask<T>(person: Person, method: string, path: string, body?: object): Promise<Answer<T>> {
  return http<T>(server().url, method, path, { token: person.access, body });
}

async function groupOf(person: Person, id: string): Promise<Group> {
  return (await call<{ group: Group }>(server(), person, 'GET', `/v1/groups/${id}`)).group;
}

async function codes(person: Person, group: string): Promise<(string | undefined)[]> {
  return (await history(server(), person, group)).map(codeOf);
}

describe('coming in', () => {
  test('by a request, which the owner and admins hear of and one of them answers', async () => {
    const [alice, bob, carol, dave] = await people();
    const id = await createGroup(server(), alice, [bob]);
    await call(server(), alice, 'PATCH', `/v1/groups/${id}/members/${bob.userId}`, { role: 'admin' });
    await call(server(), alice, 'PATCH', `/v1/groups/${id}`, { join_mode: 'approval' });
    const sockets = await Promise.all([alice, bob, carol].map((person) => connect(server(), person)));
    const join = () =>
      call<JoinGroupResponse>(server(), carol, 'POST', `/v1/groups/${id}/join`, { message: 'hi' });
    expect(await join()).toEqual({ pending: true });
    for (const socket of sockets) {
      expect(await eventOf(socket, 'join_request')).toEqual({
        group_id: id,
        user_id: carol.userId,
        state: 'pending',
      });
    }
    const waiting = await call<ListJoinRequestsResponse>(server(), bob, 'GET', `/v1/groups/${id}/requests`);
    expect(waiting.items).toMatchObject([{ user_id: carol.userId, message: 'hi' }]);
    expect(waiting.users).toMatchObject([{ user_id: carol.userId, nickname: carol.username }]);
    await call(server(), bob, 'POST', `/v1/groups/${id}/requests/${carol.userId}/accept`, {});
    await eventOf(sockets[2] ?? fail(), 'join_request', (state) => state.state === 'accepted');
    const line = (await history(server(), carol, id)).at(-1);
    expect(line?.content?.system).toEqual({
      code: 'member_joined',
      params: { user_id: carol.userId, by: bob.userId },
    });
    await say(sockets[2] ?? fail(), id, 'here I am');
    await call(server(), dave, 'POST', `/v1/groups/${id}/join`, {});
    await call(server(), alice, 'POST', `/v1/groups/${id}/requests/${dave.userId}/reject`, {});
    expect((await membersOf(server(), alice, id)).map((member) => member.user_id)).not.toContain(dave.userId);
    await Promise.all(sockets.map((socket) => socket.close()));
  });

  test('by its id, which is found unless it is by invite', async () => {
    const [alice, bob] = await people();
    const id = await createGroup(server(), alice, [], '鸿雁 Geese');
    const find = async (person: Person, q: string) =>
      (
        await call<SearchGroupsResponse>(
          server(),
          person,
          'GET',
          `/v1/groups/search?q=${encodeURIComponent(q)}`,
        )
      ).items;
    const found = { group_id: id, name: '鸿雁 Geese', avatar: '', member_count: 1, join_mode: 'invite' };
    for (const q of ['雁', 'gEESE', id])
      expect(await find(alice, q), q).toEqual([{ ...found, joined: true }]);
    for (const q of ['雁', id]) expect(await find(bob, q), q).toEqual([]);
    await call(server(), alice, 'PATCH', `/v1/groups/${id}`, { join_mode: 'open' });
    expect(await find(bob, id)).toEqual([{ ...found, join_mode: 'open', joined: false }]);
    expect(await find(bob, '雁'), 'names of groups of others are nobody’s business').toEqual([]);
    await call(server(), bob, 'POST', `/v1/groups/${id}/join`, {});
    expect(await find(bob, '雁')).toEqual([{ ...found, join_mode: 'open', member_count: 2, joined: true }]);
    for (const q of ['', '%20', 'x'.repeat(65)]) {
      expect((await ask(alice, 'GET', `/v1/groups/search?q=${q}`)).error).toMatchObject({
        code: 'invalid_argument',
        field: 'q',
      });
    }
  });

  test('by an invite, which can be looked at before', async () => {
    const [alice, bob, carol] = await people();
    const id = await createGroup(server(), alice, [], '鸿雁');
    const { invite, token } = await call<CreateInviteResponse>(
      server(),
      alice,
      'POST',
      `/v1/groups/${id}/invites`,
      {
        max_uses: 1,
      },
    );
    const preview = await call<PreviewInviteResponse>(server(), bob, 'GET', `/v1/invites/${token}`);
    expect(preview).toMatchObject({ group_id: id, name: '鸿雁', member_count: 1, joined: false });
    expect(preview.invited_by.user_id).toBe(alice.userId);
    const joined = await call<JoinGroupResponse>(server(), bob, 'POST', `/v1/groups/${id}/join`, { token });
    expect(joined.group?.member_count).toBe(2);
    const used = await ask(carol, 'POST', `/v1/groups/${id}/join`, { token });
    expect(used.error.code).toBe('request_expired');
    expect((await ask(carol, 'GET', `/v1/invites/${token}x`)).error.code).toBe('not_found');
    await call(server(), alice, 'DELETE', `/v1/groups/${id}/invites/${invite.invite_id}`);
    expect((await ask(carol, 'GET', `/v1/invites/${token}`)).error.code).toBe('not_found');
  });

  test('a hundred at once for the last ten places', async () => {
    await withServer({ env: { HONGYAN_GROUP_MAX_MEMBERS: '11' } }, async (small) => {
      const alice = await register(small);
      const many: Person[] = [];
      while (many.length < 100)
        many.push(...(await Promise.all(Array.from({ length: 20 }, () => register(small)))));
      const id = await createGroup(small, alice, []);
      await call(small, alice, 'PATCH', `/v1/groups/${id}`, { join_mode: 'open' });
      const answers = await Promise.all(
        many.map((one) => http(small.url, 'POST', `/v1/groups/${id}/join`, { token: one.access, body: {} })),
      );
      expect(answers.filter((answer) => answer.status === 200)).toHaveLength(10);
      expect(
        answers.filter((answer) => answer.status === 409 && answer.error.code === 'group_full'),
      ).toHaveLength(90);
      const members = await membersOf(small, alice, id);
      expect(new Set(members.map((member) => member.user_id)).size).toBe(11);
      const lines = await history(small, alice, id);
      expect(lines.filter((line) => codeOf(line) === 'member_joined')).toHaveLength(10);
    });
  });
});

describe('what changes in a group', () => {
  test('is one line each, live for all', async () => {
    const [alice, bob] = await people();
    const id = await createGroup(server(), alice, [bob]);
    const socket = await connect(server(), bob);
    const before = (await groupOf(bob, id)).group_version;
    await call(server(), alice, 'PATCH', `/v1/groups/${id}`, { name: '新名字' });
    const muted = Date.now() + 60_000;
    const member = `/v1/groups/${id}/members/${bob.userId}`;
    const { member: told } = await call<{ member: Member }>(server(), alice, 'PATCH', member, {
      muted_until_ms: muted,
    });
    expect(told.muted_until_ms).toBe(muted);
    const refused = await socket.refusal('message.send', textMessage(id, 'x'));
    expect(refused).toMatchObject({ code: 'muted', until_ms: muted });
    await call(server(), alice, 'PATCH', member, { muted_until_ms: 0 });
    await call(server(), bob, 'PATCH', member, { nickname: 'Captain' });
    await call(server(), alice, 'POST', `/v1/groups/${id}/mute_all`, { muted: true });
    expect((await socket.refusal('message.send', textMessage(id, 'x'))).code).toBe('all_muted');
    await call(server(), alice, 'POST', `/v1/groups/${id}/mute_all`, { muted: false });
    await call(server(), alice, 'POST', `/v1/groups/${id}/notices`, { text: 'on Monday', notify_all: true });
    await call(server(), alice, 'POST', `/v1/groups/${id}/transfer`, { user_id: bob.userId });
    await call(server(), bob, 'DELETE', `/v1/groups/${id}`);
    expect((await socket.refusal('message.send', textMessage(id, 'x'))).code).toBe('group_dissolved');
    const expected = [
      'group_created',
      'group_renamed',
      'member_muted',
      'member_unmuted',
      'nickname_changed',
      'all_muted',
      'all_unmuted',
      'notice_changed',
      'owner_changed',
      'group_dissolved',
    ];
    expect(await codes(bob, id)).toEqual(expected);
    for (let seq = 2; seq <= expected.length; seq++) {
      expect(codeOf((await pushAt(socket, id, seq)).message)).toBe(expected[seq - 1]);
    }
    const after = await groupOf(bob, id);
    expect(after).toMatchObject({
      name: '新名字',
      state: 'dissolved',
      owner_id: bob.userId,
      mute_all: false,
    });
    expect(after.notice).toMatchObject({ text: 'on Monday', user_id: alice.userId });
    expect(after.group_version).toBe(before + expected.length - 1);
    await socket.close();
  });

  test('members are found by a part of what they are called', async () => {
    const [alice, bob, carol] = await people();
    await call(server(), bob, 'PATCH', '/v1/users/me', { nickname: '张小明' });
    const id = await createGroup(server(), alice, [bob, carol]);
    await call(server(), carol, 'PATCH', `/v1/groups/${id}/members/${carol.userId}`, { nickname: 'Captain' });
    const found = async (q: string) => {
      const path = `/v1/groups/${id}/members?q=${encodeURIComponent(q)}`;
      const page = await call<ListMembersResponse>(server(), alice, 'GET', path);
      expect(page.users.map((user) => user.user_id)).toEqual(page.items.map((member) => member.user_id));
      return page.items.map((member) => member.user_id);
    };
    expect(await found('xiaom')).toEqual([bob.userId]);
    expect(await found('小')).toEqual([bob.userId]);
    expect(await found('CAPT')).toEqual([carol.userId]);
    expect(await found('nobody is called so')).toEqual([]);
  });

  test('groups of one and of two', async () => {
    const [alice, bob] = await people();
    const ids = [await createGroup(server(), alice, [bob]), await createGroup(server(), alice, [])];
    const list = await call<{ items: Group[] }>(server(), alice, 'GET', '/v1/groups');
    expect(list.items.map((group) => group.group_id).sort()).toEqual([...ids].sort());
    const common = await call<{ items: Group[] }>(
      server(),
      bob,
      'GET',
      `/v1/users/${alice.userId}/common_groups`,
    );
    expect(common.items.map((group) => group.group_id)).toEqual([ids[0]]);
  });
});

describe('races', () => {
  test('two admins promote and remove the same member: one owner, one place, nothing after the removal', async () => {
    const [alice, bob, carol] = await people();
    const id = await createGroup(server(), alice, [bob, carol]);
    await call(server(), alice, 'PATCH', `/v1/groups/${id}/members/${bob.userId}`, { role: 'admin' });
    const socket = await connect(server(), carol);
    for (let round = 0; round < 20; round++) {
      const [, removed, sent] = await Promise.all([
        ask(alice, 'PATCH', `/v1/groups/${id}/members/${carol.userId}`, { role: 'admin' }),
        ask(bob, 'DELETE', `/v1/groups/${id}/members/${carol.userId}`),
        socket.request('message.send', textMessage(id, 'x')),
      ]);
      expect(['ok', 'error']).toContain(sent.type);
      // An admin does not remove an admin.
      if (removed.status !== 200) await removeMember(server(), alice, id, carol);
      expect((await socket.refusal('message.send', textMessage(id, 'late'))).code).toBe('not_member');
      await addMembers(server(), alice, id, [carol]);
    }
    const members = await membersOf(server(), alice, id);
    expect(members.filter((member) => member.role === 'owner')).toHaveLength(1);
    expect(members).toHaveLength(3);
    const told = await history(server(), alice, id);
    expect(told.map((message) => message.seq)).toEqual(told.map((_, at) => at + 1));
    expect(told.some((message) => message.content?.text?.text === 'late')).toBe(false);
    await socket.close();
  });

  test('leaving while being made the owner leaves exactly one', async () => {
    for (let round = 0; round < 10; round++) {
      const [alice, bob] = await people();
      const id = await createGroup(server(), alice, [bob]);
      await Promise.all([
        ask(alice, 'POST', `/v1/groups/${id}/transfer`, { user_id: bob.userId }),
        ask(bob, 'POST', `/v1/groups/${id}/leave`, {}),
      ]);
      const [left] = await membersOf(server(), alice, id);
      expect(left).toMatchObject({ user_id: alice.userId, role: 'owner' });
      expect((await groupOf(alice, id)).owner_id).toBe(alice.userId);
    }
  });
});

function fail(): never {
  throw new Error('no socket');
}
