import { expect, type Person, test } from '../fixtures/index.ts';
import { violations } from '../fixtures/look.ts';

test.use({ actionTimeout: 15_000 });

test('GR-5: a notice stands above the chat until it is read or put away', async ({ person }) => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  await alice.signUp();
  await bob.register();
  const { user } = await bob.api<{ user: { user_id: string } }>('GET', '/v1/users/me');
  const { group } = await alice.api<{ group: { group_id: string } }>('POST', '/v1/groups', {
    name: '周末爬山',
    member_ids: [user.user_id],
  });
  const announce = (text: string) =>
    alice.api('POST', `/v1/groups/${group.group_id}/notices`, { text, notify_all: true });
  const bar = ({ page }: Person) => page.getByRole('main').getByRole('region', { name: '群公告' });
  await announce('周日早上七点\n地铁站 A 口');
  await bob.row('周末爬山').click();

  await expect(bar(bob)).toContainText('周日早上七点');
  expect(await violations(bob)).toEqual([]);
  await bob.page.screenshot({ path: 'screenshots/notice-bar-zh-CN-light.png' });
  await bar(bob).getByRole('button', { name: '周日早上七点' }).click();
  await expect(bob.page.getByRole('dialog', { name: '群公告' })).toContainText('地铁站 A 口');
  await bob.page.keyboard.press('Escape');
  await expect(bar(bob)).toBeHidden();

  await announce('改到八点');
  await bar(bob).getByRole('button', { name: '知道了' }).click();
  await expect(bar(bob)).toBeHidden();
  await bob.page.reload();
  await expect(bob.lines.last()).toContainText('改到八点');
  await expect(bar(bob)).toBeHidden();
});
