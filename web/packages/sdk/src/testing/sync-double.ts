import { type JsonObject, stringAt } from '../json.ts';
import type { Conversation } from '../types.ts';
import type { Room } from './room.ts';

/** Pages of three, so that paging is always part of the test. */
const PAGE = 3;

/** In which order conversations have moved, and what of that a client lacks: part of ServerDouble. */
export class SyncDouble {
  /** By conversation and user. */
  private readonly moved = new Map<string, number>();
  private count = 0;

  /** Something has happened in a conversation that its members may not know of, but for whoever knows. */
  note(room: Room, but?: string): void {
    this.count += 1;
    for (const member of room.members) if (member !== but) this.moved.set(`${room.id} ${member}`, this.count);
  }

  /** The part of sync.pull that is about conversations. */
  pull(data: JsonObject, me: string, rooms: Iterable<Room>, view: (room: Room) => Conversation): object {
    const since = Number(stringAt(data, 'since') || '0');
    const [from = 0, stamp = this.count] = stringAt(data, 'cursor').split('/').filter(Boolean).map(Number);
    const told = [...rooms].filter(
      (room) =>
        (room.members.has(me) || room.left.has(me)) && (this.moved.get(`${room.id} ${me}`) ?? 0) > since,
    );
    const page = told.slice(from, from + PAGE);
    return {
      conversations: page.filter((room) => room.members.has(me)).map(view),
      gone: page
        .filter((room) => !room.members.has(me))
        .map((room) => ({ conversation_id: room.id, reason: 'left', left_seq: room.left.get(me) ?? 0 })),
      since: String(stamp),
      ...(from + PAGE < told.length ? { next_cursor: `${from + PAGE}/${stamp}` } : {}),
    };
  }
}
