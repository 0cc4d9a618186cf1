import { describe, expect, it } from 'vitest';
import { type Client, MemoryStore, MemoryVault } from '../src/index.ts';
import { FakeBrowser, type FakeTab } from '../src/testing/index.ts';
import { open, textsOf, World } from './world.ts';

/** Alice's browser with two tabs open, and what she keeps in it. */
async function twoTabs() {
  const world = new World();
  const browser = new FakeBrowser();
  const store = new MemoryStore();
  const vault = new MemoryVault();
  const here = (tab: FakeTab) => ({ tabs: tab, vault, store: () => store });
  const tabs = [browser.tab(), browser.tab()] as const;
  await world.stranger('bob');
  const first = await world.person('alice', here(tabs[0]));
  const id = await open(first, 'bob');
  await world.clock.advance(0);
  const more = async (tab: FakeTab): Promise<Client> => {
    const client = world.client(here(tab));
    await client.restore();
    await world.clock.advance(0);
    return client;
  };
  const second = await more(tabs[1]);
  const sockets = () => world.network.sockets.filter((socket) => socket.state === 'open').length;
  return { world, browser, tabs, first, second, id, more, sockets };
}

describe('tabs', () => {
  it('share one connection; one of them leads', async () => {
    const { world, first, second, id, sockets } = await twoTabs();
    expect([first.state, second.state]).toEqual(['online', 'online']);
    expect([first.leads, second.leads]).toEqual([true, false]);
    expect(sockets()).toBe(1);
    const views = [first, second].map((client) => client.messages.window(id));
    await world.clock.advance(0);
    await second.messages.send(id, { text: 'from the second' }).settled;
    await first.messages.send(id, { text: 'from the first' }).settled;
    await world.clock.advance(0);
    for (const view of views) {
      expect(textsOf(view.items)).toEqual(['from the second', 'from the first']);
      expect(view.items.map((row) => row.status)).toEqual(['sent', 'sent']);
    }
    expect(world.server.history('alice', 'bob')).toHaveLength(2);
  });

  it('welcome one that comes later with what has happened since', async () => {
    const { world, browser, more } = await twoTabs();
    await world.clock.advance(3_600_000 - 25_000);
    const third = await more(browser.tab());
    expect(third.state).toBe('online');
    // By the clock of the server as it is now, not as it was when the connection began.
    expect(Math.abs(third.serverNow() - world.clock.now())).toBeLessThan(1000);
  });

  it('go on when the one that leads is gone', async () => {
    const { world, tabs, second, id } = await twoTabs();
    world.network.last.cut();
    tabs[0].close();
    await world.clock.advance(1_000);
    expect(second.leads).toBe(true);
    expect(second.state).toBe('online');
    await second.messages.send(id, { text: 'still here' }).settled;
    expect(world.server.history('alice', 'bob')).toHaveLength(1);
  });

  it('send once what the one that is gone had not sent', async () => {
    const { world, tabs, first, second, id } = await twoTabs();
    world.network.auto = false;
    await first.messages.send(id, { text: 'the last word' }).queued;
    world.network.last.cut();
    tabs[0].close();
    world.network.auto = true;
    await world.clock.advance(20_000);
    expect(world.server.history('alice', 'bob')).toHaveLength(1);
    const view = second.messages.window(id);
    await world.clock.advance(0);
    expect(textsOf(view.items)).toEqual(['the last word']);
    expect(second.messages.unsent()).toBe(0);
  });

  it('keep what the one that leads has compared', async () => {
    const { world, browser, tabs, first, second, id, more } = await twoTabs();
    world.server.say('bob', 'alice', 'one');
    await world.clock.advance(1_000);
    // The tab that leads hears of a message and of the stamp behind it; the other one hears of nothing, and writes.
    tabs[1].freeze();
    world.network.last.cut();
    world.server.say('bob', 'alice', 'two');
    await world.clock.advance(1_000);
    expect(first.conversations.get(id)?.seq).toBe(2);
    second.receipts.markRead(id, 1);
    await world.clock.advance(0);
    await second.close();
    tabs[1].close();
    await first.close();
    tabs[0].close();
    const third = await more(browser.tab());
    expect(third.conversations.get(id)?.seq).toBe(2);
    const view = third.messages.window(id);
    await world.clock.advance(0);
    expect(textsOf(view.items)).toEqual(['one', 'two']);
  });

  it('write what they know when they lead', async () => {
    const { world, browser, tabs, first, id, more } = await twoTabs();
    await first.close();
    tabs[0].close();
    await world.clock.advance(1_000);
    world.server.say('bob', 'alice', 'to the second');
    await world.clock.advance(1_000);
    tabs[1].close();
    world.network.up = false;
    const third = await more(browser.tab());
    expect(third.conversations.get(id)?.last_message?.content?.text?.text).toBe('to the second');
  });

  it('reconnect together', async () => {
    const { world, first, second, sockets } = await twoTabs();
    world.network.up = false;
    world.network.cutAll();
    await world.clock.advance(0);
    expect([first.state, second.state]).toEqual(['offline', 'offline']);
    await world.clock.advance(60_000);
    world.network.up = true;
    await world.clock.advance(60_000);
    expect([first.state, second.state]).toEqual(['online', 'online']);
    expect(sockets()).toBe(1);
  });

  it('do not wait for one that is frozen', async () => {
    const { world, tabs, browser, first, second, more, sockets } = await twoTabs();
    tabs[0].freeze();
    const third = await more(browser.tab());
    await world.clock.advance(7_000);
    expect(third.state).toBe('online');
    expect(third.leads).toBe(true);
    tabs[0].thaw();
    await world.clock.advance(60_000);
    expect([first, second, third].map((client) => client.state)).toEqual(['online', 'online', 'online']);
    expect([first, second, third].map((client) => client.leads)).toEqual([false, false, true]);
    expect(sockets()).toBe(1);
  });

  it('are heard of the same changes, also of those before they came', async () => {
    const { world, browser, first, second, more } = await twoTabs();
    await world.stranger('carol');
    const [carol] = await first.users.search('carol');
    await first.contacts.request({ user_id: carol?.user_id ?? '', message: 'hi', source: 'search' });
    await world.clock.advance(0);
    const third = await more(browser.tab());
    await world.clock.advance(0);
    for (const client of [second, third])
      expect(client.contacts.get(carol?.user_id ?? '')?.sent?.message).toBe('hi');
  });

  it('end together when the session is over', async () => {
    const { world, first, second } = await twoTabs();
    const ends: string[] = [];
    for (const client of [first, second]) client.on('session:ended', ({ reason }) => ends.push(reason));
    world.network.last.cut(4409);
    await world.clock.advance(1_000);
    expect(ends).toEqual(['revoked', 'revoked']);
  });
});
