import { expect, PASSWORD, type Person, test as base } from '../fixtures/index.ts';
import { inspect, violations } from '../fixtures/look.ts';
import { SmsGateway } from '../fixtures/sms-gateway.ts';

const PHONE = '+8613800000000';

const test = base.extend<{ gateway: SmsGateway }>({
  gateway: async ({}, use) => {
    const gateway = await SmsGateway.start();
    await use(gateway);
    await gateway.stop();
  },
});

test.use({ actionTimeout: 15_000 });

/** Another device of the same user. */
async function onceMore(person: (name: string) => Promise<Person>, who: Person): Promise<Person> {
  const tablet = await person('tablet');
  await tablet.page.goto('/login');
  await tablet.page.getByLabel('用户名', { exact: true }).fill(who.username);
  await tablet.page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await tablet.page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(tablet.page.getByRole('complementary', { name: '会话列表' })).toBeVisible();
  return tablet;
}

test('ST-1: the profile is changed where it stands, and others see it', async ({ friends }) => {
  test.setTimeout(180_000);
  const [alice, bob] = await friends();
  const { page } = alice;
  await alice.openSettings();
  await expect(page.getByRole('heading', { name: '个人资料' })).toBeVisible();

  await page.getByRole('button', { name: '修改' }).first().click();
  const nickname = page.getByRole('textbox', { name: '昵称' });
  await nickname.fill('  ');
  await nickname.press('Enter');
  await expect(nickname).toHaveAccessibleDescription('请填写此项');
  await nickname.fill('x'.repeat(65));
  await expect(nickname).toHaveAccessibleDescription('最多 64 个字符');
  await nickname.fill('爱丽丝');
  await nickname.press('Enter');
  await expect(page.getByRole('navigation', { name: '设置' })).toContainText('爱丽丝');
  await page.getByRole('button', { name: '设置签名' }).click();
  await page.getByRole('textbox', { name: '个性签名' }).fill('山高水长');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '设置地区' }).click();
  await page.getByRole('textbox', { name: '地区' }).fill('上海');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: '设置地区' })).toBeFocused();
  await page.getByLabel('性别').selectOption('女');
  await page.getByLabel('生日').fill('1990-12-31');
  await page.getByLabel('生日').press('Tab');
  const me = async () => (await alice.api<{ user: object }>('GET', '/v1/users/me')).user;
  await expect.poll(me).toMatchObject({
    nickname: '爱丽丝',
    signature: '山高水长',
    region: '',
    gender: 'female',
    birthday: '1990-12-31',
  });

  await bob.openContacts();
  await bob.page.getByRole('link', { name: /爱丽丝|alice/ }).click();
  await expect(bob.page.getByText('山高水长')).toBeVisible();
  await expect(bob.page.getByRole('main')).not.toContainText('1990');

  await inspect(alice, 'settings-profile');
});

test('ST-1: privacy holds on all devices, and at the server', async ({ person }) => {
  test.setTimeout(180_000);
  const [alice, bob] = [await person('alice'), await person('bob')];
  for (const who of [alice, bob]) await who.register();
  const tablet = await onceMore(person, alice);
  await alice.openSettings('隐私');
  await tablet.openSettings('隐私');
  const [finds, reads] = [
    (who: Person) => who.page.getByLabel('谁能搜到我'),
    (who: Person) => who.page.getByRole('switch', { name: '已读回执' }),
  ];
  await finds(alice).selectOption('没有人');
  await expect(finds(tablet)).toHaveValue('nobody');
  await reads(tablet).click();
  await expect(reads(alice)).toHaveAttribute('aria-checked', 'false');
  await bob.page.getByRole('searchbox', { name: '找人' }).fill(alice.username);
  await bob.page.keyboard.press('Enter');
  await expect(bob.page.getByText(`没有用户名为“${alice.username}”的人`)).toBeVisible();
  await alice.page.getByRole('link', { name: /^黑名单/ }).click();
  await expect(alice.page.getByText('没有被拉黑的人')).toBeVisible();
  await alice.page.goBack();
  await expect(finds(alice)).toHaveValue('nobody');

  await test.step('without a connection nothing is changed, and it says so', async () => {
    alice.guard.serverAway = true;
    await alice.context.setOffline(true);
    await expect(alice.page.getByText('恢复连接后才能操作')).toBeVisible();
    await expect(finds(alice)).toBeDisabled();
    await alice.context.setOffline(false);
    await expect(finds(alice)).toBeEnabled({ timeout: 30_000 });
    alice.guard.serverAway = false;
  });
  await inspect(alice, 'settings-privacy');
});

test('ST-1, SH-5, SH-6: the look and the language are chosen, and stay', async ({ person }) => {
  const alice = await person('alice');
  await alice.register();
  const { page } = alice;
  await alice.openSettings('外观与语言');
  await page.getByRole('radio', { name: '深色' }).check();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('radio', { name: 'English' }).check();
  await expect(page.getByRole('heading', { name: 'Look and language' })).toBeVisible();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await inspect(alice, 'settings-look');
  await page.getByRole('link', { name: /^About/ }).click();
  await expect(page.getByText(/^\d+\.\d+\.\d+$/)).toBeVisible();
  await expect(page.getByText('MIT')).toBeVisible();
  await inspect(alice, 'settings-about');
});

test('SH-3: on a phone the settings are a list, a page and the way back', async ({ person }) => {
  const alice = await person('alice');
  await alice.register();
  const { page } = alice;
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('link', { name: '我', exact: true }).click();
  await expect(page.getByRole('navigation', { name: '设置' })).toBeVisible();
  await expect(page.getByRole('heading', { name: '个人资料' })).toHaveCount(0);
  await inspect(alice, 'settings-phone-list');
  await page.getByRole('link', { name: /account and security/i }).click();
  await expect(page.getByRole('navigation', { name: 'Settings' })).toHaveCount(0);
  await inspect(alice, 'settings-phone-account');
  await page.getByRole('link', { name: 'Back' }).click();
  await page.getByRole('link', { name: new RegExp(alice.username) }).click();
  await expect(page).toHaveURL(/settings\/profile$/);
  for (const name of ['profile', 'notifications', 'data']) {
    await page.goto(`/settings/${name}`);
    await inspect(alice, `settings-phone-${name}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, name).toBeLessThanOrEqual(0);
  }
});

test.describe('where codes are sent', () => {
  test.use({
    serverOptions: async ({ gateway }, use) => {
      // Two people ask for a code to the same phone.
      await use({ env: { ...gateway.env, HONGYAN_CODES_RESEND_MS: '1' } });
    },
  });

  test('ST-1: a phone is given by a code and the password, once', async ({ person, server, gateway }) => {
    test.setTimeout(180_000);
    const [alice, bob] = [await person('alice'), await person('bob')];
    for (const who of [alice, bob]) await who.register();
    await setPhone(alice, gateway);
    await expect(alice.page.getByText(PHONE)).toBeVisible();
    await inspect(alice, 'settings-account');

    await test.step('it logs in, and nobody else gets it', async () => {
      const login = await fetch(new URL('/v1/auth/login', server.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ account: PHONE, password: PASSWORD, device: { name: 'x', platform: 'cli' } }),
      });
      expect(login.status).toBe(200);
      await setPhone(bob, gateway, 2);
      await expect(bob.page.getByLabel('手机号', { exact: true })).toHaveAccessibleDescription(
        /已被其他账号使用/,
      );
      await bob.page.getByRole('button', { name: '关闭' }).click();
      await expect(bob.page.getByText('未设置')).toBeVisible();
    });
  });
});

/** Gives the user the phone, on their screen; the password is wrong at first. */
async function setPhone(who: Person, gateway: SmsGateway, sent = 1): Promise<void> {
  const { page } = who;
  await who.openSettings('账号与安全');
  await expect(page.getByText('邮箱')).toHaveCount(0);
  await page.getByRole('button', { name: '添加 手机号' }).click();
  const dialog = page.getByRole('dialog', { name: '设置手机号' });
  await dialog.getByLabel('手机号', { exact: true }).fill(PHONE);
  await dialog.getByRole('button', { name: '发送验证码' }).click();
  await expect(dialog.getByRole('status')).toContainText('验证码正在路上');
  await page.screenshot({ path: 'screenshots/settings-phone-dialog.png' });
  expect(await violations(who)).toEqual([]);
  await expect.poll(() => gateway.sentTo(PHONE)).toHaveLength(sent);
  await dialog.getByLabel('验证码', { exact: true }).fill(gateway.sentTo(PHONE).at(-1) ?? '');
  await dialog.getByLabel('当前密码', { exact: true }).fill('not the password');
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel('当前密码', { exact: true })).toHaveAccessibleDescription('当前密码不对');
  await dialog.getByLabel('当前密码', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
}

test('ST-1: where no codes are sent, nothing asks for any; the password is changed', async ({ person }) => {
  const alice = await person('alice');
  await alice.register();
  await alice.openSettings('账号与安全');
  await expect(alice.page.getByText('手机号')).toHaveCount(0);
  await alice.page.getByRole('link', { name: '修改密码' }).click();
  await alice.page.getByLabel('当前密码', { exact: true }).fill(PASSWORD);
  await alice.page.getByLabel('新密码', { exact: true }).fill(`${PASSWORD} and new`);
  await alice.page.getByLabel('再输一次新密码', { exact: true }).fill(`${PASSWORD} and new`);
  await alice.page.getByRole('button', { name: '修改密码' }).click();
  await expect(alice.page.getByText('密码已修改，其他设备已退出登录。')).toBeVisible();
  await alice.page.getByRole('link', { name: '返回' }).click();
  await expect(alice.page.getByRole('heading', { name: '账号与安全' })).toBeVisible();
});
