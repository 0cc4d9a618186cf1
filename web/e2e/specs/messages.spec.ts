import type { Locator } from '@playwright/test';
import { befriend, expect, PASSWORD, type Person, test } from '../fixtures/index.ts';
import { inspect, violations } from '../fixtures/look.ts';

test.use({ actionTimeout: 15_000 });

/** The message with this text, not one that quotes it. */
function said(who: Person, text: string): Locator {
  return who.messages.filter({ has: who.page.locator('.bubble > .text', { hasText: exactly(text) }) });
}

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}

function menuOf(who: Person): Locator {
  return who.page.getByRole('menu', { name: '消息操作' });
}

/** Opens the menu of a message by the right button. */
async function openMenu(who: Person, text: string): Promise<Locator> {
  await said(who, text).locator('.bubble').click({ button: 'right' });
  const menu = menuOf(who);
  await expect(menu).toBeVisible();
  return menu;
}

async function choose(who: Person, text: string, item: string): Promise<void> {
  await (await openMenu(who, text)).getByRole('menuitem', { name: item, exact: true }).click();
}

async function react(who: Person, text: string, emoji: string): Promise<void> {
  await (await openMenu(who, text)).getByRole('menuitemcheckbox', { name: `用 ${emoji} 回应` }).click();
}

function chip(who: Person, text: string, emoji: string): Locator {
  return said(who, text).getByRole('button', { name: new RegExp(`^${emoji}`) });
}

/** Sends and waits until both see it. */
async function tell(from: Person, to: Person, text: string): Promise<void> {
  await from.send(text);
  await expect(said(from, text)).toHaveAttribute('data-status', 'sent');
  await expect(said(to, text)).toBeVisible();
}

test('ML-14, ML-24, ML-25: edits, reactions and recalls are seen at once, and after a reload', async ({
  chat,
}) => {
  const [alice, bob] = await chat();
  await tell(alice, bob, '晚上七点见');
  await tell(alice, bob, '说错了');

  await test.step('CO-10: ArrowUp edits the last one, Escape gives up', async () => {
    await alice.composer.press('ArrowUp');
    await expect(alice.page.getByTestId('composer-bar')).toContainText('编辑消息');
    await expect(alice.composer).toHaveValue('说错了');
    await alice.composer.press('Escape');
    await expect(alice.page.getByTestId('composer-bar')).toBeHidden();
    await expect(alice.composer).toHaveValue('');
  });

  await test.step('an edit', async () => {
    await choose(alice, '晚上七点见', '编辑');
    await alice.composer.fill('晚上八点见');
    await alice.composer.press('Enter');
    for (const who of [alice, bob]) await expect(said(who, '晚上八点见')).toContainText('已编辑');
    await expect(alice.composer).toHaveValue('');
    const menu = await openMenu(bob, '晚上八点见');
    await expect(menu.getByRole('menuitem', { name: '编辑' })).toHaveCount(0);
    await expect(menu.getByRole('menuitem', { name: '撤回' })).toHaveCount(0);
    await bob.page.keyboard.press('Escape');
  });

  await test.step('reactions', async () => {
    await react(bob, '晚上八点见', '👍');
    await expect(chip(alice, '晚上八点见', '👍')).toHaveText(/^👍1/);
    await expect(chip(alice, '晚上八点见', '👍')).toHaveAttribute('aria-pressed', 'false');
    await chip(alice, '晚上八点见', '👍').click();
    await expect(chip(bob, '晚上八点见', '👍')).toHaveText(/^👍2/);
    await expect(chip(alice, '晚上八点见', '👍')).toHaveAttribute('aria-pressed', 'true');
    await choose(alice, '晚上八点见', '谁回应了');
    const dialog = alice.page.getByRole('dialog');
    await expect(dialog.getByRole('listitem')).toHaveCount(2);
    await expect(dialog).toContainText(bob.username);
    await dialog.getByRole('button', { name: '关闭' }).click();
    await chip(alice, '晚上八点见', '👍').click();
    await expect(chip(bob, '晚上八点见', '👍')).toHaveText(/^👍1/);
  });

  await test.step('a recall, and its text again', async () => {
    await choose(alice, '说错了', '撤回');
    await expect(alice.lines.last()).toContainText('你撤回了一条消息');
    await expect(bob.lines.last()).toContainText(`“${alice.username}”撤回了一条消息`);
    await expect(bob.row(alice.username)).toContainText('撤回了一条消息');
    await alice.page.getByRole('button', { name: '重新编辑' }).click();
    await expect(alice.composer).toHaveValue('说错了');
    await expect(bob.page.getByText('说错了')).toHaveCount(0);
  });

  await test.step('a reload changes nothing', async () => {
    for (const who of [alice, bob]) {
      await who.page.reload();
      await expect(said(who, '晚上八点见')).toContainText('已编辑');
      await expect(chip(who, '晚上八点见', '👍')).toHaveText(/^👍1/);
      await expect(who.lines.last()).toContainText('撤回了一条消息');
    }
    await expect(chip(bob, '晚上八点见', '👍')).toHaveAttribute('aria-pressed', 'true');
    await expect(alice.page.getByRole('button', { name: '重新编辑' })).toHaveCount(0);
  });
});

test.describe('with short windows', () => {
  test.use({ serverOptions: { env: { HONGYAN_MESSAGE_RECALL_WINDOW_MS: '1' } } });

  test('ML-14: a recall that comes too late is refused in words', async ({ chat }) => {
    const [alice, bob] = await chat();
    await tell(alice, bob, '来不及了');
    // The client goes by the usual window, so that it still offers what the server refuses.
    await choose(alice, '来不及了', '撤回');
    await expect(alice.page.getByTestId('toast')).toHaveText('已超过可撤回的时间');
    await expect(said(bob, '来不及了')).toBeVisible();
  });
});

test('OF-3: what changes while somebody is away is there when they are back', async ({ chat }) => {
  const [alice, bob] = await chat();
  for (const text of ['一', '二', '三', '四']) await tell(alice, bob, text);
  const change = async () => {
    await choose(alice, '一', '编辑');
    await alice.composer.fill('壹');
    await alice.composer.press('Enter');
    await expect(said(alice, '壹')).toContainText('已编辑');
    await choose(alice, '二', '撤回');
    await expect(alice.lines.last()).toContainText('你撤回了一条消息');
    await react(alice, '三', '🙏');
    await expect(chip(alice, '三', '🙏')).toBeVisible();
    await choose(alice, '四', '置顶');
    await expect(alice.page.getByTestId('pin-bar')).toContainText('四');
  };
  bob.guard.serverAway = true;
  await bob.context.setOffline(true);
  await expect(bob.banner).toContainText('网络不可用');
  await change();
  await bob.context.setOffline(false);
  await expect(bob.banner).toBeEmpty({ timeout: 30_000 });
  bob.guard.serverAway = false;
  await expect(said(bob, '壹')).toContainText('已编辑');
  await expect(chip(bob, '三', '🙏')).toHaveText(/^🙏1/);
  await expect(bob.page.getByTestId('pin-bar')).toContainText('四');
  await expect(bob.page.getByText('二', { exact: true })).toHaveCount(0);
  expect(await bob.texts()).toEqual(await alice.texts());
});

test('ML-8, ML-17: a quote goes with the message and leads to it, also far back', async ({ chat }) => {
  test.setTimeout(180_000);
  const [alice, bob] = await chat();
  await tell(alice, bob, '周末去哪儿？');
  await choose(bob, '周末去哪儿？', '引用');
  await expect(bob.page.getByTestId('composer-bar')).toContainText(`引用 ${alice.username}`);
  await bob.send('去爬山');
  const quote = (who: Person, text: string) => said(who, text).getByTestId('quote');
  for (const who of [alice, bob]) await expect(quote(who, '去爬山')).toContainText('周末去哪儿？');
  await expect(bob.page.getByTestId('composer-bar')).toBeHidden();

  for (let n = 1; n <= 110; n += 1) await alice.send(`第 ${n} 条`);
  await expect(said(alice, '第 110 条')).toHaveAttribute('data-status', 'sent', { timeout: 60_000 });
  await choose(alice, '第 110 条', '引用');
  await alice.send('就这条');
  await expect(said(bob, '就这条')).toBeVisible();
  await bob.page.reload();
  await expect(said(bob, '就这条')).toBeVisible();
  await choose(bob, '就这条', '置顶');
  await choose(bob, '第 110 条', '引用');
  await bob.send('好');
  await expect(said(alice, '好')).toBeVisible();

  await test.step('jumps to what is far back, and comes back to what is pinned', async () => {
    const feed = bob.page.getByRole('feed');
    await feed.evaluate((element) => element.scrollTo(0, 0));
    for (let n = 0; n < 12 && !(await said(bob, '去爬山').isVisible()); n += 1) {
      await feed.evaluate(
        (element) =>
          new Promise((done) => {
            element.scrollTo(0, 0);
            requestAnimationFrame(() => requestAnimationFrame(done));
          }),
      );
      await expect(feed).toHaveAttribute('aria-busy', 'false');
    }
    await quote(bob, '去爬山').click();
    await expect(said(bob, '周末去哪儿？')).toBeInViewport();
    await bob.page.getByTestId('pin-bar').click();
    await expect(said(bob, '就这条')).toBeInViewport();
  });

  await test.step('from a fresh page, pages are loaded until it is reached', async () => {
    await alice.api('POST', `/v1/conversations/${idOf(alice)}/messages/2/pin`, {});
    await alice.page.reload();
    await expect(said(alice, '好')).toBeVisible();
    await alice.page.getByTestId('pin-bar').click();
    await expect(said(alice, '去爬山')).toBeInViewport();
  });

  await test.step('what was recalled is quoted no more; what was deleted is not found', async () => {
    await choose(alice, '去爬山', '删除');
    await alice.page.getByRole('dialog').getByRole('button', { name: '删除' }).click();
    await expect(said(alice, '去爬山')).toHaveCount(0);
    await alice.page.getByRole('button', { name: /回到最新消息|条新消息/ }).click();
    await expect(said(alice, '好')).toBeInViewport();
    await choose(alice, '第 110 条', '撤回');
    await expect(quote(alice, '就这条')).toHaveText('引用的消息已不可见');
    await expect(quote(bob, '好')).toHaveText('引用的消息已不可见');
  });
});

test('ML-26: pins stand on top for both, lead to their message and are taken down', async ({ chat }) => {
  const [alice, bob] = await chat();
  for (const text of ['集合地点：A 口', '带水和帽子']) await tell(alice, bob, text);
  await choose(alice, '集合地点：A 口', '置顶');
  await choose(bob, '带水和帽子', '置顶');
  for (const who of [alice, bob]) {
    await expect(who.page.getByTestId('pin-bar')).toContainText('置顶消息（1/2）');
    await expect(who.page.getByTestId('pin-bar')).toContainText('带水和帽子');
  }
  await alice.page.getByTestId('pin-bar').click();
  await expect(alice.page.getByTestId('pin-bar')).toContainText('集合地点：A 口');
  await alice.page.reload();
  await expect(alice.page.getByTestId('pin-bar')).toContainText('带水和帽子');
  await alice.page.getByRole('button', { name: '所有置顶消息' }).click();
  const dialog = alice.page.getByRole('dialog');
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  expect(await violations(alice)).toEqual([]);
  await dialog.getByRole('button', { name: '取消置顶：带水和帽子' }).click();
  await expect(dialog.getByRole('listitem')).toHaveCount(1);
  await dialog.getByRole('button', { name: '关闭' }).click();
  await expect(bob.page.getByTestId('pin-bar')).toContainText('集合地点：A 口');
  await choose(bob, '集合地点：A 口', '取消置顶');
  for (const who of [alice, bob]) await expect(who.page.getByTestId('pin-bar')).toHaveCount(0);
});

test('AX-3, AX-4: the menu by keyboard; axe', async ({ chat }) => {
  const [alice, bob] = await chat();
  await tell(alice, bob, '第一条');
  await tell(bob, alice, '第二条');
  const feed = alice.page.getByRole('feed');
  const menu = menuOf(alice);
  await feed.focus();
  await alice.page.keyboard.press('ArrowUp');
  const second = said(alice, '第二条');
  await expect(second).toBeFocused();
  await alice.page.keyboard.press('ArrowUp');
  await expect(said(alice, '第一条')).toBeFocused();
  await alice.page.keyboard.press('ArrowDown');
  await alice.page.keyboard.press('Shift+F10');
  await expect(menu).toBeVisible();
  await expect(menu.getByRole('menuitemcheckbox').first()).toBeFocused();
  expect(await violations(alice)).toEqual([]);
  await alice.page.keyboard.press('ArrowRight');
  await expect(menu.getByRole('menuitemcheckbox').nth(1)).toBeFocused();
  await alice.page.keyboard.press('ArrowDown');
  await expect(menu.getByRole('menuitem', { name: '复制' })).toBeFocused();
  await alice.page.keyboard.press('End');
  await expect(menu.getByRole('menuitem', { name: '删除' })).toBeFocused();
  await alice.page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await expect(second).toBeFocused();
  await alice.page.keyboard.press('Shift+F10');
  await alice.page.keyboard.press('Enter');
  await expect(chip(alice, '第二条', '👍')).toHaveText(/^👍1/);

  await test.step('a click beside it closes it, and the button of a message opens it', async () => {
    await openMenu(alice, '第二条');
    await alice.page.getByRole('heading').first().click();
    await expect(menu).toBeHidden();
    await second.hover();
    await second.getByRole('button', { name: '更多操作' }).click();
    await expect(menu).toBeVisible();
    await menu.getByRole('menuitem', { name: '引用' }).click();
    await expect(alice.composer).toBeFocused();
    expect(await violations(alice)).toEqual([]);
  });
});

test('a finger that stays opens the menu', async ({ person }) => {
  const alice = await person('alice', { hasTouch: true, isMobile: true });
  const bob = await person('bob');
  for (const who of [alice, bob]) await who.register();
  await befriend(alice, bob);
  await bob.openChatWith(alice.username);
  await alice.row(bob.username).click();
  await alice.page.setViewportSize({ width: 390, height: 844 });
  await tell(bob, alice, '长按我');
  const box = await said(alice, '长按我').locator('.bubble').boundingBox();
  const point = { x: (box?.x ?? 0) + 20, y: (box?.y ?? 0) + 15 };
  const cdp = await alice.context.newCDPSession(alice.page);
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
  await expect(menuOf(alice)).toBeVisible();
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect(menuOf(alice)).toBeVisible();
  await alice.page.screenshot({ path: 'screenshots/messages-phone-menu.png' });
  expect(await violations(alice)).toEqual([]);
  await menuOf(alice).getByRole('menuitemcheckbox').nth(1).tap();
  await expect(chip(bob, '长按我', '❤️')).toHaveText(/^❤️1/);
});

test('deleting for oneself: on all of one’s devices, and only there', async ({ person, chat }) => {
  const [alice, bob] = await chat();
  await tell(bob, alice, '只有我不想看到');
  await tell(bob, alice, '这条留着');
  const tablet = await person('tablet');
  await tablet.page.goto('/login');
  await tablet.page.getByLabel('用户名', { exact: true }).fill(alice.username);
  await tablet.page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await tablet.page.getByRole('button', { name: '登录', exact: true }).click();
  await tablet.row(bob.username).click();
  await expect(said(tablet, '只有我不想看到')).toBeVisible();
  await choose(alice, '只有我不想看到', '删除');
  const dialog = alice.page.getByRole('dialog');
  await expect(dialog).toContainText('其他人仍能看到');
  await dialog.getByRole('button', { name: '取消' }).click();
  await expect(said(alice, '只有我不想看到')).toBeVisible();
  await choose(alice, '只有我不想看到', '删除');
  await dialog.getByRole('button', { name: '删除' }).click();
  for (const who of [alice, tablet]) await expect(said(who, '只有我不想看到')).toHaveCount(0);
  await expect(said(bob, '只有我不想看到')).toBeVisible();
  await alice.page.reload();
  await expect(said(alice, '这条留着')).toBeVisible();
  await expect(said(alice, '只有我不想看到')).toHaveCount(0);
});

test('ML-14: in a group the owner recalls what a member has written, and not the other way round', async ({
  chat,
}) => {
  const [alice, bob] = await chat();
  const { items } = await alice.api<{ items: { user_id: string }[] }>(
    'GET',
    `/v1/users/search?q=${bob.username}`,
  );
  await alice.api('POST', '/v1/groups', { name: '爬山', member_ids: [items[0]?.user_id] });
  for (const who of [alice, bob]) await who.row('爬山').click();
  await tell(bob, alice, '广告');
  await tell(alice, bob, '请勿发广告');
  const menu = await openMenu(bob, '请勿发广告');
  await expect(menu.getByRole('menuitem', { name: '撤回' })).toHaveCount(0);
  await expect(menu.getByRole('menuitem', { name: '置顶' })).toHaveCount(0);
  await bob.page.keyboard.press('Escape');
  await choose(alice, '广告', '撤回');
  await expect(alice.lines.last()).toContainText(`你撤回了“${bob.username}”的一条消息`);
  await expect(bob.lines.last()).toContainText(`“${alice.username}”撤回了你的一条消息`);
});

test('messages that change: axe, both themes, both languages, and a phone', async ({ chat }) => {
  test.setTimeout(180_000);
  const [alice, bob] = await chat();
  await tell(alice, bob, '周末去爬山吗？');
  await choose(bob, '周末去爬山吗？', '引用');
  await bob.send('好啊！几点出发？我可以开车，顺路接大家，坐得下五个人。');
  await tell(alice, bob, '早上七点，在地铁站 A 口见。\n记得带水和帽子。');
  await choose(alice, '好啊！几点出发？我可以开车，顺路接大家，坐得下五个人。', '引用');
  await alice.send('太好了');
  await tell(bob, alice, '要不要叫上小明？');
  await tell(bob, alice, '当我没说');
  await choose(bob, '当我没说', '撤回');
  await react(bob, '太好了', '👍');
  await react(alice, '太好了', '😂');
  await react(alice, '要不要叫上小明？', '🙏');
  await choose(alice, '太好了', '编辑');
  await alice.composer.fill('太好了，谢谢你！');
  await alice.composer.press('Enter');
  await expect(said(bob, '太好了，谢谢你！')).toContainText('已编辑');
  await choose(bob, '要不要叫上小明？', '置顶');
  await tell(alice, bob, '明天再说');
  await choose(alice, '明天再说', '撤回');
  await expect(alice.page.getByTestId('pin-bar')).toBeVisible();
  await alice.page.screenshot({ path: 'screenshots/messages-reedit.png' });
  await inspect(alice, 'messages');
  await inspect(bob, 'messages-other');
  await alice.page.evaluate(() => localStorage.setItem('hongyan.locale', 'zh-CN'));
  await alice.page.setViewportSize({ width: 390, height: 844 });
  await inspect(alice, 'phone-messages');
  await alice.page.evaluate(() => localStorage.setItem('hongyan.locale', 'zh-CN'));
  await alice.page.setViewportSize({ width: 1280, height: 800 });
  for (const theme of ['light', 'dark']) {
    await alice.page.evaluate((value) => localStorage.setItem('hongyan.theme', value), theme);
    await alice.page.reload();
    await openMenu(alice, '太好了，谢谢你！');
    await alice.page.screenshot({ path: `screenshots/messages-menu-${theme}.png` });
    expect(await violations(alice)).toEqual([]);
    await alice.page.keyboard.press('Escape');
    await choose(alice, '太好了，谢谢你！', '编辑');
    await alice.page.screenshot({ path: `screenshots/messages-editing-${theme}.png` });
    await alice.composer.press('Escape');
    await choose(alice, '要不要叫上小明？', '引用');
    await alice.page.screenshot({ path: `screenshots/messages-answering-${theme}.png` });
    expect(await violations(alice)).toEqual([]);
  }
  await alice.page.setViewportSize({ width: 320, height: 640 });
  const overflow = await alice.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

/** Of the chat that is open. */
function idOf(who: Person): string {
  return new URL(who.page.url()).pathname.split('/').at(-1) ?? '';
}
