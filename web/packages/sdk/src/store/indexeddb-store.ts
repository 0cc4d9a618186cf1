import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';
import type { Range } from '../sync/ranges.ts';
import type { ClientMsgId, ConversationId, Message, Seq, UserId } from '../types.ts';
import type { CacheUpdate, OutboxItem, Store, StoredConversation, StoredState } from './store.ts';

interface Schema extends DBSchema {
  meta: { key: 'epoch'; value: string };
  conversations: { key: ConversationId; value: StoredConversation };
  messages: { key: [ConversationId, Seq]; value: Message };
  outbox: { key: ClientMsgId; value: OutboxItem };
}

const VERSION = 1;
const CACHES = ['meta', 'conversations', 'messages'] as const;
/** Above every seq and below the next conversation's keys: arrays sort after numbers. */
const END: readonly never[] = [];

/** The database of an account; two accounts in one browser never share one. */
export function databaseName(user: UserId): string {
  return `hongyan-${user}`;
}

/** A store in the browser's IndexedDB. Each update is one transaction; the browser runs them in order. */
export class IndexedDbStore implements Store {
  private readonly name: string;
  private opening: Promise<IDBPDatabase<Schema>> | undefined;

  constructor(user: UserId) {
    this.name = databaseName(user);
  }

  async load(): Promise<StoredState> {
    const db = await this.open();
    const tx = db.transaction(['meta', 'conversations', 'outbox']);
    const [epoch, conversations, outbox] = await Promise.all([
      tx.objectStore('meta').get('epoch'),
      tx.objectStore('conversations').getAll(),
      tx.objectStore('outbox').getAll(),
    ]);
    return { epoch, conversations, outbox: outbox.sort((a, b) => a.order - b.order) };
  }

  async messages(conversation: ConversationId, range: Range): Promise<Message[]> {
    const db = await this.open();
    return db.getAll('messages', IDBKeyRange.bound([conversation, range.lo], [conversation, range.hi]));
  }

  async update(update: CacheUpdate): Promise<void> {
    const db = await this.open();
    const tx = db.transaction(CACHES, 'readwrite');
    const work: Promise<unknown>[] = [];
    for (const m of update.messages ?? []) {
      work.push(tx.objectStore('messages').put(m, [m.conversation_id, m.seq]));
    }
    for (const c of update.conversations ?? []) {
      work.push(tx.objectStore('conversations').put(c, c.conversation.conversation_id));
    }
    for (const id of update.removed ?? []) {
      work.push(tx.objectStore('conversations').delete(id));
      work.push(tx.objectStore('messages').delete(IDBKeyRange.bound([id, 0], [id, END])));
    }
    if (update.epoch !== undefined) work.push(tx.objectStore('meta').put(update.epoch, 'epoch'));
    await Promise.all([...work, tx.done]);
  }

  async dropCaches(): Promise<void> {
    const db = await this.open();
    const tx = db.transaction(CACHES, 'readwrite');
    await Promise.all([...CACHES.map((name) => tx.objectStore(name).clear()), tx.done]);
  }

  async putOutbox(item: OutboxItem): Promise<void> {
    const db = await this.open();
    await db.put('outbox', item, item.client_msg_id);
  }

  async deleteOutbox(id: ClientMsgId): Promise<void> {
    const db = await this.open();
    await db.delete('outbox', id);
  }

  async close(): Promise<void> {
    const opening = this.opening;
    this.opening = undefined;
    if (opening !== undefined) (await opening).close();
  }

  async destroy(): Promise<void> {
    await this.close();
    await deleteDB(this.name);
  }

  private open(): Promise<IDBPDatabase<Schema>> {
    this.opening ??= openDB<Schema>(this.name, VERSION, {
      upgrade(db) {
        for (const name of [...CACHES, 'outbox'] as const) db.createObjectStore(name);
      },
      // Another tab deletes the database at logout: do not hold it up.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return this.opening;
  }
}
