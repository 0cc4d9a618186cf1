import { describe, expect, it } from 'vitest';
import { type Client, MemoryStore, settingsOf } from '../src/index.ts';
import { chat } from './chat.ts';

/** What a client shows as set for a conversation. */
function shown(client: Client, id: string) {
  const conversation = client.conversations.get(id);
  if (conversation === undefined) throw new Error(`no ${id}`);
  return settingsOf(conversation);
}

describe('what the user sets for a conversation', () => {
  it('is shown at once, and then on every other device', async () => {
    const { world, alice, id, tablet } = await chat(1);
    const other = await tablet();
    const done = [alice.conversations.pin(id, true), alice.conversations.mute(id, true)];
    expect(shown(alice, id)).toMatchObject({ pinned: true, muted: true });
    expect(shown(other, id)).toMatchObject({ pinned: false, muted: false });
    await world.clock.advance(0);
    await Promise.all(done);
    for (const client of [alice, other])
      expect(shown(client, id)).toMatchObject({ pinned: true, muted: true, marked_unread: false });
  });

  it('is told by conversations:changed, before and after the server has answered', async () => {
    const { world, alice, id } = await chat(1);
    const told: boolean[] = [];
    alice.on('conversations:changed', () => told.push(shown(alice, id).pinned));
    void alice.conversations.pin(id, true);
    expect(told).toEqual([true]);
    await world.clock.advance(0);
    expect(told.length).toBeGreaterThan(1);
    expect(told.at(-1)).toBe(true);
  });

  it('is taken back when the server refuses it, and only that', async () => {
    const { world, alice, id } = await chat(1);
    world.server.fault = (type, data) =>
      type === 'conversation.update' && data['pinned'] === true
        ? { kind: 'refuse', code: 'not_member' }
        : undefined;
    const pinned = alice.conversations.pin(id, true);
    const muted = alice.conversations.mute(id, true);
    expect(shown(alice, id)).toMatchObject({ pinned: true, muted: true });
    await expect(pinned).rejects.toMatchObject({ code: 'not_member' });
    await muted;
    await world.clock.advance(0);
    expect(shown(alice, id)).toMatchObject({ pinned: false, muted: true });
  });

  it('takes effect in the order it was asked for, and is not asked for when it is so', async () => {
    const { world, alice, id } = await chat(1);
    await Promise.all([
      alice.conversations.pin(id, true),
      alice.conversations.pin(id, false),
      alice.conversations.pin(id, false),
    ]);
    await world.clock.advance(0);
    expect(shown(alice, id).pinned).toBe(false);
    const asked = world.server.received.filter(({ type }) => type === 'conversation.update');
    expect(asked.map(({ data }) => data['pinned'])).toEqual([true, false]);
  });

  it('is not undone by an answer that an event has overtaken', async () => {
    const { world, alice, id } = await chat(1);
    const { last } = world.network;
    world.network.auto = false;
    const opening = alice.conversations.open(alice.conversations.get(id)?.peer_user_id ?? '');
    await world.clock.advance(0);
    last.deliverToServer();
    world.server.asUser('alice', 'conversation.update', { conversation_id: id, pinned: true });
    last.toClient.reverse();
    world.network.auto = true;
    world.network.changed();
    await opening;
    expect(shown(alice, id).pinned).toBe(true);
  });

  it('is kept: it is there before there is a connection', async () => {
    const store = new MemoryStore();
    const { world, alice, id, vault } = await chat(1, store);
    await alice.conversations.pin(id, true);
    await world.clock.advance(0);
    await alice.close();
    world.network.up = false;
    const again = world.client({ store: () => store, vault });
    await again.restore();
    expect(shown(again, id).pinned).toBe(true);
  });

  it('is learned after having been away', async () => {
    const { world, alice, id } = await chat(1);
    world.network.up = false;
    world.network.last.cut();
    world.server.asUser('alice', 'conversation.update', { conversation_id: id, muted: true });
    world.network.up = true;
    await world.clock.advance(2_000);
    expect(shown(alice, id).muted).toBe(true);
  });
});

describe('marked as unread', () => {
  it('counts as one in the total, and is gone when somebody looks', async () => {
    const { world, alice, id, tablet } = await chat(1);
    const other = await tablet();
    alice.receipts.markRead(id, 1);
    await world.clock.advance(0);
    expect(alice.conversations.unread()).toEqual({ count: 0, muted: false });
    await alice.conversations.markUnread(id);
    await world.clock.advance(0);
    for (const client of [alice, other]) expect(client.conversations.unread().count).toBe(1);
    other.receipts.markRead(id, 1);
    expect(shown(other, id).marked_unread).toBe(false);
    await world.clock.advance(0);
    for (const client of [alice, other]) expect(client.conversations.unread().count).toBe(0);
  });

  it('goes with what is unread when everything is marked as read', async () => {
    const { world, alice, id } = await chat(3);
    await alice.conversations.markUnread(id);
    expect(alice.conversations.unread().count).toBe(3);
    await alice.conversations.markRead(id);
    await world.clock.advance(0);
    expect(alice.conversations.get(id)).toMatchObject({ unread: 0, read_seq: 3 });
    expect(alice.conversations.unread().count).toBe(0);
  });
});

describe('a muted conversation', () => {
  it('stands apart in the total', async () => {
    const { world, alice, id } = await chat(2);
    await alice.conversations.mute(id, true);
    expect(alice.conversations.unread()).toEqual({ count: 0, muted: true });
    await alice.conversations.markRead(id);
    await world.clock.advance(0);
    expect(alice.conversations.unread()).toEqual({ count: 0, muted: false });
  });
});

describe('a hidden conversation', () => {
  it('is hidden on every device until there is a new message', async () => {
    const { world, alice, id, tablet } = await chat(2);
    const other = await tablet();
    const hiding = alice.conversations.hide(id);
    expect(shown(alice, id).hidden).toBe(true);
    await hiding;
    await world.clock.advance(0);
    for (const client of [alice, other]) {
      expect(shown(client, id).hidden).toBe(true);
      expect(client.conversations.unread().count).toBe(0);
    }
    world.server.say('bob', 'alice', 'are you there?');
    await world.clock.advance(0);
    for (const client of [alice, other]) {
      expect(shown(client, id).hidden).toBe(false);
      expect(client.conversations.unread().count).toBe(3);
    }
  });

  it('stays hidden when a message that it was hidden with comes late', async () => {
    const { world, alice, id } = await chat(1);
    await world.reordered([1, 0], () => {
      world.server.say('bob', 'alice', 'm2');
      world.server.asUser('alice', 'conversation.hide', { conversation_id: id });
    });
    expect(alice.conversations.get(id)?.seq).toBe(2);
    expect(shown(alice, id).hidden).toBe(true);
  });

  it('is not listed by the server, and still known to be hidden', async () => {
    const store = new MemoryStore();
    const { world, alice, id, vault } = await chat(1, store);
    await alice.close();
    world.server.asUser('alice', 'conversation.hide', { conversation_id: id });
    world.server.contacts.maxBehind = 0;
    const again = world.client({ store: () => store, vault });
    await again.restore();
    await world.clock.advance(0);
    expect(shown(again, id).hidden).toBe(true);
  });

  it('is back when the server refuses', async () => {
    const { world, alice, id } = await chat(1);
    world.server.fault = (type) =>
      type === 'conversation.hide' ? { kind: 'refuse', code: 'internal' } : undefined;
    await expect(alice.conversations.hide(id)).rejects.toMatchObject({ code: 'internal' });
    expect(shown(alice, id).hidden).toBe(false);
  });
});

describe('a cleared conversation', () => {
  it('has no message and nothing unread, on every device', async () => {
    const { world, alice, id, view, tablet } = await chat(3);
    const other = await tablet();
    await alice.conversations.clear(id);
    await world.clock.advance(0);
    expect(view.items).toEqual([]);
    for (const client of [alice, other]) {
      expect(client.conversations.get(id)?.last_message).toBeUndefined();
      expect(client.conversations.unread().count).toBe(0);
    }
  });
});

describe('a mention', () => {
  it('stands in the summary until it is read', async () => {
    const { world, alice, id } = await chat(1);
    const me = alice.user?.user_id ?? '';
    const named = { mentions: { user_ids: [me], all: false } };
    await world.reordered([0], () => {
      const message = world.server.say('bob', 'alice', '@alice');
      const frame = {
        type: 'message',
        data: { conversation_id: id, seq: 2, change: 0, message: { ...message, ...named } },
      };
      world.network.last.toClient.splice(0, 1, JSON.stringify(frame));
    });
    expect(alice.conversations.get(id)).toMatchObject({ mentioned_seq: 2, last_message: named });
    alice.receipts.markRead(id, 1);
    expect(alice.conversations.get(id)?.mentioned_seq).toBe(2);
    alice.receipts.markRead(id, 2);
    expect(alice.conversations.get(id)?.mentioned_seq).toBeUndefined();
  });
});
