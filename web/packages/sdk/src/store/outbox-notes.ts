import type { ClientMsgId } from '../types.ts';
import type { OutboxItem, StoredDraft } from './store.ts';

/** An unsent message, and what became of the draft that it was. */
export interface OutboxNote {
  readonly item: OutboxItem;
  readonly draft?: StoredDraft;
}

/**
 * Unsent messages that a database may not have yet. A database answers some milliseconds later; localStorage has taken
 * what it was given when the call returns, also for a tab that is closed at once. Where there is none, nothing is noted.
 */
export class OutboxNotes {
  private readonly prefix: string;
  private readonly storage: Storage | undefined;

  /** `owner`: whose they are, in names of no other's. */
  constructor(owner: string, storage: Storage | undefined = ownStorage()) {
    this.prefix = `${owner}.unsent.`;
    this.storage = storage;
  }

  put(note: OutboxNote): void {
    try {
      this.storage?.setItem(this.prefix + note.item.client_msg_id, JSON.stringify(note));
    } catch {
      // Full: the database has it soon.
    }
  }

  delete(id: ClientMsgId): void {
    this.storage?.removeItem(this.prefix + id);
  }

  all(): OutboxNote[] {
    return this.keys().flatMap((key) => {
      try {
        return [JSON.parse(this.storage?.getItem(key) ?? '') as OutboxNote];
      } catch {
        // Nothing of ours.
        return [];
      }
    });
  }

  clear(): void {
    for (const key of this.keys()) this.storage?.removeItem(key);
  }

  private keys(): string[] {
    const { storage } = this;
    if (storage === undefined) return [];
    const all = Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '');
    return all.filter((key) => key.startsWith(this.prefix));
  }
}

/** A worker and Node have none, and a browser may refuse it. */
function ownStorage(): Storage | undefined {
  try {
    return typeof localStorage === 'undefined' ? undefined : localStorage;
  } catch {
    return undefined;
  }
}
