import type { Message, Seq } from '../types.ts';

/** A conversation as ServerDouble keeps it. */
export interface Room {
  readonly id: string;
  readonly type: 'direct' | 'group';
  readonly members: Set<string>;
  /** Up to where those see it who have been put out. */
  readonly left: Map<string, number>;
  readonly messages: Message[];
  /** Which message each change was about, from the first on. */
  readonly changes: Seq[];
  readonly reactions: Map<Seq, readonly { readonly emoji: string; readonly user_id: string }[]>;
  /** The last pinned last. */
  pins: readonly Seq[];
  /** What people have hidden from themselves. */
  readonly hidden: Map<string, Set<Seq>>;
  readonly readSeq: Map<string, number>;
  readonly deliveredSeq: Map<string, number>;
}

/** Who comes in before a line is said, and goes out behind it. */
export interface Moves {
  readonly join?: readonly string[];
  readonly leave?: readonly string[];
}

export function emptyRoom(id: string, type: Room['type'], members: readonly string[]): Room {
  return {
    id,
    type,
    members: new Set(members),
    left: new Map(),
    messages: [],
    changes: [],
    reactions: new Map(),
    pins: [],
    hidden: new Map(),
    readSeq: new Map(),
    deliveredSeq: new Map(),
  };
}
