import { describe, expect, it } from 'vitest';
import { WINDOW_LIMIT } from '../src/domain/window-limit.ts';
import { MemoryStore, MemoryVault } from '../src/index.ts';
import { open, textsOf, World } from './world.ts';

async function history(count: number) {
  const world = new World();
  const store = new MemoryStore();
  const vault = new MemoryVault();
  await world.stranger('bob');
  await world.stranger('alice');
  for (let n = 1; n <= count; n += 1) world.server.say('bob', 'alice', String(n));
  const alice = world.client({ store: () => store, vault });
  await alice.login({ account: 'alice', password: 'correct horse' });
  await world.clock.advance(0);
  const id = count === 0 ? await open(alice, 'bob') : (alice.conversations.list()[0]?.conversation_id ?? '');
  return { world, store, vault, alice, id };
}

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

describe('going to a time', () => {
  it('loads pages until the first message of that time or later is there', async () => {
    const { world, alice, id } = await history(50);
    await world.clock.advance(100_000);
    const between = world.clock.now() - 50_000;
    for (let n = 51; n <= 100; n += 1) world.server.say('bob', 'alice', String(n));
    await world.clock.advance(0);
    const view = alice.messages.window(id, { size: 10 });
    const at = async (timeMs: number) => {
      const reached = view.reachTime(timeMs);
      await world.clock.advance(1_000);
      return reached;
    };
    expect(await at(world.clock.now() + 1)).toBe('missing');
    expect(await at(between)).toBe(51);
    expect(textsOf(view.items).at(0)).not.toBe('1');
    expect(await at(0)).toBe(1);
    expect(view.atStart).toBe(true);
  });

  it('says when the pages before cannot be had', async () => {
    const { world, alice, id } = await history(100);
    const view = alice.messages.window(id, { size: 10 });
    await world.clock.advance(0);
    world.network.up = false;
    world.network.cutAll();
    const reached = view.reachTime(0);
    await world.clock.advance(30_000);
    expect(await reached).toBe('failed');
  });
});

describe('a window in a long history', () => {
  /** Settles what takes several rounds to the server. */
  async function loaded<T>(world: World, work: Promise<T>): Promise<T> {
    await world.clock.advance(1_000);
    return work;
  }

  async function readBack(count: number) {
    const told = await history(count);
    const view = told.alice.messages.window(told.id, { size: 100 });
    await told.world.clock.advance(0);
    view.follow(false);
    while (!view.atStart) await loaded(told.world, view.loadOlder());
    return { ...told, view };
  }

  it('ML-11: holds a bounded number of messages, and lets go of the newest while somebody reads back', async () => {
    const { world, view } = await readBack(1_000);
    expect(textsOf(view.items)).toEqual(numbers(1, WINDOW_LIMIT));
    expect(view).toMatchObject({ atStart: true, atEnd: false });
    await loaded(world, view.loadNewer());
    expect(textsOf(view.items)).toEqual(numbers(101, WINDOW_LIMIT + 100));
    expect(view).toMatchObject({ atStart: false, atEnd: false });
    while (!view.atEnd) await loaded(world, view.loadNewer());
    expect(textsOf(view.items)).toEqual(numbers(1_000 - WINDOW_LIMIT + 1, 1_000));
  });

  it('ML-11: lets go of the oldest while somebody follows a long talk', async () => {
    const { world, alice, id } = await history(0);
    const view = alice.messages.window(id);
    await world.clock.advance(0);
    for (let n = 1; n <= WINDOW_LIMIT + 50; n += 1) {
      world.server.say('bob', 'alice', String(n));
      await world.clock.advance(0);
    }
    expect(textsOf(view.items)).toEqual(numbers(51, WINDOW_LIMIT + 50));
    expect(view).toMatchObject({ atStart: false, atEnd: true });
    await loaded(world, view.loadOlder());
    expect(textsOf(view.items)[0]).toBe('11');
  });

  it('ML-5, ML-11: what comes in behind its end is counted, not shown', async () => {
    const { world, alice, id, view } = await readBack(700);
    world.server.say('bob', 'alice', 'new');
    alice.messages.send(id, { text: 'mine' });
    await world.clock.advance(1_000);
    expect(view.missed).toBe(1);
    expect(textsOf(view.items)).toEqual(numbers(1, WINDOW_LIMIT));
    await loaded(world, view.toLatest());
    expect(textsOf(view.items).slice(-3)).toEqual(['700', 'new', 'mine']);
    expect(view).toMatchObject({ atEnd: true, missed: 0, state: 'idle' });
    world.server.say('bob', 'alice', 'newer');
    await world.clock.advance(0);
    expect(textsOf(view.items).at(-1)).toBe('newer');
  });

  it('ML-5: whoever reads a full window keeps what they read when more comes in', async () => {
    const { world, view } = await readBack(WINDOW_LIMIT);
    expect(view.atEnd).toBe(true);
    world.server.say('bob', 'alice', 'new');
    await world.clock.advance(0);
    expect(textsOf(view.items)).toEqual(numbers(1, WINDOW_LIMIT));
    expect(view).toMatchObject({ atEnd: false, missed: 1 });
  });

  it('ML-8: a far message comes with those around it, and both ways lead on', async () => {
    const { world, alice, id } = await history(5_000);
    const view = alice.messages.window(id, { size: 40 });
    await world.clock.advance(0);
    const pages = () => world.server.received.filter(({ type }) => type === 'message.list').length;
    const before = pages();
    expect(await loaded(world, view.reach(50))).toBe('reached');
    expect(pages() - before).toBe(1);
    const texts = textsOf(view.items);
    expect(texts).toContain('50');
    expect(texts.length).toBeLessThanOrEqual(41);
    expect(view).toMatchObject({ atStart: false, atEnd: false });
    await loaded(world, view.loadOlder());
    await loaded(world, view.loadNewer());
    const first = Number(textsOf(view.items)[0]);
    const last = Number(textsOf(view.items).at(-1));
    expect([first < 30, last > 70]).toEqual([true, true]);
    expect(textsOf(view.items)).toEqual(numbers(first, last));
    expect(await loaded(world, view.reach(4_990))).toBe('reached');
    expect(view.atEnd).toBe(true);
  });

  it('ML-4: begins at the first message that was not read, when that lies further back than a page', async () => {
    const { world, alice, id } = await history(300);
    const view = alice.messages.window(id, { size: 40, from: 101 });
    await world.clock.advance(0);
    const texts = textsOf(view.items);
    expect([texts.includes('100'), texts.includes('101'), texts.includes('300')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(view).toMatchObject({ state: 'idle', atStart: false, atEnd: false });
    await loaded(world, view.toLatest());
    expect(textsOf(view.items).at(-1)).toBe('300');
    const near = alice.messages.window(id, { size: 40, from: 290 });
    await world.clock.advance(0);
    expect(near.atEnd).toBe(true);
  });

  it('ML-8: says what is not there, and what cannot be had, and stays where it is', async () => {
    const { world, alice, id } = await history(500);
    const view = alice.messages.window(id, { size: 40 });
    await world.clock.advance(0);
    const shown = textsOf(view.items);
    expect(await loaded(world, view.reach(501))).toBe('missing');
    world.server.asUser('alice', 'message.delete_for_me', { conversation_id: id, seq: 20 });
    await world.clock.advance(0);
    expect(await loaded(world, view.reach(20))).toBe('missing');
    world.network.up = false;
    world.network.cutAll();
    const reached = view.reach(300);
    await world.clock.advance(60_000);
    expect(await reached).toBe('failed');
    expect(textsOf(view.items)).toEqual(shown);
  });
});

describe('message window', () => {
  it('opens on the newest page and pages to the start', async () => {
    const { world, alice, id } = await history(100);
    const view = alice.messages.window(id, { size: 40 });
    expect(view.state).toBe('loading');
    await world.clock.advance(0);
    expect(view.state).toBe('idle');
    expect(textsOf(view.items).at(-1)).toBe('100');
    for (let page = 0; page < 4 && !view.atStart; page += 1) await view.loadOlder();
    await world.clock.advance(0);
    expect(textsOf(view.items)).toEqual(numbers(1, 100));
    expect(view.atStart).toBe(true);
    const before = world.server.received.length;
    await view.loadOlder();
    expect(world.server.received).toHaveLength(before);
  });

  it('says when nothing lies before, also in an empty conversation', async () => {
    const { world, alice, id } = await history(0);
    const view = alice.messages.window(id);
    await world.clock.advance(0);
    expect(view).toMatchObject({ state: 'idle', atStart: true, items: [] });
    world.server.say('bob', 'alice', 'first');
    await world.clock.advance(0);
    expect(textsOf(view.items)).toEqual(['first']);
  });

  it('keeps the objects of rows that did not change', async () => {
    const { world, alice, id } = await history(10);
    const view = alice.messages.window(id);
    await world.clock.advance(0);
    const before = view.items;
    world.server.say('bob', 'alice', '11');
    await world.clock.advance(0);
    expect(view.items.slice(0, 10).every((row, index) => row === before[index])).toBe(true);
  });

  it('paints from the store while the server is away, and a failed older page can be tried again', async () => {
    const { world, store, vault, alice, id } = await history(100);
    const first = alice.messages.window(id, { size: 40 });
    await world.clock.advance(0);
    const held = first.items.length;
    await alice.close();
    world.network.up = false;
    const again = world.client({ store: () => store, vault });
    await again.restore();
    const view = again.messages.window(id, { size: 40 });
    await world.clock.advance(0);
    expect(textsOf(view.items)).toEqual(numbers(61, 100));
    if (held > 40) await view.loadOlder();
    const older = view.loadOlder();
    await world.clock.advance(12_000);
    await older;
    expect(view.older).toBe('error');
    world.network.up = true;
    await world.clock.advance(30_000);
    expect(view.older).toBe('idle');
    expect(view.items.length).toBeGreaterThan(held);
  });

  it('shows an error when nothing could be had, and loads when the server is back', async () => {
    const { world, alice, id } = await history(30);
    world.network.up = false;
    world.network.cutAll();
    const view = alice.messages.window(id);
    await world.clock.advance(11_000);
    // The newest message came with the list; the page before it could not be had.
    expect(textsOf(view.items)).toEqual(['30']);
    expect(view.older).toBe('error');
    world.network.up = true;
    await world.clock.advance(31_000);
    expect(textsOf(view.items)).toEqual(numbers(1, 30));
  });

  it('says nothing more after dispose', async () => {
    const { world, alice, id } = await history(1);
    const view = alice.messages.window(id);
    await world.clock.advance(0);
    let told = 0;
    view.subscribe(() => (told += 1));
    view.dispose();
    world.server.say('bob', 'alice', 'x');
    await world.clock.advance(0);
    expect(told).toBe(0);
  });
});
