import type { Frame } from '../e2e/support/socket.ts';
import type { Device, Room, World } from './world.ts';
import type { State } from './wire.ts';

// Steps that change a message which is there already.

/** Refusals that the rules allow; everything else is a fault. */
const REFUSALS: ReadonlySet<string> = new Set([
  'permission_denied',
  'message_recalled',
  'invalid_argument',
  'not_found',
  'not_member',
  'quota_exceeded',
]);
const EMOJIS = ['👍', '❤️', '😂', '雁'] as const;

/** What every answer to a command holds. */
interface Answer {
  readonly change: number;
  readonly message: State;
}

interface Command {
  readonly type: string;
  readonly data?: object;
  /** What is wrong with the message after it, in words. */
  readonly judge: (message: State, me: string) => string | undefined;
}

/** A command to a message that the device holds, most often one of the newest. */
function command(world: World, make: (held: State) => Command): void {
  const { device, room } = world.seat();
  const held = [...(device.client.replicas.get(room.id)?.messages.values() ?? [])];
  if (held.length === 0) return;
  const newest = held.sort((a, b) => a.seq - b.seq).slice(world.random.chance(0.8) ? -5 : 0);
  const target = world.pick(newest);
  const { type, data, judge } = make(target);
  const { seq } = target;
  device.client.ask(type, { conversation_id: room.id, seq, ...data }, (frame) =>
    judgeAnswer(world, device, room, target, { type, judge }, frame),
  );
}

function judgeAnswer(
  world: World,
  device: Device,
  room: Room,
  target: State,
  asked: Command,
  frame: Frame,
): void {
  const { ledger } = world;
  const { type, judge } = asked;
  const { seq } = target;
  const me = device.client.person.userId;
  if (frame.data === undefined) {
    const code = frame.error?.code ?? 'no reason';
    ledger.count(`${type} refused`);
    if (!REFUSALS.has(code))
      ledger.complain(`${type} of seq ${seq} was refused: ${JSON.stringify(frame.error)}`);
    return;
  }
  ledger.count(type);
  const { change, message } = frame.data as Answer;
  ledger.changeAcked(room.id, seq, change);
  ledger.shown(message, me);
  if (message.seq !== seq || message.conversation_id !== room.id)
    ledger.complain(`${type} of seq ${seq} changed another message`);
  if (message.change !== change)
    ledger.complain(`${type} of seq ${seq}: change ${change}, in the message ${message.change}`);
  const wrong = judge(message, me);
  if (wrong !== undefined) ledger.complain(`${type} of seq ${seq}: ${wrong}`);
  if (type === 'message.recall') ledger.recalled.add(`${room.id} ${seq}`);
  const own = target.sender_id === me;
  if (type === 'message.edit' && !own) ledger.complain(`${me} has edited seq ${seq} of somebody else`);
  if (type === 'message.recall' && !own && !room.isGroup) {
    ledger.complain(`${me} has recalled seq ${seq} of somebody else`);
  }
}

export function recall(world: World): void {
  command(world, () => ({
    type: 'message.recall',
    judge: ({ recalled, content, reactions, pinned }) =>
      recalled === undefined || content !== undefined || (reactions ?? []).length > 0 || pinned === true
        ? 'not everything is gone'
        : undefined,
  }));
}

export function edit(world: World): void {
  const text = `edited ${world.random.between(1, 1_000_000)}`;
  command(world, () => ({
    type: 'message.edit',
    data: { content: { text: { text } } },
    judge: ({ content }) => (content?.text?.text === text ? undefined : 'another text'),
  }));
}

export function react(world: World): void {
  const emoji = world.pick(EMOJIS);
  const add = world.random.chance(0.65);
  command(world, () => ({
    type: add ? 'message.react' : 'message.unreact',
    data: { emoji },
    judge: ({ reactions }, me) => {
      // All who react are shown while there are at most three people.
      const one = reactions?.find((reaction) => reaction.emoji === emoji);
      if (one !== undefined && one.count > one.user_ids.length) return undefined;
      return (one?.user_ids.includes(me) ?? false) === add ? undefined : 'the reaction is not as asked';
    },
  }));
}

export function pin(world: World): void {
  const on = world.random.chance(0.6);
  command(world, () => ({
    type: on ? 'message.pin' : 'message.unpin',
    judge: ({ pinned }) => ((pinned ?? false) === on ? undefined : 'the pin is not as asked'),
  }));
}
