import type { TimerHandle } from '../clock.ts';
import type { ToldChange } from '../decode.ts';
import { hiddenUpTo, settingsOf } from '../domain/conversation-settings.ts';
import { isNamed } from '../domain/mentions.ts';
import type { MessageChange } from '../domain/message-state.ts';
import type { StoredConversation } from '../store/store.ts';
import type { Conversation, Message, MessagePush, Seq, UserId } from '../types.ts';
import { without } from '../without.ts';
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
  /** The same for changes, by their number. */
  readonly heldChanges: Map<number, ToldChange>;
  changeTimer: TimerHandle | undefined;
  fillingChanges: boolean;
  /** The last changes: what an answer brings that was on its way meanwhile is brought up to date by them. */
  recent: readonly MessageChange[];
  /** Changes up to this one were counted without being looked at: they are in what was held then. */
  countedFrom: number;
  /** What the user has hidden from themselves meanwhile. */
  hidden: readonly Range[];
  /** Which event was the last one to tell what the user has set. */
  settingsNo: number;
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
  return entryOf(withHidden({ conversation, mine, ranges }, answeredUpTo(conversation)));
}

export function entryOf(stored: StoredConversation): Entry {
  return {
    stored,
    countedTo: stored.conversation.seq,
    held: new Map(),
    timer: undefined,
    filling: false,
    heldChanges: new Map(),
    changeTimer: undefined,
    fillingChanges: false,
    recent: [],
    countedFrom: stored.mine.change,
    hidden: [],
    settingsNo: 0,
  };
}

/** An answer says that it is hidden, but not up to where: that is its head at least. */
function answeredUpTo(fresh: Conversation, before?: Seq): Seq | undefined {
  return settingsOf(fresh).hidden ? Math.max(fresh.seq, before ?? 0) : undefined;
}

/** A conversation that is hidden up to a seq, or not at all. */
export function withHidden(stored: StoredConversation, upTo: Seq | undefined): StoredConversation {
  const conversation = hiddenUpTo(stored.conversation, upTo);
  const rest = { ...without(stored, 'hiddenUpTo'), conversation };
  return upTo === undefined ? rest : { ...rest, hiddenUpTo: upTo };
}

/**
 * The server's newer answer over what is known; marks never fall, and an older answer changes nothing else.
 * `keepSettings`: what the user has set was told by an event since it was asked for. Answers whether what is unread was
 * counted without a mark of our own, and has to be asked for again.
 */
export function mergeConversation(entry: Entry, fresh: Conversation, keepSettings: boolean): boolean {
  const known = entry.stored.conversation;
  // It was put together before our mark was there, and counts what we have read.
  const stale = fresh.read_seq < known.read_seq;
  const upTo = keepSettings ? entry.stored.hiddenUpTo : answeredUpTo(fresh, entry.stored.hiddenUpTo);
  const read = Math.max(known.read_seq, fresh.read_seq);
  const peerRead = highest(known.peer_read_seq, fresh.peer_read_seq);
  const peerDelivered = highest(known.peer_delivered_seq, fresh.peer_delivered_seq);
  // What is known may have gone on meanwhile; all but the messages is as the answer has it.
  const base = fresh.seq >= known.seq ? fresh : { ...fresh, ...messagesOf(known) };
  if (fresh.seq >= known.seq) entry.countedTo = fresh.seq;
  const conversation = {
    ...base,
    settings: settingsOf(keepSettings ? known : fresh),
    change: Math.max(known.change, fresh.change),
    read_seq: read,
    ...(peerRead === undefined ? {} : { peer_read_seq: peerRead }),
    ...(peerDelivered === undefined ? {} : { peer_delivered_seq: peerDelivered }),
    unread: read >= base.seq ? 0 : stale && fresh.seq <= known.seq ? known.unread : base.unread,
  };
  entry.stored = withHidden({ ...entry.stored, conversation: withoutReadMention(conversation) }, upTo);
  return stale && fresh.seq > known.seq && conversation.unread > 0;
}

function highest(one: Seq | undefined, other: Seq | undefined): Seq | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}

function messagesOf(known: Conversation): Partial<Conversation> {
  const { seq, unread, mentioned_seq: mentioned, last_message: last } = known;
  return {
    seq,
    unread,
    ...(mentioned === undefined ? {} : { mentioned_seq: mentioned }),
    ...(last === undefined ? {} : { last_message: last }),
  };
}

/** Who has read it is named no more. */
function withoutReadMention(conversation: Conversation): Conversation {
  const { mentioned_seq: mentioned, read_seq: read } = conversation;
  return mentioned === undefined || mentioned > read ? conversation : without(conversation, 'mentioned_seq');
}

/** Messages of one gapless stretch directly above `mine`, and the stretch they cover. */
export interface Stretch {
  readonly messages: readonly Message[];
  readonly to: Seq;
  /** The head of changes at that time. */
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
  const mentioned = stretch.messages.findLast(
    (m) => m.seq > entry.countedTo && m.seq > conversation.read_seq && isNamed(m, me),
  )?.seq;
  entry.countedTo = Math.max(entry.countedTo, stretch.to);
  const stored = {
    // That there are changes does not mean that they are known.
    mine: { seq: stretch.to, change: mine.change },
    ranges: addRange(ranges, { lo: mine.seq + 1, hi: stretch.to }),
    conversation: {
      ...conversation,
      seq: Math.max(conversation.seq, stretch.to),
      change: Math.max(conversation.change, stretch.change),
      unread: conversation.unread + counted.length,
      ...(newest !== undefined && newest.seq > (last?.seq ?? 0) ? { last_message: newest } : {}),
      ...(mentioned === undefined ? {} : { mentioned_seq: mentioned }),
    },
  };
  entry.stored = withHidden(stored, entry.stored.hiddenUpTo);
}

/** Moves the user's own read mark, or that of the other one of a 1:1. Answers whether it has moved. */
export function moveMark(entry: Entry, own: boolean, seq: Seq): boolean {
  const { conversation } = entry.stored;
  if (own) {
    if (seq <= conversation.read_seq) return false;
    const unread = seq >= conversation.seq ? 0 : conversation.unread;
    const read = withoutReadMention({ ...conversation, read_seq: seq, unread });
    entry.stored = { ...entry.stored, conversation: read };
  } else {
    // In a group there is no one other whose mark this could be.
    if (conversation.type !== 'direct' || seq <= (conversation.peer_read_seq ?? 0)) return false;
    entry.stored = { ...entry.stored, conversation: { ...conversation, peer_read_seq: seq } };
  }
  return true;
}

/** Moves up to where messages have reached the other one of a 1:1. Answers whether that has moved. */
export function moveDelivered(entry: Entry, seq: Seq): boolean {
  const { conversation } = entry.stored;
  if (conversation.type !== 'direct' || seq <= (conversation.peer_delivered_seq ?? 0)) return false;
  entry.stored = { ...entry.stored, conversation: { ...conversation, peer_delivered_seq: seq } };
  return true;
}

/** Adds a page of history to what is held. */
export function addHistory(entry: Entry, range: Range): void {
  entry.stored = { ...entry.stored, ranges: addRange(entry.stored.ranges, range) };
}
