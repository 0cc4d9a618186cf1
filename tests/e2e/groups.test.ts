import type { Conversation, CreateGroupResponse, Group } from '@hongyan/sdk';
import { describe, expect, test } from 'vitest';

import {
  addMembers,
  codeOf,
  createGroup,
  membersOf,
  pushAt,
  pushesOf,
  removeMember,
} from './support/groups.ts';
import { http } from './support/http.ts';
import {
  call,
  connect,
  direct,
  history,
  login,
  type Person,
  register,
  say,
  textMessage,
} from './support/people.ts';
import { useServer, withServer } from './support/servers.ts';
import type { Socket } from './support/socket.ts';

const server = useServer();

/** New people, a few registered at a time: each costs the server a password hash. */
async function people(count: number): Promise<Person[]> {
  const all: Person[] = [];
  while (all.length < count) {
    const some = Array.from({ length: Math.min(20, count - all.length) }, () => register(server()));
    all.push(...(await Promise.all(some)));
  }
  return all;
}

async function conversationOf(person: Person, id: string): Promise<Conversation> {
  const seen = await call<{ conversation: Conversation }>(server(), person, 'GET', `/v1/conversations/${id}`);
  return seen.conversation;
}

/**
 * Waits until `to` has every push that was published before: a message of the 1:1 with `from` comes behind them, in the
 * same stream.
 */
async function settled(from: Person, fromSocket: Socket, to: Person, toSocket: Socket): Promise<void> {
  const chat = await direct(server(), from, to);
  const { seq } = await say(fromSocket, chat, 'now');
  await pushAt(toSocket, chat, seq);
}

function errorOf(person: Person, method: string, path: string, body?: object): Promise<string> {
  return http(server().url, method, path, { token: person.access, body }).then((answer) => answer.error.code);
}

describe('a group', () => {
  test('begins with a line for everybody, and everybody gets what is said', async () => {
    const [alice, bob, carol] = (await people(3)) as [Person, Person, Person];
    const sockets = await Promise.all([alice, bob, carol].map((person) => connect(server(), person)));
    const id = await createGroup(server(), alice, [bob, carol], '  鸿雁 ');
    const everybody = [alice, bob, carol].map((person) => person.userId);
    for (const socket of sockets) {
      const line = await pushAt(socket, id, 1);
      expect(codeOf(line.message)).toBe('group_created');
      expect(line.join).toEqual(everybody);
      expect(line.message.content?.system?.params).toEqual({
        by: alice.userId,
        name: '鸿雁',
        user_ids: everybody.join(','),
      });
    }
    const [first] = sockets as [Socket];
    const { seq } = await say(first, id, 'hello');
    expect(seq).toBe(2);
    for (const socket of sockets) {
      expect((await pushAt(socket, id, 2)).message.content?.text?.text).toBe('hello');
      expect(pushesOf(socket, id).map((push) => push.seq)).toEqual([1, 2]);
    }
    expect(await conversationOf(bob, id)).toMatchObject({
      type: 'group',
      title: '鸿雁',
      my_role: 'member',
      seq: 2,
      joined_seq: 1,
      read_seq: 1,
      unread: 1,
      group_version: 1,
    });
    const { group } = await call<{ group: Group }>(server(), carol, 'GET', `/v1/groups/${id}`);
    expect(group).toMatchObject({ group_id: id, owner_id: alice.userId, member_count: 3, state: 'normal' });
    const members = await membersOf(server(), bob, id, 2);
    expect(members.map((member) => [member.user_id, member.role])).toEqual([
      [alice.userId, 'owner'],
      ...[bob.userId, carol.userId]
        .sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
        .map((user) => [user, 'member']),
    ]);
    await Promise.all(sockets.map((socket) => socket.close()));
  });

  test('names who was not brought in', async () => {
    const [alice, bob] = (await people(2)) as [Person, Person];
    const made = await call<CreateGroupResponse>(server(), alice, 'POST', '/v1/groups', {
      member_ids: [bob.userId, '1', bob.userId, alice.userId],
    });
    expect(made.group.member_count).toBe(2);
    expect(made.failed).toEqual([{ user_id: '1', code: 'not_found' }]);
    const again = await addMembers(server(), bob, made.group.group_id, [alice]);
    expect(again.failed).toEqual([{ user_id: alice.userId, code: 'already_exists' }]);
    expect(again.group.group_version).toBe(1);
  });

  test('a removed member gets nothing above left_seq and may do nothing', async () => {
    const [alice, bob, carol] = (await people(3)) as [Person, Person, Person];
    const id = await createGroup(server(), alice, [bob, carol]);
    const [a, c] = [await connect(server(), alice), await connect(server(), carol)];
    await say(a, id, 'before');
    await removeMember(server(), alice, id, carol);
    await say(a, id, 'after');
    expect(codeOf((await pushAt(c, id, 3)).message)).toBe('member_removed');
    await settled(alice, a, carol, c);
    expect(pushesOf(c, id).map((push) => push.seq)).toEqual([2, 3]);
    expect((await history(server(), carol, id)).map((message) => message.seq)).toEqual([1, 2, 3]);
    expect(await conversationOf(carol, id)).toMatchObject({ seq: 3, unread: 1 });
    expect(await conversationOf(carol, id)).not.toHaveProperty('my_role');
    expect((await c.refusal('message.send', textMessage(id, 'let me in'))).code).toBe('not_member');
    expect(await errorOf(carol, 'GET', `/v1/groups/${id}`)).toBe('not_member');
    expect(await errorOf(carol, 'POST', `/v1/groups/${id}/leave`)).toBe('not_member');
    expect(await errorOf(carol, 'POST', `/v1/groups/${id}/members`, { user_ids: [carol.userId] })).toBe(
      'not_member',
    );
    const list = await call<{ items: Conversation[] }>(server(), carol, 'GET', '/v1/conversations');
    expect(list.items.map((item) => item.conversation_id)).not.toContain(id);
    await removeMember(server(), alice, id, carol);
    expect(await conversationOf(alice, id), 'a repeat adds no line').toMatchObject({ seq: 4 });
    // A socket that comes afterwards is in no topic of the group.
    const late = await connect(server(), carol);
    await say(a, id, 'later still');
    await settled(alice, a, carol, late);
    expect(pushesOf(late, id)).toEqual([]);
    await Promise.all([a.close(), c.close(), late.close()]);
  });

  test('a new member gets and reads nothing below joined_seq', async () => {
    const [alice, bob, dave] = (await people(3)) as [Person, Person, Person];
    const id = await createGroup(server(), alice, [bob]);
    const [a, d] = [await connect(server(), alice), await connect(server(), dave)];
    await say(a, id, 'secret');
    await addMembers(server(), bob, id, [dave]);
    await say(a, id, 'welcome');
    await pushAt(d, id, 4);
    expect(pushesOf(d, id).map((push) => push.seq)).toEqual([3, 4]);
    for (const query of ['after=0', 'before=4', 'around=2', 'around=1', 'before=2']) {
      const path = `/v1/conversations/${id}/messages?${query}`;
      const page = await call<{ items: { seq: number }[] }>(server(), dave, 'GET', path);
      expect(
        page.items.filter((item) => item.seq < 3),
        query,
      ).toEqual([]);
    }
    expect((await history(server(), dave, id)).map((message) => message.seq)).toEqual([3, 4]);
    expect(await conversationOf(dave, id)).toMatchObject({ joined_seq: 3, read_seq: 3, unread: 1, seq: 4 });
    await Promise.all([a.close(), d.close()]);
  });

  test('comes to every device, also to one that connects later', async () => {
    const [alice, bob] = (await people(2)) as [Person, Person];
    const bobsPhone = await login(server(), bob);
    const [a, laptop] = [await connect(server(), alice), await connect(server(), bob)];
    const id = await createGroup(server(), alice, [bob]);
    const phone = await connect(server(), bobsPhone, 'hongyan.v1.proto');
    const { seq } = await say(a, id, 'to both');
    await Promise.all([laptop, phone].map((socket) => pushAt(socket, id, seq)));
    await removeMember(server(), alice, id, bob);
    await Promise.all([laptop, phone].map((socket) => pushAt(socket, id, seq + 1)));
    await say(a, id, 'to nobody');
    for (const socket of [laptop, phone]) {
      await settled(alice, a, bob, socket);
      expect(pushesOf(socket, id).at(-1)?.seq).toBe(seq + 1);
      await socket.close();
    }
    await a.close();
  });

  test('who comes back sees from there on', async () => {
    const [alice, bob] = (await people(2)) as [Person, Person];
    const id = await createGroup(server(), alice, [bob]);
    const [a, b] = [await connect(server(), alice), await connect(server(), bob)];
    await b.call('group.leave', { group_id: id });
    await say(a, id, 'alone');
    await addMembers(server(), alice, id, [bob]);
    expect((await say(b, id, 'back')).seq).toBe(5);
    await pushAt(b, id, 5);
    expect(pushesOf(b, id).map((push) => push.seq)).toEqual([2, 4, 5]);
    expect((await history(server(), bob, id)).map((message) => message.seq)).toEqual([4, 5]);
    await Promise.all([a.close(), b.close()]);
  });

  test('roles: nobody acts on an equal or higher one, and an owner who leaves hands it on', async () => {
    const [owner, admin, other, member] = (await people(4)) as [Person, Person, Person, Person];
    const id = await createGroup(server(), owner, [admin, other, member]);
    const path = (person: Person) => `/v1/groups/${id}/members/${person.userId}`;
    expect(await errorOf(member, 'PATCH', path(other), { role: 'admin' })).toBe('permission_denied');
    expect(await errorOf(owner, 'PATCH', path(admin), { role: 'owner' })).toBe('invalid_argument');
    for (const person of [admin, other]) {
      const changed = await call(server(), owner, 'PATCH', path(person), { role: 'admin' });
      expect(changed).toMatchObject({ member: { user_id: person.userId, role: 'admin' } });
    }
    expect(await errorOf(admin, 'DELETE', path(other))).toBe('permission_denied');
    expect(await errorOf(admin, 'DELETE', path(owner))).toBe('permission_denied');
    expect(await errorOf(member, 'DELETE', path(admin))).toBe('permission_denied');
    await call(server(), admin, 'DELETE', path(member));
    await call(server(), owner, 'POST', `/v1/groups/${id}/leave`);
    const heir = [admin, other].sort((a, b) => (BigInt(a.userId) < BigInt(b.userId) ? -1 : 1))[0];
    const { group } = await call<{ group: Group }>(server(), other, 'GET', `/v1/groups/${id}`);
    expect(group).toMatchObject({ owner_id: heir?.userId, member_count: 2 });
    const lines = (await history(server(), admin, id)).map(codeOf);
    expect(lines).toEqual([
      'group_created',
      'role_changed',
      'role_changed',
      'member_removed',
      'owner_changed',
      'member_left',
    ]);
  });

  test('a message of the one who was just added comes behind the line that brought them in', async () => {
    const [alice, ...others] = (await people(11)) as [Person, ...Person[]];
    const id = await createGroup(server(), alice, []);
    const sockets = await Promise.all(others.map((person) => connect(server(), person)));
    const adding = others.map((person) => addMembers(server(), alice, id, [person]));
    // Before anybody has answered that they are in: refused as a stranger's, or behind the line.
    await Promise.all(
      sockets.map(async (socket) => {
        for (;;) {
          const frame = await socket.request('message.send', textMessage(id, 'first!'));
          if (frame.error === undefined) return;
          expect(frame.error.code).toBe('not_found');
        }
      }),
    );
    await Promise.all(adding);
    const messages = await history(server(), alice, id);
    expect(messages.map((message) => message.seq)).toEqual(messages.map((_, index) => index + 1));
    for (const person of others) {
      const joined = messages.findIndex(
        (message) => message.content?.system?.params.user_ids === person.userId,
      );
      const spoke = messages.findIndex((message) => message.sender_id === person.userId);
      expect(joined).toBeGreaterThan(0);
      expect(spoke).toBeGreaterThan(joined);
    }
    await Promise.all(sockets.map((socket) => socket.close()));
  });
});

test('one message reaches each of 200 members once', { timeout: 120_000 }, async () => {
  const [alice, ...others] = (await people(200)) as [Person, ...Person[]];
  const sockets = await Promise.all([alice, ...others].map((person) => connect(server(), person)));
  const id = await createGroup(server(), alice, others);
  const [first] = sockets as [Socket];
  for (let i = 0; i < 5; ++i) await say(first, id, `message ${i}`);
  for (const socket of sockets) {
    await pushAt(socket, id, 6);
    expect(pushesOf(socket, id).map((push) => push.seq)).toEqual([1, 2, 3, 4, 5, 6]);
  }
  await Promise.all(sockets.map((socket) => socket.close()));
});

test(
  'lines that a kill has left are in the history before the server is ready again',
  { timeout: 120_000 },
  async () => {
    await withServer({}, async (own) => {
      const alice = await register(own);
      const others = await Promise.all(Array.from({ length: 12 }, () => register(own)));
      const groups = await Promise.all(others.map(() => createGroup(own, alice, [])));
      for (let round = 0; round < 5; ++round) {
        // Each person goes into one group and out again; the kill comes somewhere in between.
        const changes = others.map(async (person, i) => {
          const group = groups[i] ?? '';
          for (;;) {
            await addMembers(own, alice, group, [person]);
            await removeMember(own, alice, group, person);
          }
        });
        const gone = Promise.allSettled(changes);
        await Promise.race([...changes, addMembers(own, alice, groups[0] ?? '', others.slice(1, 2))]).catch(
          () => undefined,
        );
        await own.kill9();
        await gone;
        await own.restart();
        for (const [i, person] of others.entries()) {
          const group = groups[i] ?? '';
          const messages = await history(own, alice, group);
          expect(messages.map((message) => message.seq)).toEqual(messages.map((_, index) => index + 1));
          // What SQL says of the members is what the lines say.
          const inside = new Set<string>();
          for (const message of messages) {
            const { code, params } = message.content?.system ?? {
              code: '',
              params: {},
            };
            for (const user of (params.user_ids ?? '').split(',').filter((one) => one !== ''))
              inside.add(user);
            if (code === 'member_removed') inside.delete(params.user_id ?? '');
          }
          const members = await membersOf(own, alice, group);
          expect(new Set(members.map((member) => member.user_id))).toEqual(inside);
          if (inside.has(person.userId)) await removeMember(own, alice, group, person);
        }
      }
    });
  },
);
