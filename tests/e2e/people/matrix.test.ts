import { type CreateInviteResponse, routes, type RpcType } from '@hongyan/sdk';
import { UNLIMITED } from '@hongyan/test-support';
import { beforeAll, describe, expect, test } from 'vitest';

import { befriend } from '../support/contacts.ts';
import { createGroup, removeMember } from '../support/groups.ts';
import { Grpc } from '../support/grpc.ts';
import { type Answer, onlyHttp } from '../support/http.ts';
import { createHook, createKey } from '../support/integration.ts';
import { call, connect, direct, freshId, freshName, type Person, register, say } from '../support/people.ts';
import { useServer } from '../support/servers.ts';
import { Socket } from '../support/socket.ts';

/*
 * Who may do what: every rpc that asks for a user, and what each kind of caller is answered. Those without a token, with a bad
 * one and of disabled accounts are refused everywhere alike: tests/e2e/access.test.ts.
 */

/** Every rpc that API keys may call. */
type Keyed = { [K in RpcType]: (typeof routes)[K]['api_key'] extends true ? K : never }[RpcType];

/** Every rpc that asks for a user. */
type Guarded = { [K in RpcType]: (typeof routes)[K]['access'] extends 'user' ? K : never }[RpcType];

const server = useServer({ env: { ...UNLIMITED, HONGYAN_CONTACTS_REQUIRED: 'true' } });

const SHORT = {
  ok: 'ok',
  // not found
  nf: 'not_found',
  // no longer a member
  nm: 'not_member',
  pd: 'permission_denied',
  mu: 'muted',
  bl: 'blocked',
  // no friend
  fr: 'not_friend',
  // there already
  ae: 'already_exists',
} as const;

/** What a row asks with: the ids of things that are there. */
interface Things {
  readonly group: string;
  /** A plain member of the group. */
  readonly member: string;
  /** Somebody who waits to be let in. */
  readonly waiting: string;
  /** Somebody who has nothing to do with it. */
  readonly nobody: string;
  readonly invite: string;
  /** The seq of a message of the caller's own, where they could write one; else of a line. */
  readonly own: number;
  /** The seq of a message of the member. */
  readonly theirs: number;
}

type Row = readonly [answers: string, data: (things: Things) => Record<string, unknown>];

const group = (more: (things: Things) => object = () => ({})) => {
  return (things: Things) => ({ group_id: things.group, ...more(things) });
};
const chat = (more: (things: Things) => object = () => ({})) => {
  return (things: Things) => ({ conversation_id: things.group, ...more(things) });
};
const text = () => ({ client_msg_id: freshId(), content: { text: { text: 'x' } } });

/** What happens in a group of Alice's. Other: the owner of another group. */
const IN_GROUP = {
  //                        stranger former muted member admin owner other
  'group.get': ['nf nm ok ok ok ok nf', group()],
  'group.members': ['nf nm ok ok ok ok nf', group()],
  'group.presence': ['nf nm ok ok ok ok nf', group()],
  'group.notices': ['nf nm ok ok ok ok nf', group()],
  'group.invites': ['nf nm ok ok ok ok nf', group()],
  'group.requests': ['nf nm pd pd ok ok nf', group()],
  'group.accept': ['nf nm pd pd ok ok nf', group((t) => ({ user_id: t.waiting }))],
  'group.reject': ['nf nm pd pd ok ok nf', group((t) => ({ user_id: t.waiting }))],
  'group.create_invite': ['nf nm pd pd ok ok nf', group()],
  'group.revoke_invite': ['nf nm nf nf ok ok nf', group((t) => ({ invite_id: t.invite }))],
  'group.create_notice': ['nf nm pd pd ok ok nf', group(() => ({ text: 'x' }))],
  'group.update': ['nf nm pd pd ok ok nf', group(() => ({ name: 'x' }))],
  'group.mute_all': ['nf nm pd pd ok ok nf', group(() => ({ muted: true }))],
  'group.dissolve': ['nf nm pd pd pd ok nf', group()],
  'group.transfer': ['nf nm pd pd pd ok nf', group((t) => ({ user_id: t.member }))],
  'group.add_members': ['nf nm ok ok ok ok nf', group((t) => ({ user_ids: [t.nobody] }))],
  'group.remove_member': ['nf nm pd pd ok ok nf', group((t) => ({ user_id: t.member }))],
  'group.update_member': ['nf nm pd pd pd ok nf', group((t) => ({ user_id: t.member, role: 'admin' }))],
  'group.leave': ['nf nm ok ok ok ok nf', group()],
  // It takes requests.
  'group.join': ['ok ok ok ok ok ok ok', group()],
  'conversation.get': ['nf ok ok ok ok ok nf', chat()],
  'conversation.update': ['nf ok ok ok ok ok nf', chat(() => ({ pinned: true }))],
  'conversation.hide': ['nf ok ok ok ok ok nf', chat()],
  'conversation.clear': ['nf ok ok ok ok ok nf', chat(() => ({ up_to_seq: 1 }))],
  'conversation.mark_read': ['nf nm ok ok ok ok nf', chat(() => ({ seq: 1 }))],
  'conversation.mark_delivered': ['nf nm ok ok ok ok nf', chat(() => ({ seq: 1 }))],
  'conversation.read_cursors': ['nf ok ok ok ok ok nf', chat()],
  'message.send': ['nf nm mu ok ok ok nf', chat(text)],
  'message.list': ['nf ok ok ok ok ok nf', chat()],
  'message.get': ['nf ok ok ok ok ok nf', chat((t) => ({ seq: t.theirs }))],
  'message.changes': ['nf ok ok ok ok ok nf', chat()],
  'message.pins': ['nf ok ok ok ok ok nf', chat()],
  'message.reactions': ['nf ok ok ok ok ok nf', chat((t) => ({ seq: t.theirs }))],
  'message.receipts': ['nf nm ok ok ok ok nf', chat((t) => ({ seq: t.own }))],
  'message.react': ['nf nm ok ok ok ok nf', chat((t) => ({ seq: t.theirs, emoji: '👍' }))],
  'message.unreact': ['nf nm ok ok ok ok nf', chat((t) => ({ seq: t.theirs, emoji: '👍' }))],
  'message.edit': ['nf nm mu ok ok ok nf', chat((t) => ({ seq: t.own, content: { text: { text: 'y' } } }))],
  // Of somebody else.
  'message.recall': ['nf nm pd pd ok ok nf', chat((t) => ({ seq: t.theirs }))],
  'message.pin': ['nf nm pd pd ok ok nf', chat((t) => ({ seq: t.theirs }))],
  'message.unpin': ['nf nm pd pd ok ok nf', chat((t) => ({ seq: t.theirs }))],
  'message.delete_for_me': ['nf ok ok ok ok ok nf', chat((t) => ({ seq: t.theirs }))],
  'typing.set': ['nf nm mu ok ok ok nf', chat()],
  'user.report': [
    'nf ok ok ok ok ok nf',
    (t: Things) => ({
      target: { message: { conversation_id: t.group, seq: t.theirs } },
      reason: 'spam',
    }),
  ],
} satisfies Partial<Record<Guarded, Row>>;

/** What concerns Alice alone: rpcs with her id, and the 1:1 with her. */
const WITH_ALICE = {
  //                    stranger blocked unfriended friend
  'contact.request': ['ok bl ok ae', (t: Things) => ({ user_id: t.member })],
  'contact.update': ['nf ok ok ok', (t: Things) => ({ user_id: t.member, starred: true })],
  'contact.delete': ['ok ok ok ok', (t: Things) => ({ user_id: t.member })],
  'contact.block': ['ok ok ok ok', (t: Things) => ({ user_id: t.member })],
  'contact.unblock': ['ok ok ok ok', (t: Things) => ({ user_id: t.member })],
  'conversation.open': ['ok ok ok ok', (t: Things) => ({ user_id: t.member })],
  'user.get': ['ok ok ok ok', (t: Things) => ({ user_id: t.member })],
  'user.common_groups': ['ok ok ok ok', (t: Things) => ({ user_id: t.member })],
  'user.report of her': ['ok ok ok ok', (t: Things) => ({ target: { user_id: t.member }, reason: 'spam' })],
  'message.send to her': ['fr bl fr ok', chat(text)],
  'message.react to her': ['nf bl fr ok', chat((t) => ({ seq: t.theirs, emoji: '👍' }))],
  'typing.set to her': ['fr bl fr ok', chat()],
  'conversation.mark_read of her': ['ok ok ok ok', chat(() => ({ seq: 1 }))],
  'message.list of her': ['ok ok ok ok', chat()],
} satisfies Record<string, Row>;

/** What names nothing of anybody, what answers one by one, and what only those it is for can name (access.test.ts). */
const OF_ONES_OWN = [
  'auth.change_password',
  'auth.list_devices',
  'auth.logout',
  'auth.revoke_device',
  'auth.revoke_others',
  'contact.accept',
  'contact.block_request',
  'contact.list',
  'contact.list_blocked',
  'contact.list_requests',
  'contact.reject',
  'conversation.list',
  'group.create',
  'group.list',
  'group.preview_invite',
  'group.search',
  'message.forward',
  'presence.get',
  'presence.subscribe',
  'sync.pull',
  'user.batch',
  'user.cancel_deletion',
  'user.change_email',
  'user.change_phone',
  'user.delete_me',
  'user.export',
  'user.get_export',
  'user.me',
  'user.read_export',
  'user.search',
  'user.send_code',
  'user.settings',
  'user.update_me',
  'user.update_settings',
] as const satisfies readonly Guarded[];

/** What a key asks with that has this scope alone. */
const WITH_KEY = {
  'conversation.open': (t: Things) => ({ user_id: t.member }),
  'message.send': chat(text),
  'user.create': () => ({ username: freshName() }),
  'user.get': (t: Things) => ({ user_id: t.member }),
  'user.search': () => ({ q: 'nobody_of_this_name' }),
} satisfies Record<Keyed, (things: Things) => Record<string, unknown>>;

type Missing = Exclude<
  Guarded,
  keyof typeof IN_GROUP | keyof typeof WITH_ALICE | (typeof OF_ONES_OWN)[number]
>;
/** An rpc without a row is an error of types, which names it. */
const NONE_IS_MISSING: [Missing] extends [never] ? true : Missing = true;

async function answerOf(socket: Socket, rpc: string, data: object): Promise<string> {
  const frame = await socket.request(rpc, data);
  return frame.type === 'ok' ? 'ok' : String(frame.error?.code);
}

const people: Person[] = [];
const sockets = new Map<Person, Socket>();

beforeAll(async () => {
  expect(NONE_IS_MISSING).toBe(true);
  for (let i = 0; i < 11; i++) {
    const person = await register(server());
    people.push(person);
    sockets.set(person, await connect(server(), person));
  }
});

function somebody(at: number): Person {
  const person = people[at];
  if (person === undefined) throw new Error(`nobody at ${at}`);
  return person;
}

function socketOf(person: Person): Socket {
  const socket = sockets.get(person);
  if (socket === undefined) throw new Error('no socket');
  return socket;
}

/** A group with somebody in each role, in the order of the columns. */
async function freshGroup(): Promise<{ things: Things; own: readonly number[] }> {
  const [alice, former, muted, member, boss, waiting] = [0, 2, 3, 4, 5, 8].map(somebody) as [
    Person,
    Person,
    Person,
    Person,
    Person,
    Person,
  ];
  const bystander = somebody(7);
  const id = await createGroup(server(), alice, [former, muted, member, boss, bystander]);
  const own: number[] = [1, 0, 0, 0, 0, 0, 1];
  for (const [column, person] of [former, muted, member, boss, alice].entries()) {
    own[column + 1] = (await say(socketOf(person), id, 'mine')).seq;
  }
  const theirs = (await say(socketOf(bystander), id, 'theirs')).seq;
  const path = `/v1/groups/${id}`;
  await call(server(), alice, 'PATCH', `${path}/members/${boss.userId}`, { role: 'admin' });
  await call(server(), alice, 'PATCH', `${path}/members/${muted.userId}`, {
    muted_until_ms: Date.now() + 600_000,
  });
  await call(server(), alice, 'PATCH', path, { join_mode: 'approval' });
  await call(server(), waiting, 'POST', `${path}/join`, {});
  const { invite } = await call<CreateInviteResponse>(server(), alice, 'POST', `${path}/invites`, {});
  await removeMember(server(), alice, id, former);
  return {
    things: {
      group: id,
      member: bystander.userId,
      waiting: waiting.userId,
      nobody: somebody(9).userId,
      invite: invite.invite_id,
      own: 0,
      theirs,
    },
    own,
  };
}

test('no rpc stands in two places', () => {
  const rows = [...Object.keys(IN_GROUP), ...Object.keys(WITH_ALICE), ...OF_ONES_OWN];
  expect(new Set(rows).size).toBe(rows.length);
});

describe('in a group', () => {
  test.each(Object.entries(IN_GROUP))('%s', async (rpc, [expected, data]) => {
    // Stranger, former, muted, member, admin, owner, and who owns another group.
    const callers = [1, 2, 3, 4, 5, 0, 6].map(somebody);
    const answers: string[] = [];
    let world = await freshGroup();
    for (const [column, caller] of callers.entries()) {
      const answer = await answerOf(
        socketOf(caller),
        rpc,
        data({ ...world.things, own: world.own[column] ?? 1 }),
      );
      answers.push(answer);
      // What was done may be in the way of the next one.
      if (answer === 'ok') world = await freshGroup();
    }
    expect(answers).toEqual(expected.split(' ').map((short) => SHORT[short as keyof typeof SHORT]));
  });
});

describe('with Alice', () => {
  test.each(Object.entries(WITH_ALICE))('%s', async (row, [expected, data]) => {
    const [rpc = ''] = row.split(' ');
    const answers: string[] = [];
    for (const kind of ['stranger', 'blocked', 'unfriended', 'friend']) {
      const [alice, caller] = [await register(server()), await register(server())];
      if (kind !== 'stranger') await befriend(server(), caller, alice);
      const id = await direct(server(), caller, alice);
      if (kind !== 'stranger')
        await call(server(), alice, 'POST', '/v1/messages', { conversation_id: id, ...text() });
      if (kind === 'blocked') await call(server(), alice, 'PUT', `/v1/contacts/${caller.userId}/block`);
      if (kind === 'unfriended') await call(server(), alice, 'DELETE', `/v1/contacts/${caller.userId}`);
      const socket = await connect(server(), caller);
      const things = {
        group: id,
        member: alice.userId,
        waiting: '1',
        nobody: '1',
        invite: '1',
        own: 2,
        theirs: 2,
      };
      answers.push(await answerOf(socket, rpc, data(things)));
      await socket.close();
    }
    expect(answers).toEqual(expected.split(' ').map((short) => SHORT[short as keyof typeof SHORT]));
  });
});

describe('with a key or a hook', () => {
  const guarded = Object.entries(routes).filter(([, route]) => route.access !== 'public');

  /** The REST form: no path of these has a field that is missing, and what else there is goes into the body or the query. */
  function overRest(rpc: RpcType, data: Record<string, unknown>, token: string): Promise<Answer> {
    const { method, path: template } = routes[rpc];
    const rest = new Map(Object.entries(data));
    const path = template.replace(/\{(\w+)\}/g, (_, field: string) => {
      const value = rest.get(field);
      rest.delete(field);
      return typeof value === 'string' ? value : '1';
    });
    if (method !== 'GET')
      return onlyHttp(server().url, method, path, { token, body: Object.fromEntries(rest) });
    const query = new URLSearchParams([...rest].map(([key, value]) => [key, String(value)])).toString();
    return onlyHttp(server().url, method, `${path}?${query}`, { token });
  }
  const codeOver = {
    rest: async (rpc: RpcType, data: Record<string, unknown>, token: string) => {
      const answer = await overRest(rpc, data, token);
      return answer.status === 200 ? 'ok' : answer.error.code;
    },
    grpc: async (rpc: RpcType, data: Record<string, unknown>, token: string) => {
      const client = new Grpc(server().grpcAddress);
      const answer = await client.call(rpc, data, token);
      client.close();
      return answer.data === undefined ? String(answer.trailers.get('hongyan-code')[0]) : 'ok';
    },
  };

  test.each(Object.entries(WITH_KEY))('%s: by its scope, and nothing else', async (scope, data) => {
    const { key, userId } = await createKey(server(), [scope]);
    const alice = somebody(0);
    const group = await createGroup(server(), alice, []);
    await call(server(), alice, 'POST', `/v1/groups/${group}/members`, { user_ids: [userId] });
    const { things } = await freshGroup();
    for (const edge of ['rest', 'grpc'] as const) {
      for (const [rpc] of guarded as [RpcType, unknown][]) {
        const asked = rpc === scope ? data({ ...things, group }) : {};
        const expected = rpc === scope ? 'ok' : 'permission_denied';
        expect(await codeOver[edge](rpc, asked, key), `${rpc} over ${edge}`).toBe(expected);
      }
    }
  });

  test('none of them opens a socket', async () => {
    const { key } = await createKey(server(), Object.keys(WITH_KEY));
    const hook = await createHook(server(), await createGroup(server(), somebody(0), []));
    for (const token of [key, hook.token]) {
      const socket = await Socket.open(server().url);
      expect((await socket.auth(token)).error?.code).toBe('unauthenticated');
      expect(await socket.closeCode()).toBe(4401);
      const byHeader = await Socket.open(server().url, { headers: { Authorization: `Bearer ${token}` } });
      expect(await byHeader.closeCode()).toBe(4401);
    }
  });

  test('the token of a hook is good for no rpc', async () => {
    const hook = await createHook(server(), await createGroup(server(), somebody(0), []));
    for (const [rpc] of guarded as [RpcType, unknown][]) {
      for (const edge of ['rest', 'grpc'] as const) {
        expect(await codeOver[edge](rpc, {}, hook.token), `${rpc} over ${edge}`).toBe('unauthenticated');
      }
    }
  });

  test('what is for keys alone is for no user', async () => {
    const alice = somebody(0);
    const asked = { username: freshName() };
    expect(await codeOver.rest('user.create', asked, alice.access)).toBe('permission_denied');
    expect(await codeOver.grpc('user.create', asked, alice.access)).toBe('permission_denied');
    expect(await answerOf(socketOf(alice), 'user.create', asked)).toBe('permission_denied');
  });
});
