import {
  type CreateInviteResponse,
  type ExportResponse,
  type GetExportResponse,
  routes,
  type RpcType,
  type SendResponse,
} from '@hongyan/sdk';
import { UNLIMITED } from '@hongyan/test-support';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { CodeFakes, freshMail, freshPhone } from './support/code_fakes.ts';
import { ask } from './support/contacts.ts';
import { addMembers, createGroup } from './support/groups.ts';
import { http } from './support/http.ts';
import { createKey } from './support/integration.ts';
import { call, connect, direct, freshName, login, type Person, register, say } from './support/people.ts';
import { closed, offering, type OpenApi, type Schema, schemathesis } from './support/schemathesis.ts';
import { metric, useServer } from './support/servers.ts';

const PATIENCE_MS = 410_000;
/** They end what the others need, in this order; schemathesis finds the ids of devices in answers, and uses them. */
const ENDING = [
  'group.remove_member',
  'group.mute_all',
  'group.dissolve',
  'group.leave',
  'group.transfer',
  'contact.block',
  'contact.block_request',
  'contact.delete',
  'auth.logout',
  'auth.revoke_device',
  'auth.change_password',
];
/** It ends all sessions of whoever asks, so it has somebody of its own. */
const LAST = 'user.delete_me';
/** They take away the message that the others need, so they come last, in this order. */
const REMOVING = ['message.recall', 'message.delete_for_me', 'conversation.clear'];

const fakes = await CodeFakes.start();
afterAll(() => fakes.stop());
// It logs in often, and nobody's first device should make room for that; and takes its time before it recalls.
const server = useServer({
  env: {
    ...UNLIMITED,
    ...fakes.env,
    HONGYAN_CODES_RESEND_MS: '0',
    HONGYAN_CODES_DAILY_PER_TARGET: '100000',
    HONGYAN_CODES_DAILY_PER_ADDRESS: '100000',
    HONGYAN_AUTH_MAX_DEVICES: '1000',
    HONGYAN_MESSAGE_RECALL_WINDOW_MS: String(2 * PATIENCE_MS),
  },
});
let alice: Person;
let bob: Person;
let carol: Person;
/** For what is no user's. */
let key: string;
let document: OpenApi;

beforeAll(async () => {
  alice = await register(server());
  bob = await register(server());
  carol = await register(server());
  const other = await login(server(), carol);
  await doByHand();
  await useCodes();
  await takeCopy();
  const described = await http<OpenApi>(server().url, 'GET', '/openapi.json');
  const room = await direct(server(), alice, bob);
  const socket = await connect(server(), alice);
  await say(socket, room, 'hello');
  await socket.close();
  document = offering(closed(described.data), {
    account: alice.username,
    password: alice.password,
    old_password: carol.password,
    new_password: `${carol.password}-new`,
    refresh_token: bob.refresh,
    device_id: other.deviceId,
    user_id: bob.userId,
    conversation_id: room,
    group_id: await createGroup(server(), alice, [bob]),
    user_ids: carol.userId,
    seq: 1,
    emoji: '👍',
    target: freshMail(),
    content: { text: { text: 'hello' } },
  });
});

/** What succeeds only after others have done something, or once, is done once by hand; schemathesis sees how it is refused. */
async function doByHand(): Promise<void> {
  const [dave, erin, frank] = [await register(server()), await register(server()), await register(server())];
  const requests: string[] = [];
  for (const person of [dave, erin, frank]) {
    const { request } = await ask(server(), person, carol);
    requests.push(request?.contact_request_id ?? '');
  }
  for (const [at, verb] of ['accept', 'reject', 'block'].entries()) {
    await call(server(), carol, 'POST', `/v1/contacts/requests/${requests[at] ?? ''}/${verb}`, {});
  }
  await call(server(), carol, 'PATCH', `/v1/contacts/${dave.userId}`, { starred: true });
  const path = `/v1/groups/${await createGroup(server(), carol, [bob])}`;
  await call(server(), carol, 'PATCH', path, { join_mode: 'approval' });
  for (const [person, verb] of [
    [dave, 'accept'],
    [erin, 'reject'],
  ] as const) {
    await call(server(), person, 'POST', `${path}/join`, {});
    await call(server(), carol, 'POST', `${path}/requests/${person.userId}/${verb}`, {});
  }
  const { invite, token } = await call<CreateInviteResponse>(server(), carol, 'POST', `${path}/invites`, {});
  await call(server(), erin, 'GET', `/v1/invites/${token}`);
  await call(server(), carol, 'DELETE', `${path}/invites/${invite.invite_id}`);
  await call(server(), carol, 'POST', `${path}/transfer`, { user_id: bob.userId });
  const report = { target: { user_id: bob.userId }, reason: 'spam' };
  await call(server(), carol, 'POST', '/v1/reports', report);
  key = (await createKey(server(), ['user.create'])).key;
  await http(server().url, 'POST', '/v1/users', { token: key, body: { username: freshName() } });
}

/** The code that comes there is not made up. */
async function useCodes(): Promise<void> {
  const dave = await register(server());
  const [value, phone] = [freshMail(), freshPhone()];
  const newest = async (target: string, sent: Promise<unknown>): Promise<string> => {
    const before = fakes.count(target);
    await sent;
    return (await fakes.letter(target, before + 1)).code;
  };
  for (const [kind, target] of [
    ['email', value],
    ['phone', phone],
  ] as const) {
    const code = await newest(target, call(server(), dave, 'POST', '/v1/users/me/send_code', { target }));
    const change = { value: target, code, password: dave.password };
    await call(server(), dave, 'POST', `/v1/users/me/${kind}`, change);
  }
  const send = (purpose: string) =>
    newest(value, call(server(), dave, 'POST', '/v1/auth/send_code', { target: value, purpose }));
  const entering = { account: value, code: await send('login') };
  await call(server(), dave, 'POST', '/v1/auth/login_by_code', entering);
  const reset = { target: value, code: await send('reset_password'), new_password: 'a brand new one' };
  await call(server(), dave, 'POST', '/v1/auth/reset_password', reset);
}

/** What is copied is ready some time later. */
async function takeCopy(): Promise<void> {
  const dave = await register(server());
  const asked = { password: dave.password };
  await call<ExportResponse>(server(), dave, 'POST', '/v1/users/me/export', asked);
  const last = async () =>
    (await call<GetExportResponse>(server(), dave, 'GET', '/v1/users/me/export')).export;
  await vi.waitFor(async () => expect((await last()).state).toBe('ready'), { timeout: 20_000 });
  const path = `/v1/users/me/export/lines?export_id=${(await last()).export_id}`;
  await call(server(), dave, 'GET', path);
}

test('the document describes every rpc', () => {
  const described = Object.entries(document.paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, { operationId }]) => [operationId, `${verb.toUpperCase()} ${path}`]),
  );
  const declared = Object.entries(routes).map(([name, { method, path }]) => [name, `${method} ${path}`]);
  expect(Object.fromEntries(described)).toEqual(Object.fromEntries(declared));
});

/** What leaves the others what they need. */
const LASTING = Object.keys(routes).filter(
  (name) => !ENDING.includes(name) && !REMOVING.includes(name) && name !== LAST,
);

// All of these at the same time: schemathesis is busy with itself most of the time, on one core.
test.concurrent.for([0, 1])(
  'every answer to a user is as described, and none is a 5xx: half %i',
  { timeout: PATIENCE_MS },
  async (half) => {
    const include = LASTING.filter((_, index) => index % 2 === half);
    const run = { token: alice.access, include, edges: true, examples: 10 };
    const { code, output } = await schemathesis(server().url, document, run);
    expect(code, output).toBe(0);
    const me = await http(server().url, 'GET', '/v1/users/me', { token: alice.access });
    expect(me.status, 'the session has lasted').toBe(200);
  },
);

test.concurrent('so is every answer without a token', { timeout: PATIENCE_MS }, async () => {
  const { code, output } = await schemathesis(server().url, document, { examples: 3 });
  expect(code, output).toBe(0);
});

test.concurrent('so is every answer to what ends a session', { timeout: PATIENCE_MS }, async () => {
  const own = offering(document, { group_id: await createGroup(server(), carol, [bob]) });
  for (const name of ENDING) {
    const { access } = await login(server(), carol);
    const run = { token: access, include: [name], edges: true, examples: 3 };
    const { code, output } = await schemathesis(server().url, own, run);
    expect(code, output).toBe(0);
  }
});

test.concurrent('so is every answer to who ends their account', { timeout: PATIENCE_MS }, async () => {
  const dave = await register(server());
  const run = { token: dave.access, include: [LAST], edges: true, examples: 3 };
  const own = offering(document, { password: dave.password });
  const { code, output } = await schemathesis(server().url, own, run);
  expect(code, output).toBe(0);
  // Once it succeeds for sure.
  const erin = await register(server());
  await call(server(), erin, 'DELETE', '/v1/users/me', { password: erin.password });
});

test('so is every answer to what takes a message away', { timeout: PATIENCE_MS }, async () => {
  for (const name of REMOVING) {
    const run = { token: alice.access, include: [name], edges: true, examples: 3 };
    const { code, output } = await schemathesis(server().url, document, run);
    expect(code, output).toBe(0);
  }
});

/** The schema itself, or the one it names. */
function resolved(schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return (name === undefined ? undefined : document.components.schemas[name]) ?? schema;
}

/** A value of a required field that is well formed. */
function sample(schema: Schema): unknown {
  const {
    anyOf = [],
    const: fixed,
    enum: values = [],
    examples,
    items,
    oneOf = [],
    pattern,
    properties,
    required = [],
    type,
  } = resolved(schema);
  if (items !== undefined) return [sample(items)];
  if (type === 'integer') return 1;
  // Ids are digits.
  if (pattern !== undefined && !new RegExp(pattern).test('x')) return '1';
  if (properties === undefined) return fixed ?? anyOf[0]?.const ?? values[0] ?? examples?.[0] ?? 'x';
  const needed = oneOf[0]?.required ?? required;
  return Object.fromEntries(needed.map((name) => [name, sample(properties[name] ?? {})]));
}

test('a request without a required field is refused, and the field is named', async () => {
  const tried: string[] = [];
  for (const [path, verbs] of Object.entries(document.paths)) {
    for (const [verb, { operationId, requestBody }] of Object.entries(verbs)) {
      if (requestBody === undefined) continue;
      const schema = requestBody.content['application/json'].schema;
      const whole = sample(schema) as Record<string, unknown>;
      for (const missing of resolved(schema).required ?? []) {
        const body = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== missing));
        const at = path.replace(/\{\w+\}/g, '1');
        const { access } = routes[operationId as RpcType];
        const token = access === 'api_key' ? key : alice.access;
        const answer = await http(server().url, verb.toUpperCase(), at, { token, body });
        expect(answer.status, `${operationId} without ${missing}: ${answer.text}`).toBe(400);
        expect(answer.error.field, `${operationId} ${JSON.stringify(body)}`).toBe(missing);
        tried.push(`${operationId} ${missing}`);
      }
    }
  }
  expect(tried).toContain('message.send content');
});

test('every rpc has succeeded meanwhile: what was only ever refused has shown nothing', async () => {
  // Too much depends on what is there already for a made-up one of these to be taken every time.
  const conversation_id = await direct(server(), alice, bob);
  const content = { text: { text: 'by hand' } };
  const message = { conversation_id, client_msg_id: 'by-hand', content };
  const { seq } = await call<SendResponse>(server(), alice, 'POST', '/v1/messages', message);
  const place = `/v1/conversations/${conversation_id}/messages/${seq}`;
  await call(server(), alice, 'POST', `${place}/edit`, { content });
  for (const change of ['react', 'unreact']) {
    await call(server(), alice, 'POST', `${place}/${change}`, { emoji: '👍' });
  }
  const forward = { client_msg_id: 'on', items: [{ conversation_id, seq }], targets: [conversation_id] };
  await call(server(), alice, 'POST', '/v1/messages/forward', forward);
  for (const change of ['pin', 'unpin', 'recall']) await call(server(), alice, 'POST', `${place}/${change}`);
  await call(server(), alice, 'POST', `/v1/conversations/${conversation_id}/clear`, { up_to_seq: seq });
  await addMembers(server(), alice, await createGroup(server(), alice, []), [carol]);
  for (const rpc of Object.keys(routes)) {
    const labels = { rpc, edge: 'rest', code: 'ok' };
    expect(await metric(server(), 'hongyan_requests_total', labels), rpc).toBeGreaterThan(0);
  }
});

test('an answer that is not as described is found', { timeout: PATIENCE_MS }, async () => {
  const run = { token: bob.access, include: ['user.me'], examples: 1 };
  const wrongType = structuredClone(document);
  wrongType.components.schemas['Me'] = { type: 'object', properties: { username: { type: 'integer' } } };
  const typed = await schemathesis(server().url, wrongType, run);
  expect(typed.output).toContain('is not of type "integer"');
  expect(typed.code).toBe(1);

  const lacking = structuredClone(document);
  const { Me } = lacking.components.schemas;
  delete Me?.properties?.['nickname'];
  delete Me?.required;
  const undescribed = await schemathesis(server().url, lacking, run);
  expect(undescribed.output).toMatch(/nickname.* unexpected/);
  expect(undescribed.code).toBe(1);
});
