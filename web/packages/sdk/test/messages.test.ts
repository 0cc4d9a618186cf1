import { describe, expect, it } from 'vitest';
import { at, chat } from './chat.ts';
import { textsOf, open } from './world.ts';

describe('one’s other devices', () => {
  it('see one’s own reactions, and what was hidden from oneself alone', async () => {
    const { world, alice, id, view, tablet } = await chat(4);
    const other = await tablet();
    const there = other.messages.window(id);
    await world.clock.advance(0);
    await other.messages.react(id, 1, '👍');
    await world.clock.advance(0);
    expect(at(view.items, 1)?.mine).toEqual(['👍']);
    await alice.messages.unreact(id, 1, '👍');
    await alice.messages.deleteForMe(id, 4);
    await world.clock.advance(0);
    expect(at(there.items, 1)?.mine).toEqual([]);
    for (const client of [alice, other])
      expect(client.conversations.get(id)?.last_message?.content?.text?.text).toBe('m3');
    for (const rows of [view.items, there.items]) expect(textsOf(rows)).toEqual(['m1', 'm2', 'm3']);
    expect(world.server.history('alice', 'bob')).toHaveLength(4);
    await other.messages.clear(id, 3);
    await world.clock.advance(0);
    expect([view.items, there.items]).toEqual([[], []]);
    expect(alice.conversations.get(id)?.last_message).toBeUndefined();
    world.server.say('bob', 'alice', 'fresh');
    await world.clock.advance(0);
    expect(textsOf(view.items)).toEqual(['fresh']);
  });

  it('hear of what was hidden while they were away', async () => {
    const { world, alice, view, by } = await chat(3);
    world.network.up = false;
    world.network.cutAll();
    by('alice', 'delete_for_me', 2);
    world.network.up = true;
    await world.clock.advance(10_000);
    expect(textsOf(view.items)).toEqual(['m1', 'm3']);
    expect(alice.state).toBe('online');
  });
});

describe('quotes', () => {
  it('go with the message, also over a restart, and lose what was recalled', async () => {
    const { world, store, vault, alice, id, by } = await chat(2);
    world.network.up = false;
    world.network.cutAll();
    alice.messages.send(id, { text: 'to two' }, { seq: 2, content: { text: { text: 'm2'.repeat(200) } } });
    await world.clock.advance(0);
    const unsent = alice.messages.pending(id)[0]?.item.quote;
    expect(unsent?.content?.text?.text).toHaveLength(200);
    await alice.close();
    const again = world.client({ store: () => store, vault });
    world.network.up = true;
    await again.restore();
    const view = again.messages.window(id);
    await world.clock.advance(10_000);
    expect(at(view.items, 3)?.quote).toMatchObject({ seq: 2, content: { text: { text: 'm2' } } });
    by('bob', 'recall', 2);
    await world.clock.advance(0);
    expect(at(view.items, 3)?.quote?.content).toBeUndefined();
    expect((await store.messages(id, { lo: 3, hi: 3 }))[0]?.quote?.content).toBeUndefined();
  });

  it('say nothing more of a recalled message while they are not sent', async () => {
    const { world, alice, id, view, by, store } = await chat(1);
    world.server.fault = (type) =>
      type === 'message.send' ? { kind: 'refuse', code: 'unavailable' } : undefined;
    alice.messages.send(id, { text: 'hm' }, { seq: 1, content: { text: { text: 'm1' } } });
    await world.clock.advance(0);
    expect(view.items.at(-1)?.quote?.content?.text?.text).toBe('m1');
    by('bob', 'recall', 1);
    await world.clock.advance(0);
    expect(view.items.at(-1)?.quote).toEqual({ seq: 1, sender_id: '' });
    expect((await store.load()).outbox[0]?.quote?.content).toBeUndefined();
    world.server.fault = undefined;
    await world.clock.advance(5_000);
    expect(view.items.at(-1)).toMatchObject({ status: 'failed', errorCode: 'message_recalled' });
  });
});

describe('mentions', () => {
  it('go with the message, also over a restart, and come back with it', async () => {
    const { world, store, vault, alice, id } = await chat();
    world.network.up = false;
    world.network.cutAll();
    const mentions = { user_ids: ['7'], all: false };
    alice.messages.send(id, { text: '@bob\u2005hi', mentions });
    alice.messages.send(id, { text: 'nobody' });
    await world.clock.advance(0);
    expect(alice.messages.pending(id).map((p) => p.item.mentions)).toEqual([mentions, undefined]);
    await alice.close();
    const again = world.client({ store: () => store, vault });
    world.network.up = true;
    await again.restore();
    const view = again.messages.window(id);
    await world.clock.advance(10_000);
    expect(view.items.map((row) => [row.status, row.mentions])).toEqual([
      ['sent', mentions],
      ['sent', undefined],
    ]);
    const { items } = world.server.asUser('bob', 'message.list', { conversation_id: id }) as {
      items: { mentions?: object }[];
    };
    expect(items.map((message) => message.mentions)).toEqual([mentions, undefined]);
  });
});

describe('pins', () => {
  it('are followed: the last pinned first, without what is recalled or hidden', async () => {
    const { world, alice, id, by, edit } = await chat(4);
    by('bob', 'pin', 1);
    const board = alice.messages.pins(id);
    await world.clock.advance(0);
    const seqs = () => board.items.map((message) => message.seq);
    expect(seqs()).toEqual([1]);
    await alice.messages.pin(id, 3);
    await alice.messages.pin(id, 2);
    await world.clock.advance(0);
    expect(seqs()).toEqual([2, 3, 1]);
    edit(3, 'pinned text');
    await world.clock.advance(0);
    expect(board.items[1]?.content?.text?.text).toBe('pinned text');
    by('bob', 'recall', 3);
    await alice.messages.unpin(id, 1);
    await world.clock.advance(0);
    expect(seqs()).toEqual([2]);
    world.network.cutAll();
    by('bob', 'pin', 4);
    await world.clock.advance(5_000);
    expect(seqs()).toEqual([4, 2]);
    await alice.messages.deleteForMe(id, 4);
    await world.clock.advance(0);
    expect(seqs()).toEqual([2]);
    board.dispose();
  });
});

describe('who', () => {
  it('has reacted and read is asked for', async () => {
    const { world, alice, id, by } = await chat(0);
    const { settled } = alice.messages.send(id, { text: 'read me' });
    const { seq } = await settled;
    by('bob', 'react', seq, { emoji: '👀' });
    const bob = world.server.accounts.byName('bob').userId;
    world.server.asUser('bob', 'conversation.mark_read', { conversation_id: id, seq });
    expect(await alice.messages.reactions(id, seq)).toMatchObject({ items: [{ emoji: '👀', user_id: bob }] });
    expect(await alice.messages.receipts(id, seq)).toMatchObject({
      read_count: 1,
      items: [{ user_id: bob, read: true }],
    });
  });
});

describe('looking for a message', () => {
  it('loads as many pages as lie before it', async () => {
    const { world, alice, id } = await chat(150);
    const view = alice.messages.window(id, { size: 40 });
    const reached = view.reach(7);
    await world.clock.advance(0);
    expect(await reached).toBe('reached');
    expect(at(view.items, 7)).toBeDefined();
    await alice.messages.deleteForMe(id, 5);
    const missing = view.reach(5);
    await world.clock.advance(0);
    expect(await missing).toBe('missing');
  });

  it('says so when what lies before cannot be loaded', async () => {
    const { world, id, tablet } = await chat(150);
    const view = (await tablet()).messages.window(id);
    await world.clock.advance(0);
    world.network.up = false;
    world.network.cutAll();
    const failed = view.reach(1);
    await world.clock.advance(30_000);
    expect(await failed).toBe('failed');
  });
});

describe('messages that are forwarded', () => {
  it('go one by one; a second try sends none twice', async () => {
    const { world, alice, id, view } = await chat(2);
    await world.stranger('carol');
    const carol = await open(alice, 'carol');
    const forward = (...targets: string[]) => alice.messages.forward(id, [1, 2], targets, { id: 'once' });
    const results = await forward(carol, 'nowhere');
    expect(
      results.map(({ conversation_id: to, item, sent, error }) => [to, item, sent?.seq ?? error?.code]),
    ).toEqual([
      [carol, 0, 1],
      [carol, 1, 2],
      ['nowhere', 0, 'not_found'],
      ['nowhere', 1, 'not_found'],
    ]);
    await forward(carol);
    await world.clock.advance(0);
    const texts = world.server.history('alice', 'carol').map((m) => m.content?.text?.text);
    expect(texts).toEqual(['m1', 'm2']);
    expect(view.items).toHaveLength(2);
  });

  it('go as one, with who has said what when; one inside another is only its title', async () => {
    const { world, alice, id, view } = await chat(2);
    const forward = (seqs: number[], title: string) =>
      alice.messages.forward(id, seqs, [id], { id: title, mergedAs: title });
    expect((await forward([1, 2], 'talk')).map(({ item, sent }) => [item, sent?.seq])).toEqual([
      [undefined, 3],
    ]);
    await forward([1, 2], 'talk');
    await forward([2, 3], 'more');
    await world.clock.advance(0);
    const bob = world.server.history('alice', 'bob')[0]?.sender_id;
    const [said, talk, more] = [at(view.items, 2), at(view.items, 3), at(view.items, 4)];
    expect(talk?.content?.merged).toMatchObject({
      title: 'talk',
      items: [
        { sender_id: bob, content: { text: { text: 'm1' } } },
        { sender_id: bob, time_ms: said?.timeMs },
      ],
    });
    expect(more?.content?.merged?.items[1]?.content).toEqual({ merged: { title: 'talk', items: [] } });
    expect(view.items).toHaveLength(4);
    world.network.cutAll();
    alice.messages.send(id, { text: 'hm' }, { seq: 3, content: talk?.content ?? {} });
    await world.clock.advance(0);
    const unsent = alice.messages.pending(id)[0]?.item.quote?.content;
    expect(unsent).toEqual({ merged: { title: 'talk', items: [] } });
  });
});

describe('searching on this machine', () => {
  it('finds what was said, in any case, the newest first; not what was recalled, hidden or is only a card', async () => {
    const { world, alice, id, by } = await chat();
    await world.stranger('carol');
    for (const text of ['Lunch at noon?', 'no', 'lunch tomorrow', 'LUNCH'])
      world.server.say('bob', 'alice', text);
    world.server.say('carol', 'alice', 'lunch with carol');
    await world.clock.advance(0);
    alice.messages.window(id);
    await world.clock.advance(0);
    const found = async (text: string, conversation?: string) =>
      (await alice.messages.search(text, conversation)).map((message) => message.content?.text?.text);
    expect(await found(' lunch ', id)).toEqual(['LUNCH', 'lunch tomorrow', 'Lunch at noon?']);
    expect([...(await found('lunch'))].sort()).toEqual(
      ['LUNCH', 'lunch tomorrow', 'Lunch at noon?', 'lunch with carol'].sort(),
    );
    expect([await found('dinner'), await found('  ')]).toEqual([[], []]);
    by('bob', 'recall', 3);
    await alice.messages.deleteForMe(id, 1);
    await alice.messages.forward(id, [4], [id], { mergedAs: 'lunch' });
    await world.clock.advance(0);
    expect(await found('lunch', id)).toEqual(['LUNCH']);
  });
});
