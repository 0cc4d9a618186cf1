import { type Conversation, type Group, routes, type RpcType } from '@hongyan/sdk';
import { UNLIMITED } from '@hongyan/test-support';
import { beforeAll, describe, expect, test } from 'vitest';

import { createGroup } from './support/groups.ts';
import { type Answer, http } from './support/http.ts';
import {
  call,
  connect,
  direct,
  history,
  login,
  type Person,
  register,
  say,
  tryLogin,
} from './support/people.ts';
import { admin, useServer } from './support/servers.ts';
import { Socket } from './support/socket.ts';

/** What a stranger is told of an object that is not theirs: exactly what they are told of one that does not exist. */
interface Foreign {
  /** The request that names object `id`. */
  readonly data: (id: string) => Record<string, unknown>;
  /** Which object of Alice's is tried. */
  readonly object: 'contact_request' | 'conversation' | 'device' | 'group';
}

interface Row {
  /** A request that is well formed, so that only the token decides. */
  readonly data: Record<string, unknown>;
  /** Absent: the rpc names nothing that belongs to somebody. */
  readonly foreign?: Foreign;
}

/** Every rpc that asks who calls. */
type Guarded = { [K in RpcType]: (typeof routes)[K]['access'] extends 'public' ? never : K }[RpcType];

const ID = '4611686018427387904';
const conversation = (more: object = {}): Foreign => ({
  object: 'conversation',
  data: (id) => ({ conversation_id: id, ...more }),
});

const group = (more: object = {}): Foreign => ({
  object: 'group',
  data: (id) => ({ group_id: id, ...more }),
});

const contactRequest: Foreign = {
  object: 'contact_request',
  data: (id) => ({ contact_request_id: id }),
};

/** An rpc without a row is an error of types. */
const ROWS: Readonly<Record<Guarded, Row>> = {
  'auth.change_password': { data: { old_password: 'not this one', new_password: 'another long one' } },
  'auth.list_devices': { data: {} },
  'auth.logout': { data: {} },
  'auth.revoke_device': {
    data: { device_id: ID },
    foreign: { object: 'device', data: (id) => ({ device_id: id }) },
  },
  'auth.revoke_others': { data: {} },
  'contact.accept': { data: { contact_request_id: ID }, foreign: contactRequest },
  // What one has on one's own lists, and what others hear of it: tests/e2e/people/contacts.test.ts.
  'contact.block': { data: { user_id: ID } },
  'contact.block_request': { data: { contact_request_id: ID }, foreign: contactRequest },
  'contact.delete': { data: { user_id: ID } },
  'contact.list': { data: {} },
  'contact.list_blocked': { data: {} },
  'contact.list_requests': { data: {} },
  'contact.reject': { data: { contact_request_id: ID }, foreign: contactRequest },
  'contact.request': { data: { user_id: ID } },
  'contact.unblock': { data: { user_id: ID } },
  'contact.update': { data: { user_id: ID, starred: true } },
  'conversation.clear': {
    data: { conversation_id: ID, up_to_seq: 1 },
    foreign: conversation({ up_to_seq: 1 }),
  },
  'conversation.hide': { data: { conversation_id: ID }, foreign: conversation() },
  'conversation.update': {
    data: { conversation_id: ID, pinned: true },
    foreign: conversation({ pinned: true }),
  },
  'conversation.get': { data: { conversation_id: ID }, foreign: conversation() },
  'conversation.list': { data: {} },
  'conversation.mark_delivered': { data: { conversation_id: ID, seq: 1 }, foreign: conversation({ seq: 1 }) },
  'conversation.mark_read': { data: { conversation_id: ID, seq: 1 }, foreign: conversation({ seq: 1 }) },
  'conversation.open': { data: { user_id: ID } },
  'conversation.read_cursors': { data: { conversation_id: ID }, foreign: conversation() },
  'group.accept': {
    data: { group_id: ID, user_id: ID },
    foreign: group({ user_id: ID }),
  },
  'group.create_invite': {
    data: { group_id: ID },
    foreign: group(),
  },
  'group.create_notice': {
    data: { group_id: ID, text: 'x' },
    foreign: group({ text: 'intruder' }),
  },
  'group.dissolve': {
    data: { group_id: ID },
    foreign: group(),
  },
  'group.invites': {
    data: { group_id: ID },
    foreign: group(),
  },
  'group.join': {
    data: { group_id: ID },
    foreign: group(),
  },
  'group.mute_all': {
    data: { group_id: ID, muted: true },
    foreign: group({ muted: true }),
  },
  'group.notices': {
    data: { group_id: ID },
    foreign: group(),
  },
  'group.reject': {
    data: { group_id: ID, user_id: ID },
    foreign: group({ user_id: ID }),
  },
  'group.requests': {
    data: { group_id: ID },
    foreign: group(),
  },
  'group.revoke_invite': {
    data: { group_id: ID, invite_id: ID },
    foreign: group({ invite_id: ID }),
  },
  'group.transfer': {
    data: { group_id: ID, user_id: ID },
    foreign: group({ user_id: ID }),
  },
  'group.update': {
    data: { group_id: ID, name: 'x' },
    foreign: group({ name: 'intruder' }),
  },
  'group.list': { data: {} },
  'group.presence': { data: { group_id: ID }, foreign: group() },
  'group.search': { data: { q: 'x' } },
  // A token nobody knows leads nowhere: tests/e2e/people/doors.test.ts.
  'group.preview_invite': { data: { token: 'x' } },
  'group.add_members': {
    data: { group_id: ID, user_ids: [ID] },
    foreign: group({ user_ids: [ID] }),
  },
  'group.create': { data: { name: 'x' } },
  'group.get': { data: { group_id: ID }, foreign: group() },
  'group.leave': { data: { group_id: ID }, foreign: group() },
  'group.members': { data: { group_id: ID }, foreign: group() },
  'group.remove_member': { data: { group_id: ID, user_id: ID }, foreign: group({ user_id: ID }) },
  'group.update_member': {
    data: { group_id: ID, user_id: ID, role: 'admin' },
    foreign: group({ user_id: ID, role: 'admin' }),
  },
  'message.changes': { data: { conversation_id: ID }, foreign: conversation() },
  'message.delete_for_me': { data: { conversation_id: ID, seq: 1 }, foreign: conversation({ seq: 1 }) },
  'message.edit': {
    data: { conversation_id: ID, seq: 1, content: { text: { text: 'x' } } },
    foreign: conversation({ seq: 1, content: { text: { text: 'intruder' } } }),
  },
  // Answers what became of each message: tests/e2e/commands.test.ts forwards from and to conversations of others.
  'message.forward': {
    data: { client_msg_id: 'x', items: [{ conversation_id: ID, seq: 1 }], targets: [ID] },
  },
  'message.get': { data: { conversation_id: ID, seq: 1 }, foreign: conversation({ seq: 1 }) },
  'message.list': { data: { conversation_id: ID }, foreign: conversation({ limit: 10 }) },
  'message.pin': { data: { conversation_id: ID, seq: 1 }, foreign: conversation({ seq: 1 }) },
  'message.pins': { data: { conversation_id: ID }, foreign: conversation() },
  'message.react': {
    data: { conversation_id: ID, seq: 1, emoji: '👍' },
    foreign: conversation({ seq: 1, emoji: '👍' }),
  },
  'message.reactions': { data: { conversation_id: ID, seq: 1 }, foreign: conversation({ seq: 1 }) },
  'message.recall': { data: { conversation_id: ID, seq: 1 }, foreign: conversation({ seq: 1 }) },
  'message.receipts': { data: { conversation_id: ID, seq: 1 }, foreign: conversation({ seq: 1 }) },
  'message.send': {
    data: { conversation_id: ID, client_msg_id: 'x', content: { text: { text: 'x' } } },
    foreign: conversation({
      client_msg_id: 'intruder',
      content: { text: { text: 'intruder' } },
      read_seq: 1,
    }),
  },
  // Who is nobody's business is left out of the answers: tests/e2e/presence/presence.test.ts.
  'presence.get': { data: { user_ids: [ID] } },
  'presence.subscribe': { data: { user_ids: [ID] } },
  'sync.pull': { data: {} },
  'message.unpin': { data: { conversation_id: ID, seq: 1 }, foreign: conversation({ seq: 1 }) },
  'message.unreact': {
    data: { conversation_id: ID, seq: 1, emoji: '👍' },
    foreign: conversation({ seq: 1, emoji: '👍' }),
  },
  'typing.set': { data: { conversation_id: ID }, foreign: conversation() },
  // Public profiles: everybody who is logged in may see them.
  'user.batch': { data: { user_ids: [ID] } },
  // Only for keys: tests/e2e/people/integration.test.ts.
  'user.create': { data: { username: 'made_by_nobody' } },
  'user.get': { data: { user_id: ID } },
  'user.common_groups': { data: { user_id: ID } },
  // What one has oneself: tests/e2e/people/codes.test.ts.
  // tests/e2e/people/deletion.test.ts.
  'user.cancel_deletion': { data: {} },
  'user.change_email': { data: { value: 'a@people.example', code: '000000', password: 'x' } },
  'user.change_phone': { data: { value: '+8613800000000', code: '000000', password: 'x' } },
  'user.delete_me': { data: { password: 'not this one' } },
  // tests/e2e/people/export.test.ts.
  'user.export': { data: { password: 'not this one' } },
  'user.get_export': { data: {} },
  'user.me': { data: {} },
  'user.read_export': { data: { export_id: ID } },
  'user.report': {
    data: { target: { user_id: ID }, reason: 'spam' },
    foreign: {
      object: 'conversation',
      data: (id) => ({ target: { message: { conversation_id: id, seq: 1 } }, reason: 'spam' }),
    },
  },
  'user.search': { data: { q: 'nobody' } },
  'user.send_code': { data: { target: 'a@people.example' } },
  'user.settings': { data: {} },
  'user.update_me': { data: { nickname: 'changed' } },
  'user.update_settings': { data: { read_receipts: false } },
};

const guarded = Object.keys(ROWS) as Guarded[];

/** The REST form of an rpc: fields of the path go there, the others into the query or the body. */
function overRest(url: string, rpc: RpcType, data: Record<string, unknown>, token?: string): Promise<Answer> {
  const { method, path: template } = routes[rpc];
  const rest = new Map(Object.entries(data));
  const path = template.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = String(rest.get(field));
    rest.delete(field);
    return encodeURIComponent(value);
  });
  if (method !== 'GET') {
    return http(url, method, path, { token, body: Object.fromEntries(rest) });
  }
  const query = new URLSearchParams([...rest].map(([key, value]) => [key, String(value)])).toString();
  return http(url, method, query === '' ? path : `${path}?${query}`, { token });
}

/** A JWT that claims everything the real one does and is signed by nobody. */
function unsigned(token: string): string {
  const payload = token.split('.')[1] ?? '';
  const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
  return `${header}.${payload}.`;
}

/** The real token with one character of its claims changed. */
function altered(token: string): string {
  const [header, payload, signature] = token.split('.');
  const claims = Buffer.from(payload ?? '', 'base64url')
    .toString()
    .replace(/"sub":"\d/, '"sub":"9');
  return [header, Buffer.from(claims).toString('base64url'), signature].join('.');
}

describe('tokens that are no good', () => {
  const server = useServer({
    // Some hundred bad tokens from one address.
    env: { ...UNLIMITED, HONGYAN_AUTH_ACCESS_TOKEN_MS: '86400000', HONGYAN_AUTH_SESSION_MS: '86400000' },
  });
  // The shortest there is: its tokens are old before a test has asked three times.
  const hasty = useServer({ env: { HONGYAN_AUTH_ACCESS_TOKEN_MS: '1000' } });
  let alice: Person;
  const bad: Record<
    string,
    { readonly token: string | undefined; readonly code: string; readonly status: number }
  > = {};

  beforeAll(async () => {
    alice = await register(server());
    const revoked = await login(server(), alice);
    await call(server(), alice, 'DELETE', `/v1/auth/devices/${revoked.deviceId}`);
    const disabled = await register(server());
    await admin(server(), 'disable-user', disabled.username);
    const refuse = (name: string, token: string | undefined, code: string, status = 401) => {
      bad[name] = { token, code, status };
    };
    refuse('no token', undefined, 'unauthenticated');
    refuse('an empty one', '', 'unauthenticated');
    refuse('garbage', 'garbage', 'unauthenticated');
    refuse('binary', '\u00ff\u00fe\u0080', 'unauthenticated');
    refuse('a huge one', 'x'.repeat(8_000), 'unauthenticated');
    refuse('alg none', unsigned(alice.access), 'unauthenticated');
    refuse('altered claims', altered(alice.access), 'unauthenticated');
    refuse('a cut one', alice.access.slice(0, -5), 'unauthenticated');
    refuse('a longer one', `${alice.access}AAAA`, 'unauthenticated');
    refuse('a refresh token', alice.refresh, 'unauthenticated');
    refuse('a revoked one', revoked.access, 'token_revoked');
    refuse('one of another server', (await register(hasty())).access, 'unauthenticated');
    refuse('one of a disabled account', disabled.access, 'account_disabled', 403);
  });

  test('are refused by every rpc over REST', async () => {
    for (const rpc of guarded) {
      for (const [name, { token, code, status }] of Object.entries(bad)) {
        const answer = await overRest(server().url, rpc, ROWS[rpc].data, token);
        expect([answer.status, answer.error.code], `${rpc} with ${name}`).toEqual([status, code]);
      }
    }
  });

  test('are refused by the socket, which then closes, and nothing sent with them is done', async () => {
    for (const [name, { token, code, status }] of Object.entries(bad)) {
      if (token === undefined) continue;
      const socket = await Socket.open(server().url);
      // In one go: whatever comes behind a bad token must wait for the verdict and share it.
      const auth = socket.auth(token);
      const behind = guarded.map((rpc) => socket.request(rpc, ROWS[rpc].data).catch(() => undefined));
      expect((await auth).error?.code, name).toBe(code);
      expect(await socket.closeCode(), name).toBe(status === 403 ? 4403 : 4401);
      for (const frame of await Promise.all(behind)) {
        if (frame !== undefined) expect(frame.error?.code, name).toBe('unauthenticated');
      }
    }
  });

  test('without a token the socket answers every rpc with unauthenticated, public ones too', async () => {
    const socket = await Socket.open(server().url);
    const rows: Readonly<Record<string, Row>> = ROWS;
    for (const rpc of Object.keys(routes)) {
      const error = await socket.refusal(rpc, rows[rpc]?.data ?? {});
      expect(error.code, rpc).toBe('unauthenticated');
    }
    expect((await socket.request('ping')).type).toBe('pong');
    await socket.close();
  });

  test('nothing of all this has touched the account', async () => {
    const { user } = await call<{ user: { nickname: string } }>(server(), alice, 'GET', '/v1/users/me');
    expect(user.nickname).toBe(alice.username);
    const again = await tryLogin(server(), alice.username, alice.password);
    expect(again.status).toBe(200);
  });

  test('an expired one is refused everywhere', async () => {
    const soonOld = await register(hasty());
    const me = () => http(hasty().url, 'GET', '/v1/users/me', { token: soonOld.access });
    await expect.poll(async () => (await me()).status, { timeout: 5_000, interval: 20 }).toBe(401);
    for (const rpc of guarded) {
      const answer = await overRest(hasty().url, rpc, ROWS[rpc].data, soonOld.access);
      expect([answer.status, answer.error.code], rpc).toEqual([401, 'token_expired']);
    }
    const socket = await Socket.open(hasty().url);
    expect((await socket.auth(soonOld.access)).error?.code).toBe('token_expired');
    expect(await socket.closeCode()).toBe(4401);
  });
});

describe('a stranger', () => {
  const server = useServer();
  let alice: Person;
  let bob: Person;
  let stranger: Person;
  let id: string;
  let objects: Readonly<Record<Foreign['object'], string>>;

  beforeAll(async () => {
    [alice, bob, stranger] = [await register(server()), await register(server()), await register(server())];
    id = await direct(server(), alice, bob);
    const team = await createGroup(server(), alice, [bob]);
    const asked = await call<{ request: { contact_request_id: string } }>(
      server(),
      bob,
      'POST',
      '/v1/contacts/requests',
      { user_id: alice.userId },
    );
    objects = {
      contact_request: asked.request.contact_request_id,
      conversation: id,
      device: alice.deviceId,
      group: team,
    };
    const socket = await connect(server(), alice);
    await say(socket, id, 'private');
    await socket.close();
  });

  test('cannot tell a conversation or device of others from one that does not exist', async () => {
    const socket = await connect(server(), stranger);
    for (const rpc of guarded) {
      const foreign = ROWS[rpc].foreign;
      if (foreign === undefined) continue;
      const existing = objects[foreign.object];
      // Same number of digits, and no object of anybody.
      const missing = String(BigInt(existing) + 1n);
      const rest = await Promise.all(
        [existing, missing].map((object) =>
          overRest(server().url, rpc, foreign.data(object), stranger.access),
        ),
      );
      expect(rest[0]?.status, rpc).toBe(404);
      expect(comparable(rest[0]), rpc).toBe(comparable(rest[1]));
      const frames = await Promise.all(
        [existing, missing].map((object) => socket.refusal(rpc, foreign.data(object))),
      );
      expect(frames[0]?.code, rpc).toBe('not_found');
      expect({ ...frames[0], request_id: '' }, rpc).toEqual({ ...frames[1], request_id: '' });
    }
    expect(socket.frames.filter((frame) => frame.id === undefined)).toEqual([]);
    await socket.close();
  });

  test('has changed nothing by trying', async () => {
    const messages = await history(server(), bob, id);
    expect(messages.map((message) => message.content?.text?.text)).toEqual(['private']);
    const seen = await call<{ conversation: Conversation }>(server(), bob, 'GET', `/v1/conversations/${id}`);
    expect(seen.conversation).toMatchObject({ unread: 1, read_seq: 0, peer_read_seq: 0 });
    const list = await call<{ items: object[] }>(server(), stranger, 'GET', '/v1/conversations');
    expect(list.items).toEqual([]);
    const team = await call<{ group: Group }>(server(), bob, 'GET', `/v1/groups/${objects.group}`);
    expect(team.group).toMatchObject({ owner_id: alice.userId, member_count: 2, group_version: 1 });
    expect((await http(server().url, 'GET', '/v1/users/me', { token: alice.access })).status).toBe(200);
  });

  test('who has used a client_msg_id in vain may use it in a conversation of their own', async () => {
    const own = await direct(server(), stranger, stranger);
    const socket = await connect(server(), stranger);
    expect((await say(socket, own, 'mine', 'intruder')).seq).toBe(1);
    await socket.close();
  });
});

/** The whole answer, byte by byte, but for what differs by request. */
function comparable(answer: Answer | undefined): string {
  const requestId = String(answer?.headers['x-request-id']);
  const headers = Object.entries(answer?.headers ?? {}).filter(([name]) => name !== 'date');
  return JSON.stringify([answer?.status, headers, answer?.text]).replaceAll(requestId, '');
}
