import type { Locator } from '@playwright/test';
import { befriend, expect, type Person, test } from '../fixtures/index.ts';
import { inspect, violations } from '../fixtures/look.ts';

test.use({ actionTimeout: 15_000 });

/** Alice with two friends; bob has said these things, carol one. */
async function talks(person: (name: string) => Promise<Person>): Promise<[Person, Person, Person]> {
  const [alice, bob, carol] = [await person('alice'), await person('bob'), await person('carol')];
  await alice.register();
  for (const who of [bob, carol]) {
    await who.signUp();
    await befriend(alice, who);
  }
  const said = ['周末去爬山吗', '爬山要带水', ...Array.from({ length: 60 }, (_, n) => `第 ${n + 1} 条`)];
  await say(bob, said);
  await say(carol, ['Hiking with Carol']);
  await expect(alice.row(bob.username)).toContainText('第 60 条');
  return [alice, bob, carol];
}

/** Past the screen, in the 1:1 with alice. */
async function say(who: Person, texts: readonly string[]): Promise<void> {
  const { items } = await who.api<{ items: { conversation_id: string }[] }>('GET', '/v1/conversations');
  const id = items[0]?.conversation_id;
  for (const text of texts) {
    const content = { text: { text } };
    await who.api('POST', '/v1/messages', {
      conversation_id: id,
      client_msg_id: crypto.randomUUID(),
      content,
    });
  }
}

function box(who: Person): Locator {
  return who.page.getByRole('searchbox', { name: '找人' });
}

function results(who: Person): Locator {
  return who.page.getByTestId('local-results');
}

function drawer(who: Person): Locator {
  return who.page.getByRole('region', { name: '查找聊天记录' });
}

test('CL-7, ML-8, ML-28, KEY-3: what was said on this device is found and gone to', async ({ person }) => {
  test.setTimeout(240_000);
  const [alice, bob, carol] = await talks(person);
  // What is to be found is on this device.
  await alice.row(bob.username).click();
  await alice.page.getByRole('button', { name: '回到最新消息' }).click();
  await expect(alice.message('第 60 条')).toBeVisible();
  await expect(async () => {
    await alice.page.getByRole('feed').evaluate((feed) => feed.scrollTo(0, 0));
    await expect(alice.message('周末去爬山吗')).toBeInViewport({ timeout: 1_000 });
  }).toPass();
  await alice.page.goto('/');

  await test.step('people, and messages of each conversation', async () => {
    await box(alice).fill('carol');
    await expect(results(alice).getByRole('heading')).toHaveText(['通讯录', '聊天记录（此设备上）']);
    await expect(results(alice)).toContainText('Hiking with Carol');
    await alice.page.screenshot({ path: 'screenshots/search-list.png' });
    expect(await violations(alice)).toEqual([]);
    await box(alice).fill('没有这样的话');
    await expect(results(alice)).toContainText('没有找到“没有这样的话”');
    await box(alice).press('Escape');
    await expect(alice.row(bob.username)).toBeVisible();
  });

  await test.step('one message is gone to at once', async () => {
    await box(alice).fill('hiking');
    await results(alice)
      .getByRole('link', { name: new RegExp(carol.username) })
      .click();
    await expect(alice.message('Hiking with Carol')).toBeInViewport();
    await expect(alice.page).toHaveURL(/\/c\/\d+$/);
    await expect(box(alice)).toHaveValue('');
  });

  await test.step('several stand beside their chat', async () => {
    await box(alice).fill('爬山');
    await results(alice)
      .getByRole('link', { name: /2 条相关聊天记录/ })
      .click();
    const hits = drawer(alice).getByRole('listitem');
    await expect(hits).toHaveCount(2);
    await hits.last().getByRole('button').click();
    await expect(alice.message('周末去爬山吗')).toBeInViewport();
    await expect(drawer(alice)).toBeVisible();
    await inspect(alice, 'search-chat');
    await alice.page.evaluate(() => localStorage.setItem('hongyan.locale', 'zh-CN'));
    await alice.page.reload();
  });

  await test.step('by keyboard, and a day', async () => {
    await drawer(alice).getByRole('button', { name: '关闭' }).click();
    await alice.page.keyboard.press('Control+f');
    await expect(drawer(alice).getByRole('searchbox')).toBeFocused();
    await alice.page.keyboard.type('第 60');
    await expect(drawer(alice).getByRole('status')).toHaveText('1 条相关聊天记录');
    const today = await alice.page.evaluate(() => new Date().toLocaleDateString('sv'));
    await drawer(alice).getByLabel('跳到日期').fill(today);
    await expect(alice.page.getByText('已经是最早的消息')).toBeInViewport();
    await alice.page.keyboard.press('Escape');
    await expect(drawer(alice)).toBeHidden();
  });

  await test.step('on a phone the chat takes the place of the hits', async () => {
    await alice.page.setViewportSize({ width: 390, height: 844 });
    await alice.page.getByRole('button', { name: '查找聊天记录' }).click();
    await drawer(alice).getByRole('searchbox').fill('带水');
    await expect(drawer(alice).getByRole('listitem')).toHaveCount(1);
    await alice.page.screenshot({ path: 'screenshots/search-phone-dark.png' });
    expect(await violations(alice)).toEqual([]);
    await drawer(alice).getByRole('listitem').getByRole('button').click();
    await expect(drawer(alice)).toBeHidden();
    await expect(alice.message('爬山要带水')).toBeInViewport();
  });
});
