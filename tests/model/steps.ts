import type { SendResponse } from '@hongyan/sdk';

import { http } from '../e2e/support/http.ts';
import type { Person } from '../e2e/support/people.ts';
import { has } from './alphabet.ts';
import { edit, pin, react, recall } from './commands.ts';
import type { Sent } from './ledger.ts';
import { addMember, changeRole, leave, removeMember } from './members.ts';
import { holds } from './wait.ts';
import type { Device, World } from './world.ts';

/** One thing that happens in a schedule. What takes longer goes on beside it. */
export interface Step {
  readonly name: string;
  /** How often it is chosen, against the others. */
  readonly weight: number;
  readonly run: (world: World) => void;
}

/** Waits for a moment of the schedule's choice: the fault is what is tested, so nothing says when it may happen. */
export function moment(ms: number): Promise<void> {
  return new Promise((next) => setTimeout(next, ms));
}

function send(world: World): void {
  const { device, room } = world.seat();
  const held = device.client.replicas.get(room.id);
  const { random } = world;
  const sent = world.compose(device, room, random.between(0, 300), {
    ...(random.chance(0.2) ? { readSeq: held?.seq ?? 0 } : {}),
    ...(held !== undefined && held.messages.size > 0 && random.chance(0.2) && has('message.get')
      ? { quoteSeq: world.pick([...held.messages.keys()]) }
      : {}),
  });
  device.client.outbox.add(sent);
}

function burst(world: World): void {
  const { device, room } = world.seat();
  for (let i = world.random.between(3, 10); i > 0; i--)
    device.client.outbox.add(world.compose(device, room, 10));
}

/** The same message from several devices of one person at once, and by REST. */
function sendTwice(world: World): void {
  const { device, room } = world.seat();
  const { person } = device.client;
  // Each device has an order of its own; a message of several keeps none.
  const sent = world.compose(device, room, 20);
  sent.overtaken = true;
  for (const { client } of world.devicesOf(person)) client.outbox.add(sent);
  if (world.random.chance(0.5)) world.aside(sendByRest(world, person, sent));
}

async function sendByRest(world: World, person: Person, sent: Sent): Promise<void> {
  const { clientMsgId, conversation, content } = sent;
  const body = { conversation_id: conversation, client_msg_id: clientMsgId, content };
  const answer = await http<SendResponse>(world.server.url, 'POST', '/v1/messages', {
    token: person.access,
    body,
  }).catch(() => undefined);
  // The devices send it until there is an answer, so this one may get none.
  if (answer?.status === 200) world.ledger.acked(sent, answer.data);
}

function markRead(world: World): void {
  const { device, room } = world.seat();
  const { client } = device;
  const seq = world.random.between(0, client.replicas.get(room.id)?.seq ?? 0);
  const { userId } = client.person;
  world.tried(userId, room.id, seq);
  client.ask('conversation.mark_read', { conversation_id: room.id, seq }, ({ data, error }) => {
    const answer = data as { read_seq: number } | undefined;
    if (answer === undefined) {
      const outside = room.isGroup && (error?.code === 'not_member' || error?.code === 'not_found');
      if (!outside) world.ledger.complain(`mark_read was refused: ${JSON.stringify(error)}`);
      return;
    }
    const mark = world.ledger.mark(userId, room.id);
    mark.acked = Math.max(mark.acked, answer.read_seq);
    if (answer.read_seq < seq) world.ledger.complain(`mark_read ${seq} was answered ${answer.read_seq}`);
  });
}

/** A device without trouble so far, and a fault of its link that ends. */
function trouble(world: World, fault: (device: Device) => Promise<void>): void {
  const device = world.pick(world.devices);
  if (device.troubled) return;
  device.troubled = true;
  world.aside(fault(device).finally(() => (device.troubled = false)));
}

/** Requests or answers and pushes pile up, and then are lost or arrive at once. */
function stall(world: World): void {
  const ms = world.random.between(20, 300);
  const way = world.random.chance(0.5) ? 'down' : 'up';
  const end = world.pick(['cut', 'abandon', 'flow'] as const);
  trouble(world, async ({ link }) => {
    link.stall(way);
    await moment(ms);
    if (end === 'cut') link.cut();
    if (end === 'abandon') link.abandon();
    link.flow();
  });
}

/** A device that does not read while more is sent to it than all buffers hold. */
function flood(world: World): void {
  const deaf = world.pick(world.devices);
  const ofDeaf = (members: readonly Person[]) =>
    members.some(({ userId }) => userId === deaf.client.person.userId);
  const room = world.rooms.find(({ members, isGroup }) => !isGroup && ofDeaf(members));
  const sender = world.devices.find(
    ({ client, troubled }) =>
      !troubled &&
      client !== deaf.client &&
      room?.members.some(({ userId }) => userId === client.person.userId),
  );
  if (deaf.troubled || room === undefined || sender === undefined) return;
  world.ledger.count('floods');
  // The sender gets no trouble of its own, or the two might wait for each other.
  deaf.troubled = true;
  sender.troubled = true;
  deaf.link.stall('down');
  for (let i = 0; i < 90; i++) sender.client.outbox.add(world.compose(sender, room, 60_000));
  const sent = async (): Promise<void> => {
    await holds(() => sender.client.outbox.idle, 3_000);
    deaf.link.flow();
    deaf.troubled = false;
    sender.troubled = false;
  };
  world.aside(sent());
}

const restarting = new WeakSet<object>();

function restart(world: World, how: 'kill9' | 'terminate'): void {
  const { server } = world;
  if (restarting.has(server)) return;
  restarting.add(server);
  world.ledger.count('restarts');
  const away = async (): Promise<void> => {
    await server[how]();
    await server.restart();
    restarting.delete(server);
  };
  world.aside(away());
}

function secondDevice(world: World): void {
  if (world.devices.length < 9) world.aside(world.addDevice(world.pick(world.people)).then(() => undefined));
}

const ALL: readonly (Step & { readonly needs?: string })[] = [
  { name: 'send', weight: 40, run: send },
  { name: 'burst', weight: 5, run: burst },
  { name: 'send twice', weight: 8, run: sendTwice },
  { name: 'mark read', weight: 14, run: markRead },
  { name: 'react', weight: 12, run: react, needs: 'message.react' },
  { name: 'edit', weight: 6, run: edit, needs: 'message.edit' },
  { name: 'pin', weight: 5, run: pin, needs: 'message.pin' },
  { name: 'recall', weight: 3, run: recall, needs: 'message.recall' },
  { name: 'add member', weight: 8, run: addMember, needs: 'group.add_members' },
  { name: 'remove member', weight: 4, run: removeMember, needs: 'group.remove_member' },
  { name: 'leave', weight: 2, run: leave, needs: 'group.leave' },
  { name: 'role', weight: 2, run: changeRole, needs: 'group.update_member' },
  { name: 'drop', weight: 4, run: (world) => world.pick(world.devices).client.drop() },
  { name: 'forget', weight: 2, run: (world) => world.pick(world.devices).client.forget() },
  { name: 'stall', weight: 7, run: stall },
  { name: 'another device', weight: 1, run: secondDevice },
  { name: 'kill', weight: 1, run: (world) => restart(world, 'kill9') },
  { name: 'restart', weight: 1, run: (world) => restart(world, 'terminate') },
  { name: 'flood', weight: 0.25, run: flood },
];

/** The steps that this server knows. */
export const STEPS: readonly Step[] = ALL.filter(({ needs }) => needs === undefined || has(needs));
