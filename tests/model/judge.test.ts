import { describe, expect, test } from 'vitest';

import type { Person } from '../e2e/support/people.ts';
import { judgeDevice, judgeServer } from './judge.ts';
import { Ledger, type Sent } from './ledger.ts';
import { Replica } from './replica.ts';
import type { Truth } from './truth.ts';
import type { State, View } from './wire.ts';

// What judges the schedules is itself shown to see each kind of damage.

const ROOM = '7';
const ALICE = '1';
const BOB = '2';
const CAROL = '3';

interface Story {
  view: View;
  messages: State[];
  pins?: number[];
  members?: string[];
}

function person(userId: string): Person {
  return { userId, username: userId, password: '', deviceId: userId, access: '', refresh: '' };
}

/** Two people, three messages of Alice's and one of Bob's, a mark of Bob's, the third message changed once. */
class Scene {
  readonly ledger = new Ledger();
  readonly sent: Sent[] = [];
  readonly alice: Story;
  readonly bob: Story;
  readonly device = new Replica(ROOM, BOB);

  constructor() {
    const messages = [ALICE, ALICE, BOB, ALICE].map((sender, i) => this.say(sender, i + 1));
    messages[2] = { ...messages[2], change: 1, content: { text: { text: 'edited' } } } as State;
    this.ledger.mark(BOB, ROOM).tried = 2;
    this.ledger.mark(BOB, ROOM).acked = 1;
    const view = {
      conversation_id: ROOM,
      type: 'direct',
      title: '',
      avatar: '',
      state: 'normal',
      floor_seq: 1,
      avatar_user_ids: [],
    } as const;
    const head = { seq: 4, change: 1, last_message: messages[3] as State };
    this.alice = {
      view: { ...view, ...head, peer_user_id: BOB, read_seq: 0, peer_read_seq: 1, unread: 1 },
      messages: [...messages],
      pins: [],
    };
    this.bob = {
      view: { ...view, ...head, peer_user_id: ALICE, read_seq: 1, peer_read_seq: 0, unread: 2 },
      messages: [...messages],
    };
    this.device.seen(this.bob.view);
    const page = { from_seq: 1, to_seq: 4, has_more_before: false, has_more_after: false, floor_seq: 1 };
    this.device.listed({ ...page, items: messages, head: { seq: 4, change: 1 } });
  }

  get server(): string[] {
    return judgeServer(this.ledger, [this.truth(ALICE, this.alice), this.truth(BOB, this.bob)]);
  }

  get held(): string[] {
    return judgeDevice(new Map([[ROOM, this.device]]), this.truth(BOB, this.bob));
  }

  /** Changes one message as both sides see it. */
  tamper(seq: number, with_: Partial<State>): void {
    for (const { messages } of [this.alice, this.bob]) {
      messages[seq - 1] = { ...(messages[seq - 1] as State), ...with_ };
    }
  }

  private truth(user: string, story: Story): Truth {
    return { person: person(user), stories: new Map([[ROOM, story]]) };
  }

  private say(sender: string, seq: number): State {
    const clientMsgId = `m${seq}`;
    const content = { text: { text: `text ${seq}` } };
    const sent = this.ledger.compose({ clientMsgId, conversation: ROOM, sender, content, lane: sender });
    const ack = { message_id: `90${seq}`, seq, time_ms: seq };
    this.ledger.acked(sent, ack);
    this.sent.push(sent);
    return {
      ...ack,
      conversation_id: ROOM,
      sender_id: sender,
      client_msg_id: clientMsgId,
      content,
      change: 0,
    };
  }
}

test('what is sound is found sound', () => {
  const scene = new Scene();
  expect([...scene.server, ...scene.held, ...scene.ledger.problems]).toEqual([]);
});

describe('damage of the server', () => {
  const damages: readonly [string, (scene: Scene) => void, RegExp][] = [
    [
      'a lost message',
      ({ alice, bob }) => [alice, bob].forEach(({ messages }) => messages.pop()),
      /m4 is lost/,
    ],
    [
      'a hole',
      ({ alice, bob }) => [alice, bob].forEach(({ messages }) => messages.splice(1, 1)),
      /seq 3 where 2/,
    ],
    ['a doubled message', (scene) => scene.tamper(2, { client_msg_id: 'm1' }), /m1 stands at 1 and at 2/],
    ['another place than acked', (scene) => scene.tamper(2, { client_msg_id: 'm4' }), /m4 was acked as 4/],
    ['a message of nobody', (scene) => scene.tamper(4, { client_msg_id: 'x' }), /nobody has sent 1 x/],
    [
      'another text',
      (scene) => scene.tamper(1, { content: { text: { text: 'other' } } }),
      /the text of 1 m1/,
    ],
    ['another id than acked', (scene) => scene.tamper(1, { message_id: '5' }), /m1 has another id/],
    ['an id twice', (scene) => scene.tamper(1, { message_id: '902' }), /a message_id twice/],
    ['time that falls', (scene) => scene.tamper(1, { time_ms: 9 }), /time falls at seq 2/],
    ['a lost change', (scene) => scene.tamper(3, { change: 0 }), /the newest change 0/],
    ['a change twice', (scene) => scene.tamper(4, { change: 1 }), /a change twice/],
    ['a promised change undone', ({ ledger }) => ledger.changeAcked(ROOM, 3, 2), /promised was a later one/],
    ['a recall undone', ({ ledger }) => ledger.recalled.add(`${ROOM} 3`), /was recalled and has content/],
    [
      'own reactions that are not',
      (scene) => scene.tamper(1, { mine: ['👍'] }),
      /own reactions of 1 to seq 1/,
    ],
    ['a pin that is not told', (scene) => scene.tamper(1, { pinned: true }), /told the pins , pinned are 1/],
    ['an old head', ({ alice }) => (alice.view = { ...alice.view, seq: 3 }), /the head is 3/],
    [
      'an old last message',
      ({ alice }) => (alice.view = { ...alice.view, last_message: alice.messages[1] }),
      /last_message/,
    ],
    ['a fallen mark', ({ ledger }) => (ledger.mark(BOB, ROOM).acked = 2), /the read mark of 2 fell/],
    [
      'a mark nobody made',
      ({ ledger }) => (ledger.mark(BOB, ROOM).tried = 0),
      /nobody asked for more than 0/,
    ],
    ['a wrong count', ({ bob }) => (bob.view = { ...bob.view, unread: 1 }), /told 1 unread, there are 2/],
    [
      'a wrong mark of the other',
      ({ alice }) => (alice.view = { ...alice.view, peer_read_seq: 2 }),
      /the other has read 2/,
    ],
    [
      'views that differ',
      ({ bob }) => (bob.messages[0] = { ...bob.messages[0], time_ms: 0 } as State),
      /another history/,
    ],
    ['something hidden', ({ bob }) => bob.messages.shift(), /another history/],
    ['a send without an end', ({ sent }) => delete sent[0]?.ack, /m1 stands at 1 and was never acked/],
    [
      'order that is not kept',
      ({ ledger, sent }) => {
        const first = sent[0] as Sent;
        ledger.sent.set('1 m1', { ...first, order: 7 });
      },
      /seq 2 was sent before/,
    ],
  ];
  test.each(damages)('%s', (_, damage, expected) => {
    const scene = new Scene();
    damage(scene);
    expect(scene.server.join('\n')).toMatch(expected);
  });

  test('two answers to one send, two states of one change', () => {
    const { ledger, sent, bob } = new Scene();
    ledger.acked(sent[0] as Sent, { message_id: '901', seq: 9, time_ms: 1 });
    ledger.shown(bob.messages[0] as State, BOB);
    ledger.shown({ ...(bob.messages[0] as State), time_ms: 0 }, BOB);
    expect(ledger.problems.join('\n')).toMatch(/m1 was acked as 1 and as 9\ntwo states of seq 1/);
  });
});

describe('damage of a device', () => {
  const damages: readonly [string, (scene: Scene) => void, RegExp][] = [
    ['a message lacks', ({ device }) => device.messages.delete(2), /number of messages is 3/],
    [
      'one too many',
      ({ device, bob }) => device.messages.set(5, bob.messages[0] as State),
      /number of messages is 5/,
    ],
    ['an old state', (scene) => scene.tamper(3, { change: 2 }), /message 3 is/],
    ['own reactions', (scene) => scene.tamper(3, { mine: ['👍'] }), /message 3 is/],
    ['an old head', ({ device }) => (device.seq = 3), /seq is 3/],
    ['an old head of changes', ({ device }) => (device.change = 0), /change is 0/],
    ['an old mark', ({ device }) => (device.readSeq = 0), /read_seq is 0/],
    [
      'an old mark of the other',
      ({ bob }) => (bob.view = { ...bob.view, peer_read_seq: 3 }),
      /peer_read_seq is 0/,
    ],
  ];
  test.each(damages)('%s', (_, damage, expected) => {
    const scene = new Scene();
    damage(scene);
    expect(scene.held.join('\n')).toMatch(expected);
  });

  test('a conversation lacks, or is not its own', () => {
    const { device, bob } = new Scene();
    const truth = { person: person(BOB), stories: new Map([[ROOM, bob]]) };
    expect(judgeDevice(new Map(), truth)).toEqual([expect.stringContaining('held is false')]);
    const foreign = new Map([
      [ROOM, device],
      ['8', new Replica('8', BOB)],
    ]);
    expect(judgeDevice(foreign, truth)).toEqual(['8: held, and not on the server']);
  });
});

describe('damage of a group', () => {
  /** Alice's group: Bob came at 2, was removed at 4, came again at 6; Carol came at 2 and left at 5. */
  function group() {
    const ledger = new Ledger();
    const line = (seq: number, code: string, users: string[]) =>
      ({
        ...{
          conversation_id: ROOM,
          seq,
          message_id: `9${seq}`,
          sender_id: '0',
          client_msg_id: '',
          time_ms: seq,
          change: 0,
        },
        content: { system: { code, params: { by: ALICE, user_ids: users.join() } } },
      }) as unknown as State;
    const messages = [
      line(1, 'group_created', [ALICE]),
      line(2, 'member_added', [BOB, CAROL]),
      line(3, 'role_changed', [BOB]),
      line(4, 'member_removed', [BOB]),
      line(5, 'member_left', [CAROL]),
      line(6, 'member_added', [BOB]),
    ];
    const head = { seq: 6, change: 0, last_message: messages[5] as State, read_seq: 0, unread: 0 };
    const view = {
      conversation_id: ROOM,
      type: 'group',
      title: '',
      avatar: '',
      state: 'normal',
      floor_seq: 1,
      avatar_user_ids: [],
    } as const;
    const members = [ALICE, BOB];
    const stories = {
      [ALICE]: { view: { ...view, ...head, joined_seq: 1 } as View, messages, members },
      [BOB]: { view: { ...view, ...head, joined_seq: 6 } as View, messages: messages.slice(5), members },
      [CAROL]: {
        view: { ...view, ...head, seq: 5, left_seq: 5 },
        messages: messages.slice(1, 5),
      } as Story,
    };
    return { ledger, messages, stories };
  }

  function judge({ ledger, stories }: ReturnType<typeof group>): string {
    const truths = Object.entries(stories).map(([user, story]) => ({
      person: person(user),
      stories: new Map([[ROOM, story]]),
    }));
    return judgeServer(ledger, truths).join('\n');
  }

  test('what is sound is found sound', () => {
    const scene = group();
    for (const seq of [2, 3, 4, 6]) scene.ledger.shown(scene.messages[seq - 1] as State, BOB);
    expect(judge(scene)).toBe('');
  });

  const damages: readonly [string, (scene: ReturnType<typeof group>) => void, RegExp][] = [
    [
      'a member sees what was before them',
      ({ stories, messages }) => (stories[BOB].messages = messages.slice(1)),
      /2 sees another history than others: 2..6 instead of 6..6/,
    ],
    [
      'a former member sees what came after',
      ({ stories, messages }) => (stories[CAROL].messages = messages.slice(1)),
      /3 sees another history than others: 2..6 instead of 2..5/,
    ],
    [
      'another joined_seq',
      ({ stories }) => (stories[BOB].view = { ...stories[BOB].view, joined_seq: 2 }),
      /2 has joined at 6, is told 2/,
    ],
    [
      'another left_seq',
      ({ stories }) => (stories[CAROL].view = { ...stories[CAROL].view, left_seq: 4 }),
      /3 has left at 5, is shown 4/,
    ],
    [
      'a message shown to who was out',
      ({ ledger, messages }) => ledger.shown(messages[4] as State, BOB),
      /2 was shown seq 5/,
    ],
    [
      'a message shown before they came',
      ({ ledger, messages }) => ledger.shown(messages[0] as State, CAROL),
      /3 was shown seq 1/,
    ],
    [
      'other members',
      ({ stories }) => (stories[ALICE].members = [ALICE]),
      /the members are 1, by the history 1,2/,
    ],
  ];
  test.each(damages)('%s', (_, damage, expected) => {
    const scene = group();
    damage(scene);
    expect(judge(scene)).toMatch(expected);
  });
});
