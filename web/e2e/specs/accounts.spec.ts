import { expect, PASSWORD, test } from '../fixtures/index.ts';

test('AU-1, AU-2: errors at their field, wrong credentials told apart, the account name stays', async ({
  person,
}) => {
  const alice = await person('alice');
  const { page } = alice;
  await alice.register();
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '退出登录' }).click();

  await page.getByRole('button', { name: '登录' }).click();
  const account = page.getByLabel('用户名', { exact: true });
  await expect(account).toBeFocused();
  await expect(account).toHaveAttribute('aria-invalid', 'true');
  await expect(account).toHaveAccessibleDescription('请填写此项');

  await alice.login('not the password');
  const password = page.getByLabel('密码', { exact: true });
  await expect(password).toBeFocused();
  await expect(password).toHaveAccessibleDescription('用户名或密码不正确');
  await expect(account).toHaveValue(alice.username);

  await password.fill(PASSWORD);
  await password.press('Enter');
  await expect(page.getByRole('complementary', { name: '会话列表' })).toBeVisible();
});

test('AU-3: rules while registering, a taken name is told at its field', async ({ person }) => {
  const alice = await person('alice');
  await alice.register();
  const eve = await person('eve');
  const { page } = eve;
  await page.goto('/register');
  const username = page.getByLabel('用户名', { exact: true });
  const password = page.getByLabel('密码', { exact: true });
  await username.fill('Ab');
  await password.fill('x');
  await page.getByRole('button', { name: '注册' }).click();
  await expect(username).toBeFocused();
  await expect(username).toHaveAccessibleDescription(/4 到 32/);
  await expect(password).toHaveAttribute('aria-invalid', 'true');
  await username.fill(alice.username.toUpperCase());
  await password.fill(PASSWORD);
  await page.getByRole('button', { name: '注册' }).click();
  await expect(username).toHaveAccessibleDescription(/已经有人用了/);
  await expect(username).toBeFocused();
});

test('AU-2: a server that cannot be reached is told as such', async ({ person, server }) => {
  const alice = await person('alice');
  await alice.page.goto('/login');
  alice.guard.serverAway = true;
  await server.kill9();
  await alice.login();
  await expect(alice.page.getByRole('alert').filter({ hasText: '连接不上服务器' })).toBeVisible();
  await server.restart();
});

test('AU-5: a revoked device drops to the login page within 2 s, its data wiped', async ({ person }) => {
  const alice = await person('alice');
  await alice.register();
  const other = await person('other');
  await other.page.goto('/login');
  await other.page.getByLabel('用户名', { exact: true }).fill(alice.username);
  await other.page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await other.page.getByRole('button', { name: '登录' }).click();
  await expect(other.page.getByRole('complementary', { name: '会话列表' })).toBeVisible();
  await expect(other.banner).toBeEmpty();

  await alice.page.getByRole('link', { name: '设备' }).click();
  await expect(alice.page.getByRole('listitem').filter({ hasText: '本机' })).toBeVisible();
  await alice.page.getByRole('button', { name: /让“.*”退出登录/ }).click();
  await alice.page.getByRole('dialog').getByRole('button', { name: '退出登录' }).click();
  await expect(other.page).toHaveURL(/\/login/, { timeout: 2_000 });
  await expect(other.page.getByRole('alert').filter({ hasText: '已被' })).toBeVisible();
  expect(await other.page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
  await expect(alice.page.getByText('没有其他设备')).toBeVisible();
});

test('DL-1: a deep link survives the login; an unknown one says so', async ({ person }) => {
  const alice = await person('alice');
  const bob = await person('bob');
  await bob.register();
  await alice.register();
  await alice.openChatWith(bob.username);
  const link = new URL(alice.page.url()).pathname;
  expect(link).toMatch(/^\/c\/\d+$/);
  await alice.page.getByRole('button', { name: '退出登录' }).click();
  await alice.page.getByRole('dialog').getByRole('button', { name: '退出登录' }).click();
  await expect(alice.page).toHaveURL(/\/login/);
  await alice.page.goto(link);
  await alice.login();
  await expect(alice.page).toHaveURL(new RegExp(`${link}$`));
  await expect(alice.page.getByRole('heading', { name: bob.username })).toBeVisible();
  await alice.page.goto('/c/12345');
  await expect(alice.page.getByText('没有这个会话')).toBeVisible();
});

test('two tabs: logging out in one logs out the other', async ({ person }) => {
  const alice = await person('alice');
  await alice.register();
  const tab = await alice.context.newPage();
  await tab.goto('/');
  await expect(tab.getByRole('complementary', { name: '会话列表' })).toBeVisible();
  await alice.page.getByRole('button', { name: '退出登录' }).click();
  await alice.page.getByRole('dialog').getByRole('button', { name: '退出登录' }).click();
  await expect(tab).toHaveURL(/\/login/);
});
