import type {
  Contact,
  ContactRequest,
  ErrorCode,
  Group,
  ListBlockedResponse,
  UserEventPush,
} from '@hongyan/sdk';
import { UNLIMITED } from '@hongyan/test-support';
import { expect, onTestFinished, test } from 'vitest';

import { Random } from '@hongyan/test-support/random';
import { befriend } from '../support/contacts.ts';
import { by, Device } from '../support/device.ts';
import { createGroup } from '../support/groups.ts';
import { http } from '../support/http.ts';
import { call, connect, direct, login, type Person, register, textMessage } from '../support/people.ts';
import { useServer } from '../support/servers.ts';

const server = useServer({ env: UNLIMITED });

const CHANGES = 200;
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 30));

/** What may be refused because of what happened before: nothing has changed then. */
const MAY_BE_REFUSED: readonly ErrorCode[] = [
  'already_exists',
  'blocked',
  'conflict',
  'group_dissolved',
  'muted',
  'not_found',
  'not_friend',
  'not_member',
  'permission_denied',
  'request_expired',
];

/** Somebody with friends, and what they and others do to what is theirs. */
class Life {
  /** How often each kind of change was made. */
  readonly made: Record<string, number> = {};
  private readonly random = new Random(seed);
  private readonly me: Person;
  private readonly others: readonly Person[];
  private readonly directs: readonly string[];
  private readonly groups: string[];

  constructor(me: Person, others: readonly Person[], directs: readonly string[], groups: string[]) {
    this.me = me;
    this.others = others;
    this.directs = directs;
    this.groups = groups;
  }

  /** Changes something; false when it was refused. */
  async change(): Promise<boolean> {
    const kinds = Object.keys(this.kinds);
    const kind = this.pick(kinds) as keyof typeof this.kinds;
    const ask = this.kinds[kind]();
    if (ask === undefined) return false;
    const [who, method, path, body] = ask;
    const answer = await http<{ group?: Group }>(server().url, method, path, { token: who.access, body });
    if (answer.status !== 200) {
      expect(MAY_BE_REFUSED, `${kind}: ${answer.text}`).toContain(answer.error.code);
      return false;
    }
    if (kind === 'group made' && answer.data.group !== undefined)
      this.groups.push(answer.data.group.group_id);
    this.made[kind] = (this.made[kind] ?? 0) + 1;
    return true;
  }

  private readonly kinds = {
    remark: () => this.ofContact('PATCH', '', { remark: `remark ${this.number()}` }),
    star: () => this.ofContact('PATCH', '', { starred: this.random.chance(0.5) }),
    tags: () => this.ofContact('PATCH', '', { tags: [`tag ${this.number()}`] }),
    block: () => this.ofContact('PUT', '/block', {}),
    unblock: () => this.ofContact('DELETE', '/block'),
    deleted: () => (this.random.chance(0.3) ? this.ofContact('DELETE', '') : undefined),
    asked: () => this.asks(this.pick(this.others), this.me),
    asks: () => this.asks(this.me, this.pick(this.others)),
    settings: () => this.ofChat('PATCH', '', this.pick(this.settings())),
    hidden: () => this.ofChat('DELETE', ''),
    read: () => this.ofChat('POST', '/mark_read', { seq: this.random.between(1, 30) }),
    'said to me': () => [
      this.pick(this.others),
      'POST',
      '/v1/messages',
      textMessage(this.pick([...this.directs, ...this.groups]), `text ${this.number()}`),
    ],
    said: () => [
      this.me,
      'POST',
      '/v1/messages',
      textMessage(this.pick([...this.directs, ...this.groups]), `text ${this.number()}`),
    ],
    'group made': () => [
      this.random.chance(0.5) ? this.me : this.pick(this.others),
      'POST',
      '/v1/groups',
      { name: `group ${this.number()}`, member_ids: [this.me, this.pick(this.others)].map((p) => p.userId) },
    ],
    renamed: () => this.ofGroup('PATCH', '', { name: `group ${this.number()}` }),
    left: () => (this.random.chance(0.3) ? this.ofGroup('POST', '/leave', {}) : undefined),
    removed: () => this.ofGroup('DELETE', `/members/${this.me.userId}`),
    added: () => this.ofGroup('POST', '/members', { user_ids: [this.me.userId] }),
    'muted there': () =>
      this.ofGroup('PATCH', `/members/${this.me.userId}`, {
        muted_until_ms: this.random.chance(0.5) ? Date.now() + 3_600_000 : 0,
      }),
  } satisfies Record<string, () => [Person, string, string, unknown?] | undefined>;

  private settings(): object[] {
    return [
      { pinned: this.random.chance(0.5) },
      { muted: this.random.chance(0.5) },
      { marked_unread: this.random.chance(0.5) },
      { draft: this.random.chance(0.3) ? '' : `draft ${this.number()}` },
    ];
  }

  private ofContact(method: string, rest: string, body?: unknown): [Person, string, string, unknown?] {
    return [this.me, method, `/v1/contacts/${this.pick(this.others).userId}${rest}`, body];
  }

  private ofChat(method: string, rest: string, body?: unknown): [Person, string, string, unknown?] {
    const id = this.pick([...this.directs, ...this.groups]);
    return [this.me, method, `/v1/conversations/${id}${rest}`, body];
  }

  private ofGroup(method: string, rest: string, body?: unknown): [Person, string, string, unknown?] {
    const who = this.random.chance(0.3) ? this.me : this.pick(this.others);
    return [who, method, `/v1/groups/${this.pick(this.groups)}${rest}`, body];
  }

  private asks(from: Person, to: Person): [Person, string, string, unknown] {
    return [
      from,
      'POST',
      '/v1/contacts/requests',
      { user_id: to.userId, message: `hello ${this.number()}`, source: 'search' },
    ];
  }

  private pick<T>(items: readonly T[]): T {
    const item = items[this.random.between(0, items.length - 1)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  private number(): number {
    return this.random.between(1, 1_000_000);
  }
}

async function listed<T>(person: Person, path: string): Promise<readonly T[]> {
  const separator = path.includes('?') ? '&' : '?';
  return (await call<{ items: readonly T[] }>(server(), person, 'GET', `${path}${separator}limit=200`)).items;
}

test('two devices hold the same after one was away', { timeout: 90_000 }, async () => {
  const me = await register(server());
  const others = await Promise.all(Array.from({ length: 6 }, () => register(server())));
  const directs: string[] = [];
  for (const [index, other] of others.entries()) {
    directs.push(await (index < 4 ? befriend : direct)(server(), other, me));
  }
  const groups = [
    await createGroup(server(), me, others.slice(0, 3)),
    await createGroup(server(), others[0] ?? me, [me, ...others.slice(2)]),
  ];
  const phone = new Device(server(), me);
  const laptop = new Device(server(), await login(server(), me));
  await Promise.all([phone.pull(), laptop.pull()]);
  const socket = await connect(server(), me);
  onTestFinished(() => socket.terminate());
  socket.onFrame = (frame) => {
    if (frame.type === 'user_event') phone.take(frame.data as UserEventPush);
  };

  const life = new Life(me, others, directs, groups);
  let [changes, tries] = [0, 0];
  while (changes < CHANGES && ++tries < 10 * CHANGES) {
    if (await life.change()) changes += 1;
    if (changes % 20 === 0) await phone.pull();
  }
  process.stdout.write(`devices: seed ${seed}, ${JSON.stringify(life.made)}\n`);
  expect(changes).toBe(CHANGES);

  const missed = (await laptop.pull()).user_events;
  await phone.pull();
  expect(laptop.holding).toEqual(phone.holding);
  expect(missed.length, 'of one thing only the last is told').toBeLessThan(CHANGES);

  const { holding } = laptop;
  const tablet = new Device(server(), await login(server(), me));
  await tablet.pull();
  expect(holding).toEqual(tablet.holding);

  const sorted = [...(await listed<Contact>(me, '/v1/contacts'))].sort(by((one) => one.user_id));
  expect(holding.contacts).toEqual(sorted);
  const requests = [
    ...(await listed<ContactRequest>(me, '/v1/contacts/requests?direction=received')),
    ...(await listed<ContactRequest>(me, '/v1/contacts/requests?direction=sent')),
  ].sort(by((one) => one.contact_request_id));
  // What is answered is listed no longer; a device remembers what became of it.
  const isOpen = (request: ContactRequest) => request.state === 'pending';
  expect(holding.requests.filter(isOpen)).toEqual(requests.filter(isOpen));
  const blocked = await listed<ListBlockedResponse['items'][number]>(me, '/v1/contacts/blocked');
  expect(holding.blocked).toEqual(blocked.map((one) => one.user_id).sort());
  expect(holding.groups).toEqual((await listed<Group>(me, '/v1/groups')).map((one) => one.group_id).sort());
  for (const one of holding.conversations) {
    const { conversation } = await call<{ conversation: typeof one }>(
      server(),
      me,
      'GET',
      `/v1/conversations/${one.conversation_id}`,
    );
    expect(one).toEqual(conversation);
    expect(holding.settings[one.conversation_id]).toEqual(conversation.settings);
  }
});
