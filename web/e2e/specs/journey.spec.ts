import { befriend, expect, type Person, test } from '../fixtures/index.ts';
import { twoFrames, wholeHistory } from '../fixtures/history.ts';

test('SE-2, SE-4, SH-7: two people chat: find, send, read, reload, a killed server in the middle', async ({
  friends,
  server,
}) => {
  const [alice, bob] = await friends();

  await test.step('find each other and chat both ways', async () => {
    await alice.openChatWith(bob.username);
    await alice.send('你好，Bob');
    await expect(alice.message('你好，Bob')).toHaveAttribute('data-status', 'sent');

    await expect(bob.row(alice.username)).toContainText('你好，Bob');
    await expect(bob.row(alice.username)).toContainText('1 条未读');
    await expect(bob.page).toHaveTitle('(1) 鸿雁');
    await expect(alice.message('你好，Bob')).toContainText('已送达');
    await bob.row(alice.username).click();
    await expect(bob.message('你好，Bob')).toBeVisible();
    await expect(bob.page).toHaveTitle('鸿雁');
    await expect(alice.message('你好，Bob')).toContainText('已读');

    await bob.send('你好，Alice\n<b>不是粗体</b> https://example.org');
    await expect(alice.messages.getByText('<b>不是粗体</b>')).toBeVisible();
    await expect(alice.messages.locator('b, strong')).toHaveCount(0);
    await expect(alice.messages.getByRole('link', { name: 'https://example.org' })).toHaveAttribute(
      'rel',
      /noopener/,
    );
  });

  await test.step('a reload keeps session, chat and history', async () => {
    await alice.page.reload();
    await expect(alice.page.getByRole('heading', { name: bob.username })).toBeVisible();
    await expect(alice.message('你好，Bob')).toBeVisible();
    await expect(alice.messages).toHaveCount(2);
  });

  const written: string[] = [];
  await test.step('the server is killed in the middle; what is written meanwhile waits', async () => {
    for (let n = 1; n <= 5; n += 1) {
      await alice.send(`before ${n}`);
      written.push(`before ${n}`);
    }
    alice.guard.serverAway = true;
    bob.guard.serverAway = true;
    await server.kill9();
    await expect(alice.banner).toContainText('连接不上服务器');
    for (let n = 1; n <= 5; n += 1) {
      await alice.send(`while down ${n}`);
      written.push(`while down ${n}`);
    }
    await expect(alice.message('while down 5')).toHaveAttribute('data-status', 'sending');
    // A tab that is closed and opened again still has them.
    await alice.page.goto('about:blank');
  });

  await test.step('it comes back on the same port: the hole is filled, everything arrives once', async () => {
    await server.restart();
    await alice.page.goto('/');
    await alice.row(bob.username).click();
    await expect(alice.message('while down 5')).toHaveAttribute('data-status', 'sent', { timeout: 45_000 });
    await expect(bob.message('while down 5')).toBeVisible({ timeout: 45_000 });
    alice.guard.serverAway = false;
    bob.guard.serverAway = false;
    for (const who of [alice, bob]) {
      const texts = (await wholeHistory(who)).filter((text) => /^(before|while down) /.test(text));
      expect(texts, who.username).toEqual(written);
    }
    await bob.send('alles da');
    await expect(alice.message('alles da')).toBeVisible();
  });

  await test.step('AU-6: logging out wipes what was stored', async () => {
    await alice.logout();
    const databases = await alice.page.evaluate(async () => (await indexedDB.databases()).map((d) => d.name));
    expect(databases).toEqual([]);
    await alice.login();
    await alice.row(bob.username).click();
    await expect(alice.message('alles da')).toBeVisible();
  });
});

test('OF-1, OF-2, OF-3, SE-3: offline: the banner says so, sends wait, nothing is doubled by the half-open socket', async ({
  friends,
}) => {
  const [alice, bob] = await friends();
  await alice.openChatWith(bob.username);
  await alice.send('one');
  await expect(alice.message('one')).toHaveAttribute('data-status', 'sent');
  await bob.row(alice.username).click();
  alice.guard.serverAway = true;
  await alice.context.setOffline(true);
  await expect(alice.banner).toContainText('网络不可用');
  for (const text of ['two', 'three', 'four']) await alice.send(text);
  await bob.send('while you were away');
  await alice.context.setOffline(false);
  await expect(alice.message('four')).toHaveAttribute('data-status', 'sent', { timeout: 30_000 });
  await expect(alice.message('while you were away')).toBeVisible();
  await expect(bob.message('four')).toBeVisible();
  alice.guard.serverAway = false;
  for (const who of [alice, bob]) {
    const texts = await who.texts();
    expect(texts.filter((t) => t !== 'while you were away')).toEqual(['one', 'two', 'three', 'four']);
    expect(texts).toHaveLength(5);
  }
});

test('ML-4, ML-5, ML-7: history pages without moving what is read, and new messages do not move it either', async ({
  friends,
}) => {
  test.setTimeout(180_000);
  const [alice, bob] = await friends();
  await alice.openChatWith(bob.username);
  await bob.logout();
  for (let n = 1; n <= 130; n += 1) await alice.send(n % 7 === 0 ? `line ${n}\n`.repeat(4) : `message ${n}`);
  await expect(alice.message('message 130')).toHaveAttribute('data-status', 'sent', { timeout: 60_000 });

  // Bob's browser holds nothing of this chat, and his server is a little away: what a page of history does when it
  // comes can then be told from the scrolling that asked for it.
  await bob.page.routeWebSocket('**/ws', (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => setTimeout(() => socket.send(message), 400));
  });
  await bob.page.reload();
  await bob.login();
  await bob.row(alice.username).click();
  await expect(bob.message('message 1')).toBeInViewport();
  await bob.page.getByRole('button', { name: '回到最新消息' }).click();
  await expect(bob.message('message 130')).toBeInViewport();
  await expect(bob.messages.nth(5)).toBeVisible();
  await expect(bob.page.getByTestId('new-divider')).toHaveCount(0);

  const feed = bob.page.getByRole('feed');
  const start = bob.page.getByText('已经是最早的消息');
  let pages = 0;
  for (let step = 0; step < 40 && !(await start.isVisible()); step += 1) {
    await feed.evaluate((element) => element.scrollTo(0, Math.max(0, element.scrollTop - 400)));
    await twoFrames(bob);
    const loading = (await feed.getAttribute('aria-busy')) === 'true';
    const before = await anchor(bob);
    if (!loading) continue;
    await expect(feed).toHaveAttribute('aria-busy', 'false');
    await twoFrames(bob);
    pages += 1;
    const after = await anchor(bob);
    expect(after.key, 'the same message is in the middle').toBe(before.key);
    expect(Math.abs(after.top - before.top), 'it did not move').toBeLessThan(1);
  }
  expect(pages).toBeGreaterThan(1);
  await expect(start).toBeVisible();

  const held = await anchor(bob);
  await alice.send('arrives while bob reads');
  const jump = bob.page.getByRole('button', { name: '1 条新消息' });
  await expect(jump).toBeVisible();
  expect(Math.abs((await topOf(bob, held.key)) - held.top)).toBeLessThan(1);
  await jump.click();
  await expect(bob.message('arrives while bob reads')).toBeInViewport();
  await expect(jump).toBeHidden();
});

test('CO-3: Enter that confirms a candidate of an input method does not send', async ({ person }) => {
  const alice = await person('alice');
  const bob = await person('bob');
  await bob.register();
  await alice.register();
  await befriend(alice, bob);
  await alice.openChatWith(bob.username);
  await alice.composer.focus();
  const cdp = await alice.context.newCDPSession(alice.page);
  await cdp.send('Input.imeSetComposition', { text: 'nihao', selectionStart: 5, selectionEnd: 5 });
  await cdp.send('Input.dispatchKeyEvent', {
    type: 'rawKeyDown',
    key: 'Enter',
    code: 'Enter',
    windowsVirtualKeyCode: 229,
  });
  await cdp.send('Input.insertText', { text: '你好' });
  await expect(alice.composer).toHaveValue('你好');
  await expect(alice.messages).toHaveCount(0);
  await alice.composer.press('Shift+Enter');
  await alice.page.keyboard.type('Bob');
  await alice.composer.press('Enter');
  await expect(alice.messages.getByText('你好\nBob')).toBeVisible();
  await expect(alice.messages).toHaveCount(1);
});

async function anchor(person: Person): Promise<{ key: string; top: number }> {
  return person.page.evaluate(() => {
    const feed = document.querySelector('[role=feed]')?.getBoundingClientRect();
    const middle = ((feed?.top ?? 0) + (feed?.bottom ?? 0)) / 2;
    const item = [...document.querySelectorAll('[data-key]')].find(
      (e) => e.getBoundingClientRect().bottom > middle,
    );
    return { key: item?.getAttribute('data-key') ?? '', top: item?.getBoundingClientRect().top ?? 0 };
  });
}

async function topOf(person: Person, key: string): Promise<number> {
  return person.page.evaluate(
    (k) => document.querySelector(`[data-key="${k}"]`)?.getBoundingClientRect().top ?? NaN,
    key,
  );
}
