import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hongyan } from '@hongyan/test-support/command';
import { befriend, expect, PASSWORD, test } from '../fixtures/index.ts';

test('AU-1, AU-2: errors at their field, wrong credentials told apart, the account name stays', async ({
  person,
}) => {
  const alice = await person('alice');
  const { page } = alice;
  await alice.register();
  await alice.logout();

  await page.getByRole('button', { name: '登录', exact: true }).click();
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
  await expect(alice.page.getByLabel('用户名', { exact: true })).toBeVisible();
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
  await other.page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(other.page.getByRole('complementary', { name: '会话列表' })).toBeVisible();
  await expect(other.banner).toBeEmpty();

  await alice.openSettings('登录设备');
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
  await befriend(alice, bob);
  await alice.openChatWith(bob.username);
  const link = new URL(alice.page.url()).pathname;
  expect(link).toMatch(/^\/c\/\d+$/);
  await alice.logout();
  await alice.page.goto(link);
  await alice.login();
  await expect(alice.page).toHaveURL(new RegExp(`${link}$`));
  await expect(alice.page.getByRole('heading', { name: bob.username })).toBeVisible();
  await alice.page.goto('/c/12345');
  await expect(alice.page.getByText('没有这个会话')).toBeVisible();
});

test('AU-6: two tabs: logging out in one logs out the other', async ({ person }) => {
  const alice = await person('alice');
  await alice.register();
  const tab = await alice.context.newPage();
  await tab.goto('/');
  await expect(tab.getByRole('complementary', { name: '会话列表' })).toBeVisible();
  await alice.logout();
  await expect(tab).toHaveURL(/\/login/);
});

test('AU-2: a limit is told with a countdown, and the button waits for it', async ({ person }) => {
  const alice = await person('alice');
  await alice.page.goto('/login');
  await alice.page.getByLabel('用户名', { exact: true }).fill('somebody');
  const password = alice.page.getByLabel('密码', { exact: true });
  const submit = alice.page.getByRole('button', { name: '登录', exact: true });
  const limited = alice.page.getByRole('alert').filter({ hasText: /请在 \d+ 秒后再试/ });
  for (let attempt = 0; attempt < 15 && !(await limited.isVisible()); attempt += 1) {
    await password.fill(`wrong ${attempt}`);
    await password.press('Enter');
    await expect(limited.or(alice.page.getByText('用户名或密码不正确'))).toBeVisible();
    await expect(alice.page.getByText('正在登录…')).toBeHidden();
  }
  await expect(limited).toBeVisible();
  await expect(submit).toBeDisabled();
  await expect(submit).toBeEnabled({ timeout: 60_000 });
});

test('AU-11: a disabled account gets its own page and no retry loop', async ({ person, server }) => {
  const alice = await person('alice');
  await alice.register();
  await expect(alice.banner).toBeEmpty();
  const sockets: string[] = [];
  alice.page.on('websocket', (socket) => sockets.push(socket.url()));
  const { code, stderr } = await hongyan(['admin', 'disable-user', alice.username, '--data', server.dataDir]);
  expect(code, stderr).toBe(0);
  await expect(alice.page.getByRole('heading', { name: '账号已停用' })).toBeVisible();
  await alice.page.getByRole('link', { name: /去登录/ }).click();
  await alice.login();
  await expect(alice.page.getByRole('heading', { name: '账号已停用' })).toBeVisible();
  expect(sockets).toEqual([]);
});

test('AU-10: the first login of the administrator forces a new password', async ({ person, server }) => {
  const admin = await person('admin');
  const { page } = admin;
  const oneTime = readFileSync(join(server.dataDir, 'initial-admin-password'), 'utf8').trim();
  await page.goto('/login');
  await page.getByLabel('用户名', { exact: true }).fill('admin');
  await page.getByLabel('密码', { exact: true }).fill(oneTime);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(page.getByRole('heading', { name: '修改密码' })).toBeVisible();
  await page.goto('/');
  await expect(page.getByRole('heading', { name: '修改密码' })).toBeVisible();
  await page.getByLabel('当前密码', { exact: true }).fill('not it');
  await page.getByLabel('新密码', { exact: true }).fill(PASSWORD);
  await page.getByLabel('再输一次新密码', { exact: true }).fill(`${PASSWORD}!`);
  await page.getByRole('button', { name: '修改密码' }).click();
  await expect(page.getByLabel('再输一次新密码', { exact: true })).toHaveAccessibleDescription(
    '两次输入的不一样',
  );
  await page.getByLabel('再输一次新密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '修改密码' }).click();
  await expect(page.getByLabel('当前密码', { exact: true })).toHaveAccessibleDescription('当前密码不对');
  await page.getByLabel('当前密码', { exact: true }).fill(oneTime);
  await page.getByRole('button', { name: '修改密码' }).click();
  await expect(page.getByRole('complementary', { name: '会话列表' })).toBeVisible();
  await expect(admin.banner).toBeEmpty();
});

test.describe('registration closed', () => {
  test.use({ serverOptions: { env: { HONGYAN_AUTH_REGISTRATION: 'closed' } } });

  test('AU-9: it is said before the form', async ({ person }) => {
    const alice = await person('alice');
    await alice.page.goto('/register');
    await expect(alice.page.getByText('不开放注册')).toBeVisible();
    await expect(alice.page.getByRole('textbox')).toHaveCount(0);
    await alice.page.getByRole('link', { name: /去登录/ }).click();
    await expect(alice.page.getByText('不开放注册')).toBeVisible();
    await expect(alice.page.getByRole('link', { name: /注册/ })).toHaveCount(0);
  });
});

test.describe('registration by invite', () => {
  test.use({ serverOptions: { env: { HONGYAN_AUTH_REGISTRATION: 'invite' } } });

  test('AU-9: the link of an invite opens the form, once', async ({ person, server }) => {
    const made = await hongyan(['admin', 'invite', '--data', server.dataDir]);
    const link = /^page (\S+)$/m.exec(made.stdout)?.[1] ?? '';
    const [alice, bob] = [await person('alice'), await person('bob')];
    const fill = async ({ page, username }: typeof alice) => {
      await page.getByLabel('用户名', { exact: true }).fill(username);
      await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: '注册' }).click();
    };
    await alice.page.goto(link);
    await expect(alice.page.getByText('您已受邀')).toBeVisible();
    await fill(alice);
    await expect(alice.page.getByRole('complementary', { name: '会话列表' })).toBeVisible();
    await bob.page.goto('/login');
    await bob.page.getByRole('link', { name: '收到邀请？去注册' }).click();
    await fill(bob);
    const code = bob.page.getByLabel('邀请码');
    await expect(code).toHaveAccessibleDescription(/请填写此项/);
    await code.fill(new URL(link, server.url).searchParams.get('invite') ?? '');
    await fill(bob);
    await expect(code).toHaveAccessibleDescription(/邀请已失效/);
    await bob.page.goto(link);
    await fill(bob);
    await expect(bob.page.getByRole('alert').filter({ hasText: '邀请已失效' })).toBeVisible();
  });
});
