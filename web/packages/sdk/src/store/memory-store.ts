import { afterChange, type MessageChange, newerOf, withoutQuoted } from '../domain/message-state.ts';
import type { Person } from '../people/person.ts';
import type { Range } from '../sync/ranges.ts';
import type { ClientMsgId, ConversationId, Message, Seq, UserId, UserName } from '../types.ts';
import { takeWanted } from './take-wanted.ts';
import type {
  CacheUpdate,
  OutboxItem,
  Store,
  StoredConversation,
  StoredDraft,
  StoredState,
  Verdict,
} from './store.ts';

/** Keeps everything in memory: for Node, for tests, and for browsers that block storage. */
export class MemoryStore implements Store {
  private epoch: string | undefined;
  private since: string | undefined;
  private userVersion: number | undefined;
  private readonly conversations = new Map<ConversationId, StoredConversation>();
  private readonly byConversation = new Map<ConversationId, Map<Seq, Message>>();
  private readonly people = new Map<UserId, Person>();
  private readonly names = new Map<UserId, UserName>();
  private readonly outbox = new Map<ClientMsgId, OutboxItem>();
  private readonly drafts = new Map<ConversationId, StoredDraft>();

  load(): Promise<StoredState> {
    const outbox = [...this.outbox.values()].sort((a, b) => a.order - b.order);
    return Promise.resolve({
      epoch: this.epoch,
      since: this.since,
      userVersion: this.userVersion,
      conversations: [...this.conversations.values()],
      people: [...this.people.values()],
      names: [...this.names.values()],
      outbox,
      drafts: [...this.drafts.values()],
    });
  }

  messages(conversation: ConversationId, range: Range): Promise<Message[]> {
    const found = [...(this.byConversation.get(conversation)?.values() ?? [])];
    return Promise.resolve(
      found.filter((m) => m.seq >= range.lo && m.seq <= range.hi).sort((a, b) => a.seq - b.seq),
    );
  }

  find(wanted: (message: Message) => Verdict, conversation?: ConversationId): Promise<Message[]> {
    const ids = conversation === undefined ? [...this.byConversation.keys()] : [conversation];
    const held = ids.flatMap((id) =>
      [...(this.byConversation.get(id)?.values() ?? [])].sort((a, b) => b.seq - a.seq),
    );
    return Promise.resolve(takeWanted(held, wanted).taken);
  }

  update(update: CacheUpdate): Promise<void> {
    for (const id of update.emptied ?? []) this.byConversation.delete(id);
    for (const message of update.messages ?? []) {
      const messages = this.byConversation.get(message.conversation_id) ?? new Map<Seq, Message>();
      this.byConversation.set(message.conversation_id, messages);
      messages.set(message.seq, newerOf(messages.get(message.seq), message));
    }
    for (const change of update.changes ?? []) this.change(change);
    for (const { conversation_id: id, range } of update.hidden ?? []) {
      const messages = this.byConversation.get(id);
      for (const seq of messages?.keys() ?? []) if (seq >= range.lo && seq <= range.hi) messages?.delete(seq);
    }
    for (const stored of update.conversations ?? []) {
      this.conversations.set(stored.conversation.conversation_id, stored);
    }
    for (const id of update.removed ?? []) {
      this.conversations.delete(id);
      this.byConversation.delete(id);
    }
    for (const person of update.people ?? []) this.people.set(person.user_id, person);
    for (const id of update.removedPeople ?? []) this.people.delete(id);
    for (const name of update.names ?? []) this.names.set(name.user_id, name);
    this.epoch = update.epoch ?? this.epoch;
    this.since = update.since ?? this.since;
    this.userVersion = update.userVersion ?? this.userVersion;
    return Promise.resolve();
  }

  private change(change: MessageChange): void {
    const { conversation_id: id, seq, recalled } = change.message;
    const messages = this.byConversation.get(id);
    if (messages === undefined) return;
    const held = messages.get(seq);
    if (held !== undefined) messages.set(seq, afterChange(held, change));
    if (recalled === undefined) return;
    for (const message of messages.values()) messages.set(message.seq, withoutQuoted(message, seq));
  }

  dropCaches(): Promise<void> {
    this.epoch = undefined;
    this.since = undefined;
    this.userVersion = undefined;
    this.people.clear();
    this.names.clear();
    this.conversations.clear();
    this.byConversation.clear();
    return Promise.resolve();
  }

  noteOutbox(item: OutboxItem, draft?: StoredDraft): void {
    this.outbox.set(item.client_msg_id, item);
    if (draft !== undefined) this.drafts.set(draft.conversation_id, draft);
  }

  putOutbox(item: OutboxItem, draft?: StoredDraft): Promise<void> {
    this.noteOutbox(item, draft);
    return Promise.resolve();
  }

  deleteOutbox(id: ClientMsgId): Promise<void> {
    this.outbox.delete(id);
    return Promise.resolve();
  }

  putDraft(draft: StoredDraft): Promise<void> {
    this.drafts.set(draft.conversation_id, draft);
    return Promise.resolve();
  }

  deleteDraft({ conversation_id: id, text }: StoredDraft): Promise<void> {
    if (this.drafts.get(id)?.text === text) this.drafts.delete(id);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async destroy(): Promise<void> {
    await this.dropCaches();
    this.outbox.clear();
    this.drafts.clear();
  }
}
