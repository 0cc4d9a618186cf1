import { type JsonObject, stringAt } from '../json.ts';
import type { ConversationSettings } from '../types.ts';
import type { Room } from './room.ts';

interface Kept {
  readonly pinned: boolean;
  readonly muted: boolean;
  readonly marked_unread: boolean;
  readonly draft: string;
  readonly hidden_up_to_seq?: number;
}

const NOTHING: Kept = { pinned: false, muted: false, marked_unread: false, draft: '' };

/** What people set for their conversations: part of ServerDouble. `tell`: a user event of one user. */
export class SettingsDouble {
  private readonly tell: (userId: string, key: string, state: object) => void;
  private readonly kept = new Map<string, Kept>();

  constructor(tell: SettingsDouble['tell']) {
    this.tell = tell;
  }

  /** `conversation.update` or `conversation.hide`. */
  rpc(type: string, data: JsonObject, room: Room, me: string): void {
    const hides = type === 'conversation.hide';
    this.change(room, me, hides ? { hidden_up_to_seq: room.messages.length } : changeIn(data));
  }

  of(room: Room, me: string): ConversationSettings {
    const { hidden_up_to_seq: upTo, ...settings } = this.kept.get(`${me}/${room.id}`) ?? NOTHING;
    return { ...settings, hidden: upTo !== undefined && room.messages.length <= upTo };
  }

  private change(room: Room, me: string, change: Partial<Kept>): void {
    const before = this.kept.get(`${me}/${room.id}`) ?? NOTHING;
    const after = { ...before, ...change };
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    this.kept.set(`${me}/${room.id}`, after);
    this.tell(me, room.id, { conversation: { conversation_id: room.id, ...after } });
  }
}

function changeIn(data: JsonObject): Partial<Kept> {
  const change: Record<string, unknown> = {};
  for (const key of ['pinned', 'muted', 'marked_unread'] as const)
    if (typeof data[key] === 'boolean') change[key] = data[key];
  return 'draft' in data ? { ...change, draft: stringAt(data, 'draft') } : change;
}
