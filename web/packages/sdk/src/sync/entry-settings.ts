// What the user has set for a conversation, in the sync engine: as events tell it, and as answers confirm it.

import { settingsOf } from '../domain/conversation-settings.ts';
import type { ConversationSettings, ConversationSettingsEvent } from '../types.ts';
import { type Entry, withHidden } from './entry.ts';

/** What was asked for and is confirmed. */
export type ConfirmedSettings = Partial<Omit<ConversationSettings, 'hidden'>> & {
  /** It was hidden, with everything up to this message. */
  readonly hiddenUpTo?: number;
};

/** Takes what an event tells; `no`: which event it is. */
export function tellSettings(entry: Entry, event: ConversationSettingsEvent, no: number): void {
  const { pinned, muted, marked_unread, draft, hidden_up_to_seq: upTo } = event;
  put(entry, { pinned, muted, marked_unread, draft }, upTo);
  entry.settingsNo = no;
}

/** Takes what an answer has confirmed. */
export function confirmSettings(entry: Entry, { hiddenUpTo, ...change }: ConfirmedSettings): void {
  put(entry, change, hiddenUpTo ?? entry.stored.hiddenUpTo);
}

function put(entry: Entry, change: Partial<ConversationSettings>, upTo: number | undefined): void {
  const { conversation } = entry.stored;
  const settings = { ...settingsOf(conversation), ...change };
  entry.stored = withHidden({ ...entry.stored, conversation: { ...conversation, settings } }, upTo);
}
