import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { IndexedDbStore, MemoryStore, type MessageWindow } from '../src/index.ts';
import { at, chat } from './chat.ts';
import { textsOf, World } from './world.ts';

describe('changes', () => {
  it('are seen at once by everybody: edits, recalls, reactions, pins, and the preview in the list', async () => {
    const { world, alice, id, view, by, edit } = await chat(3);
    const bob = world.client();
    await bob.login({ account: 'bob', password: 'correct horse' });
    await world.clock.advance(0);
    const his = bob.messages.window(id);
    edit(3, 'better');
    by('bob', 'pin', 2);
    await alice.messages.react(id, 2, '👍');
    await bob.messages.recall(id, 1);
    await world.clock.advance(0);
    for (const rows of [view.items, his.items]) {
      expect(rows[0]).toMatchObject({ content: undefined, recalled: { by: bob.user?.user_id } });
      expect(rows[1]).toMatchObject({ pinned: true, reactions: [{ emoji: '👍', count: 1 }] });
      expect(rows[2]).toMatchObject({ content: { text: { text: 'better' } }, editedMs: world.clock.now() });
    }
    expect([at(view.items, 2)?.mine, at(his.items, 2)?.mine]).toEqual([['👍'], []]);
    const preview = () => alice.conversations.get(id)?.last_message;
    expect(preview()?.content?.text?.text).toBe('better');
    await bob.messages.recall(id, 3);
    await world.clock.advance(0);
    expect(preview()).toMatchObject({ seq: 3, recalled: { by: bob.user?.user_id } });
    expect(preview()?.content).toBeUndefined();
  });

  it('are told, each message as it is now', async () => {
    const { world, alice, edit } = await chat(1);
    const told: string[] = [];
    alice.on('message:changed', (message) => told.push(message.content?.text?.text ?? ''));
    edit(1, 'a');
    edit(1, 'b');
    await world.clock.advance(0);
    expect(told).toEqual(['a', 'b']);
  });

  it('keep the objects of the rows they are not about', async () => {
    const { world, view, edit } = await chat(3);
    const before = view.items;
    edit(2, 'x');
    await world.clock.advance(0);
    expect(view.items.map((row, index) => row === before[index])).toEqual([true, false, true]);
  });

  it('reject with the code of the server', async () => {
    const { world, alice, id } = await chat(1);
    await expect(alice.messages.edit(id, 1, 'not mine')).rejects.toMatchObject({ code: 'permission_denied' });
    const { settled } = alice.messages.send(id, { text: 'late' });
    const { seq } = await settled;
    await world.clock.advance(121_000);
    await expect(alice.messages.recall(id, seq)).rejects.toMatchObject({ code: 'recall_window_passed' });
  });
});

describe('the rule for the counter of changes', () => {
  it('ignores what it knows, and waits 300 ms for what was overtaken', async () => {
    const { world, view, asked, edit } = await chat(1);
    await world.reordered([1, 2, 0, 0], () => ['a', 'b', 'c'].forEach((text) => edit(1, text)));
    await world.clock.advance(1_000);
    expect(textsOf(view.items)).toEqual(['c']);
    expect(asked()).toEqual([]);
  });

  it('pulls exactly the hole', async () => {
    const { world, view, asked, edit } = await chat(5);
    await world.reordered([0, 4], () => [1, 2, 3, 4, 5].forEach((seq) => edit(seq, `e${seq}`)));
    await world.clock.advance(299);
    expect(textsOf(view.items)).toEqual(['e1', 'm2', 'm3', 'm4', 'm5']);
    await world.clock.advance(1);
    expect(asked()).toEqual([{ after: 1, limit: 3 }]);
    expect(textsOf(view.items)).toEqual(['e1', 'e2', 'e3', 'e4', 'e5']);
  });

  it('sees a hole by a message whose head of changes is further on', async () => {
    const { world, view, asked, edit } = await chat(1);
    await world.reordered([1], () => {
      edit(1, 'a');
      world.server.say('bob', 'alice', 'next');
    });
    await world.clock.advance(300);
    expect(asked()).toEqual([{ after: 0, limit: 1 }]);
    expect(textsOf(view.items)).toEqual(['a', 'next']);
  });

  it('asks again when the pull fails', async () => {
    const { world, view, edit } = await chat(2);
    let refusals = 2;
    world.server.fault = (type) =>
      type === 'message.changes' && refusals-- > 0 ? { kind: 'refuse', code: 'unavailable' } : undefined;
    await world.reordered([1], () => [1, 2].forEach((seq) => edit(seq, `e${seq}`)));
    await world.clock.advance(5_000);
    expect(textsOf(view.items)).toEqual(['e1', 'e2']);
  });

  it('keeps a change until its message comes', async () => {
    const { world, view, by, asked } = await chat(0);
    await world.reordered([2, 1, 0], () => {
      world.server.say('bob', 'alice', 'old');
      by('alice', 'react', 1, { emoji: '👍' });
      by('bob', 'edit', 1, { content: { text: { text: 'new' } } });
    });
    await world.clock.advance(1_000);
    expect(view.items).toMatchObject([{ content: { text: { text: 'new' } }, mine: ['👍'] }]);
    expect(asked()).toEqual([]);
  });

  it('does not let an older answer bring back what has changed since', async () => {
    const { world, id, by, tablet } = await chat(60);
    const store = new MemoryStore();
    const client = await tablet({ store: () => store });
    const view = client.messages.window(id);
    await world.clock.advance(0);
    expect(at(view.items, 1)).toBeUndefined();
    world.network.auto = false;
    const older = view.loadOlder();
    await world.clock.advance(0);
    world.network.last.deliverToServer();
    by('bob', 'edit', 1, { content: { text: { text: 'new' } } });
    by('alice', 'react', 2, { emoji: '🎉' });
    const { toClient } = world.network.last;
    toClient.push(...toClient.splice(0, 1));
    world.network.auto = true;
    world.network.changed();
    await older;
    await world.clock.advance(0);
    expect(at(view.items, 1)?.content?.text?.text).toBe('new');
    expect(at(view.items, 2)?.mine).toEqual(['🎉']);
    expect(await store.messages(id, { lo: 1, hi: 2 })).toMatchObject([{ change: 1 }, { mine: ['🎉'] }]);
    expect(client.conversations.get(id)?.change).toBe(2);
  });

  it('counts each of one’s own, also when several bring the same state', async () => {
    const { world, id, view, by } = await chat(1);
    const state = by('alice', 'react', 1, { emoji: 'a' }) as { message: { mine?: unknown } };
    await world.clock.advance(0);
    expect(view.items[0]?.mine).toEqual(['a']);
    const message = { ...state.message, change: 3, mine: undefined };
    const push = (change: number, emoji: string) =>
      world.network.last.toClient.push(
        JSON.stringify({
          type: 'change',
          data: {
            conversation_id: id,
            change,
            seq: 1,
            kind: 'reaction',
            by: world.server.accounts.byName('alice').userId,
            emoji,
            added: emoji !== 'a',
            message,
          },
        }),
      );
    push(2, 'b');
    push(3, 'a');
    world.network.changed();
    await world.clock.advance(0);
    expect(view.items[0]?.mine).toEqual(['b']);
  });

  it('meets a conversation by a change', async () => {
    const world = new World();
    const alice = await world.person('alice');
    await world.stranger('bob');
    const { conversation_id: id } = world.server.say('bob', 'alice', 'one');
    world.network.last.toClient.length = 0;
    const edited = { conversation_id: id, seq: 1, content: { text: { text: 'two' } } };
    world.server.asUser('bob', 'message.edit', edited);
    await world.clock.advance(1_000);
    expect(alice.conversations.list()).toMatchObject([{ change: 1, last_message: { change: 1 } }]);
  });
});

describe('two tabs on one store', () => {
  it('keep the later state, whichever writes last', async () => {
    const tabs = () => new IndexedDbStore('tabs');
    const { world, vault, alice, id, edit, by } = await chat(3, tabs());
    const other = world.client({ store: tabs, vault });
    await other.restore();
    const there = other.messages.window(id);
    /** The database takes its own time. */
    const shows = (live: MessageWindow, texts: readonly string[]) =>
      vi.waitFor(async () => {
        await world.clock.advance(0);
        expect(textsOf(live.items)).toEqual(texts);
      });
    await shows(there, ['m1', 'm2', 'm3']);
    edit(1, 'e1');
    await shows(there, ['e1', 'm2', 'm3']);
    // One of them is late, and reads the same in one go.
    world.network.sockets.find((socket) => socket.state === 'open')?.cut();
    edit(1, 'e2');
    by('bob', 'recall', 2);
    await other.messages.react(id, 3, '👍');
    await world.clock.advance(5_000);
    await shows(there, ['e2', '?', 'm3']);
    await alice.close();
    await other.close();
    world.network.up = false;
    const again = world.client({ store: tabs, vault });
    await again.restore();
    const view = again.messages.window(id);
    await shows(view, ['e2', '?', 'm3']);
    expect(at(view.items, 3)?.mine).toEqual(['👍']);
    await again.close();
  });
});

describe('having been away', () => {
  it('pulls what has changed meanwhile', async () => {
    const { world, view, asked, edit, by } = await chat(3);
    world.network.up = false;
    world.network.cutAll();
    edit(1, 'e1');
    by('bob', 'recall', 2);
    by('alice', 'react', 3, { emoji: '👍' });
    world.network.up = true;
    await world.clock.advance(10_000);
    expect(textsOf(view.items)).toEqual(['e1', '?', 'm3']);
    expect(at(view.items, 3)?.mine).toEqual(['👍']);
    expect(asked()).toEqual([{ after: 0, limit: 3 }]);
  });

  it('begins anew when too much has changed', async () => {
    const { world, view, alice, id, edit, store } = await chat(3);
    world.server.messages.maxChanges = 3;
    world.network.up = false;
    world.network.cutAll();
    for (const text of ['a', 'b', 'c', 'd']) edit(2, text);
    edit(3, 'last');
    world.network.up = true;
    await world.clock.advance(10_000);
    expect(textsOf(view.items)).toEqual(['m1', 'd', 'last']);
    expect(alice.conversations.get(id)).toMatchObject({ change: 5, last_message: { change: 5 } });
    expect((await store.load()).conversations).toMatchObject([{ mine: { seq: 3, change: 5 } }]);
    edit(1, 'goes on');
    await world.clock.advance(0);
    expect(at(view.items, 1)?.content?.text?.text).toBe('goes on');
  });

  it('begins anew when it knows of more changes than there are', async () => {
    const { world, alice, id, store, vault, edit } = await chat(2);
    edit(1, 'e1');
    await world.clock.advance(0);
    await alice.close();
    const [stored] = (await store.load()).conversations;
    if (stored === undefined) throw new Error('nothing stored');
    await store.update({ conversations: [{ ...stored, mine: { seq: 2, change: 9 } }] });
    const again = world.client({ store: () => store, vault });
    await again.restore();
    await world.clock.advance(1_000);
    expect((await store.load()).conversations).toMatchObject([{ mine: { seq: 2, change: 1 } }]);
    const view = again.messages.window(id);
    await world.clock.advance(0);
    expect(textsOf(view.items)).toEqual(['e1', 'm2']);
  });

  it('misses by the next ping what was lost behind its back', async () => {
    const { world, view, by } = await chat(2);
    const lost = async (make: () => void) => {
      await world.reordered([], make);
      await world.clock.advance(61_000);
    };
    await lost(() => by('bob', 'edit', 1, { content: { text: { text: 'e1' } } }));
    expect(textsOf(view.items)).toEqual(['e1', 'm2']);
    await lost(() => world.server.say('bob', 'alice', 'm3'));
    expect(textsOf(view.items)).toEqual(['e1', 'm2', 'm3']);
    await lost(() => by('alice', 'delete_for_me', 2));
    expect(textsOf(view.items)).toEqual(['e1', 'm3']);
  });

  it('has everything after a reload, without the server', async () => {
    const { world, vault, alice, id, edit, by } = await chat(4, new IndexedDbStore('changes'));
    const quoted = { seq: 3, content: { text: { text: 'm3' } } };
    await alice.messages.send(id, { text: 'answer' }, quoted).settled;
    await world.clock.advance(0);
    edit(1, 'e1');
    by('bob', 'recall', 3);
    await alice.messages.react(id, 2, '👍');
    await alice.messages.deleteForMe(id, 4);
    await world.clock.advance(0);
    await alice.close();
    world.network.up = false;
    const again = world.client({ store: () => new IndexedDbStore('changes'), vault });
    await again.restore();
    const view = again.messages.window(id);
    await vi.waitFor(() => expect(textsOf(view.items)).toEqual(['e1', 'm2', '?', 'answer']));
    expect(at(view.items, 2)).toMatchObject({ mine: ['👍'], reactions: [{ emoji: '👍', count: 1 }] });
    expect(at(view.items, 5)?.quote).toMatchObject({ seq: 3 });
    expect(at(view.items, 5)?.quote?.content).toBeUndefined();
    await again.close();
  });
});
