import type { Frame } from '../e2e/support/socket.ts';
import type { State } from './wire.ts';
import type { Device, Room, World } from './world.ts';

// Steps that change who is in a group, and what its history says of that.

/** Refusals that the rules allow; everything else is a fault. */
const REFUSALS: ReadonlySet<string> = new Set([
  'permission_denied',
  'not_found',
  'not_member',
  'invalid_argument',
]);

/** The time of a member in a group: the lines with which they came in and went out. */
export interface Stay {
  readonly joinedSeq: number;
  readonly leftSeq: number;
}

/** When `user` was in a group by its whole history; the last one is the one in force. */
export function staysOf(user: string, messages: readonly State[]): Stay[] {
  const stays: Stay[] = [];
  for (const { seq, content } of messages) {
    const code = content?.system?.code;
    const named = namedIn(content).includes(user);
    const last = stays.at(-1);
    const inside = last?.leftSeq === Infinity;
    if (named && !inside && (code === 'group_created' || code === 'member_added')) {
      stays.push({ joinedSeq: seq, leftSeq: Infinity });
    }
    if (named && inside && (code === 'member_removed' || code === 'member_left')) {
      stays.splice(-1, 1, { ...last, leftSeq: seq });
    }
  }
  return stays;
}

/** Whom a line of a group is about. */
export function namedIn(content: State['content']): string[] {
  const params = content?.system?.params;
  return (params?.user_ids ?? params?.user_id ?? '').split(',').filter((user) => user !== '');
}

/** A group, its owner's device, and somebody who is not the owner, who may be in or out. */
function scene(world: World): { room: Room; owner: Device; other: Device } | undefined {
  const room = world.rooms.find(({ isGroup }) => isGroup);
  if (room === undefined) return undefined;
  const [first, ...others] = room.members;
  if (first === undefined) return undefined;
  return {
    room,
    owner: world.pick(world.devicesOf(first)),
    other: world.pick(world.devicesOf(world.pick(others))),
  };
}

function ask(world: World, device: Device, type: string, data: object): void {
  device.client.ask(type, data, ({ error }: Frame) => {
    world.ledger.count(error === undefined ? type : `${type} refused`);
    if (error !== undefined && !REFUSALS.has(error.code)) {
      world.ledger.complain(`${type} was refused: ${JSON.stringify(error)}`);
    }
  });
}

/** Mostly by the owner; the others may be no members, and are refused then. */
export function addMember(world: World): void {
  const at = scene(world);
  if (at === undefined) return;
  const by = world.random.chance(0.8) ? at.owner : world.pick(world.devices);
  ask(world, by, 'group.add_members', { group_id: at.room.id, user_ids: [at.other.client.person.userId] });
}

export function removeMember(world: World): void {
  const at = scene(world);
  if (at === undefined) return;
  const user_id = at.other.client.person.userId;
  ask(world, at.owner, 'group.remove_member', { group_id: at.room.id, user_id });
}

export function leave(world: World): void {
  const at = scene(world);
  if (at !== undefined) ask(world, at.other, 'group.leave', { group_id: at.room.id });
}

export function changeRole(world: World): void {
  const at = scene(world);
  if (at === undefined) return;
  const role = world.random.chance(0.5) ? 'admin' : 'member';
  const user_id = at.other.client.person.userId;
  ask(world, at.owner, 'group.update_member', { group_id: at.room.id, user_id, role });
}
