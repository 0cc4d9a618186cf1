import type { RunningServer } from '@hongyan/test-support';
import { hongyan } from '@hongyan/test-support/command';
import { expect, PASSWORD, type Person, test as base } from '../fixtures/index.ts';
import { inspect } from '../fixtures/look.ts';
import { SmsGateway } from '../fixtures/sms-gateway.ts';

const PHONE = '+8613800000000';
const NEW_PASSWORD = `${PASSWORD} and new`;

const test = base.extend<{ gateway: SmsGateway }>({
  gateway: async ({}, use) => {
    const gateway = await SmsGateway.start();
    await use(gateway);
    await gateway.stop();
  },
  serverOptions: async ({ gateway }, use) => {
    await use({ env: gateway.env });
  },
});

/** The code that comes to the phone. */
async function codeOf(gateway: SmsGateway): Promise<string> {
  await expect.poll(() => gateway.sentTo(PHONE)).toHaveLength(1);
  return gateway.sentTo(PHONE)[0] ?? '';
}

/** Makes the account of somebody who has the phone. */
async function create(person: Person, server: RunningServer): Promise<void> {
  const words = ['admin', 'create-user', '--data', server.dataDir, '--password-stdin', '--phone', PHONE];
  const { code, stderr } = await hongyan([...words, person.username], { input: `${PASSWORD}\n` });
  expect(code, stderr).toBe(0);
}

const list = (person: Person) => person.page.getByRole('complementary', { name: '会话列表' });

test('AU-9: who has a phone logs in by a code that comes there', async ({ person, server, gateway }) => {
  const alice = await person('alice');
  await create(alice, server);
  const { page } = alice;
  await page.goto('/login?next=/contacts');
  await page.getByRole('link', { name: '用验证码登录' }).click();
  const [target, code] = [
    page.getByLabel('手机号', { exact: true }),
    page.getByLabel('验证码', { exact: true }),
  ];
  await target.fill('13800000000');
  await page.getByRole('button', { name: '发送验证码' }).click();
  await expect(target).toBeFocused();
  await expect(target).toHaveAccessibleDescription(/格式不对/);

  await target.fill('+86 138 0000 0000');
  await page.getByRole('button', { name: '发送验证码' }).click();
  await expect(code).toBeFocused();
  await expect(page.getByRole('button', { name: /秒后重发/ })).toBeDisabled();
  const right = await codeOf(gateway);
  await code.fill(right === '000000' ? '111111' : '000000');
  await code.press('Enter');
  await expect(code).toHaveAccessibleDescription('验证码不正确');
  await code.fill(`${right.slice(0, 3)} ${right.slice(3)}`);
  await code.press('Enter');
  await expect(page).toHaveURL(/\/contacts$/);
});

test('AU-8: a forgotten password is set by a code, and every device has to log in again', async ({
  person,
  server,
  gateway,
}) => {
  const alice = await person('alice');
  await create(alice, server);
  await alice.page.goto('/login');
  await alice.page.getByLabel('用户名、邮箱或手机号').fill(PHONE);
  await alice.page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await alice.page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(list(alice)).toBeVisible();
  const other = await person('other');
  const { page } = other;
  await page.goto('/login');
  await page.getByRole('link', { name: '忘记密码？' }).click();
  await page.getByLabel('手机号', { exact: true }).fill(PHONE);
  await page.getByRole('button', { name: '发送验证码' }).click();
  await page.getByLabel('验证码', { exact: true }).fill(await codeOf(gateway));
  await page.getByLabel('新密码', { exact: true }).fill(NEW_PASSWORD);
  await page.getByLabel('再输一次新密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '重设密码' }).click();
  const repeated = page.getByLabel('再输一次新密码', { exact: true });
  await expect(repeated).toHaveAccessibleDescription('两次输入的不一样');
  await repeated.fill(NEW_PASSWORD);
  await repeated.press('Enter');
  await expect(list(other)).toBeVisible();
  await expect(alice.page).toHaveURL(/\/login/);

  await other.logout();
  const account = page.getByLabel('用户名、邮箱或手机号');
  await account.fill(PHONE);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(page.getByLabel('密码', { exact: true })).toHaveAccessibleDescription('用户名或密码不正确');
  await page.getByLabel('密码', { exact: true }).fill(NEW_PASSWORD);
  await page.getByLabel('密码', { exact: true }).press('Enter');
  await expect(list(other)).toBeVisible();
});

test('codes: axe, both themes, both languages, and a phone', async ({ person }) => {
  const guest = await person('guest');
  await guest.page.goto('/login');
  await expect(guest.page.getByRole('link', { name: '忘记密码？' })).toBeVisible();
  await inspect(guest, 'login-codes');
  await guest.page.goto('/login/code');
  await inspect(guest, 'login-by-code');
  const phone = await person('phone', { viewport: { width: 360, height: 640 } });
  await phone.page.goto('/forgotten');
  await inspect(phone, 'forgotten');
  await phone.page.goto('/login/code');
  await phone.page.evaluate(() => localStorage.setItem('hongyan.locale', 'zh-CN'));
  await phone.page.reload();
  await phone.page.getByLabel('手机号', { exact: true }).fill('+8613900000000');
  await phone.page.getByRole('button', { name: '发送验证码' }).click();
  await expect(phone.page.getByText('验证码正在路上')).toBeVisible();
  await phone.page.screenshot({ path: 'screenshots/code-sent.png' });
});

base('a server that sends no codes shows no way to them', async ({ person }) => {
  const guest = await person('guest');
  await guest.page.goto('/login');
  await expect(guest.page.getByRole('link', { name: /注册/ })).toBeVisible();
  await expect(guest.page.getByRole('link', { name: '用验证码登录' })).toHaveCount(0);
  await guest.page.goto('/forgotten');
  await expect(guest.page.getByText('不发送验证码')).toBeVisible();
  await expect(guest.page.getByRole('textbox')).toHaveCount(0);
});
