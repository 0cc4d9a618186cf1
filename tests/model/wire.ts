import type { Conversation, Message, MessagePush } from '@hongyan/sdk';

/** A message as a device holds it, with what changes do to it. */
export interface State extends Message {
  readonly recalled?: { readonly by: string };
  readonly pinned?: boolean;
  readonly quote?: { readonly seq: number };
  readonly reactions?: readonly {
    readonly emoji: string;
    readonly count: number;
    readonly user_ids: readonly string[];
  }[];
  /** One's own reactions; not in pushes. */
  readonly mine?: readonly string[];
}

/** Data of the push `message`, with whom a line of a group brings in or puts out. */
export interface Arrival extends MessagePush {
  readonly join?: readonly string[];
  readonly leave?: readonly string[];
}

/** A conversation as its answers show it, with what only groups have. */
export interface View extends Conversation {
  readonly joined_seq?: number;
  /** Of a former member: the end of what they may see. */
  readonly left_seq?: number;
}

/** Data of the push `change`; of a message that the receiver may not see only the number. */
export interface Change {
  readonly conversation_id: string;
  readonly change: number;
  readonly seq?: number;
  readonly kind?: string;
  readonly by?: string;
  readonly emoji?: string;
  readonly added?: boolean;
  readonly message?: State;
}

/** A state without what differs by viewer, the same text for the same content whatever the order of its fields. */
export function shared(state: State): string {
  return canonical({ ...state, mine: undefined });
}

/** The same with one's own reactions. */
export function personal(state: State): string {
  return canonical({ ...state, mine: [...(state.mine ?? [])].sort() });
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
