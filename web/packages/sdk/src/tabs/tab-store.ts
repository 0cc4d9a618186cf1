import type { Range } from '../sync/ranges.ts';
import type { ClientMsgId, ConversationId, Message } from '../types.ts';
import type { CacheUpdate, OutboxItem, Store, StoredDraft, StoredState, Verdict } from '../store/store.ts';

/**
 * The store that several tabs have in common, as one of them sees it. Every tab writes messages, which are what they
 * are; what is known of conversations and people, and the stamp up to which that is true, is written by the tab that
 * leads: two tabs learn of the same things at different moments, and the later one must not put back the older state
 * behind the newer stamp.
 */
export class TabStore implements Store {
  private readonly inner: Store;
  private readonly leads: () => boolean;

  constructor(inner: Store, leads: () => boolean) {
    this.inner = inner;
    this.leads = leads;
  }

  load(): Promise<StoredState> {
    return this.inner.load();
  }

  messages(conversation: ConversationId, range: Range): Promise<Message[]> {
    return this.inner.messages(conversation, range);
  }

  find(wanted: (message: Message) => Verdict, conversation?: ConversationId): Promise<Message[]> {
    return this.inner.find(wanted, conversation);
  }

  async update(update: CacheUpdate): Promise<void> {
    if (this.leads()) return this.inner.update(update);
    const { messages = [], changes = [], hidden = [] } = update;
    if (messages.length + changes.length + hidden.length > 0)
      await this.inner.update({ messages, changes, hidden });
  }

  async dropCaches(): Promise<void> {
    if (this.leads()) await this.inner.dropCaches();
  }

  noteOutbox(item: OutboxItem, draft?: StoredDraft): void {
    this.inner.noteOutbox(item, draft);
  }

  putOutbox(item: OutboxItem, draft?: StoredDraft): Promise<void> {
    return this.inner.putOutbox(item, draft);
  }

  deleteOutbox(id: ClientMsgId): Promise<void> {
    return this.inner.deleteOutbox(id);
  }

  putDraft(draft: StoredDraft): Promise<void> {
    return this.inner.putDraft(draft);
  }

  deleteDraft(draft: StoredDraft): Promise<void> {
    return this.inner.deleteDraft(draft);
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  destroy(): Promise<void> {
    return this.inner.destroy();
  }
}
