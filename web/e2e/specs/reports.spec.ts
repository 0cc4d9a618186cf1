import type { Page } from '@playwright/test';
import { twoFrames } from '../fixtures/history.ts';
import { expect, test } from '../fixtures/index.ts';
import { violations } from '../fixtures/look.ts';

test.use({ actionTimeout: 15_000 });

/** Chooses a reason and sends the report; answers its dialog. */
async function report(page: Page, reason: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: '提交' })).toBeDisabled();
  await dialog.getByRole('radio', { name: reason }).check();
  await dialog.getByRole('button', { name: '提交' }).click();
  await expect(dialog.getByRole('status')).toContainText('举报已提交');
  await dialog.getByRole('button', { name: '完成' }).click();
  await expect(dialog).toBeHidden();
}

test('ML-30: a message, a person and a group are reported; who is blocked with it cannot write', async ({
  friends,
}) => {
  const [alice, bob] = await friends();
  await alice.openChatWith(bob.username);
  await bob.openChatWith(alice.username);
  await bob.send('点这里领红包');
  await alice.send('不要');

  await test.step('a message of one’s own is not reported', async () => {
    await alice.message('不要').locator('.bubble').click({ button: 'right' });
    await expect(alice.page.getByRole('menuitem', { name: '复制' })).toBeVisible();
    await expect(alice.page.getByRole('menuitem', { name: '举报' })).toBeHidden();
    await alice.page.keyboard.press('Escape');
  });

  await test.step('a message, with words', async () => {
    await alice.message('点这里领红包').locator('.bubble').click({ button: 'right' });
    await alice.page.getByRole('menuitem', { name: '举报' }).click();
    const dialog = alice.page.getByRole('dialog', { name: '举报这条消息' });
    await dialog.getByRole('radio', { name: '其他', exact: true }).check();
    await expect(dialog.getByRole('button', { name: '提交' })).toBeDisabled();
    await dialog.getByLabel('请说明情况').fill('假冒的红包');
    expect(await violations(alice)).toEqual([]);
    await alice.page.screenshot({ path: 'screenshots/report-zh-CN-light.png' });
    await alice.page.setViewportSize({ width: 375, height: 667 });
    await twoFrames(alice);
    await alice.page.screenshot({ path: 'screenshots/report-phone-zh-CN-light.png' });
    await alice.page.setViewportSize({ width: 1280, height: 800 });
    await dialog.getByRole('button', { name: '提交' }).click();
    await expect(dialog.getByRole('status')).toContainText('举报已提交');
    await expect(dialog.getByRole('button', { name: '完成' })).toBeFocused();
    await alice.page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
  });

  await test.step('a group', async () => {
    const { user } = await bob.api<{ user: { user_id: string } }>('GET', '/v1/users/me');
    const { user: me } = await alice.api<{ user: { user_id: string } }>('GET', '/v1/users/me');
    const { group } = await bob.api<{ group: { group_id: string } }>('POST', '/v1/groups', {
      name: '发财群',
      member_ids: [me.user_id],
    });
    await alice.page.goto(`/c/${group.group_id}?info=info`);
    await alice.page.getByRole('button', { name: '举报该群' }).click();
    await report(alice.page, '诈骗');
    await alice.page.goto(`/u/${user.user_id}`);
  });

  await test.step('a person, who is blocked with it', async () => {
    await alice.page.getByRole('button', { name: '举报', exact: true }).click();
    await alice.page.getByRole('checkbox', { name: `同时把${bob.username}加入黑名单` }).check();
    await report(alice.page, '辱骂骚扰');
    await expect(alice.page.getByRole('button', { name: '移出黑名单' })).toBeVisible();
    await bob.send('还在吗');
    await expect(bob.lines.last()).toContainText('拒收');
  });
});
