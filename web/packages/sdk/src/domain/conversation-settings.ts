import type { Conversation, ConversationSettings, Seq } from '../types.ts';

const NOTHING_SET: ConversationSettings = {
  pinned: false,
  muted: false,
  marked_unread: false,
  hidden: false,
  draft: '',
};

/** What the user has set for a conversation. */
export function settingsOf({ settings = NOTHING_SET }: Pick<Conversation, 'settings'>): ConversationSettings {
  return settings;
}

/** A conversation that is hidden up to a message, or not at all, and listed again from the next one on. */
export function hiddenUpTo(conversation: Conversation, upTo: Seq | undefined): Conversation {
  const settings = settingsOf(conversation);
  const hidden = upTo !== undefined && conversation.seq <= upTo;
  return hidden === settings.hidden ? conversation : { ...conversation, settings: { ...settings, hidden } };
}

/** What is unread in some conversations. */
export interface UnreadTotal {
  /** Messages, and one for each conversation that is only marked; without those that are muted. */
  readonly count: number;
  /** Whether there is something in those that are muted. */
  readonly muted: boolean;
}

/** What is unread in those that are listed. */
export function unreadIn(conversations: Iterable<Conversation>): UnreadTotal {
  let count = 0;
  let muted = false;
  for (const conversation of conversations) {
    const settings = settingsOf(conversation);
    const unread = Math.max(conversation.unread, settings.marked_unread ? 1 : 0);
    if (settings.hidden || unread === 0) continue;
    if (settings.muted) muted = true;
    else count += unread;
  }
  return { count, muted };
}
