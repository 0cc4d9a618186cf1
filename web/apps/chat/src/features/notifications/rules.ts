import { type Conversation, isNamed, type Message, settingsOf } from '@hongyan/sdk';

/** What is older comes from having been away, and is no news. */
const NEWS_MS = 60_000;

/** A part of each day, by the clock of this machine: `22:00` to `08:00`. */
export interface QuietHours {
  readonly on: boolean;
  readonly from: string;
  readonly to: string;
}

/** Whom and what a message comes upon. */
export interface Attention {
  readonly me: string;
  /** By the server's clock. */
  readonly nowMs: number;
  /** The user wants to be told at all, and now. */
  readonly wanted: boolean;
  /** Who names the user is heard in muted conversations, too. */
  readonly mentionsOfMuted: boolean;
  /** The conversation that somebody is looking at. */
  readonly lookedAt: string | undefined;
}

/** Whether somebody is to be told of a message that has come. */
export function isTold(message: Message, conversation: Conversation, attention: Attention): boolean {
  const { me, nowMs, wanted, mentionsOfMuted, lookedAt } = attention;
  const { sender_id: sender, recalled } = message;
  const named = isNamed(message, me);
  if (!wanted || sender === me || recalled !== undefined) return false;
  // Of the server's own lines only what is announced to everybody is told.
  if (sender === undefined && !named) return false;
  if (nowMs - message.time_ms > NEWS_MS || message.seq <= conversation.read_seq) return false;
  if (conversation.conversation_id === lookedAt) return false;
  return !settingsOf(conversation).muted || (mentionsOfMuted && named);
}

/** Whether nobody is to be disturbed at a time, `HH:mm`. */
export function isQuiet({ on, from, to }: QuietHours, time: string): boolean {
  if (!on || from === to) return false;
  return from < to ? time >= from && time < to : time >= from || time < to;
}

/** Lets something happen, and then not again for a while. */
export class Pause {
  private readonly ms: number;
  private lastMs = -Infinity;

  constructor(ms: number) {
    this.ms = ms;
  }

  pass(nowMs: number): boolean {
    if (nowMs - this.lastMs < this.ms) return false;
    this.lastMs = nowMs;
    return true;
  }
}
