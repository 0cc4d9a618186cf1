import type { Conversation, Message } from '@hongyan/sdk';

/** A message as a device holds it. */
export type State = Message;

/** A conversation as its answers show it, with what only groups have. */
export interface View extends Conversation {
  readonly joined_seq?: number;
  /** Of a former member: the end of what they may see. */
  readonly left_seq?: number;
}

/** Quotes lose their content once what they quote is recalled, which is no change of the message that quotes. */
function comparable(state: State): object {
  return { ...state, quote: state.quote && { ...state.quote, content: undefined } };
}

/** A state without what differs by viewer, the same text for the same content whatever the order of its fields. */
export function shared(state: State): string {
  return canonical({ ...comparable(state), mine: undefined });
}

/** The same with one's own reactions. */
export function personal(state: State): string {
  return canonical({ ...comparable(state), mine: [...(state.mine ?? [])].sort() });
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
