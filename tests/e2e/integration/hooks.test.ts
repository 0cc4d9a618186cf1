import type { Group, ListReceiptsResponse, Message, User } from '@hongyan/sdk';
import { UNLIMITED } from '@hongyan/test-support';
import { hongyan } from '@hongyan/test-support/command';
import { beforeAll, describe, expect, test } from 'vitest';

import { codeOf, createGroup, membersOf } from '../support/groups.ts';
import { http, onlyHttp } from '../support/http.ts';
import { administer, createHook, createKey, type Hook, payloadOf, post } from '../support/integration.ts';
import { call, connect, history, type Person, register, say } from '../support/people.ts';
import { metric, useServer, withServer } from '../support/servers.ts';

const server = useServer({ env: UNLIMITED });

let alice: Person;
let bob: Person;

beforeAll(async () => {
  [alice, bob] = [await register(server()), await register(server())];
});

/** A group of Alice's with a hook. */
async function hooked(...more: string[]): Promise<{ group: string; hook: Hook }> {
  const group = await createGroup(server(), alice, [bob]);
  return { group, hook: await createHook(server(), group, ...more) };
}

async function last(group: string): Promise<Message> {
  const message = (await history(server(), alice, group)).at(-1);
  if (message === undefined) throw new Error('an empty history');
  return message;
}

const textOf = (message: Message | undefined) => message?.content?.text?.text;

describe('what is posted', () => {
  test('is a message of a bot that is named as the hook and in the group for all to see', async () => {
    const { group, hook } = await hooked();
    const socket = await connect(server(), bob);
    const answer = await post(server(), hook, { text: 'deployed' });
    expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([
      200,
      'ok',
      'text/plain; charset=utf-8',
    ]);
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f]{16}$/);
    const [, joined, message] = await history(server(), alice, group);
    expect(codeOf(joined)).toBe('member_joined');
    expect(joined?.content?.system?.params).toEqual({ user_id: message?.sender_id });
    expect(textOf(message)).toBe('deployed');
    const push = await socket.push<{ message: Message }>('message');
    expect(push.message).toEqual(message);
    const { user } = await call<{ user: User }>(server(), bob, 'GET', `/v1/users/${message?.sender_id}`);
    expect(user).toMatchObject({ nickname: 'Grafana', bot: true });
    const members = await membersOf(server(), alice, group);
    expect(members.map((member) => member.user_id)).toContain(user.user_id);
    await socket.close();
  });

  const READABLE: Readonly<Record<string, string>> = {
    'slack-text':
      'Danny Torrence left a 1 star review (https://reviews.example/r/1?a=1&b=2) of <Overlook> & https://overlook.example, @here',
    'slack-blocks': [
      'New review',
      'Danny Torrence left the following review for your property:',
      'Overlook Hotel (https://reviews.example/r/1)',
      ':star:',
      'Doors had too many axe holes',
      '*Average Rating*',
      '1.0',
      'Stays < 2',
      'Answer (https://reviews.example/r/1/answer)',
      'Reported by a robot',
      'See all (https://reviews.example):tada:',
      '• one',
      '• two',
    ].join('\n'),
    'grafana-slack': [
      '[FIRING:1] High memory usage (blue us-1) (https://grafana.example/alerting/list)',
      '**Firing**',
      '',
      'Value: B=44.23943737541908, C=1',
      'Labels:',
      ' - alertname = High memory usage',
      ' - team = blue',
      ' - zone = us-1',
      'Annotations:',
      ' - summary = This alert was triggered for zone us-1',
      'Source: https://grafana.example/alerting/grafana/1afz29v7z/view?orgId=1',
    ].join('\n'),
    'grafana-webhook': [
      '[FIRING:1]  (blue)',
      '**Firing**',
      '',
      'Labels:',
      ' - alertname = High memory usage',
      ' - zone = us-1',
      'Source: https://grafana.example/alerting/1afz29v7z/edit',
      '',
      'https://grafana.example/',
    ].join('\n'),
    'alertmanager-slack': [
      '[FIRING:1] InstanceDown node (web-1:9100 critical) (http://alertmanager.example:9093/#/alerts?receiver=chat)',
      'Instance: web-1:9100',
      'Runbook: what to do (https://runbook.example/down)',
    ].join('\n'),
    'alertmanager-webhook': [
      '[FIRING:1] InstanceDown (job=node)',
      '• Instance web-1:9100 down (instance=web-1:9100, severity=critical)',
      '• resolved: Instance web-2:9100 down (instance=web-2:9100, severity=critical)',
      'http://alertmanager.example:9093',
    ].join('\n'),
    jenkins: 'shop #42 Success after 2 min 3 sec (Open (http://jenkins.example/job/shop/42/))',
  };

  test.each(Object.entries(READABLE))('by %s is readable', async (name, expected) => {
    const { group, hook } = await hooked();
    const type = name === 'jenkins' ? 'application/x-www-form-urlencoded' : 'application/json';
    const answer = await post(server(), hook, undefined, { raw: { type, content: payloadOf(name) } });
    expect([answer.status, answer.text]).toEqual([200, 'ok']);
    expect(textOf(await last(group))).toBe(expected);
  });

  test('twice under one Idempotency-Key is one message, and another text under it is refused', async () => {
    const { group, hook } = await hooked();
    const headers = { 'Idempotency-Key': 'build 42, "done"' };
    for (let i = 0; i < 3; i++)
      expect((await post(server(), hook, { text: 'one' }, { headers })).text).toBe('ok');
    expect((await post(server(), hook, { text: 'two' }, { headers })).error.code).toBe('conflict');
    await post(server(), hook, { text: 'one' });
    const said = (await history(server(), alice, group)).map(textOf).filter((text) => text !== undefined);
    expect(said).toEqual(['one', 'one']);
  });

  test('is cut to what a message holds', async () => {
    const { group, hook } = await hooked();
    expect((await post(server(), hook, { text: '鸿'.repeat(50_000) })).text).toBe('ok');
    const text = textOf(await last(group)) ?? '';
    expect(text.endsWith('鸿…')).toBe(true);
    expect(Buffer.byteLength(text)).toBeGreaterThan(65_000);
  });

  test('is nothing that a bot could have read: its sender is in no receipt', async () => {
    const { group, hook } = await hooked();
    await post(server(), hook, { text: 'before' });
    const socket = await connect(server(), alice);
    const { seq } = await say(socket, group, 'who reads this?');
    const receipts = await call<ListReceiptsResponse>(
      server(),
      alice,
      'GET',
      `/v1/conversations/${group}/messages/${seq}/receipts`,
    );
    expect(receipts.items.map((item) => item.user_id)).toEqual([bob.userId]);
    expect(receipts.member_count).toBe(1);
    await socket.close();
  });
});

describe('what is refused', () => {
  test('is told as errors are elsewhere', async () => {
    const { group, hook } = await hooked();
    const raw = (type: string, content: string) => ({ raw: { type, content } });
    const json = 'application/json';
    for (const [options, status, code, field] of [
      [raw(json, 'hello'), 400, 'invalid_argument', 'payload'],
      [raw(json, ''), 400, 'invalid_argument', 'payload'],
      [raw(json, '[{"text": "a"}]'), 400, 'invalid_argument', 'payload'],
      [raw(json, '{"text": ""}'), 400, 'invalid_argument', 'text'],
      [raw(json, '{"attachments": [{"color": "good"}]}'), 400, 'invalid_argument', 'text'],
      [raw('application/x-www-form-urlencoded', 'text=a'), 400, 'invalid_argument', 'payload'],
      [raw('multipart/form-data; boundary=x', '--x--'), 415, 'unsupported_media', undefined],
      [raw(json, `{"text": "${'x'.repeat(1024 * 1024)}"}`), 413, 'too_large', undefined],
      [
        { ...raw(json, '{"text": "a"}'), headers: { 'Idempotency-Key': 'k'.repeat(256) } },
        400,
        'invalid_argument',
        'Idempotency-Key',
      ],
    ] as const) {
      const answer = await post(server(), hook, undefined, options);
      const { error } = answer;
      expect([answer.status, error.code, error.field], JSON.stringify(options).slice(0, 120)).toEqual([
        status,
        code,
        field,
      ]);
    }
    const got = await onlyHttp(server().url, 'GET', hook.path);
    expect([got.status, got.headers.allow]).toEqual([405, 'POST']);
    expect((await history(server(), alice, group)).length).toBe(2);
  });

  test('unknown tokens, and those of other things, lead nowhere', async () => {
    const { group, hook } = await hooked();
    const { key } = await createKey(server(), ['message.send']);
    for (const token of [
      `hyh_${'A'.repeat(43)}`,
      `${hook.token}x`,
      hook.token.slice(0, -1),
      key,
      alice.access,
      '%2e',
      `${hook.token}/x`,
    ]) {
      const answer = await post(server(), { path: `/v1/hooks/${token}` }, { text: 'a' });
      expect([answer.status, answer.error.code], token).toEqual([404, 'not_found']);
    }
    expect((await history(server(), alice, group)).length).toBe(2);
  });

  test('a revoked one stops at once, and its bot leaves the group', async () => {
    const { group, hook } = await hooked();
    const other = await createHook(server(), group);
    await post(server(), hook, { text: 'last words' });
    await administer(server(), 'hook', 'revoke', hook.id);
    expect((await post(server(), hook, { text: 'more' })).error.code).toBe('not_found');
    expect((await post(server(), other, { text: 'still here' })).text).toBe('ok');
    await administer(server(), 'hook', 'revoke', hook.id);
    const messages = await history(server(), alice, group);
    expect(messages.map((message) => codeOf(message) ?? textOf(message))).toEqual([
      'group_created',
      'member_joined',
      'member_joined',
      'last words',
      'member_left',
      'still here',
    ]);
  });

  test('from an address that the hook is not for', async () => {
    const { hook } = await hooked('--allow', '127.0.0.0/30,2001:db8::/32', '--allow', '192.0.2.7');
    expect((await post(server(), hook, { text: 'a' }, { from: '127.0.0.2' })).status).toBe(200);
    const wrong = await post(server(), hook, { text: 'a' }, { from: '127.0.0.9' });
    expect([wrong.status, wrong.error.code]).toEqual([403, 'permission_denied']);
  });

  test('what the bot may not do in the group', async () => {
    const { group, hook } = await hooked();
    await post(server(), hook, { text: 'a' });
    const bot = (await last(group)).sender_id ?? '';
    const path = `/v1/groups/${group}`;
    const refused = async () => (await post(server(), hook, { text: 'b' })).error;

    await call(server(), alice, 'POST', `${path}/mute_all`, { muted: true });
    expect((await refused()).code).toBe('all_muted');
    // Made an admin, it may.
    await call(server(), alice, 'PATCH', `${path}/members/${bot}`, { role: 'admin' });
    expect((await post(server(), hook, { text: 'urgent' })).text).toBe('ok');
    await call(server(), alice, 'PATCH', `${path}/members/${bot}`, { role: 'member' });
    await call(server(), alice, 'POST', `${path}/mute_all`, { muted: false });

    const until = Date.now() + 600_000;
    await call(server(), alice, 'PATCH', `${path}/members/${bot}`, { muted_until_ms: until });
    expect(await refused()).toMatchObject({ code: 'muted', until_ms: until });
    await call(server(), alice, 'PATCH', `${path}/members/${bot}`, { muted_until_ms: 0 });
    expect((await post(server(), hook, { text: 'c' })).text).toBe('ok');

    const owned = await http(server().url, 'POST', `${path}/transfer`, {
      token: alice.access,
      body: { user_id: bot },
    });
    expect([owned.status, owned.error.field]).toEqual([400, 'user_id']);
    await call(server(), alice, 'DELETE', `${path}/members/${bot}`);
    expect((await refused()).code).toBe('not_member');
  });

  test('a group that was dissolved, also because only bots were left', async () => {
    const ended = await hooked();
    await call(server(), alice, 'DELETE', `/v1/groups/${ended.group}`);
    expect((await post(server(), ended.hook, { text: 'a' })).error.code).toBe('group_dissolved');
    const left = await hooked();
    await call(server(), alice, 'POST', `/v1/groups/${left.group}/leave`);
    const { group } = await call<{ group: Group }>(server(), bob, 'GET', `/v1/groups/${left.group}`);
    expect(group.owner_id).toBe(bob.userId);
    await call(server(), bob, 'POST', `/v1/groups/${left.group}/leave`);
    expect((await post(server(), left.hook, { text: 'a' })).error.code).toBe('group_dissolved');
    const again = await hongyan([
      'admin',
      'hook',
      'create',
      '--data',
      server().dataDir,
      '--group',
      left.group,
      '--name',
      'x',
    ]);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('group_dissolved')]);
  });
});

describe('the administration', () => {
  test('lists what there is, never a secret', async () => {
    const { group, hook } = await hooked('--allow', '::1');
    await administer(server(), 'hook', 'revoke', hook.id);
    const printed = await administer(server(), 'hook', 'list');
    const line = printed.split('\n').find((one) => one.startsWith(`${hook.id} `));
    expect(line).toMatch(
      new RegExp(`^${hook.id} group=${group} allow=::1 created=\\S+Z used=never revoked=\\S+Z name=Grafana$`),
    );
    expect(printed).not.toContain('hyh_');
    expect(printed.endsWith('done\n')).toBe(true);
  });

  test('refuses what cannot be', async () => {
    const run = (...args: string[]) => hongyan(['admin', 'hook', ...args, '--data', server().dataDir]);
    const { group } = await hooked();
    for (const [args, told] of [
      [['create', '--group', '1', '--name', 'x'], 'not_found'],
      [['create', '--group', group, '--name', 'x', '--allow', '10.0.0.0/99'], 'networks'],
      [['create', '--group', group, '--name', 'x'.repeat(65)], 'name'],
      [['create', '--group', group], '--name'],
      [['revoke', '1'], 'not_found'],
    ] as const) {
      const { code, stdout, stderr } = await run(...args);
      expect(code, args.join(' ')).not.toBe(0);
      expect(stdout + stderr, args.join(' ')).toContain(told);
    }
  });

  test('works without a server, and what it made works after a restart', async () => {
    await withServer({ env: UNLIMITED }, async (own) => {
      const owner = await register(own);
      const group = await createGroup(own, owner, []);
      await own.terminate();
      const hook = await createHook(own, group);
      await own.restart();
      expect((await post(own, hook, { text: 'awake' })).text).toBe('ok');
      const said = (await history(own, owner, group)).map((one) => codeOf(one) ?? textOf(one));
      expect(said).toEqual(['group_created', 'member_joined', 'awake']);
      await own.restart();
      expect((await post(own, hook, { text: 'again' })).text).toBe('ok');
    });
  });

  test('each hook has its limit', async () => {
    const env = { HONGYAN_LIMITS_HOOK_POSTS_PER_SECOND: '1', HONGYAN_LIMITS_HOOK_POSTS_BURST: '3' };
    await withServer({ env }, async (own) => {
      const owner = await register(own);
      const group = await createGroup(own, owner, []);
      const [busy, quiet] = [await createHook(own, group), await createHook(own, group)];
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, i) => post(own, busy, { text: `${i}` })),
      );
      const refused = answers.filter((answer) => answer.status === 429);
      expect(refused.length).toBeGreaterThanOrEqual(6);
      expect(refused[0]?.error.code).toBe('rate_limited');
      expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0);
      expect((await post(own, quiet, { text: 'mine' })).text).toBe('ok');
      expect(await metric(own, 'hongyan_rate_limited_total', { limit: 'hook_posts' })).toBe(refused.length);
      expect(await metric(own, 'hongyan_hook_posts_total', { code: 'rate_limited' })).toBe(refused.length);
    });
  });
});
