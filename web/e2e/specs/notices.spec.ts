import { expect, type Person, test } from '../fixtures/index.ts';
import { violations } from '../fixtures/look.ts';
import { groupOf } from '../fixtures/past-screen.ts';

test.use({ actionTimeout: 15_000 });

test('GR-5: what was announced before can be read, and that it was taken down', async ({ person }) => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  await alice.signUp();
  await bob.register();
  const notices = `/v1/groups/${await groupOf(alice, '公告很多', [bob])}/notices`;
  const announce = (text: string) => alice.api('POST', notices, { text });
  const drawer = bob.page.getByRole('region', { name: '群聊信息' });
  const listed = drawer.getByRole('list', { name: '历史公告' }).getByRole('listitem');
  await bob.row('公告很多').click();
  await bob.page.getByRole('button', { name: '群聊信息' }).click();
  await drawer.getByRole('button', { name: '历史公告' }).click();
  await expect(drawer.getByText('还没有群公告')).toBeVisible();

  await announce('第一条');
  await expect(listed).toContainText(['第一条']);
  for (let no = 2; no <= 50; no += 1) await announce(`第 ${no} 条\n明天见`);
  await announce('');
  await expect(listed.first()).toContainText('撤下了公告');
  await expect(listed).toHaveCount(51);
  await drawer.getByRole('button', { name: '返回' }).click();
  await drawer.getByRole('button', { name: '历史公告' }).click();
  await expect(listed).toHaveCount(50);
  await expect(listed.nth(1)).toContainText(alice.username);
  expect(await violations(bob)).toEqual([]);
  await bob.page.screenshot({ path: 'screenshots/notices-zh-CN-light.png' });
  await drawer.getByRole('button', { name: '更早的公告' }).click();
  await expect(listed).toHaveCount(51);
  await expect(listed.last()).toContainText('第一条');
  // Where the button was.
  await expect(drawer.getByRole('list', { name: '历史公告' })).toBeFocused();
  await announce('又一条');
  await expect(listed.first()).toContainText('又一条');
  await expect(listed).toHaveCount(52);
});

test('GR-5: notices that cannot be loaded are asked for again', async ({ person }) => {
  const alice = await person('alice');
  await alice.register();
  const group = await groupOf(alice, '读不到', []);
  const announce = (text: string) => alice.api('POST', `/v1/groups/${group}/notices`, { text });
  for (let no = 1; no <= 51; no += 1) await announce(`第 ${no} 条`);
  let refuse = true;
  await alice.page.routeWebSocket('**/ws', (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      const { type, id } = JSON.parse(String(message)) as { type: string; id: string };
      const error = { code: 'permission_denied', message: '' };
      if (refuse && type === 'group.notices') socket.send(JSON.stringify({ type: 'error', id, error }));
      else server.send(message);
    });
  });
  await alice.page.goto(`/c/${group}?info=notices`);
  const drawer = alice.page.getByRole('region', { name: '群聊信息' });
  const listed = drawer.getByRole('list', { name: '历史公告' }).getByRole('listitem');
  const again = async () => {
    await expect(drawer.getByRole('alert')).toContainText('公告加载失败');
    refuse = false;
    await drawer.getByRole('button', { name: '重试' }).click();
    await expect(drawer.getByRole('alert')).toBeHidden();
  };
  await again();
  await expect(listed).toHaveCount(50);
  refuse = true;
  await announce('终于读到了');
  await again();
  await expect(listed.first()).toContainText('终于读到了');
  refuse = true;
  await drawer.getByRole('button', { name: '更早的公告' }).click();
  await again();
  await expect(listed).toHaveCount(52);
  await expect(listed.last()).toContainText('第 1 条');
});

test('GR-5: a notice stands above the chat until it is read or put away', async ({ person }) => {
  const [alice, bob, carol] = [await person('alice'), await person('bob'), await person('carol')];
  await alice.signUp();
  await carol.signUp();
  await bob.register();
  const group = await groupOf(alice, '周末爬山', [bob, carol]);
  const announce = (text: string) =>
    alice.api('POST', `/v1/groups/${group}/notices`, { text, notify_all: true });
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

  // Somebody else at the same browser has not read it.
  await bob.logout();
  await bob.loginAs(carol.username);
  await bob.row('周末爬山').click();
  await expect(bar(bob)).toContainText('改到八点');
});
