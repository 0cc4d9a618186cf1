import type { Range } from '../sync/ranges.ts';
import type { ClientMsgId, ConversationId, Message } from '../types.ts';
import { MemoryStore } from './memory-store.ts';
import type { CacheUpdate, OutboxItem, Store, StoredDraft, StoredState, Verdict } from './store.ts';

/**
 * Keeps a client working when its storage does not (private mode, full disk, deleted by another tab): from the
 * first failure on it uses memory and says so once. What was read before stays valid, because the caches are a
 * copy of the server's truth.
 */
export class FallbackStore implements Store {
  private readonly primary: Store;
  private readonly memory = new MemoryStore();
  private readonly onFailure: () => void;
  private failed = false;
  private closed = false;

  constructor(primary: Store, onFailure: () => void) {
    this.primary = primary;
    this.onFailure = onFailure;
  }

  load(): Promise<StoredState> {
    return this.run((store) => store.load());
  }

  messages(conversation: ConversationId, range: Range): Promise<Message[]> {
    return this.run((store) => store.messages(conversation, range));
  }

  find(wanted: (message: Message) => Verdict, conversation?: ConversationId): Promise<Message[]> {
    return this.run((store) => store.find(wanted, conversation));
  }

  update(update: CacheUpdate): Promise<void> {
    return this.run((store) => store.update(update));
  }

  dropCaches(): Promise<void> {
    return this.run((store) => store.dropCaches());
  }

  noteOutbox(item: OutboxItem, draft?: StoredDraft): void {
    if (!this.failed && !this.closed) this.primary.noteOutbox(item, draft);
  }

  putOutbox(item: OutboxItem, draft?: StoredDraft): Promise<void> {
    return this.run((store) => store.putOutbox(item, draft));
  }

  deleteOutbox(id: ClientMsgId): Promise<void> {
    return this.run((store) => store.deleteOutbox(id));
  }

  putDraft(draft: StoredDraft): Promise<void> {
    return this.run((store) => store.putDraft(draft));
  }

  deleteDraft(draft: StoredDraft): Promise<void> {
    return this.run((store) => store.deleteDraft(draft));
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.primary.close().catch(() => undefined);
  }

  async destroy(): Promise<void> {
    this.closed = true;
    await this.primary.destroy().catch(() => undefined);
  }

  private async run<T>(work: (store: Store) => Promise<T>): Promise<T> {
    // After the end only stragglers come here; they must not open the database again.
    if (!this.failed && !this.closed) {
      try {
        return await work(this.primary);
      } catch {
        if (!this.failed && !this.isClosed()) {
          this.failed = true;
          this.onFailure();
        }
      }
    }
    return work(this.memory);
  }

  private isClosed(): boolean {
    return this.closed;
  }
}
