import { expect, type Person } from '../fixtures/index.ts';
import { twoFrames } from '../fixtures/history.ts';
import {
  hold,
  median,
  memoryOf,
  noteFrames,
  percentile,
  print,
  slownessOf,
  takeFigures,
} from '../fixtures/measure.ts';
import { say } from '../fixtures/past-screen.ts';
import { SEEDED_PEOPLE, test } from '../fixtures/seeded.ts';

// Recording what happens would be measured, too.
test.use({ trace: 'off' });

const [ALICE, BOB] = SEEDED_PEOPLE;
const MEBIBYTE = 1024 * 1024;

test.describe('in a chat of 10,000 messages', () => {
  test.use({ world: { groups: 1, messages: 10_000 } });

  test('SE-1, ML-7, ML-10, ML-11: sending, scrolling, what does not move, and what is held', async ({
    person,
  }) => {
    const alice = await person('alice');
    await alice.loginAs(ALICE);
    await openAtItsEnd(alice);
    const slowness = await slownessOf(alice);
    const cdp = await alice.context.newCDPSession(alice.page);

    await test.step('SE-1: from Enter to the bubble', async () => {
      const took = await enterToBubble(alice, 30);
      hold('Enter to bubble in ms, p95 of 30', percentile(took, 0.95), 50, slowness);
    });

    await test.step('ML-7: scrolling up', async () => {
      await alice.page.getByRole('feed').hover();
      await noteFrames(alice.page);
      for (let step = 0; step < 60; step += 1) {
        await alice.page.mouse.wheel(0, -400);
        await twoFrames(alice);
      }
      const frames = await takeFigures(alice.page, 'frames');
      hold('frames in ms while scrolling up, p95', percentile(frames, 0.95), 25, slowness);
      hold('the longest of them', percentile(frames, 0.995), 100, slowness);
    });

    await test.step('ML-11: far back only so much is held', async () => {
      const feed = alice.page.getByRole('feed');
      for (let page = 0; page < 25; page += 1) {
        await feed.evaluate((element) => element.scrollTo(0, 0));
        await expect(feed).toHaveAttribute('aria-busy', 'false');
        await twoFrames(alice);
      }
      hold('rows on the page', await alice.page.getByRole('article').count(), 60);
      hold('messages in memory', await rowsHeld(alice), 600);
      const { heapBytes } = await memoryOf(cdp);
      hold('heap in MiB', heapBytes / MEBIBYTE, 60);
    });
  });

  test('ML-5, ML-10: what comes, goes and grows elsewhere moves nothing', async ({ person }) => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    await alice.loginAs(ALICE);
    bob.username = BOB;
    await openAtItsEnd(alice);
    const id = new URL(alice.page.url()).pathname.split('/').at(-1) ?? '';
    const feed = alice.page.getByRole('feed');
    await say(bob, id, 'of one line');
    await expect(alice.message('of one line')).toBeVisible();
    await say(bob, id, 'the one below it\n'.repeat(60));
    await feed.evaluate((element) => element.scrollBy(0, -150));
    await twoFrames(alice);

    await test.step('ML-5: a message that comes in', async () => {
      await driftless(alice, 'appending', async () => {
        await say(bob, id, 'meanwhile');
        await expect(alice.page.getByRole('button', { name: '1 条新消息' })).toBeVisible();
      });
    });

    await test.step('ML-10: a message that grows above', async () => {
      // Who is scrolling up is not held up by what grows there: the list counts as being scrolled for 150 ms.
      for (let n = 0; n < 10; n += 1) await twoFrames(alice);
      const { items } = await bob.api<{ items: { seq: number; content?: { text?: { text: string } } }[] }>(
        'GET',
        `/v1/conversations/${id}/messages?before=1000000&limit=10`,
      );
      const seq = items.find(({ content }) => content?.text?.text === 'of one line')?.seq ?? 0;
      await driftless(alice, 'growing above', async () => {
        const text = 'of many lines\n'.repeat(12);
        await bob.api('POST', `/v1/conversations/${id}/messages/${seq}/edit`, {
          content: { text: { text } },
        });
        await expect(alice.page.getByText('of many lines').first()).toBeAttached();
      });
    });

    await test.step('ML-10: the last one growing keeps the end', async () => {
      await feed.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      const { items } = await bob.api<{ items: { seq: number }[] }>(
        'GET',
        `/v1/conversations/${id}/messages?before=1000000&limit=1`,
      );
      const text = 'meanwhile\n'.repeat(12);
      await bob.api('POST', `/v1/conversations/${id}/messages/${items[0]?.seq ?? 0}/edit`, {
        content: { text: { text } },
      });
      await expect(alice.messages.last()).toContainText('meanwhile meanwhile');
      await twoFrames(alice);
      const left = await feed.evaluate((e) => e.scrollHeight - e.clientHeight - e.scrollTop);
      hold('px below the end', left, 1);
    });
  });

  test('ML-5: 500 messages a second for 5 s into the open chat, and somebody typing', async ({ person }) => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    await alice.loginAs(ALICE);
    bob.username = BOB;
    await openAtItsEnd(alice);
    const id = new URL(alice.page.url()).pathname.split('/').at(-1) ?? '';
    await say(bob, id, 'before');
    const slowness = await slownessOf(alice);
    await noteInput(alice);
    await noteLongTasks(alice);
    await alice.composer.focus();
    const began = performance.now();
    const sends: Promise<void>[] = [];
    let typed = 0;
    for (let n = 0; n < 2_500; n += 1) {
      const due = began + n * 2;
      if (due > performance.now() + 1) await new Promise((done) => setTimeout(done, due - performance.now()));
      sends.push(say(bob, id, `burst ${n}`));
      if (n > (typed + 1) * 100) {
        typed += 1;
        void alice.page.keyboard.press('x');
      }
    }
    await Promise.all(sends);
    print('messages a second', 2_500 / ((performance.now() - began) / 1_000));
    await expect(alice.page.getByText(/^burst \d+$/).last()).toBeVisible();
    const longest = Math.max(0, ...(await takeFigures(alice.page, 'tasks')));
    hold('the longest task in ms', longest, 100, slowness);
    const input = await takeFigures(alice.page, 'input');
    expect(input.length).toBeGreaterThan(10);
    hold('from a key to its paint in ms, p95', percentile(input, 0.95), 100, slowness);
  });
});

test.describe('with 500 chats', () => {
  test.use({ world: { groups: 500, messages: 8_000 } });

  test('SH-9, CL-9: starting, changing between chats, and what that leaves behind', async ({ person }) => {
    const alice = await person('alice');
    await alice.context.addInitScript(() => {
      const look = () => {
        const rows = document.querySelectorAll('a[href^="/c/"]').length;
        if (rows < 8) requestAnimationFrame(look);
        else requestAnimationFrame(() => (window.figures = { start: [performance.now()] }));
      };
      requestAnimationFrame(look);
    });
    await alice.loginAs(ALICE);
    await expect(firstChat(alice)).toBeVisible();
    await expect(alice.banner).toBeEmpty();
    const slowness = await slownessOf(alice);

    await test.step('SH-9: from what is stored', async () => {
      const took: number[] = [];
      for (let n = 0; n < 5; n += 1) {
        await alice.page.reload();
        await expect.poll(async () => (await startFigures(alice)).length).toBe(1);
        took.push(...(await startFigures(alice)));
      }
      hold('start to the painted list in ms, median of 5', median(took), 600, slowness);
      print('rows of the list on the page', await alice.page.locator('a[href^="/c/"]').count());
    });

    await test.step('CL-9: an open chat from what is stored', async () => {
      const rows = alice.page.locator('a[href^="/c/"]');
      for (let n = 0; n < 6; n += 1) {
        await rows.nth(n % 3).click();
        await expect(alice.messages.nth(5)).toBeVisible();
        await twoFrames(alice);
      }
      const took: number[] = [];
      for (let n = 0; n < 30; n += 1) took.push(await clickToPainted(alice, n % 3));
      print('a click to the painted chat in ms, median', median(took));
      hold('a click to the painted chat in ms, p95 of 30', percentile(took, 0.95), 100, slowness);
    });

    await test.step('51 changes between chats leave nothing behind', async () => {
      const cdp = await alice.context.newCDPSession(alice.page);
      const before = await memoryOf(cdp);
      // The last one is the same as before.
      for (let n = 0; n < 51; n += 1) await clickToPainted(alice, n % 3);
      const after = await memoryOf(cdp);
      hold('heap grown, in MiB', (after.heapBytes - before.heapBytes) / MEBIBYTE, 5);
      hold('nodes, by those before', after.nodes / before.nodes, 1.1);
      hold('listeners, by those before', after.listeners / before.listeners, 1.1);
    });
  });
});

function firstChat(who: Person) {
  return who.page.locator('a[href^="/c/"]').first();
}

/** Opens the first chat, and leaves what is new in it behind. */
async function openAtItsEnd(who: Person): Promise<void> {
  await firstChat(who).click();
  await expect(who.messages.nth(3)).toBeVisible();
  const latest = who.page.getByRole('button', { name: /回到最新消息|条新消息/ });
  await twoFrames(who);
  if (await latest.isVisible()) await latest.click();
  await expect(latest).toBeHidden();
}

async function startFigures(who: Person): Promise<number[]> {
  return who.page.evaluate(() => window.figures?.['start'] ?? []);
}

/** From the key to the paint after its bubble, in ms, as the page sees it. */
async function enterToBubble(who: Person, times: number): Promise<number[]> {
  await who.page.evaluate(() => {
    window.figures = { ...window.figures, bubbles: [] };
    document.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Enter' || !(event.target instanceof HTMLTextAreaElement)) return;
        const text = event.target.value;
        const look = () => {
          const found = [...document.querySelectorAll('[data-status=sending], [data-status=sent]')].some(
            (row) => row.querySelector('.bubble > .text')?.textContent === text,
          );
          requestAnimationFrame(
            found ? (now) => window.figures['bubbles']?.push(now - event.timeStamp) : look,
          );
        };
        requestAnimationFrame(look);
      },
      { capture: true },
    );
  });
  for (let n = 0; n < times; n += 1) {
    await who.send(`sent ${n}`);
    await expect(who.message(`sent ${n}`)).toBeVisible();
    await twoFrames(who);
  }
  return takeFigures(who.page, 'bubbles');
}

/** From pressing on a row of the list to the paint of its messages, in ms. */
async function clickToPainted(who: Person, index: number): Promise<number> {
  await who.page.evaluate((at) => {
    window.figures = { ...window.figures, click: [] };
    const link = [...document.querySelectorAll<HTMLElement>('a[href^="/c/"]')][at];
    const shown = document.querySelector('[role=feed]');
    link?.addEventListener(
      'click',
      (event) => {
        const look = () => {
          const feed = document.querySelector('[role=feed]');
          const rows = feed === shown ? 0 : (feed?.querySelectorAll('[role=article]').length ?? 0);
          requestAnimationFrame(
            rows >= 5 ? (now) => window.figures['click']?.push(now - event.timeStamp) : look,
          );
        };
        requestAnimationFrame(look);
      },
      { capture: true, once: true },
    );
  }, index);
  await who.page.locator('a[href^="/c/"]').nth(index).click();
  await expect
    .poll(() => who.page.evaluate(() => window.figures['click']?.length ?? 0), { intervals: [20] })
    .toBe(1);
  return (await takeFigures(who.page, 'click'))[0] ?? NaN;
}

/** As many messages as the list has rows for. */
async function rowsHeld(who: Person): Promise<number> {
  const feed = who.page.getByRole('feed');
  await feed.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await twoFrames(who);
  return who.page
    .getByRole('article')
    .last()
    .evaluate((row) => Number(row.getAttribute('aria-posinset')));
}

/** What is in the middle of the view stays where it is, to the pixel. */
async function driftless(who: Person, what: string, happens: () => Promise<void>): Promise<void> {
  const before = await who.page.evaluate(() => {
    const feed = document.querySelector('[role=feed]')?.getBoundingClientRect();
    const middle = ((feed?.top ?? 0) + (feed?.bottom ?? 0)) / 2;
    const row = [...document.querySelectorAll('[data-key]')].find(
      (element) => element.getBoundingClientRect().bottom > middle,
    );
    return { key: row?.getAttribute('data-key') ?? '', top: row?.getBoundingClientRect().top ?? NaN };
  });
  await happens();
  await twoFrames(who);
  const after = await who.page.evaluate(
    (key) => document.querySelector(`[data-key="${key}"]`)?.getBoundingClientRect().top ?? NaN,
    before.key,
  );
  hold(`px moved by ${what}`, Math.abs(after - before.top), 1);
}

async function noteInput(who: Person): Promise<void> {
  await who.page.evaluate(() => {
    window.figures = { ...window.figures, input: [] };
    document.addEventListener('keydown', (event) =>
      requestAnimationFrame(() =>
        requestAnimationFrame((now) => window.figures['input']?.push(now - event.timeStamp)),
      ),
    );
  });
}

async function noteLongTasks(who: Person): Promise<void> {
  await who.page.evaluate(() => {
    window.figures = { ...window.figures, tasks: [] };
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.figures['tasks']?.push(duration);
    }).observe({ type: 'longtask' });
  });
}
