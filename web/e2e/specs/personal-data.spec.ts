import { readFileSync } from 'node:fs';
import { befriend, expect, PASSWORD, test } from '../fixtures/index.ts';
import { inspect, violations } from '../fixtures/look.ts';

test.use({ actionTimeout: 15_000 });

test('ST-1: everything that is kept about oneself is downloaded as a file', async ({ person }) => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  await alice.register();
  await bob.signUp();
  await befriend(alice, bob);
  await alice.openChatWith(bob.username);
  await alice.send('记住这句话');
  await expect(alice.message('记住这句话')).toBeVisible();
  await alice.openSettings('我的数据');
  const { page } = alice;
  const part = page.getByRole('region', { name: '导出我的数据' });

  await test.step('with the password', async () => {
    await part.getByRole('button', { name: '开始导出' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('当前密码', { exact: true }).fill('wrong password 1');
    await page.keyboard.press('Enter');
    await expect(dialog.getByText('当前密码不对')).toBeVisible();
    await dialog.getByLabel('当前密码', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
  });

  await test.step('not without a connection', async () => {
    await expect(part.getByRole('status')).toContainText('已准备好');
    await inspect(alice, 'settings-data');
    await page.evaluate(() => localStorage.setItem('hongyan.locale', 'zh-CN'));
    await page.reload();
    await expect(part.getByRole('button', { name: '下载' })).toBeEnabled();
    alice.guard.serverAway = true;
    await alice.context.setOffline(true);
    await expect(part.getByRole('button', { name: '下载' })).toBeDisabled();
    await alice.context.setOffline(false);
    alice.guard.serverAway = false;
  });

  await test.step('with all that was said', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      part.getByRole('button', { name: '下载' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^hongyan-alice_\d+-\d{4}-\d\d-\d\d\.jsonl$/);
    const lines = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ profile: { username: alice.username } });
    expect(lines.join('\n')).toContain('记住这句话');
  });
});

test('ST-1: who deletes the account is logged out everywhere, and undoes it after a login', async ({
  person,
}) => {
  const alice = await person('alice');
  await alice.register();
  await alice.openSettings('我的数据');
  const { page } = alice;
  const dialog = page.getByRole('dialog');

  await test.step('it says what happens', async () => {
    await page.getByRole('button', { name: '注销账号' }).click();
    await expect(dialog).toContainText('7 天内登录可以撤销');
    expect(await violations(alice)).toEqual([]);
    await page.screenshot({ path: 'screenshots/delete-account-zh-CN-light.png' });
    await dialog.getByLabel('当前密码', { exact: true }).fill(PASSWORD);
    await dialog.getByRole('button', { name: '注销账号' }).click();
    await expect(page).toHaveURL(/\/login$/);
    await expect(page.getByRole('alert').first()).toContainText('在那之前登录可以撤销');
  });

  await test.step('a login undoes nothing by itself', async () => {
    await alice.login();
    const notice = page.getByRole('complementary', { name: '会话列表' }).getByText(/此账号将于 .+ 注销/);
    await expect(notice).toBeVisible();
    expect(await violations(alice)).toEqual([]);
    await page.screenshot({ path: 'screenshots/account-ending-zh-CN-light.png' });
    await page.getByRole('button', { name: '撤销注销' }).click();
    await expect(notice).toBeHidden();
    await alice.openSettings('我的数据');
    await expect(page.getByRole('button', { name: '注销账号' })).toBeVisible();
  });
});
