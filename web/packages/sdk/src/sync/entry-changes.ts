// What becomes of the messages of a conversation in the sync engine, apart from where it comes from.

import type { ToldChange } from '../decode.ts';
import { afterChange, type MessageChange, withoutQuoted } from '../domain/message-state.ts';
import type { Conversation, Message, UserId } from '../types.ts';
import { without } from '../without.ts';
import { type Entry, MAX_HELD } from './entry.ts';
import { rangeOf } from './ranges.ts';

export function pushedChange({ change, message, ...told }: ToldChange, me: UserId): MessageChange {
  const own = told.kind === 'reaction' && told.by === me && told.emoji !== undefined;
  return {
    change,
    message,
    from: 'push',
    ...(own && told.emoji !== undefined ? { own: { emoji: told.emoji, added: told.added } } : {}),
  };
}

export function answeredChange(message: Message): MessageChange {
  return { change: message.change, message, from: 'answer' };
}

/** Takes changes into the summary, and keeps them for messages that are still on their way. */
export function noteChanges(entry: Entry, changes: readonly MessageChange[]): void {
  entry.recent = [...entry.recent, ...changes].slice(-MAX_HELD);
  const { conversation } = entry.stored;
  let last = conversation.last_message;
  for (const change of changes) if (last?.seq === change.message.seq) last = afterChange(last, change);
  const unnamed = changes.some(
    ({ message }) => message.recalled !== undefined && message.seq === conversation.mentioned_seq,
  );
  if (last === conversation.last_message && !unnamed) return;
  const told = unnamed ? without(conversation, 'mentioned_seq') : conversation;
  entry.stored = {
    ...entry.stored,
    conversation: last === undefined ? told : { ...told, last_message: last },
  };
}

/** Moves the counter of changes. */
export function countChanges(entry: Entry, upTo: number): void {
  const { conversation, mine } = entry.stored;
  entry.stored = {
    ...entry.stored,
    mine: { ...mine, change: Math.max(mine.change, upTo) },
    conversation: { ...conversation, change: Math.max(conversation.change, upTo) },
  };
}

/**
 * Messages come in as they were at a head of changes. Where that lies before what was counted unseen, as with a push that
 * was older than the answer by which the conversation became known, the changes since are counted again.
 */
export function countAgainFrom(entry: Entry, head: number): void {
  if (head >= entry.countedFrom) return;
  const { mine } = entry.stored;
  entry.stored = { ...entry.stored, mine: { ...mine, change: Math.min(mine.change, head) } };
  entry.countedFrom = head;
}

/** A head of changes that the server has named. */
export function nameChange(entry: Entry, head: number): void {
  const { conversation } = entry.stored;
  if (head > conversation.change)
    entry.stored = { ...entry.stored, conversation: { ...conversation, change: head } };
}

/** A message that an answer brought, as it is by now; undefined when the user has hidden it meanwhile. */
export function upToDate(entry: Entry, message: Message): Message | undefined {
  if (rangeOf(entry.hidden, message.seq) !== undefined) return undefined;
  let now = message;
  for (const change of entry.recent) {
    const { seq, recalled } = change.message;
    if (recalled !== undefined) now = withoutQuoted(now, seq);
    // What the answer has in it already does not count again.
    if (seq === now.seq && change.change > message.change) now = afterChange(now, change);
  }
  return now;
}

/** A summary that an answer brought, with its last message as that is by now. */
export function withLast(entry: Entry, { last_message: told, ...rest }: Conversation): Conversation {
  const last = told === undefined ? undefined : upToDate(entry, told);
  return last === undefined ? rest : { ...rest, last_message: last };
}
