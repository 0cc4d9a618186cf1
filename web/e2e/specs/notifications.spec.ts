import type { Page } from '@playwright/test';
import { befriend, expect, type Person, test } from '../fixtures/index.ts';
import { inspect, violations } from '../fixtures/look.ts';

test.use({ actionTimeout: 15_000 });

interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly open: boolean;
}

/** What a page has told, as the browser would show it. */
interface Told {
  readonly shown: (Shown & { onclick: (() => void) | null })[];
  sounds: number;
  permission: NotificationPermission;
  away: boolean;
}

type Spied = Window & { told: Told };

/** Takes the place of the browser's notifications and of its sounds, before the page is loaded. */
async function spy({ page }: Person, permission: NotificationPermission): Promise<void> {
  await page.context().addInitScript((granted) => {
    const told: Told = { shown: [], sounds: 0, permission: granted, away: false };
    class Spy {
      static get permission(): NotificationPermission {
        return told.permission;
      }
      static requestPermission(): Promise<NotificationPermission> {
        told.permission = 'granted';
        return Promise.resolve('granted');
      }
      readonly title: string;
      readonly body: string;
      readonly tag: string;
      open = true;
      onclick: (() => void) | null = null;
      constructor(title: string, options: NotificationOptions = {}) {
        this.title = title;
        this.body = options.body ?? '';
        this.tag = options.tag ?? '';
        for (const other of told.shown) if (other.tag === this.tag) (other as { open: boolean }).open = false;
        told.shown.push(this);
      }
      close(): void {
        this.open = false;
      }
    }
    class Counted extends AudioContext {
      override createOscillator(): OscillatorNode {
        told.sounds += 1;
        return super.createOscillator();
      }
    }
    Object.assign(window, { told, Notification: Spy, AudioContext: Counted });
    // Every page of a test has the focus, unless it says otherwise.
    document.hasFocus = () => !told.away;
  }, permission);
}

/** Those that are on the screen. */
async function open(page: Page): Promise<{ title: string; body: string }[]> {
  return page.evaluate(() =>
    (window as unknown as Spied).told.shown
      .filter((one) => one.open)
      .map(({ title, body }) => ({ title, body })),
  );
}

async function count(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as Spied).told.shown.length);
}

async function setAway(page: Page, away: boolean): Promise<void> {
  await page.evaluate((is) => {
    (window as unknown as Spied).told.away = is;
    window.dispatchEvent(new Event(is ? 'blur' : 'focus'));
  }, away);
}

/** alice, who is told of things, and bob, who says them. */
async function pair(
  person: (name: string, options?: object) => Promise<Person>,
  permission: NotificationPermission = 'granted',
): Promise<[Person, Person]> {
  const alice = await person('alice', { permissions: ['notifications'] });
  await spy(alice, permission);
  const bob = await person('bob');
  for (const who of [alice, bob]) await who.register();
  await befriend(alice, bob);
  await bob.openChatWith(alice.username);
  return [alice, bob];
}

test('NO-2, NO-3: messages are told while nobody looks at their chat', async ({ person }) => {
  const [alice, bob] = await pair(person);
  const { page } = alice;

  await test.step('of another chat than the open one, replaced by the next message', async () => {
    await bob.send('在吗？');
    await expect.poll(() => open(page)).toEqual([{ title: bob.username, body: '在吗？' }]);
    await bob.send('有急事');
    await expect.poll(() => open(page)).toEqual([{ title: bob.username, body: '有急事' }]);
    expect(await page.evaluate(() => (window as unknown as Spied).told.sounds)).toBeGreaterThan(0);
  });

  await test.step('a click opens the chat and closes it', async () => {
    await page.evaluate(() => (window as unknown as Spied).told.shown.at(-1)?.onclick?.());
    await expect(alice.message('有急事')).toBeVisible();
    expect(await open(page)).toEqual([]);
  });

  await test.step('not of the chat that is looked at, but when nobody looks', async () => {
    const before = await count(page);
    await bob.send('看得到');
    await expect(alice.message('看得到')).toBeVisible();
    expect(await count(page)).toBe(before);
    await setAway(page, true);
    await bob.send('看不到');
    await expect.poll(() => open(page)).toEqual([{ title: bob.username, body: '看不到' }]);
    await setAway(page, false);
    await expect.poll(() => open(page)).toEqual([]);
  });

  await test.step('one’s own from another device are not told', async () => {
    await setAway(page, true);
    const before = await count(page);
    const id = new URL(page.url()).pathname.replace('/c/', '');
    await alice.api('POST', '/v1/messages', {
      conversation_id: id,
      client_msg_id: 'own-1',
      content: { text: { text: '我自己' } },
    });
    await expect(alice.message('我自己')).toBeVisible();
    expect(await count(page)).toBe(before);
  });

  await test.step('reading on another device closes it', async () => {
    await bob.send('读我');
    await expect.poll(() => open(page)).toEqual([{ title: bob.username, body: '读我' }]);
    const id = new URL(page.url()).pathname.replace('/c/', '');
    await alice.api('POST', `/v1/conversations/${id}/mark_read`, { seq: 1_000 });
    await expect.poll(() => open(page)).toEqual([]);
  });

  await test.step('recalling closes it', async () => {
    await bob.send('说错了');
    await expect.poll(() => open(page)).toEqual([{ title: bob.username, body: '说错了' }]);
    await bob.message('说错了').locator('.bubble').click({ button: 'right' });
    await bob.page.getByRole('menuitem', { name: '撤回' }).click();
    await expect.poll(() => open(page)).toEqual([]);
  });

  await test.step('muted ones are not told', async () => {
    const id = new URL(page.url()).pathname.replace('/c/', '');
    await alice.api('PATCH', `/v1/conversations/${id}`, { muted: true });
    await expect(alice.row(bob.username).getByRole('img', { name: '消息免打扰' })).toBeVisible();
    const before = await count(page);
    await bob.send('安静');
    await expect(alice.message('安静')).toBeVisible();
    expect(await count(page)).toBe(before);
  });
});

test('NO-1: it is asked only upon a click, and the offer is put away for good', async ({ person }) => {
  const [alice] = await pair(person, 'default');
  const { page } = alice;
  const offer = page.getByText('及时收到新消息');
  await expect(offer).toBeVisible();
  expect(await violations(alice)).toEqual([]);
  await page.screenshot({ path: 'screenshots/notification-offer-zh-CN-light.png' });
  await page.getByRole('complementary', { name: '会话列表' }).getByRole('button', { name: '关闭' }).click();
  await expect(offer).toBeHidden();
  await page.reload();
  await expect(page.getByRole('complementary', { name: '会话列表' }).getByRole('link').first()).toBeVisible();
  await expect(offer).toBeHidden();

  await alice.openSettings('消息通知');
  const here = page.getByRole('region', { name: '这个浏览器的通知' });
  await expect(here).toContainText('未开启');
  await here.getByRole('button', { name: '允许通知' }).click();
  await expect(here).toContainText('已允许');
  await expect(here.getByRole('button')).toHaveCount(0);
});

test('NO-1, NO-3, ST-1: the settings hide the text, silence the sound and keep the night quiet', async ({
  person,
}) => {
  const [alice, bob] = await pair(person);
  const { page } = alice;
  await alice.openSettings('消息通知');
  await inspect(alice, 'settings-notifications');
  await page.evaluate(() => localStorage.setItem('hongyan.locale', 'zh-CN'));
  await page.reload();

  await page.getByRole('switch', { name: '通知中显示消息内容' }).click();
  await expect(page.getByRole('switch', { name: '通知中显示消息内容' })).not.toBeChecked();
  await page.getByRole('switch', { name: '提示音' }).click();
  await bob.send('秘密');
  await expect.poll(() => open(page)).toEqual([{ title: bob.username, body: '你收到一条新消息' }]);
  expect(await page.evaluate(() => (window as unknown as Spied).told.sounds)).toBe(0);

  await test.step('quiet hours', async () => {
    await page.getByRole('switch', { name: '勿扰时段' }).click();
    await page.getByLabel('从', { exact: true }).fill('00:00');
    await page.getByLabel('到', { exact: true }).fill('23:59');
    await page.getByLabel('到', { exact: true }).blur();
    const before = await count(page);
    await bob.send('夜里');
    await expect(alice.page).toHaveTitle('(2) 鸿雁');
    expect(await count(page)).toBe(before);
    await page.reload();
    await expect(page.getByLabel('到', { exact: true })).toHaveValue('23:59');
  });

  await test.step('nothing at all', async () => {
    await page.getByRole('switch', { name: '勿扰时段' }).click();
    await page.getByRole('switch', { name: '接收新消息通知' }).click();
    await expect(page.getByRole('switch', { name: '接收新消息通知' })).not.toBeChecked();
    await bob.send('没人听');
    await expect(alice.page).toHaveTitle('(3) 鸿雁');
    expect(await count(page)).toBe(0);
  });
});

test('NO-1: who has forbidden it is told how to allow it', async ({ person }) => {
  const [alice] = await pair(person, 'denied');
  await alice.openSettings('消息通知');
  const here = alice.page.getByRole('region', { name: '这个浏览器的通知' });
  await expect(here).toContainText('已被浏览器禁止');
  await expect(here).toContainText('地址栏');
  await expect(here.getByRole('button')).toHaveCount(0);
});

test('NO-3: of two tabs the one that was looked at last tells', async ({ person }) => {
  const [alice, bob] = await pair(person);
  const other = await alice.context.newPage();
  await other.goto('/');
  await expect(
    other.getByRole('complementary', { name: '会话列表' }).getByRole('link').first(),
  ).toBeVisible();
  await setAway(other, true);
  await setAway(alice.page, true);
  await bob.send('一次');
  await expect.poll(() => open(other)).toEqual([{ title: bob.username, body: '一次' }]);
  expect(await count(alice.page)).toBe(0);
  await other.close();
  await bob.send('再一次');
  await expect.poll(() => open(alice.page)).toEqual([{ title: bob.username, body: '再一次' }]);
});
