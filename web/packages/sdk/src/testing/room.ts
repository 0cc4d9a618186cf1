import type { Message } from '../types.ts';

/** A conversation as ServerDouble keeps it. */
export interface Room {
  readonly id: string;
  readonly type: 'direct' | 'group';
  readonly members: Set<string>;
  /** Up to where those see it who have been put out. */
  readonly left: Map<string, number>;
  readonly messages: Message[];
  readonly readSeq: Map<string, number>;
}

/** Who comes in before a line is said, and goes out behind it. */
export interface Moves {
  readonly join?: readonly string[];
  readonly leave?: readonly string[];
}

export function emptyRoom(id: string, type: Room['type'], members: readonly string[]): Room {
  return { id, type, members: new Set(members), left: new Map(), messages: [], readSeq: new Map() };
}
