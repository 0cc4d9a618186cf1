import type { TimerHandle } from '../clock.ts';
import type { StoredConversation } from '../store/store.ts';
import type { Conversation, Message, MessagePush, Seq, UserId } from '../types.ts';
import { addRange, type Range } from './ranges.ts';

/** One conversation in the sync engine: what is known, and what waits for a hole to be filled. */
export interface Entry {
  stored: StoredConversation;
  /** The newest seq that is counted in `conversation.unread`. */
  countedTo: Seq;
  /** Pushes above a hole, by seq. */
  readonly held: Map<Seq, MessagePush>;
  timer: TimerHandle | undefined;
  filling: boolean;
}

/** A hole larger than this is not pulled message by message: the client jumps to the head. */
export const MAX_HOLE = 1_000;
/** More pushes than this above a hole are left to the pull. */
export const MAX_HELD = 1_000;

/** A conversation that the client has not seen before; `mineSeq`: up to where it counts as applied. */
export function newEntry(conversation: Conversation, mineSeq: Seq): Entry {
  const last = conversation.last_message;
  const ranges = last !== undefined && last.seq <= mineSeq ? [{ lo: last.seq, hi: last.seq }] : [];
  const mine = { seq: mineSeq, change: conversation.change };
  return entryOf({ conversation, mine, ranges });
}

export function entryOf(stored: StoredConversation): Entry {
  return {
    stored,
    countedTo: stored.conversation.seq,
    held: new Map(),
    timer: undefined,
    filling: false,
  };
}

/** The server's newer answer over what is known; marks never fall, and an older answer changes nothing else. */
export function mergeConversation(entry: Entry, fresh: Conversation): void {
  const known = entry.stored.conversation;
  const read = Math.max(known.read_seq, fresh.read_seq);
  const peerRead = Math.max(known.peer_read_seq ?? 0, fresh.peer_read_seq ?? 0);
  // What is known may have gone on meanwhile; all but the messages is as the answer has it.
  const base = fresh.seq >= known.seq ? fresh : { ...fresh, ...messagesOf(known) };
  if (fresh.seq >= known.seq) entry.countedTo = fresh.seq;
  entry.stored = {
    ...entry.stored,
    conversation: {
      ...base,
      read_seq: read,
      ...(fresh.peer_read_seq === undefined && known.peer_read_seq === undefined
        ? {}
        : { peer_read_seq: peerRead }),
      // A mark of our own that the answer does not know yet covers everything it counts.
      unread: read >= base.seq ? 0 : base.unread,
    },
  };
}

function messagesOf(known: Conversation): Partial<Conversation> {
  const { seq, change, unread, last_message: last } = known;
  return { seq, change, unread, ...(last === undefined ? {} : { last_message: last }) };
}

/** Messages of one gapless stretch directly above `mine`, and the stretch they cover. */
export interface Stretch {
  readonly messages: readonly Message[];
  readonly to: Seq;
  readonly change: number;
}

/** Moves the counters over a stretch and takes it into the summary. */
export function applyStretch(entry: Entry, stretch: Stretch, me: UserId): void {
  const { conversation, mine, ranges } = entry.stored;
  const newest = stretch.messages.at(-1);
  const last = conversation.last_message;
  const counted = stretch.messages.filter(
    (m) =>
      m.seq > entry.countedTo &&
      m.seq > conversation.read_seq &&
      // Lines of the server's own are nobody's and not unread.
      m.sender_id !== undefined &&
      m.sender_id !== me,
  );
  entry.countedTo = Math.max(entry.countedTo, stretch.to);
  entry.stored = {
    mine: { seq: stretch.to, change: Math.max(mine.change, stretch.change) },
    ranges: addRange(ranges, { lo: mine.seq + 1, hi: stretch.to }),
    conversation: {
      ...conversation,
      seq: Math.max(conversation.seq, stretch.to),
      change: Math.max(conversation.change, stretch.change),
      unread: conversation.unread + counted.length,
      ...(newest !== undefined && newest.seq > (last?.seq ?? 0) ? { last_message: newest } : {}),
    },
  };
}

/** Adds a page of history to what is held. */
export function addHistory(entry: Entry, range: Range): void {
  entry.stored = { ...entry.stored, ranges: addRange(entry.stored.ranges, range) };
}
