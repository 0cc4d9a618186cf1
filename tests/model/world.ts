import type { RunningServer } from '@hongyan/test-support';

import { call, direct, login, type Person, register } from '../e2e/support/people.ts';
import { JSON_PROTOCOL, PROTO_PROTOCOL } from '../e2e/support/socket.ts';
import type { Random } from '@hongyan/test-support/random';
import { has } from './alphabet.ts';
import { type ClientOptions, ModelClient } from './client.ts';
import { judgeDevice, judgeServer } from './judge.ts';
import { Ledger, type Sent } from './ledger.ts';
import { Link } from './link.ts';
import { readTruth, type Truth } from './truth.ts';
import { holds } from './wait.ts';

const PEOPLE = 3;

/** A client behind its own network. */
export interface Device {
  readonly client: ModelClient;
  readonly link: Link;
  /** Pushes get lost on the way to it, until all is quiet; then it has to compare heads. */
  lossy: boolean;
  /** A fault of its link is under way. */
  troubled: boolean;
}

/** A conversation and who may take part: of a group everybody who comes and goes, its owner first, who stays. */
export interface Room {
  readonly id: string;
  readonly members: readonly Person[];
  readonly isGroup: boolean;
}

/** What only tests of the test change. */
export interface WorldOptions {
  /** All is quiet within this, or something hangs. */
  readonly quietMs?: number;
  /** The last pushes have come within this after that. */
  readonly convergedMs?: number;
  readonly flaw?: Partial<ClientOptions>;
  /** Share of the devices that lose pushes. */
  readonly lossy?: number;
}

/** People, their devices and conversations in one schedule, on a server that others may have used before. */
export class World {
  readonly server: RunningServer;
  /** Of what happens now: each step has its own, so that what it draws changes nothing for those after it. */
  random: Random;
  readonly ledger = new Ledger();
  readonly people: Person[] = [];
  readonly devices: Device[] = [];
  readonly rooms: Room[] = [];
  private readonly options: WorldOptions;
  private readonly background = new Set<Promise<void>>();
  private messages = 0;

  private constructor(server: RunningServer, random: Random, options: WorldOptions) {
    this.server = server;
    this.random = random;
    this.options = options;
  }

  static async create(server: RunningServer, random: Random, options: WorldOptions = {}): Promise<World> {
    const world = new World(server, random, options);
    for (let i = 0; i < PEOPLE; i++) world.people.push(await register(server, 'model'));
    for (const [i, one] of world.people.entries()) {
      for (const other of world.people.slice(i + 1)) {
        world.rooms.push({ id: await direct(server, one, other), members: [one, other], isGroup: false });
      }
    }
    const self = world.pick(world.people);
    world.rooms.push({ id: await direct(server, self, self), members: [self], isGroup: false });
    if (has('group.create')) await world.addGroup();
    for (const person of world.people) {
      await world.addDevice(person);
      await world.addDevice(await login(server, person));
    }
    return world;
  }

  pick<T>(from: readonly T[]): T {
    const one = from[this.random.between(0, from.length - 1)];
    if (one === undefined) throw new Error('nothing to choose from');
    return one;
  }

  /** A group of its owner and one other; the rest come in later. */
  private async addGroup(): Promise<void> {
    const [owner, other] = this.people;
    if (owner === undefined || other === undefined) throw new Error('too few people');
    const { group } = await call<{ group: { group_id: string } }>(this.server, owner, 'POST', '/v1/groups', {
      name: 'model',
      member_ids: [other.userId],
    });
    this.rooms.push({ id: group.group_id, members: this.people, isGroup: true });
  }

  async addDevice(person: Person): Promise<Device> {
    const { random, ledger } = this;
    // Its own numbers: when pushes come is not repeatable, so they must not take from the schedule's.
    let arrived = random.between(0, 9);
    const lossy = random.chance(this.options.lossy ?? 0.25);
    const options = {
      person,
      ledger,
      protocol: random.chance(0.5) ? JSON_PROTOCOL : PROTO_PROTOCOL,
      comparing: has('sync.pull') && random.chance(0.5) ? ('since' as const) : ('list' as const),
      window: random.chance(0.5) ? 1 : 4,
      holeMs: 30,
      againMs: random.between(5, 40),
      loses: () => device.lossy && ++arrived % 10 === 0,
      ...this.options.flaw,
    };
    const link = await Link.open(this.server.url);
    const device: Device = {
      client: new ModelClient({ url: link.url, ...options }),
      link,
      lossy,
      troubled: false,
    };
    this.devices.push(device);
    device.client.start();
    return device;
  }

  devicesOf(person: Person): Device[] {
    return this.devices.filter(({ client }) => client.person.userId === person.userId);
  }

  /** A device and a conversation of its person. */
  seat(): { device: Device; room: Room } {
    const device = this.pick(this.devices);
    const { userId } = device.client.person;
    const mine = this.rooms.filter((room) => room.members.some((member) => member.userId === userId));
    return { device, room: this.pick(mine) };
  }

  compose(
    device: Device,
    room: Room,
    size: number,
    more: { readSeq?: number; quoteSeq?: number } = {},
  ): Sent {
    this.messages += 1;
    const { userId } = device.client.person;
    if (more.readSeq !== undefined) this.tried(userId, room.id, more.readSeq);
    return this.ledger.compose({
      clientMsgId: `m${this.messages}`,
      conversation: room.id,
      sender: userId,
      content: { text: { text: `${this.messages} 雁 ${'x'.repeat(size)}` } },
      lane: String(this.devices.indexOf(device)),
      ...more,
    });
  }

  tried(user: string, conversation: string, seq: number): void {
    const mark = this.ledger.mark(user, conversation);
    mark.tried = Math.max(mark.tried, seq);
  }

  /** Runs beside the schedule; `settle` waits for it. */
  aside(work: Promise<void>): void {
    const guarded = work.catch((error: unknown) => this.ledger.complain(String(error)));
    this.background.add(guarded);
    void guarded.finally(() => this.background.delete(guarded));
  }

  /** Heals everything, waits until all is quiet, compares. Answers what is wrong. */
  async settle(): Promise<readonly string[]> {
    const { ledger } = this;
    await Promise.all(this.background);
    for (const { link } of this.devices) link.flow();
    await this.quiet();
    for (const device of this.devices.filter(({ lossy }) => lossy)) {
      device.lossy = false;
      device.client.drop();
    }
    await this.quiet();
    const truths = await this.truths();
    for (const what of judgeServer(ledger, truths)) ledger.complain(what);
    for (const { client } of this.devices) {
      const truth = truths.find(({ person }) => person.userId === client.person.userId);
      if (truth === undefined) continue;
      await holds(() => judgeDevice(client.replicas, truth).length === 0, this.options.convergedMs ?? 3_000);
      for (const what of judgeDevice(client.replicas, truth)) {
        ledger.complain(`device ${client.person.deviceId}: ${what}`);
      }
    }
    if (this.random.chance(0.25)) await this.survive(truths);
    return ledger.problems;
  }

  private truths(): Promise<Truth[]> {
    return Promise.all(this.people.map((person) => readTruth(this.server, person, this.rooms)));
  }

  /** What has been read is there after a crash too. */
  private async survive(before: readonly Truth[]): Promise<void> {
    await this.server.kill9();
    await this.server.restart();
    const inWords = (truths: readonly Truth[]) =>
      truths.flatMap(({ stories }) => [...stories.values()].map((story) => JSON.stringify(story)).sort());
    const after = new Set(inWords(await this.truths()));
    for (const story of inWords(before)) {
      if (!after.has(story)) this.ledger.complain(`not there any more after a kill: ${story.slice(0, 500)}`);
    }
  }

  /** Waits until no device has anything to do. */
  private async quiet(): Promise<void> {
    if (await holds(() => this.devices.every(({ client }) => client.idle), this.options.quietMs ?? 12_000))
      return;
    for (const { client } of this.devices.filter((device) => !device.client.idle)) {
      this.ledger.complain(`device ${client.person.deviceId} does not come to rest: ${client.doing}`);
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.devices.map(({ client }) => client.stop()));
    await Promise.all(this.devices.map(({ link }) => link.close()));
  }
}
