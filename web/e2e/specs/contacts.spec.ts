import { befriend, expect, type Person, test } from '../fixtures/index.ts';
import { violations } from '../fixtures/look.ts';

/** Nothing to object to on the page as it is, photographed under this name. */
async function looksRight(person: Person, name: string): Promise<void> {
  await person.page.screenshot({ path: `screenshots/contacts-${name}.png` });
  expect(await violations(person), name).toEqual([]);
}

test('E03, CT-2, CT-3: two strangers find each other, ask, accept and chat', async ({ person }) => {
  const alice = await person('alice');
  const bob = await person('bob');
  await alice.register();
  await bob.register();

  await test.step('nothing there yet', async () => {
    await alice.openContacts();
    await expect(alice.page.getByText('还没有联系人')).toBeVisible();
    await looksRight(alice, 'empty');
  });

  await test.step('somebody who does not exist, oneself, then bob', async () => {
    await alice.page.getByRole('button', { name: '添加朋友', exact: true }).first().click();
    const dialog = alice.page.getByRole('dialog');
    const username = dialog.getByLabel('对方的用户名');
    await expect(username).toBeFocused();
    await username.fill('nobody_at_all');
    await username.press('Enter');
    await expect(dialog.getByText('没有找到“nobody_at_all”')).toBeVisible();
    await looksRight(alice, 'search-none');
    await username.fill(alice.username);
    await username.press('Enter');
    await expect(dialog.getByText('这是你自己')).toBeVisible();
    await username.fill(bob.username);
    await username.press('Enter');
    await dialog.getByRole('button', { name: `添加 ${bob.username}` }).click();
    const greeting = dialog.getByLabel('打招呼内容');
    await expect(greeting).toBeFocused();
    await expect(greeting).toHaveValue(`我是${alice.username}`);
    await looksRight(alice, 'ask');
    await greeting.fill('我们昨天见过，我是 Alice');
    await dialog.getByLabel('备注名').fill('鲍勃');
    await dialog.getByRole('button', { name: '发送好友申请' }).click();
    await expect(dialog.getByText('好友申请已发送')).toBeVisible();
    await looksRight(alice, 'asked');
    await dialog.getByRole('button', { name: '完成' }).click();
    await expect(dialog).toBeHidden();
  });

  await test.step('bob sees it at once, everywhere it is shown', async () => {
    const rail = bob.page.getByRole('navigation', { name: '主导航' });
    await rail.getByRole('link', { name: '通讯录，1 个好友申请待处理' }).click();
    await bob.page.getByRole('link', { name: /新的朋友.*1 个待处理/ }).click();
    const request = bob.page.getByRole('group', { name: alice.username });
    await expect(request).toContainText('我们昨天见过，我是 Alice');
    await expect(request).toContainText('来自搜索');
    await looksRight(bob, 'received');
    await request.getByRole('button', { name: `接受 ${alice.username} 的好友申请` }).click();
    await expect(bob.page.getByRole('dialog')).toContainText('我们昨天见过');
    await looksRight(bob, 'accept');
    await bob.page.getByRole('dialog').getByRole('button', { name: '接受' }).click();
  });

  await test.step('accepting opens the chat, with its line on both sides', async () => {
    await expect(bob.page.getByRole('heading', { name: alice.username })).toBeVisible();
    await expect(bob.lines).toContainText(`你已添加 ${alice.username}`);
    await expect(bob.lines).toContainText(`${alice.username}：我们昨天见过，我是 Alice`);
    await looksRight(bob, 'first-chat');
    await bob.send('你好，Alice');
    const rail = alice.page.getByRole('navigation', { name: '主导航' });
    await rail.getByRole('link', { name: '聊天，1 条未读' }).click();
    await alice.row('鲍勃').click();
    await expect(alice.lines).toContainText('鲍勃 通过了你的好友申请');
    await alice.send('你好');
    await expect(bob.message('你好')).toBeVisible();
  });

  await test.step('the request says what has become of it; the contact stands under its sound', async () => {
    await alice.openContacts();
    await expect(alice.page.getByRole('heading', { name: 'B', exact: true })).toBeVisible();
    await alice.page.getByRole('link', { name: '新的朋友' }).click();
    await expect(alice.page.getByRole('group', { name: '鲍勃' })).toContainText('已添加');
  });
});

test('requests that cross make friends at once; who is a friend already is told so', async ({ person }) => {
  const alice = await person('alice');
  const bob = await person('bob');
  await alice.register();
  await bob.register();
  // Both have the form open before either sends it.
  for (const [one, other] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    await one.page.getByRole('searchbox', { name: '找人' }).fill(other.username);
    await one.page.keyboard.press('Enter');
    await one.page.getByRole('button', { name: `查看 ${other.username} 的资料` }).click();
    await one.page.getByRole('button', { name: '添加到通讯录' }).click();
    await expect(one.page.getByRole('dialog').getByLabel('打招呼内容')).toBeVisible();
  }
  await alice.page.getByRole('button', { name: '发送好友申请' }).click();
  await expect(alice.page.getByText('好友申请已发送')).toBeVisible();
  await bob.page.getByRole('button', { name: '发送好友申请' }).click();
  await expect(bob.lines).toContainText(`你已添加 ${alice.username}`);
  await bob.send('快');
  await alice.page.getByRole('button', { name: '完成' }).click();
  await expect(alice.page.getByRole('button', { name: '发消息' })).toBeVisible();
  // Found again, the friend is one click from the chat.
  await alice.page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: /^聊天/ }).click();
  await alice.openChatWith(bob.username);
  await expect(alice.message('快')).toBeVisible();
  await alice.page.getByRole('button', { name: '聊天信息' }).click();
  const info = alice.page.getByRole('region', { name: '聊天信息' });
  await info.getByRole('link', { name: bob.username }).click();
  await expect(alice.page.getByRole('button', { name: '发消息' })).toBeVisible();
});

test('CT-3, CT-5: rejecting, blocking with a request, and a closed door', async ({ person }) => {
  const alice = await person('alice');
  const bob = await person('bob');
  await alice.register();
  await bob.register();
  await alice.ask(bob.username);
  await alice.page.getByRole('button', { name: '完成' }).click();
  await bob.openContacts();
  await bob.page.getByRole('link', { name: /^新的朋友/ }).click();
  await bob.page.getByRole('button', { name: `拒绝 ${alice.username} 的好友申请` }).click();
  await expect(bob.page.getByRole('group', { name: alice.username })).toContainText('已拒绝');
  await expect(
    bob.page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '通讯录', exact: true }),
  ).toBeVisible();

  await alice.page.getByRole('link', { name: '新的朋友' }).click();
  await expect(alice.page.getByRole('group', { name: bob.username })).toContainText('已拒绝');
  await alice.page.getByRole('button', { name: '重新申请' }).click();
  await alice.page.getByRole('button', { name: '发送好友申请' }).click();
  await alice.page.getByRole('button', { name: '完成' }).click();
  await bob.page.getByRole('button', { name: '加入黑名单' }).click();
  await looksRight(bob, 'block-question');
  await bob.page.getByRole('dialog').getByRole('button', { name: '加入黑名单' }).click();
  await bob.page.getByRole('link', { name: '黑名单' }).click();
  await expect(bob.page.getByRole('button', { name: `把 ${alice.username} 移出黑名单` })).toBeVisible();
  await looksRight(bob, 'blocked');

  // Alice is not told why: it is as if nobody could ask bob.
  await alice.page.getByRole('button', { name: '重新申请' }).click();
  await alice.page.getByRole('button', { name: '发送好友申请' }).click();
  await expect(alice.page.getByRole('dialog').getByRole('alert')).toContainText('对方设置了不接受好友申请');
  await looksRight(alice, 'refused');
  await alice.page.keyboard.press('Escape');
  await expect(alice.page.getByRole('dialog')).toBeHidden();

  await bob.page.getByRole('button', { name: `把 ${alice.username} 移出黑名单` }).click();
  await expect(bob.page.getByText('没有被拉黑的人')).toBeVisible();
});

test('CT-4: remark, star, block, delete on the profile card, live on both sides', async ({ person }) => {
  const alice = await person('alice');
  const bob = await person('bob');
  const carol = await person('carol');
  for (const who of [alice, bob, carol]) await who.register();
  await befriend(alice, bob);
  await befriend(alice, carol);
  const list = alice.page.getByRole('complementary', { name: '联系人列表' });
  await alice.openContacts();

  await test.step('a remark moves the contact to where it sounds', async () => {
    await list.getByRole('link', { name: bob.username }).click();
    await looksRight(alice, 'card');
    await alice.page.getByRole('button', { name: '设置备注' }).click();
    await alice.page.getByRole('textbox', { name: '备注名' }).fill('张三');
    await alice.page.keyboard.press('Enter');
    await expect(alice.page.getByRole('heading', { name: '张三', exact: true })).toBeVisible();
    await expect(list.getByRole('heading', { name: 'Z' })).toBeVisible();
    await expect(alice.page.getByRole('button', { name: '修改备注' })).toBeFocused();
  });

  await test.step('a star puts them first', async () => {
    await alice.page.getByRole('button', { name: '设为星标朋友' }).click();
    await expect(list.getByRole('heading', { name: '星标朋友' })).toBeVisible();
    await expect(list.locator('.sizer a').first()).toContainText('张三');
    await looksRight(alice, 'starred');
  });

  await test.step('they are found by how they sound, by keyboard', async () => {
    await list.getByRole('searchbox').fill('zhang');
    await expect(list.locator('.sizer a')).toHaveCount(1);
    await list.getByRole('searchbox').fill('没有这个人');
    await expect(list.getByText('没有符合')).toBeVisible();
    await list.getByRole('searchbox').press('Escape');
    await list.locator('.sizer a').first().focus();
    await alice.page.keyboard.press('ArrowDown');
    await alice.page.keyboard.press('Enter');
    await expect(alice.page.getByRole('heading', { name: carol.username, exact: true })).toBeVisible();
  });

  await test.step('blocked: neither can write, and the one who blocks sees why', async () => {
    await list.getByRole('link', { name: '张三' }).click();
    await alice.page.getByRole('button', { name: '加入黑名单' }).click();
    await alice.page.getByRole('dialog').getByRole('button', { name: '加入黑名单' }).click();
    await expect(alice.page.getByRole('button', { name: '移出黑名单' })).toBeVisible();
    await bob.row(alice.username).click();
    await bob.send('在吗');
    await expect(bob.message('在吗')).toHaveAttribute('data-status', 'failed');
    await expect(bob.page.getByText('被对方拒收了')).toBeVisible();
    await looksRight(bob, 'rejected');
    await alice.page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: /^聊天/ }).click();
    await alice.row('张三').click();
    await expect(alice.page.getByText('你已把对方加入黑名单')).toBeVisible();
    await expect(alice.composer).toBeHidden();
    await looksRight(alice, 'blocked-chat');
    await alice.page.getByRole('button', { name: '移出黑名单' }).click();
    await expect(alice.composer).toBeVisible();
    await bob.page.getByRole('button', { name: '重新发送' }).click();
    await expect(alice.message('在吗')).toBeVisible();
  });

  await test.step('deleted: the chat stays, and asking again makes friends at once', async () => {
    await alice.openContacts();
    await list.getByRole('link', { name: '张三' }).click();
    await alice.page.getByRole('button', { name: '删除联系人' }).click();
    await expect(alice.page.getByRole('dialog')).toContainText('聊天记录会保留');
    await alice.page.getByRole('dialog').getByRole('button', { name: '删除联系人' }).click();
    await expect(list.getByRole('link', { name: '张三' })).toBeHidden();
    await alice.page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: /^聊天/ }).click();
    await alice.row(bob.username).click();
    await alice.send('还在吗');
    await expect(alice.lines.getByText('还不是你的朋友')).toBeVisible();
    await looksRight(alice, 'not-friend');
    await alice.lines.getByRole('button', { name: '发送好友申请' }).click();
    await alice.page.getByRole('dialog').getByRole('button', { name: '发送好友申请' }).click();
    await expect(alice.page.getByRole('dialog')).toBeHidden();
    await alice.page.getByRole('button', { name: '重新发送' }).click();
    await expect(bob.message('还在吗')).toBeVisible();
  });
});

test('SH-8, CT-6, OF-4: contacts that cannot be had, and contacts without a network', async ({
  person,
  friends,
}) => {
  const [alice, bob] = await friends();
  await alice.openContacts();
  const list = alice.page.getByRole('complementary', { name: '联系人列表' });
  await expect(list.getByRole('link', { name: bob.username })).toBeVisible();

  alice.guard.serverAway = true;
  await alice.context.setOffline(true);
  await list.getByRole('link', { name: bob.username }).click();
  await expect(alice.page.getByRole('button', { name: '发消息' })).toBeDisabled();
  await expect(alice.page.getByText('恢复连接后才能操作')).toBeVisible();
  await looksRight(alice, 'offline');
  await alice.context.setOffline(false);
  await expect(alice.page.getByRole('button', { name: '发消息' })).toBeEnabled();
  alice.guard.serverAway = false;

  // A new device whose server answers everything but the list.
  const tablet = await person('tablet');
  let [refuse, refused] = [true, 0];
  await tablet.page.routeWebSocket('**/ws', (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      const frame = JSON.parse(String(message)) as { type: string; id: string };
      if (!refuse || frame.type !== 'contact.list') {
        server.send(message);
        return;
      }
      refused += 1;
      socket.send(JSON.stringify({ type: 'error', id: frame.id, error: { code: 'internal', message: '' } }));
    });
  });
  await tablet.page.goto('/login');
  await tablet.page.getByLabel('用户名', { exact: true }).fill(alice.username);
  await tablet.page.getByLabel('密码', { exact: true }).fill('correct horse battery 7');
  await tablet.page.keyboard.press('Enter');
  await tablet.openContacts();
  await expect(tablet.page.getByText('联系人加载失败')).toBeVisible();
  await looksRight(tablet, 'failed');
  // It tries again by itself too, so the button is there only as long as it fails.
  const before = refused;
  await tablet.page.getByRole('button', { name: '重试' }).click();
  await expect.poll(() => refused).toBeGreaterThan(before);
  refuse = false;
  await expect(tablet.page.getByRole('link', { name: bob.username })).toBeVisible();
});
