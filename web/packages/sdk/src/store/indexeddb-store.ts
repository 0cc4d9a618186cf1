import { type DBSchema, deleteDB, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { afterChange, type MessageChange, newerOf, withoutQuoted } from '../domain/message-state.ts';
import type { Person } from '../people/person.ts';
import type { Range } from '../sync/ranges.ts';
import type { ClientMsgId, ConversationId, Message, Seq, UserId, UserName } from '../types.ts';
import { Notes } from './notes.ts';
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

interface Schema extends DBSchema {
  meta: { key: 'epoch' | 'since' | 'userVersion'; value: string | number };
  conversations: { key: ConversationId; value: StoredConversation };
  messages: { key: [ConversationId, Seq]; value: Message };
  people: { key: UserId; value: Person };
  names: { key: UserId; value: UserName };
  outbox: { key: ClientMsgId; value: OutboxItem };
  drafts: { key: ConversationId; value: StoredDraft };
}

/** From this version on messages are kept whole, with the changes that are known of them. */
const WHOLE_MESSAGES = 4;
const DRAFTS = 5;
const VERSION = DRAFTS;
const CACHES = ['meta', 'conversations', 'messages', 'people', 'names'] as const;
/** Messages that are looked at in one piece. */
const FIND_SEQS = 1_000;
/** Above every seq and below the next conversation's keys: arrays sort after numbers. */
const END: readonly never[] = [];

/** An unsent message, and what became of the draft that it was. */
interface Unsent {
  readonly item: OutboxItem;
  readonly draft?: StoredDraft;
}

type WriteTransaction = IDBPTransaction<Schema, (typeof CACHES)[number][], 'readwrite'>;

/** The database of an account; two accounts in one browser never share one. */
export function databaseName(user: UserId): string {
  return `hongyan-${user}`;
}

/** A store in the browser's IndexedDB. Each update is one transaction; the browser runs them in order. */
export class IndexedDbStore implements Store {
  private readonly name: string;
  private readonly unsent: Notes<Unsent>;
  private readonly typed: Notes<StoredDraft>;
  /** Messages that are noted and not kept yet, by the conversation whose draft they were and nothing was typed in since. */
  private readonly using = new Map<ConversationId, OutboxItem>();
  private opening: Promise<IDBPDatabase<Schema>> | undefined;

  constructor(user: UserId, storage?: Storage) {
    this.name = databaseName(user);
    this.unsent = new Notes(`${this.name}.unsent`, storage);
    this.typed = new Notes(`${this.name}.typed`, storage);
  }

  async load(): Promise<StoredState> {
    const db = await this.open();
    const tx = db.transaction(['meta', 'conversations', 'people', 'names']);
    const [epoch, since, userVersion, conversations, people, names, own] = await Promise.all([
      tx.objectStore('meta').get('epoch'),
      tx.objectStore('meta').get('since'),
      tx.objectStore('meta').get('userVersion'),
      tx.objectStore('conversations').getAll(),
      tx.objectStore('people').getAll(),
      tx.objectStore('names').getAll(),
      this.loadOwn(db),
    ]);
    return {
      epoch: typeof epoch === 'string' ? epoch : undefined,
      since: typeof since === 'string' ? since : undefined,
      userVersion: typeof userVersion === 'number' ? userVersion : undefined,
      conversations,
      people,
      names,
      ...own,
    };
  }

  /** Of what is kept nowhere else, with what a tab that is gone had only noted: from here on the database has it, too. */
  private async loadOwn(db: IDBPDatabase<Schema>): Promise<Pick<StoredState, 'outbox' | 'drafts'>> {
    const tx = db.transaction(['outbox', 'drafts'], 'readwrite');
    const [kept, keptDrafts] = await Promise.all([
      tx.objectStore('outbox').getAll(),
      tx.objectStore('drafts').getAll(),
    ]);
    const outbox = new Map(kept.map((item) => [item.client_msg_id, item]));
    const drafts = new Map(keptDrafts.map((draft) => [draft.conversation_id, draft]));
    const noted = this.unsent.all().filter(({ item }) => !outbox.has(item.client_msg_id));
    for (const { item } of noted) outbox.set(item.client_msg_id, item);
    // What was typed after a message was sent is noted after it.
    const notedDrafts = [...noted.flatMap(({ draft }) => draft ?? []), ...this.typed.all()];
    for (const draft of notedDrafts) drafts.set(draft.conversation_id, draft);
    const written = await Promise.allSettled([
      ...noted.map(({ item }) => tx.objectStore('outbox').put(item, item.client_msg_id)),
      ...notedDrafts.map((draft) => tx.objectStore('drafts').put(draft, draft.conversation_id)),
      tx.done,
    ]);
    // Where there was no room the notes stay.
    if (written.every(({ status }) => status === 'fulfilled'))
      for (const { item } of noted) this.unsent.delete(item.client_msg_id);
    return {
      outbox: [...outbox.values()].sort((a, b) => a.order - b.order),
      drafts: [...drafts.values()],
    };
  }

  async messages(conversation: ConversationId, range: Range): Promise<Message[]> {
    const db = await this.open();
    return db.getAll('messages', IDBKeyRange.bound([conversation, range.lo], [conversation, range.hi]));
  }

  async find(wanted: (message: Message) => Verdict, conversation?: ConversationId): Promise<Message[]> {
    const db = await this.open();
    const found: Message[] = [];
    const ids = conversation === undefined ? await db.getAllKeys('conversations') : [conversation];
    for (const id of ids) {
      // Down from the newest, a piece at a time: not everything is in memory at once.
      for (let top = (await newestSeq(db, id)) ?? 0; top > 0; top -= FIND_SEQS) {
        const range = IDBKeyRange.bound([id, Math.max(1, top - FIND_SEQS + 1)], [id, top]);
        const { taken, stopped } = takeWanted((await db.getAll('messages', range)).reverse(), wanted);
        found.push(...taken);
        if (stopped) return found;
      }
    }
    return found;
  }

  async update(update: CacheUpdate): Promise<void> {
    const db = await this.open();
    const tx = db.transaction(CACHES, 'readwrite');
    const work: Promise<unknown>[] = [writeMessages(tx, update)];
    for (const c of update.conversations ?? []) {
      work.push(tx.objectStore('conversations').put(c, c.conversation.conversation_id));
    }
    for (const id of update.removed ?? []) {
      work.push(tx.objectStore('conversations').delete(id));
      work.push(tx.objectStore('messages').delete(IDBKeyRange.bound([id, 0], [id, END])));
    }
    for (const person of update.people ?? []) {
      work.push(tx.objectStore('people').put(person, person.user_id));
    }
    for (const id of update.removedPeople ?? []) work.push(tx.objectStore('people').delete(id));
    for (const name of update.names ?? []) work.push(tx.objectStore('names').put(name, name.user_id));
    if (update.userVersion !== undefined) {
      work.push(tx.objectStore('meta').put(update.userVersion, 'userVersion'));
    }
    if (update.epoch !== undefined) work.push(tx.objectStore('meta').put(update.epoch, 'epoch'));
    if (update.since !== undefined) work.push(tx.objectStore('meta').put(update.since, 'since'));
    await Promise.all([...work, tx.done]);
  }

  async dropCaches(): Promise<void> {
    const db = await this.open();
    const tx = db.transaction(CACHES, 'readwrite');
    await Promise.all([...CACHES.map((name) => tx.objectStore(name).clear()), tx.done]);
  }

  noteOutbox(item: OutboxItem, draft?: StoredDraft): void {
    this.unsent.put(item.client_msg_id, { item, ...(draft && { draft }) });
    if (draft === undefined) return;
    this.typed.delete(draft.conversation_id);
    this.using.set(draft.conversation_id, item);
  }

  async putOutbox(item: OutboxItem, draft?: StoredDraft): Promise<void> {
    const { client_msg_id: id, conversation_id: conversation } = item;
    const usesUp = () => this.using.get(conversation)?.client_msg_id === id;
    try {
      const db = await this.open();
      const tx = db.transaction(['outbox', 'drafts'], 'readwrite');
      const work: Promise<unknown>[] = [tx.objectStore('outbox').put(item, id)];
      if (draft !== undefined && usesUp()) work.push(tx.objectStore('drafts').put(draft, conversation));
      // At once, not when the puts are answered: it is sent when it is kept.
      tx.commit();
      await Promise.all([...work, tx.done]);
    } finally {
      this.unsent.delete(id);
      if (usesUp()) this.using.delete(conversation);
    }
  }

  async deleteOutbox(id: ClientMsgId): Promise<void> {
    this.unsent.delete(id);
    const db = await this.open();
    await db.delete('outbox', id);
  }

  async putDraft(draft: StoredDraft): Promise<void> {
    const { conversation_id: id } = draft;
    this.overtake(id);
    const note = this.typed.put(id, draft);
    try {
      const db = await this.open();
      await db.put('drafts', draft, id);
    } finally {
      this.typed.delete(id, note);
    }
  }

  /** What is typed after a message was sent is not undone by keeping the message. */
  private overtake(id: ConversationId): void {
    const item = this.using.get(id);
    if (item === undefined) return;
    this.using.delete(id);
    this.unsent.put(item.client_msg_id, { item });
  }

  async deleteDraft({ conversation_id: id, text }: StoredDraft): Promise<void> {
    if (this.typed.get(id)?.text === text) this.typed.delete(id);
    const db = await this.open();
    const tx = db.transaction('drafts', 'readwrite');
    if ((await tx.store.get(id))?.text === text) await tx.store.delete(id);
    await tx.done;
  }

  async close(): Promise<void> {
    const opening = this.opening;
    this.opening = undefined;
    if (opening !== undefined) (await opening).close();
  }

  async destroy(): Promise<void> {
    for (const notes of [this.unsent, this.typed]) notes.clear();
    await this.close();
    await deleteDB(this.name);
  }

  private open(): Promise<IDBPDatabase<Schema>> {
    this.opening ??= openDB<Schema>(this.name, VERSION, {
      upgrade(db, before) {
        // What older versions have kept of messages lacks a part; the outbox is the only copy of what it holds.
        const caches = CACHES.filter((name) => before < WHOLE_MESSAGES && db.objectStoreNames.contains(name));
        for (const name of caches) db.deleteObjectStore(name);
        for (const name of [...CACHES, 'outbox', 'drafts'] as const) {
          // An older version has some of them already.
          if (!db.objectStoreNames.contains(name)) db.createObjectStore(name);
        }
      },
      // Another tab deletes the database at logout: do not hold it up.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return this.opening;
  }
}

async function newestSeq(db: IDBPDatabase<Schema>, id: ConversationId): Promise<Seq | undefined> {
  const all = IDBKeyRange.bound([id, 0], [id, END]);
  return (await db.transaction('messages').store.openKeyCursor(all, 'prev'))?.key[1];
}

/** One after the other: what is held decides what is written. */
async function writeMessages(tx: WriteTransaction, update: CacheUpdate): Promise<void> {
  const messages = tx.objectStore('messages');
  for (const id of update.emptied ?? []) await messages.delete(IDBKeyRange.bound([id, 0], [id, END]));
  for (const message of update.messages ?? []) {
    const key: [ConversationId, Seq] = [message.conversation_id, message.seq];
    const held = await messages.get(key);
    if (newerOf(held, message) !== held) await messages.put(message, key);
  }
  for (const change of update.changes ?? []) await writeChange(tx, change);
  for (const { conversation_id: id, range } of update.hidden ?? [])
    await messages.delete(IDBKeyRange.bound([id, range.lo], [id, range.hi]));
}

async function writeChange(tx: WriteTransaction, change: MessageChange): Promise<void> {
  const messages = tx.objectStore('messages');
  const { conversation_id: id, seq, recalled } = change.message;
  const held = await messages.get([id, seq]);
  if (held !== undefined) await messages.put(afterChange(held, change), [id, seq]);
  if (recalled === undefined) return;
  // A message is quoted by later ones only.
  for (const message of await messages.getAll(IDBKeyRange.bound([id, seq + 1], [id, END]))) {
    const without = withoutQuoted(message, seq);
    if (without !== message) await messages.put(without, [id, message.seq]);
  }
}
