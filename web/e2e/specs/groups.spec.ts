import { befriend, expect, type Person, test } from '../fixtures/index.ts';
import { violations } from '../fixtures/look.ts';

test.use({ actionTimeout: 15_000 });

/** Nothing to object to on the page as it is, photographed under this name. */
async function looksRight(person: Person, name: string): Promise<void> {
  await person.page.screenshot({ path: `screenshots/groups-${name}.png` });
  expect(await violations(person), name).toEqual([]);
}

/** Alice with two friends who do not know each other. */
async function three(person: (name: string) => Promise<Person>): Promise<[Person, Person, Person]> {
  const [alice, bob, carol] = [await person('alice'), await person('bob'), await person('carol')];
  for (const who of [alice, bob, carol]) await who.register();
  await befriend(alice, bob);
  await befriend(alice, carol);
  return [alice, bob, carol];
}

test('E05, GR-1: a group is made from the list, and everybody sees it and who writes', async ({ person }) => {
  const [alice, bob, carol] = await three(person);

  await test.step('people are found, chosen and taken back', async () => {
    await alice.page.getByRole('button', { name: '添加', exact: true }).click();
    await looksRight(alice, 'add-menu');
    await alice.page.keyboard.press('ArrowDown');
    await expect(alice.page.getByRole('menuitem', { name: '添加朋友' })).toBeFocused();
    await alice.page.keyboard.press('Escape');
    await expect(alice.page.getByRole('button', { name: '添加', exact: true })).toBeFocused();
    await alice.page.keyboard.press('Enter');
    await alice.page.getByRole('menuitem', { name: '发起群聊' }).click();
    const dialog = alice.page.getByRole('dialog', { name: '发起群聊' });
    await expect(dialog.getByRole('button', { name: '创建' })).toBeDisabled();
    await dialog.getByRole('searchbox').fill(carol.username);
    await expect(dialog.getByRole('checkbox')).toHaveCount(1);
    await dialog.getByRole('checkbox').check();
    await dialog.getByRole('searchbox').fill('没有这个人');
    await expect(dialog.getByText('没有符合')).toBeVisible();
    await dialog.getByRole('searchbox').fill('');
    await dialog.getByRole('checkbox', { name: bob.username }).check();
    await expect(dialog.getByText('已选 2 人')).toBeVisible();
    await dialog.getByRole('button', { name: `${bob.username} 取消选择` }).click();
    await expect(dialog.getByRole('checkbox', { name: bob.username })).not.toBeChecked();
    await dialog.getByRole('checkbox', { name: bob.username }).check();
    await dialog.getByLabel('群名（可不填）').fill('周末爬山');
    await looksRight(alice, 'create');
    await dialog.getByRole('button', { name: '创建' }).click();
  });

  await test.step('it opens at once, with its line on all screens', async () => {
    await expect(alice.page.getByRole('heading', { name: '周末爬山' })).toBeVisible();
    await expect(alice.lines).toContainText('你邀请');
    await bob.row('周末爬山').click();
    await expect(bob.lines).toContainText(`“${alice.username}”邀请`);
    await expect(bob.lines).toContainText(`“${carol.username}”`);
    await expect(bob.lines).toContainText('你');
  });

  await test.step('who writes is named, in the chat and in the list', async () => {
    await bob.send('几点出发？');
    const seen = carol.row('周末爬山');
    await expect(seen).toContainText(`${bob.username}：几点出发？`);
    await seen.click();
    await expect(carol.message('几点出发？').locator('.sender')).toHaveText(bob.username);
    await carol.send('七点');
    await expect(alice.message('七点').locator('.sender')).toHaveText(carol.username);
    await looksRight(alice, 'chat');
  });
});

/** A group of the three past the screen, open on all of theirs. */
async function openGroup(name: string, owner: Person, others: readonly Person[]): Promise<string> {
  const members = await Promise.all(
    others.map(async (other) => {
      const { user } = await other.api<{ user: { user_id: string } }>('GET', '/v1/users/me');
      return user.user_id;
    }),
  );
  const path = '/v1/groups';
  const { group } = await owner.api<{ group: { group_id: string } }>('POST', path, {
    name,
    member_ids: members,
  });
  for (const who of [owner, ...others]) {
    await who.row(name).click();
    await expect(who.page.getByRole('heading', { name: `${name}（3）` })).toBeVisible();
  }
  return group.group_id;
}

test('E05, GR-2 to GR-6, CO-12: the drawer; what one changes the others see', async ({ person }) => {
  test.setTimeout(180_000);
  const [alice, bob, carol] = await three(person);
  await openGroup('周末爬山', alice, [bob, carol]);
  const drawer = (who: Person) => who.page.getByRole('region', { name: '群聊信息' });
  const notice = (who: Person) => who.page.getByTestId('composer-notice');

  await test.step('everybody sees who is in it; a member may change nothing but their own name', async () => {
    for (const who of [alice, bob]) {
      await who.page.getByRole('button', { name: '群聊信息' }).click();
      await expect(drawer(who).getByRole('list', { name: '群成员' }).getByRole('link')).toHaveCount(3);
    }
    await looksRight(alice, 'info-owner');
    await looksRight(bob, 'info-member');
    for (const name of ['设置群名', '修改', '发布公告', '解散群聊'])
      await expect(drawer(bob).getByRole('button', { name })).toBeHidden();
    await expect(drawer(bob).getByRole('switch', { name: '全员禁言' })).toBeHidden();
  });

  await test.step('the name', async () => {
    await drawer(alice).getByRole('button', { name: '修改' }).first().click();
    await drawer(alice).getByRole('textbox', { name: '群名' }).fill('周日爬山');
    await alice.page.keyboard.press('Enter');
    await expect(bob.page.getByRole('heading', { name: '周日爬山（3）' })).toBeVisible();
    await expect(carol.row('周日爬山')).toBeVisible();
    await expect(bob.lines).toContainText([`“${alice.username}”修改群名为“周日爬山”`]);
  });

  await test.step('the notice', async () => {
    await drawer(alice).getByRole('button', { name: '发布公告' }).click();
    const dialog = alice.page.getByRole('dialog', { name: '群公告' });
    await dialog.getByRole('textbox', { name: '群公告' }).fill('周日早上七点\n地铁站 A 口');
    await dialog.getByRole('checkbox', { name: '提醒所有人' }).check();
    await looksRight(alice, 'notice');
    await dialog.getByRole('button', { name: '发布' }).click();
    await expect(drawer(bob).getByText('地铁站 A 口')).toBeVisible();
    await drawer(bob).getByRole('button', { name: '查看全文' }).click();
    await looksRight(bob, 'notice-read');
    await bob.page.keyboard.press('Escape');
  });

  await test.step('a nickname in the group, above what they write', async () => {
    await drawer(bob).getByRole('button', { name: '设置群昵称' }).click();
    await drawer(bob).getByRole('textbox', { name: '我在本群的昵称' }).fill('领队');
    await bob.page.keyboard.press('Enter');
    await bob.send('大家好');
    await expect(carol.message('大家好').locator('.sender')).toHaveText('领队');
    await expect(drawer(alice).getByRole('link', { name: '领队' })).toBeVisible();
  });

  await test.step('mute all: the others cannot write, an admin can', async () => {
    await drawer(alice).getByRole('switch', { name: '全员禁言' }).click();
    await expect(notice(carol)).toContainText('已开启全员禁言');
    await expect(carol.composer).toBeHidden();
    await looksRight(carol, 'muted-all');
    await drawer(alice)
      .getByRole('button', { name: /查看全部 3 位成员/ })
      .click();
    await drawer(alice).getByRole('searchbox').fill(carol.username);
    await expect(drawer(alice).getByRole('listitem')).toHaveCount(1);
    await drawer(alice).getByRole('searchbox').fill('没有这个人');
    await expect(drawer(alice).getByText('没有符合')).toBeVisible();
    await drawer(alice).getByRole('searchbox').fill('');
    await drawer(alice).getByRole('button', { name: '管理 领队' }).click();
    await looksRight(alice, 'member-menu');
    await alice.page.getByRole('menuitem', { name: '设为管理员' }).click();
    await expect(drawer(alice).getByText('管理员', { exact: true })).toBeVisible();
    await expect(bob.composer).toBeVisible();
    await bob.send('我还能说话');
    await expect(carol.message('我还能说话')).toBeVisible();
    await drawer(alice).getByRole('button', { name: '返回' }).click();
    await drawer(alice).getByRole('switch', { name: '全员禁言' }).click();
    await expect(carol.composer).toBeVisible();
  });

  await test.step('one member is muted for a time, by an admin', async () => {
    await drawer(bob)
      .getByRole('button', { name: /查看全部 3 位成员/ })
      .click();
    await expect(drawer(bob).getByRole('button', { name: `管理 ${alice.username}` })).toBeHidden();
    await drawer(bob)
      .getByRole('button', { name: `管理 ${carol.username}` })
      .click();
    await bob.page.getByRole('menuitem', { name: '禁言…' }).click();
    await looksRight(bob, 'mute');
    await bob.page.getByRole('dialog').getByRole('button', { name: '禁言' }).click();
    await expect(notice(carol)).toContainText('你已被禁言至');
    await looksRight(carol, 'muted');
    await expect(drawer(bob).getByText('禁言至')).toBeVisible();
    await looksRight(bob, 'members');
    await drawer(bob)
      .getByRole('button', { name: `管理 ${carol.username}` })
      .click();
    await bob.page.getByRole('menuitem', { name: '解除禁言' }).click();
    await expect(carol.composer).toBeVisible();
  });

  await test.step('removed while it is open: the history stays, the text box goes', async () => {
    await carol.page.getByRole('button', { name: '群聊信息' }).click();
    await drawer(bob)
      .getByRole('button', { name: `管理 ${carol.username}` })
      .click();
    await bob.page.getByRole('menuitem', { name: '移出群聊' }).click();
    await bob.page.getByRole('dialog').getByRole('button', { name: '移出群聊' }).click();
    await expect(notice(carol)).toContainText('你已被移出群聊');
    await expect(drawer(carol)).toBeHidden();
    await expect(carol.page.getByRole('button', { name: '群聊信息' })).toBeHidden();
    await expect(carol.message('大家好')).toBeVisible();
    await expect(carol.lines).toContainText(['将你移出了群聊']);
    await looksRight(carol, 'removed');
    await alice.send('她走了');
    await expect(bob.message('她走了')).toBeVisible();
    await expect(carol.message('她走了')).toBeHidden();
  });

  await test.step('brought back by the picker', async () => {
    await drawer(alice).getByRole('button', { name: '添加' }).click();
    const dialog = alice.page.getByRole('dialog', { name: '添加群成员' });
    await expect(dialog.getByRole('checkbox', { name: bob.username })).toBeDisabled();
    await dialog.getByRole('checkbox', { name: carol.username }).check();
    await looksRight(alice, 'add-members');
    await dialog.getByRole('button', { name: '添加' }).click();
    await expect(dialog).toBeHidden();
    await expect(carol.composer).toBeVisible();
    await carol.send('我回来了');
    await expect(alice.message('我回来了')).toBeVisible();
  });

  await test.step('leaving, then the end for those who are left', async () => {
    await carol.page.getByRole('button', { name: '群聊信息' }).click();
    await drawer(carol).getByRole('button', { name: '退出群聊' }).click();
    await looksRight(carol, 'leave');
    await carol.page.getByRole('dialog').getByRole('button', { name: '退出群聊' }).click();
    await expect(notice(carol)).toContainText('你已退出群聊');
    await expect(alice.lines).toContainText([`“${carol.username}”退出了群聊`]);
    await drawer(alice).getByRole('button', { name: '解散群聊' }).click();
    await alice.page.getByRole('dialog').getByRole('button', { name: '解散群聊' }).click();
    await expect(notice(bob)).toContainText('群聊已解散');
    await expect(notice(alice)).toContainText('群聊已解散');
    await expect(notice(carol)).toContainText('你已退出群聊');
    await looksRight(alice, 'dissolved');
  });
});

test('GR-7: by the link of an invite, and by asking', async ({ person }) => {
  const [alice, bob, carol] = await three(person);
  const dave = await person('dave');
  const erin = await person('erin');
  for (const who of [dave, erin]) await who.register();
  const id = await openGroup('周末爬山', alice, [bob, carol]);
  const drawer = alice.page.getByRole('region', { name: '群聊信息' });

  const link =
    await test.step('a link is made, shown once, and looked at before it is followed', async () => {
      await alice.page.getByRole('button', { name: '群聊信息' }).click();
      await drawer.getByRole('button', { name: '邀请链接' }).click();
      const dialog = alice.page.getByRole('dialog', { name: '邀请链接' });
      await dialog.getByRole('button', { name: '创建邀请链接' }).click();
      await expect(dialog.getByRole('listitem')).toHaveCount(1);
      await looksRight(alice, 'invites');
      const url = await dialog.getByRole('textbox', { name: '邀请链接' }).inputValue();
      await alice.page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
      await expect(drawer).toBeVisible();
      await dave.page.goto(url);
      await expect(dave.page.getByRole('heading', { name: '周末爬山' })).toBeVisible();
      await expect(dave.page.getByText('3 位成员')).toBeVisible();
      await looksRight(dave, 'join');
      await dave.page.getByRole('button', { name: '加入群聊' }).click();
      await expect(dave.page.getByRole('heading', { name: '周末爬山（4）' })).toBeVisible();
      await expect(alice.lines).toContainText([`“${dave.username}”通过你加入了群聊`]);
      await dave.send('我来了');
      await expect(bob.message('我来了')).toBeVisible();
      return url;
    });

  await test.step('followed again it leads to the group; revoked it leads nowhere', async () => {
    await dave.page.goto(link);
    await dave.page.getByRole('button', { name: '进入群聊' }).click();
    await expect(dave.composer).toBeVisible();
    await drawer.getByRole('button', { name: '邀请链接' }).click();
    const dialog = alice.page.getByRole('dialog', { name: '邀请链接' });
    await dialog.getByRole('button', { name: '撤销' }).click();
    await expect(dialog.getByRole('listitem')).toHaveCount(0);
    await alice.page.keyboard.press('Escape');
    await erin.page.goto(link);
    await expect(erin.page.getByText('邀请已失效')).toBeVisible();
    await looksRight(erin, 'join-over');
  });

  await test.step('who asks is seen at once by who may answer', async () => {
    await drawer.getByRole('combobox', { name: '进群方式' }).selectOption({ label: '需要管理员同意' });
    await expect(bob.lines).toContainText(['开启了进群审核']);
    await erin.api('POST', `/v1/groups/${id}/join`, { message: '带上我吧' });
    await expect(alice.page.getByRole('button', { name: '群聊信息，1 个进群申请待处理' })).toBeVisible();
    await expect(bob.page.getByRole('button', { name: '群聊信息', exact: true })).toBeVisible();
    await drawer.getByRole('button', { name: '进群申请' }).click();
    await expect(drawer.getByText('带上我吧')).toBeVisible();
    await looksRight(alice, 'requests');
    await drawer.getByRole('button', { name: `同意 ${erin.username} 进群` }).click();
    await expect(drawer.getByText('没有待处理的进群申请')).toBeVisible();
    await erin.row('周末爬山').click();
    await expect(erin.composer).toBeVisible();
  });
});

test.describe('a small house', () => {
  test.use({ serverOptions: { env: { HONGYAN_GROUP_MAX_MEMBERS: '2' } } });

  test('GR-1: who could not be added is named with the reason', async ({ person }) => {
    const [alice, bob, carol] = await three(person);
    await alice.openContacts();
    await alice.page.getByRole('link', { name: bob.username }).click();
    await alice.page.getByRole('button', { name: '发起群聊' }).click();
    const dialog = alice.page.getByRole('dialog', { name: '发起群聊' });
    await expect(dialog.getByRole('checkbox', { name: bob.username })).toBeChecked();
    await dialog.getByRole('checkbox', { name: carol.username }).check();
    await dialog.getByRole('button', { name: '创建' }).click();
    await expect(dialog.getByRole('alert')).toContainText('群成员已满');
    await looksRight(alice, 'not-added');
    await dialog.getByRole('button', { name: '进入群聊' }).click();
    // Without a name it is called by who is in it.
    await expect(alice.page.getByRole('heading', { name: /^(bob|carol)_\d+（2）$/ })).toBeVisible();
  });
});

test('SH-8, GR-8: a group that cannot be had, one of 500, and one without a network', async ({ person }) => {
  const [alice, bob, carol] = await three(person);
  const id = await openGroup('大群', alice, [bob, carol]);
  let refuse = true;
  await alice.page.routeWebSocket('**/ws', (socket) => {
    const server = socket.connectToServer();
    const members = new Set<string>();
    socket.onMessage((message) => {
      const frame = JSON.parse(String(message)) as { type: string; id: string };
      if (frame.type === 'group.members') members.add(frame.id);
      // A refusal that the client does not try again by itself before somebody can press the button.
      const error = { code: 'permission_denied', message: '' };
      if (refuse && frame.type === 'group.get')
        socket.send(JSON.stringify({ type: 'error', id: frame.id, error }));
      else server.send(message);
    });
    server.onMessage((message) => {
      const frame = JSON.parse(String(message)) as {
        id?: string;
        data: { items: object[]; users: object[] };
      };
      if (frame.id === undefined || !members.delete(frame.id)) {
        socket.send(message);
        return;
      }
      for (let n = 0; n < 500; n += 1) {
        const user = { user_id: `9${String(n).padStart(6, '0')}` };
        frame.data.items.push({ ...user, role: 'member', joined_ms: n, nickname: '' });
        frame.data.users.push({ ...user, nickname: `成员${n}`, avatar: '', version: 1 });
      }
      socket.send(JSON.stringify(frame));
    });
  });
  await alice.page.goto(`/c/${id}?info=members`);
  const drawer = alice.page.getByRole('region', { name: '群聊信息' });
  await expect(drawer.getByText('群聊信息加载失败')).toBeVisible();
  await looksRight(alice, 'failed');
  refuse = false;
  await drawer.getByRole('button', { name: '重试' }).click();
  await expect(drawer.getByRole('link', { name: alice.username })).toBeVisible();

  const list = drawer.getByRole('list', { name: '群成员' });
  expect(await list.getByRole('listitem').count()).toBeLessThan(60);
  await list.hover();
  await alice.page.mouse.wheel(0, 100_000);
  await expect(list.getByText('成员499', { exact: true })).toBeVisible();
  expect(await list.getByRole('listitem').count()).toBeLessThan(60);

  alice.guard.serverAway = true;
  await alice.page.goto(`/c/${id}?info=info`);
  await expect(drawer.getByRole('switch', { name: '全员禁言' })).toBeEnabled();
  await alice.context.setOffline(true);
  await expect(drawer.getByRole('switch', { name: '全员禁言' })).toBeDisabled();
  await expect(drawer.getByText('恢复连接后才能操作')).toBeVisible();
  for (const name of ['添加', '修改', '退出群聊', '解散群聊'])
    await expect(drawer.getByRole('button', { name, exact: true })).toBeDisabled();
  await looksRight(alice, 'offline');
  await alice.context.setOffline(false);
});
