import { describe, expect, it, vi } from 'vitest';
import { type Client, MemoryStore } from '../src/index.ts';
import { chat } from './chat.ts';
import type { World } from './world.ts';

const draftOf = (client: Client, id: string) => client.conversations.get(id)?.settings?.draft;

/** The drafts the server was asked to keep. */
const sent = (world: World) =>
  world.server.received.filter(({ type }) => type === 'conversation.update').map(({ data }) => data['draft']);

describe('drafts', () => {
  it('are shown at once, and told to the other devices when the typing rests', async () => {
    const { world, alice, id, tablet } = await chat(1);
    const other = await tablet();
    for (const text of ['h', 'he', 'hel']) {
      alice.conversations.setDraft(id, text);
      expect(draftOf(alice, id)).toBe(text);
      await world.clock.advance(900);
    }
    expect(sent(world)).toEqual([]);
    await world.clock.advance(100);
    expect(sent(world)).toEqual(['hel']);
    expect(draftOf(other, id)).toBe('hel');
  });

  it('go at once when somebody leaves', async () => {
    const { world, alice, id } = await chat(1);
    alice.conversations.setDraft(id, 'hello');
    alice.conversations.flushDraft(id);
    await world.clock.advance(0);
    expect(sent(world)).toEqual(['hello']);
    alice.conversations.flushDraft(id);
    await world.clock.advance(5_000);
    expect(sent(world)).toEqual(['hello']);
  });

  it('CO-4: end with the message that they become, in one step, on all devices', async () => {
    const store = new MemoryStore();
    const { world, alice, id, tablet } = await chat(1, store);
    const other = await tablet();
    alice.conversations.setDraft(id, 'hello ');
    await world.clock.advance(1_000);
    expect(draftOf(other, id)).toBe('hello ');
    const put = vi.spyOn(store, 'putOutbox');
    alice.messages.send(id, { text: 'hello' });
    expect(draftOf(alice, id)).toBe('');
    await world.clock.advance(0);
    const kept = { conversation_id: id, text: '' };
    expect(put).toHaveBeenCalledWith(expect.objectContaining({ conversation_id: id }), kept);
    expect((await store.load()).drafts).toEqual([kept]);
    await world.clock.advance(1_000);
    expect([draftOf(other, id), (await store.load()).drafts]).toEqual(['', []]);
  });

  it('CO-4: stay when something else is sent', async () => {
    const { alice, id } = await chat(1);
    alice.conversations.setDraft(id, 'later');
    alice.messages.send(id, { text: 'now' });
    expect(draftOf(alice, id)).toBe('later');
  });

  it('are not sent when they are as the server has them', async () => {
    const { world, alice, id } = await chat(1);
    alice.conversations.setDraft(id, '');
    alice.conversations.setDraft(id, 'a');
    alice.conversations.setDraft(id, '');
    await world.clock.advance(1_000);
    expect(sent(world)).toEqual(['']);
    alice.conversations.setDraft(id, '');
    await world.clock.advance(1_000);
    expect(sent(world)).toEqual(['']);
  });

  it('of another device do not overwrite what was typed here and is not told yet', async () => {
    const { world, alice, id, tablet } = await chat(1);
    const other = await tablet();
    alice.conversations.setDraft(id, 'mine');
    world.server.asUser('alice', 'conversation.update', { conversation_id: id, draft: 'theirs' });
    await world.clock.advance(500);
    expect([draftOf(alice, id), draftOf(other, id)]).toEqual(['mine', 'theirs']);
    await world.clock.advance(500);
    expect([draftOf(alice, id), draftOf(other, id)]).toEqual(['mine', 'mine']);
    other.conversations.setDraft(id, '');
    await world.clock.advance(1_000);
    expect(draftOf(alice, id)).toBe('');
  });

  it('go on being typed while they are sent', async () => {
    const { world, alice, id, tablet } = await chat(1);
    const other = await tablet();
    alice.conversations.setDraft(id, 'one');
    world.network.auto = false;
    await world.clock.advance(1_000);
    alice.conversations.setDraft(id, 'one two');
    world.network.auto = true;
    world.network.changed();
    await world.clock.advance(0);
    expect(draftOf(alice, id)).toBe('one two');
    await world.clock.advance(1_000);
    expect(draftOf(other, id)).toBe('one two');
  });

  it('outlive the page, and go when there is a connection', async () => {
    const store = new MemoryStore();
    const { world, alice, id, vault, tablet } = await chat(1, store);
    const other = await tablet();
    alice.conversations.setDraft(id, 'not yet told');
    await alice.close();
    const again = world.client({ store: () => store, vault });
    await again.restore();
    expect(draftOf(again, id)).toBe('not yet told');
    await world.clock.advance(0);
    expect(draftOf(other, id)).toBe('not yet told');
    expect((await store.load()).drafts).toEqual([]);
  });

  it('are tried again after a failure that passes, and stay here when they are refused', async () => {
    const { world, alice, id } = await chat(1);
    let code: 'unavailable' | 'invalid_argument' = 'unavailable';
    world.server.fault = (type) => (type === 'conversation.update' ? { kind: 'refuse', code } : undefined);
    alice.conversations.setDraft(id, 'kept');
    await world.clock.advance(6_000);
    expect(sent(world)).toEqual(['kept', 'kept']);
    code = 'invalid_argument';
    await world.clock.advance(60_000);
    expect(sent(world)).toHaveLength(3);
    expect(draftOf(alice, id)).toBe('kept');
  });

  it('that the server does not take stay on this device until they are short enough', async () => {
    const { world, alice, id } = await chat(1);
    alice.conversations.setDraft(id, '长'.repeat(4_001));
    await world.clock.advance(1_000);
    expect(sent(world)).toEqual([]);
    alice.conversations.setDraft(id, '长'.repeat(4_000));
    await world.clock.advance(1_000);
    expect(sent(world)).toHaveLength(1);
  });
});
