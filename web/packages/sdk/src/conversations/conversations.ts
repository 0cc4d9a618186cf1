import { decodeConversation } from '../decode.ts';
import { unreadIn, type UnreadTotal } from '../domain/conversation-settings.ts';
import type { Receipts } from '../domain/receipts.ts';
import { ImError } from '../errors.ts';
import type { RpcHost } from '../hosts.ts';
import type { SyncEngine } from '../sync/engine.ts';
import type { Conversation, ConversationId, UserId } from '../types.ts';
import type { Drafts } from './drafts.ts';
import type { SettingsBook } from './settings-book.ts';

/** What Conversations works on while somebody is logged in. */
export interface ConversationsSession {
  readonly engine: SyncEngine;
  readonly settings: SettingsBook;
  readonly drafts: Drafts;
  readonly receipts: Receipts;
}

/** What Conversations needs of the client. */
export interface ConversationsHost extends RpcHost {
  /** Of the logged-in user; undefined while nobody is. */
  readonly session: () => ConversationsSession | undefined;
}

/**
 * The user's conversations, and what can be done with them. What the user sets is seen at once, here and then on every
 * other device; the commands reject with an ImError when the server refuses, and it is as before.
 */
export class Conversations {
  private readonly host: ConversationsHost;

  constructor(host: ConversationsHost) {
    this.host = host;
  }

  /** All known conversations, hidden ones too, in no order. */
  list(): Conversation[] {
    const session = this.host.session();
    return session?.engine.conversations().map((one) => shown(session, one)) ?? [];
  }

  get(id: ConversationId): Conversation | undefined {
    const session = this.host.session();
    const known = session?.engine.get(id)?.conversation;
    return session === undefined || known === undefined ? undefined : shown(session, known);
  }

  /** What is unread in those that are listed. */
  unread(): UnreadTotal {
    return unreadIn(this.list());
  }

  /** The one 1:1 with a user, made when it does not exist; a repeat gives the same one. */
  async open(userId: UserId): Promise<Conversation> {
    const answer = await this.host.request('conversation.open', { user_id: userId });
    const conversation = decodeConversation(answer.conversation);
    if (conversation === undefined)
      throw new ImError('internal', { message: 'the answer names no conversation' });
    const session = this.need();
    session.engine.learn(conversation);
    return shown(session, conversation);
  }

  /** Puts it on top of the list, or takes it down. */
  async pin(id: ConversationId, pinned: boolean): Promise<void> {
    await this.need().settings.change(id, { pinned });
  }

  /** Nothing of a muted one is told but mentions, and it does not count in the total of what is unread. */
  async mute(id: ConversationId, muted: boolean): Promise<void> {
    await this.need().settings.change(id, { muted });
  }

  /** Shows it as unread until somebody looks at it. */
  async markUnread(id: ConversationId): Promise<void> {
    await this.need().settings.change(id, { marked_unread: true });
  }

  /** Everything in it has been read. */
  async markRead(id: ConversationId): Promise<void> {
    const { engine, receipts, settings } = this.need();
    receipts.markRead(id, engine.get(id)?.conversation.seq ?? 0);
    await settings.change(id, { marked_unread: false });
  }

  /** Takes it off the list until there is a new message. */
  async hide(id: ConversationId): Promise<void> {
    await this.need().settings.change(id, { hidden: true });
  }

  /** Hides all its messages from the user, on all of their devices; the others keep them. */
  async clear(id: ConversationId): Promise<void> {
    const { engine, receipts } = this.need();
    const head = engine.get(id)?.conversation.seq ?? 0;
    if (head === 0) return;
    const answer = await this.host.request('conversation.clear', { conversation_id: id, up_to_seq: head });
    receipts.markRead(id, head);
    engine.hide(id, { lo: 1, hi: answer.up_to_seq });
  }

  /** What was begun to be written: `settings.draft` of the conversation, told to the other devices when the typing rests. */
  setDraft(id: ConversationId, text: string): void {
    this.host.session()?.drafts.set(id, text);
  }

  /** Tells the other devices of the draft now. */
  flushDraft(id: ConversationId): void {
    this.host.session()?.drafts.flush(id);
  }

  private need(): ConversationsSession {
    const session = this.host.session();
    if (session === undefined) throw new ImError('unauthenticated', { message: 'nobody is logged in' });
    return session;
  }
}

/** With what the user has just set and typed. */
function shown({ settings, drafts }: ConversationsSession, conversation: Conversation): Conversation {
  return drafts.over(settings.over(conversation));
}
