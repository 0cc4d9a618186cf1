import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import { FallbackStore } from '../src/store/fallback-store.ts';
import { Notes } from '../src/store/notes.ts';
import {
  databaseName,
  IndexedDbStore,
  MemoryStore,
  type Message,
  type OutboxItem,
  type Person,
  type Store,
  type StoredConversation,
  type StoredDraft,
} from '../src/index.ts';
import { without } from '../src/without.ts';

const message = (conversation: string, seq: number): Message => ({
  message_id: `${conversation}-${seq}`,
  conversation_id: conversation,
  seq,
  sender_id: '1',
  client_msg_id: `k${seq}`,
  time_ms: seq,
  content: { text: { text: `t${seq}` } },
  change: 0,
});

const stored = (id: string): StoredConversation => ({
  conversation: {
    conversation_id: id,
    type: 'direct',
    title: id,
    avatar: '',
    state: 'normal',
    seq: 3,
    change: 0,
    floor_seq: 1,
    avatar_user_ids: [],
    read_seq: 0,
    unread: 3,
  },
  mine: { seq: 3, change: 0 },
  ranges: [{ lo: 1, hi: 3 }],
});

const item = (id: string, order: number): OutboxItem => ({
  client_msg_id: id,
  conversation_id: 'a',
  content: { text: { text: id } },
  created_ms: 1,
  order,
  state: 'queued',
});

let nextUser = 1;

describe.each([
  ['memory', () => new MemoryStore()],
  ['indexeddb', () => new IndexedDbStore(`u${nextUser++}`)],
  ['fallback over a broken one', () => new FallbackStore(broken(), () => undefined)],
] as [string, () => Store][])('store contract: %s', (_, make) => {
  it('is empty at first', async () => {
    expect(await make().load()).toEqual({
      epoch: undefined,
      userVersion: undefined,
      conversations: [],
      people: [],
      names: [],
      outbox: [],
      drafts: [],
    });
  });

  it('keeps conversations, messages and epoch', async () => {
    const store = make();
    await store.update({
      conversations: [stored('a')],
      messages: [1, 2, 3].map((n) => message('a', n)),
      epoch: 'e',
    });
    await store.update({ conversations: [stored('b')], messages: [message('b', 1)] });
    expect(await store.load()).toMatchObject({ epoch: 'e', conversations: [stored('a'), stored('b')] });
    expect(await store.messages('a', { lo: 2, hi: 9 })).toEqual([message('a', 2), message('a', 3)]);
    expect(await store.messages('c', { lo: 1, hi: 9 })).toEqual([]);
  });

  it('finds messages: the newest first, of one conversation or of all, until it is enough', async () => {
    const store = make();
    const many = [1, 2, 1_500, 3_000].map((n) => message('a', n));
    await store.update({ conversations: [stored('a'), stored('b'), stored('c')], messages: many });
    await store.update({ messages: [message('b', 2)] });
    const seqs = async (...asked: Parameters<Store['find']>) =>
      (await store.find(...asked)).map((m) => `${m.conversation_id}${m.seq}`);
    expect(await seqs(() => 'take', 'a')).toEqual(['a3000', 'a1500', 'a2', 'a1']);
    expect(await seqs((m) => (m.seq === 2 ? 'take' : 'pass'))).toEqual(['a2', 'b2']);
    expect(await seqs((m) => (m.seq < 3 ? 'stop' : 'take'), 'a')).toEqual(['a3000', 'a1500']);
    expect(await seqs(() => 'take', 'c')).toEqual([]);
  });

  it('sees updates asked for before, without waiting for them', async () => {
    const store = make();
    void store.update({ messages: [message('a', 10)] });
    void store.update({ messages: [message('a', 9)] });
    expect((await store.messages('a', { lo: 1, hi: 99 })).map((m) => m.seq)).toEqual([9, 10]);
  });

  it('keeps the later state of a message, and what becomes of it', async () => {
    const store = make();
    const text = (value: string, change: number) => ({
      ...message('a', 1),
      change,
      content: { text: { text: value } },
    });
    await store.update({ messages: [text('new', 5)] });
    await store.update({ messages: [text('old', 3)] });
    const push = { from: 'push' } as const;
    await store.update({
      changes: [
        { ...push, change: 6, message: text('newer', 6), own: { emoji: 'a', added: true } },
        // After a recovery several bring the same state.
        { ...push, change: 7, message: text('newer', 6), own: { emoji: 'b', added: true } },
        { ...push, change: 8, message: message('a', 9) },
      ],
    });
    const all = () => store.messages('a', { lo: 1, hi: 99 });
    expect(await all()).toEqual([{ ...text('newer', 6), mine: ['a', 'b'] }]);
    const answered = { ...text('newer', 6), mine: ['b'] };
    await store.update({ changes: [{ from: 'answer', change: 6, message: answered }] });
    expect(await all()).toEqual([answered]);
  });

  it('takes what was recalled out of the quotes of it, and drops what was hidden', async () => {
    const store = make();
    const quote = { seq: 1, sender_id: '1', content: { text: { text: 't1' } } };
    const messages = [1, 2, 3, 4].map((seq) => ({ ...message('a', seq), ...(seq === 3 ? { quote } : {}) }));
    await store.update({ messages: [...messages, { ...message('b', 3), quote }] });
    const recalled = { ...without(message('a', 1), 'content'), change: 1, recalled: { by: '1', time_ms: 1 } };
    await store.update({
      changes: [{ from: 'push', change: 1, message: recalled }],
      hidden: [{ conversation_id: 'a', range: { lo: 2, hi: 2 } }],
    });
    expect(await store.messages('a', { lo: 1, hi: 99 })).toEqual([
      recalled,
      { ...message('a', 3), quote: { seq: 1, sender_id: '1' } },
      message('a', 4),
    ]);
    expect((await store.messages('b', { lo: 3, hi: 3 }))[0]?.quote).toEqual(quote);
    await store.update({ emptied: ['a'], messages: [message('a', 4)] });
    expect(await store.messages('a', { lo: 1, hi: 99 })).toEqual([message('a', 4)]);
  });

  it('removes a conversation with its messages and no other', async () => {
    const store = make();
    await store.update({
      conversations: [stored('a'), stored('ab')],
      messages: [message('a', 1), message('ab', 1)],
    });
    await store.update({ removed: ['a'] });
    expect((await store.load()).conversations).toEqual([stored('ab')]);
    expect(await store.messages('a', { lo: 1, hi: 9 })).toEqual([]);
    expect(await store.messages('ab', { lo: 1, hi: 9 })).toHaveLength(1);
  });

  it('keeps people and their version until the caches are dropped', async () => {
    const store = make();
    const person = (id: string): Person => ({ user_id: id, blocked: false });
    await store.update({ people: [person('1'), person('2')], userVersion: 3 });
    const name = { user_id: '7', nickname: 'Seven', avatar: '', version: 1 };
    await store.update({ names: [name] });
    expect((await store.load()).names).toEqual([name]);
    await store.update({ people: [{ user_id: '2', blocked: true }], removedPeople: ['1'], userVersion: 4 });
    expect(await store.load()).toMatchObject({
      userVersion: 4,
      people: [{ user_id: '2', blocked: true }],
    });
    await store.dropCaches();
    expect(await store.load()).toMatchObject({ userVersion: undefined, people: [], names: [] });
  });

  it('keeps drafts until they are deleted, over a drop of the caches', async () => {
    const store = make();
    for (const text of ['h', 'hi']) await store.putDraft({ conversation_id: 'a', text });
    await store.putDraft({ conversation_id: 'b', text: '' });
    await store.dropCaches();
    await store.deleteDraft({ conversation_id: 'b', text: '' });
    // What another tab has written meanwhile stays.
    await store.deleteDraft({ conversation_id: 'a', text: 'h' });
    expect((await store.load()).drafts).toEqual([{ conversation_id: 'a', text: 'hi' }]);
  });

  it('keeps the outbox in its order, over a drop of the caches', async () => {
    const store = make();
    await store.putOutbox(item('second', 2));
    await store.putOutbox(item('first', 1));
    await store.putOutbox(item('gone', 3));
    await store.deleteOutbox('gone');
    await store.update({ conversations: [stored('a')], messages: [message('a', 1)], epoch: 'e' });
    await store.dropCaches();
    const state = await store.load();
    expect(state).toMatchObject({ epoch: undefined, conversations: [] });
    expect(state.outbox.map((o) => o.client_msg_id)).toEqual(['first', 'second']);
    expect(await store.messages('a', { lo: 1, hi: 9 })).toEqual([]);
  });
});

describe('indexeddb', () => {
  it('keeps the data over close, and leaves nothing after destroy', async () => {
    const first = new IndexedDbStore('persist');
    await first.update({ conversations: [stored('a')], epoch: 'e' });
    await first.close();
    const second = new IndexedDbStore('persist');
    expect((await second.load()).epoch).toBe('e');
    await second.destroy();
    expect((await indexedDB.databases()).map((d) => d.name)).not.toContain(databaseName('persist'));
  });

  it('takes over what an older version has kept', async () => {
    const older = await openDB(databaseName('older'), 1, {
      upgrade(db) {
        for (const name of ['meta', 'conversations', 'messages', 'outbox']) db.createObjectStore(name);
      },
    });
    await older.put('outbox', item('unsent', 1), 'unsent');
    // What it has kept of messages lacks a part.
    await older.put('meta', 'e', 'epoch');
    await older.put('conversations', stored('a'), 'a');
    await older.put('messages', message('a', 1), ['a', 1]);
    older.close();
    const store = new IndexedDbStore('older');
    expect(await store.load()).toMatchObject({
      epoch: undefined,
      conversations: [],
      outbox: [item('unsent', 1)],
      people: [],
    });
    expect(await store.messages('a', { lo: 1, hi: 9 })).toEqual([]);
  });

  it('AU-7: gives two accounts two databases', async () => {
    await new IndexedDbStore('x1').update({ epoch: 'of x1' });
    expect((await new IndexedDbStore('x2').load()).epoch).toBeUndefined();
  });
});

describe('notes of what the database may not have yet', () => {
  const restored = async (user: string, storage: Storage) =>
    (await new IndexedDbStore(user, storage).load()).outbox.map((o) => o.client_msg_id);

  it('SE-2: are there for who comes next, as long as the database has no more', async () => {
    const storage = memoryStorage();
    const store = new IndexedDbStore('n1', storage);
    await store.putOutbox(item('first', 1));
    store.noteOutbox(item('third', 3));
    store.noteOutbox(item('second', 2));
    expect(await restored('n1', storage)).toEqual(['first', 'second', 'third']);
    await store.putOutbox({ ...item('third', 3), state: 'failed' });
    await store.deleteOutbox('second');
    expect(storage.length).toBe(0);
    expect(await restored('n1', storage)).toEqual(['first', 'third']);
    store.noteOutbox(item('third', 3));
    expect((await store.load()).outbox.at(-1)?.state).toBe('failed');
  });

  it('CO-4: say what became of the draft, as the database does with the message', async () => {
    const storage = memoryStorage();
    const store = new IndexedDbStore('n4', storage);
    await store.putDraft({ conversation_id: 'a', text: 'hi' });
    await store.putDraft({ conversation_id: 'b', text: 'other' });
    const used = { conversation_id: 'a', text: '' };
    store.noteOutbox(item('hi', 1), used);
    const drafts = async () => (await new IndexedDbStore('n4', storage).load()).drafts;
    const other = { conversation_id: 'b', text: 'other' };
    expect(await drafts()).toEqual([used, other]);
    await store.putOutbox(item('hi', 1), used);
    expect([storage.length, await drafts()]).toEqual([0, [used, other]]);
  });

  it('CO-4: are there for the last that was typed, until the database has it', async () => {
    const storage = memoryStorage();
    const store = new IndexedDbStore('n5', storage);
    // The last says what the first said: it is another note.
    const [first, ...more] = ['h', 'he', 'h'].map((text) => store.putDraft({ conversation_id: 'a', text }));
    await first;
    const left = memoryStorage(storage);
    await Promise.all(more);
    expect([storage.length, left.length]).toEqual([0, 1]);
    expect((await store.load()).drafts).toEqual([{ conversation_id: 'a', text: 'h' }]);
    // A tab that was closed before the database had answered.
    await store.destroy();
    const next = new IndexedDbStore('n5', left);
    expect((await next.load()).drafts).toEqual([{ conversation_id: 'a', text: 'h' }]);
    await next.deleteDraft({ conversation_id: 'a', text: 'he' });
    expect(left.length).toBe(1);
    await next.deleteDraft({ conversation_id: 'a', text: 'h' });
    expect([left.length, (await next.load()).drafts]).toEqual([0, []]);
  });

  it('CO-4: tell what was typed before a message was sent from what was typed after it', async () => {
    const storage = memoryStorage();
    const store = new IndexedDbStore('n6', storage);
    const kept = async () => (await new IndexedDbStore('n6', storage).load()).drafts[0]?.text;
    const used = { conversation_id: 'a', text: '' };
    await store.putDraft({ conversation_id: 'a', text: 'sent' });
    store.noteOutbox(item('sent', 1), used);
    expect(await kept()).toBe('');
    const typing = store.putDraft({ conversation_id: 'a', text: 'next' });
    expect(await kept()).toBe('next');
    await typing;
    expect(await kept()).toBe('next');
    // The message waited for its turn meanwhile.
    await store.putOutbox(item('sent', 1), used);
    expect([storage.length, await kept(), await restored('n6', storage)]).toEqual([0, 'next', ['sent']]);
  });

  it('CO-4: of a tab that is gone leave nothing older behind them', async () => {
    const storage = memoryStorage();
    const next = () => new IndexedDbStore('n7', storage);
    const gone = next();
    for (const id of ['a', 'b']) await gone.putDraft({ conversation_id: id, text: 'h' });
    const used = { conversation_id: 'a', text: '' };
    gone.noteOutbox(item('h', 1), used);
    // Closed before the database had either.
    const left = memoryStorage(storage);
    new Notes<StoredDraft>(`${databaseName('n7')}.typed`, left).put('b', {
      conversation_id: 'b',
      text: 'he',
    });
    const then = new IndexedDbStore('n7', left);
    expect((await then.load()).drafts.map(({ text }) => text)).toEqual(['', 'he']);
    await then.putDraft({ conversation_id: 'a', text: 'typed while it is sent' });
    await then.deleteDraft({ conversation_id: 'b', text: 'he' });
    const last = await new IndexedDbStore('n7', left).load();
    expect(last.drafts).toEqual([{ conversation_id: 'a', text: 'typed while it is sent' }]);
    expect([last.outbox.length, left.length]).toEqual([1, 0]);
  });

  it('AU-6, AU-7: are of one account, and leave with it', async () => {
    const storage = memoryStorage();
    const [one, other] = ['n2', 'n20'].map((user) => new IndexedDbStore(user, storage));
    one?.noteOutbox(item('a', 1));
    other?.noteOutbox(item('b', 1));
    expect(await restored('n2', storage)).toEqual(['a']);
    // Logged out before the database has answered.
    const typed = one?.putDraft({ conversation_id: 'a', text: 'secret' }).catch(() => undefined);
    await one?.destroy();
    await typed;
    expect([...Array(storage.length).keys()].map((at) => storage.key(at))).toEqual([
      `${databaseName('n20')}.unsent.b`,
    ]);
    expect([await restored('n2', storage), await restored('n20', storage)]).toEqual([[], ['b']]);
  });

  it('OF-5: are left out where there is no room, or something else stands there', async () => {
    const storage = memoryStorage();
    storage.setItem(`${databaseName('n3')}.unsent.x`, 'nothing of ours');
    storage.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const store = new IndexedDbStore('n3', storage);
    store.noteOutbox(item('a', 1));
    expect(await restored('n3', storage)).toEqual([]);
  });
});

describe('fallback', () => {
  it('OF-5: says once that it works in memory', async () => {
    let said = 0;
    const store = new FallbackStore(broken(), () => (said += 1));
    await store.load();
    await store.putOutbox(item('a', 1));
    expect(said).toBe(1);
    expect((await store.load()).outbox).toHaveLength(1);
  });
});

/** A localStorage of its own, with what is in another one now. */
function memoryStorage(other?: Storage): Storage {
  const keys = Array.from({ length: other?.length ?? 0 }, (_, at) => other?.key(at) ?? '');
  const held = new Map(keys.map((key) => [key, other?.getItem(key) ?? '']));
  return {
    get length() {
      return held.size;
    },
    key: (at) => [...held.keys()][at] ?? null,
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => void held.set(key, value),
    removeItem: (key) => void held.delete(key),
    clear: () => held.clear(),
  };
}

/** A store of a browser that blocks storage. */
function broken(): Store {
  const fail = () => Promise.reject(new DOMException('blocked', 'InvalidStateError'));
  return {
    load: fail,
    messages: fail,
    find: fail,
    update: fail,
    dropCaches: fail,
    noteOutbox: () => undefined,
    putOutbox: fail,
    deleteOutbox: fail,
    putDraft: fail,
    deleteDraft: fail,
    close: fail,
    destroy: fail,
  };
}
