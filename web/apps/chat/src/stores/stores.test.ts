import { createClient } from '@hongyan/sdk';
import { FakeClock, FakeNetwork, ServerDouble } from '@hongyan/sdk/testing';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useConnection } from './connection.ts';
import { useContacts } from './contacts.ts';
import { useConversations } from './conversations.ts';
import { useSession } from './session.ts';

/** The stores on a real client; only the network ends in memory. */
async function attached() {
  const clock = new FakeClock();
  const server = new ServerDouble(clock);
  const network = new FakeNetwork(server);
  const make = () =>
    createClient({
      url: 'http://s',
      WebSocket: network.WebSocket,
      fetch: network.fetch,
      clock,
      random: () => 0.5,
    });
  for (const name of ['bob', 'carol'])
    await make()
      .register({ username: name, password: 'x' })
      .then(() => network.cutAll());
  const client = make();
  const session = useSession();
  const connection = useConnection();
  const conversations = useConversations();
  const contacts = useContacts();
  session.attach(client);
  connection.attach(client);
  conversations.attach(client);
  contacts.attach(client);
  await session.register({ username: 'alice', password: 'x' });
  await clock.advance(0);
  return { clock, server, network, client, session, connection, conversations, contacts, make };
}

beforeEach(() => {
  setActivePinia(createPinia());
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  // Each turn of the event loop is a frame.
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => queueMicrotask(run));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('session', () => {
  it('follows the client in and out, and keeps why it ended', async () => {
    const { clock, server, session, conversations } = await attached();
    expect(session.user?.username).toBe('alice');
    server.say('bob', 'alice', 'hi');
    await clock.advance(500);
    server.kick('alice', 4409, 'replaced');
    await clock.advance(0);
    expect(session.user).toBeUndefined();
    expect(session.end).toMatchObject({ reason: 'replaced', device: 'laptop' });
    expect(conversations.rows).toEqual([]);
    await session.login({ account: 'alice', password: 'x' });
    expect(session.end).toBeUndefined();
  });
});

describe('OF-1: banner', () => {
  it('says nothing of a connection that is back within a second', async () => {
    const { clock, network, connection } = await attached();
    expect(connection.banner).toBe('none');
    network.auto = false;
    network.last.cut();
    network.up = true;
    await clock.advance(300);
    expect(connection.state).toBe('connecting');
    network.auto = true;
    network.changed();
    await clock.advance(0);
    expect(connection.banner).toBe('none');
  });

  it('gives the reason after a failed attempt, until it is online again', async () => {
    const { clock, network, connection } = await attached();
    network.up = false;
    network.cutAll();
    await clock.advance(5_000);
    const seen = new Set<string>();
    for (let n = 0; n < 20; n += 1) {
      await clock.advance(500);
      seen.add(connection.banner);
    }
    expect([...seen]).toEqual(['server']);
    network.up = true;
    connection.retryNow();
    await clock.advance(0);
    expect(connection.banner).toBe('none');
  });
});

describe('conversations', () => {
  it('stand by their last activity; unread adds up', async () => {
    const { clock, server, conversations } = await attached();
    server.say('bob', 'alice', 'one');
    await clock.advance(1_000);
    server.say('carol', 'alice', 'two');
    await clock.advance(1_000);
    const titles = () => conversations.rows.map((row) => row.conversation.title);
    expect(titles()).toEqual(['carol', 'bob']);
    server.say('bob', 'alice', 'three');
    await clock.advance(1_000);
    expect(titles()).toEqual(['bob', 'carol']);
    expect(conversations.totalUnread).toBe(3);
  });

  it('CL-4: stand on top when they are pinned; muted ones do not count in the total', async () => {
    const { clock, server, client, conversations } = await attached();
    for (const who of ['bob', 'carol']) {
      server.say(who, 'alice', 'hi');
      await clock.advance(1_000);
    }
    const titles = () => conversations.rows.map((row) => row.conversation.title);
    const bob = conversations.rows[1]?.conversation.conversation_id ?? '';
    void client.conversations.pin(bob, true);
    expect(titles()).toEqual(['bob', 'carol']);
    await client.conversations.mute(bob, true);
    expect(conversations.totalUnread).toBe(1);
  });

  it('are not there while they are hidden, unless they are opened here', async () => {
    const { clock, server, client, conversations } = await attached();
    server.say('bob', 'alice', 'hi');
    await clock.advance(1_000);
    const { conversation_id: id, peer_user_id: bob } = conversations.rows[0]?.conversation ?? {};
    void client.conversations.hide(id ?? '');
    expect(conversations.rows).toEqual([]);
    await clock.advance(0);
    await conversations.open(bob ?? '');
    expect(conversations.rows).toHaveLength(1);
    server.say('bob', 'alice', 'again');
    await clock.advance(0);
    await client.conversations.hide(id ?? '');
    await clock.advance(0);
    expect(conversations.rows).toEqual([]);
  });

  it('show what is not sent yet, and do not move when it is read', async () => {
    const { clock, client, network, conversations } = await attached();
    const [bob] = await client.users.search('bob');
    const id = await conversations.open(bob?.user_id ?? '');
    network.up = false;
    network.cutAll();
    client.messages.send(id, { text: 'waits' });
    await clock.advance(0);
    expect(conversations.byId.get(id)?.pending?.item.content.text?.text).toBe('waits');
    network.up = true;
    await clock.advance(60_000);
    const row = conversations.byId.get(id);
    expect(row?.pending).toBeUndefined();
    expect(row?.conversation.last_message?.content?.text?.text).toBe('waits');
  });
});

describe('contacts', () => {
  it('count what waits for an answer, and call people as the user does', async () => {
    const { clock, client, contacts, make } = await attached();
    const bob = make();
    await bob.login({ account: 'bob', password: 'x' });
    await clock.advance(0);
    await bob.contacts.request({ user_id: client.user?.user_id ?? '', message: 'hi' });
    await clock.advance(0);
    expect(contacts.state).toBe('ready');
    expect(contacts.pendingCount).toBe(1);
    const [row] = contacts.received;
    expect(row?.request).toMatchObject({ message: 'hi', state: 'pending' });
    const { contact } = await client.contacts.accept(row?.request.contact_request_id ?? '', '');
    await client.contacts.update(contact.user_id, { remark: 'Bobby' });
    await clock.advance(0);
    expect(contacts.pendingCount).toBe(0);
    expect(contacts.contacts).toHaveLength(1);
    expect(contacts.nameOf(contact.user_id)).toBe('Bobby');
    await client.contacts.block(contact.user_id);
    await clock.advance(0);
    expect(contacts.blocked).toHaveLength(1);
    await client.logout();
    expect(contacts.contacts).toEqual([]);
  });
});
