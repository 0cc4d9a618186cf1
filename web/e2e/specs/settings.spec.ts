import type { Locator } from '@playwright/test';
import { befriend, expect, PASSWORD, type Person, test } from '../fixtures/index.ts';
import { inspect, violations } from '../fixtures/look.ts';

test.use({ actionTimeout: 15_000 });

type MakePerson = (name: string, options?: object) => Promise<Person>;

let said = 0;

/** Somebody writes past the screen. */
async function write(who: Person, conversation: string, text: string, mentions?: object): Promise<void> {
  said += 1;
  await who.api('POST', '/v1/messages', {
    conversation_id: conversation,
    client_msg_id: `said-${said}`,
    content: { text: { text } },
    ...(mentions === undefined ? {} : { mentions }),
  });
}

async function idOf(who: Person): Promise<string> {
  return (await who.api<{ user: { user_id: string } }>('GET', '/v1/users/me')).user.user_id;
}

/** The id of the 1:1 of two. */
async function direct(from: Person, to: Person): Promise<string> {
  const answer = await from.api<{ conversation: { conversation_id: string } }>('POST', '/v1/conversations', {
    user_id: await idOf(to),
  });
  return answer.conversation.conversation_id;
}

/** Another device of somebody who is registered. */
async function deviceOf(who: Person, person: MakePerson): Promise<Person> {
  const device = await person('device');
  await device.page.goto('/login');
  await device.page.getByLabel('用户名', { exact: true }).fill(who.username);
  await device.page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await device.page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(device.page.getByRole('complementary', { name: '会话列表' })).toBeVisible();
  return device;
}

/** Friends of alice, past the screen. */
async function friends(alice: Person, person: MakePerson, names: readonly string[]): Promise<Person[]> {
  const made: Person[] = [];
  for (const name of names) {
    const friend = await person(name);
    await friend.signUp();
    await befriend(alice, friend);
    made.push(friend);
  }
  return made;
}

function rows(who: Person): Locator {
  return who.page.getByRole('complementary', { name: '会话列表' }).locator('ul').getByRole('link');
}

/** Whom the list shows, from the top. */
async function expectOrder(who: Person, names: readonly string[]): Promise<void> {
  await expect(rows(who).locator('.title')).toHaveText([...names]);
}

async function choose(who: Person, other: string, item: string): Promise<void> {
  await who.row(other).click({ button: 'right' });
  const menu = who.page.getByRole('menu', { name: '会话操作' });
  await menu.getByRole('menuitem', { name: item, exact: true }).click();
  await expect(menu).toBeHidden();
}

test('CL-3, CL-4, CL-5: pins, mutes, marks and hides are the same on two devices', async ({ person }) => {
  const alice = await person('alice');
  await alice.register();
  const [bob, carol, dave] = (await friends(alice, person, ['bob', 'carol', 'dave'])) as [
    Person,
    Person,
    Person,
  ];
  for (const friend of [bob, carol, dave]) await write(friend, await direct(friend, alice), '在吗？');
  const other = await deviceOf(alice, person);
  const both = [alice, other];
  for (const device of both) await expectOrder(device, [dave.username, carol.username, bob.username]);
  await expect(other.page).toHaveTitle('(3) 鸿雁');

  await test.step('what is pinned stands on top', async () => {
    await choose(alice, bob.username, '置顶');
    for (const device of both) await expectOrder(device, [bob.username, dave.username, carol.username]);
    await write(carol, await direct(carol, alice), '人呢？');
    for (const device of both) await expectOrder(device, [bob.username, carol.username, dave.username]);
    await choose(other, bob.username, '取消置顶');
    for (const device of both) await expectOrder(device, [carol.username, dave.username, bob.username]);
  });

  await test.step('what is muted has a bell and a dot, and does not count', async () => {
    await choose(alice, carol.username, '消息免打扰');
    for (const device of both) {
      await expect(device.row(carol.username).getByRole('img', { name: '消息免打扰' })).toBeVisible();
      await expect(device.row(carol.username)).toContainText('[2条]');
      await expect(device.page).toHaveTitle('(2) 鸿雁');
    }
    await choose(other, carol.username, '允许消息通知');
    for (const device of both) await expect(device.page).toHaveTitle('(4) 鸿雁');
  });

  await test.step('marked as read and as unread, until somebody looks', async () => {
    for (const friend of [bob, carol, dave]) await choose(alice, friend.username, '标为已读');
    for (const device of both) {
      await expect(device.page).toHaveTitle('鸿雁');
      await expect(device.page.locator('link[rel=icon]')).toHaveAttribute('href', '/favicon.svg');
    }
    await choose(alice, dave.username, '标为未读');
    for (const device of both) {
      await expect(device.row(dave.username)).toContainText('标为未读');
      await expect(device.page).toHaveTitle('(1) 鸿雁');
      await expect(device.page.locator('link[rel=icon]')).toHaveAttribute('href', '/favicon-unread.svg');
    }
    await other.row(dave.username).click();
    for (const device of both) {
      await expect(device.row(dave.username)).not.toContainText('标为未读');
      await expect(device.page).toHaveTitle('鸿雁');
    }
  });

  await test.step('what is hidden comes back with the next message', async () => {
    await choose(other, dave.username, '不显示');
    await expect(other.page).toHaveURL(/\/$/);
    for (const device of both) await expectOrder(device, [carol.username, bob.username]);
    await write(dave, await direct(dave, alice), '又是我');
    for (const device of both) await expectOrder(device, [dave.username, carol.username, bob.username]);
  });

  await test.step('a chat is cleared after a question', async () => {
    await alice.row(bob.username).click();
    await expect(alice.message('在吗？')).toBeVisible();
    await choose(other, bob.username, '清空聊天记录');
    const dialog = other.page.getByRole('dialog');
    await expect(dialog).toContainText(bob.username);
    await dialog.getByRole('button', { name: '取消' }).click();
    await expect(alice.message('在吗？')).toBeVisible();
    await choose(other, bob.username, '清空聊天记录');
    await dialog.getByRole('button', { name: '清空', exact: true }).click();
    await expect(alice.message('在吗？')).toHaveCount(0);
    for (const device of both) await expect(device.row(bob.username)).toContainText('还没有消息');
  });

  await test.step('and the same after a reload', async () => {
    await choose(alice, carol.username, '置顶');
    await expectOrder(other, [carol.username, dave.username, bob.username]);
    await other.page.reload();
    await expectOrder(other, [carol.username, dave.username, bob.username]);
  });
});

test('CL-5: the menu of a conversation by keyboard', async ({ person }) => {
  const alice = await person('alice');
  await alice.register();
  const [bob, carol] = (await friends(alice, person, ['bob', 'carol'])) as [Person, Person];
  await write(bob, await direct(bob, alice), '在吗？');
  await expectOrder(alice, [bob.username, carol.username]);
  const row = alice.row(bob.username);
  await alice.row(carol.username).focus();
  await alice.page.keyboard.press('ArrowUp');
  await expect(row).toBeFocused();
  await alice.page.keyboard.press('Shift+F10');
  const menu = alice.page.getByRole('menu', { name: '会话操作' });
  await expect(menu.getByRole('menuitem', { name: '置顶' })).toBeFocused();
  expect(await violations(alice)).toEqual([]);
  await alice.page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await expect(row).toBeFocused();
  await alice.page.keyboard.press('ContextMenu');
  await alice.page.keyboard.press('Enter');
  await expect(row).toContainText('已置顶');
  await expect(row).toBeFocused();

  await test.step('what is hidden leaves the focus to the row beside it', async () => {
    await alice.page.keyboard.press('ArrowDown');
    await alice.page.keyboard.press('Shift+F10');
    await menu.getByRole('menuitem', { name: '不显示' }).press('Enter');
    await expectOrder(alice, [bob.username]);
    await expect(row).toBeFocused();
  });
  await alice.page.keyboard.press('Enter');
  await expect(alice.message('在吗？')).toBeVisible();
});

test('CL-5: a finger that stays opens the menu, and not the chat', async ({ person }) => {
  const alice = await person('alice', { hasTouch: true, isMobile: true });
  await alice.register();
  const [bob] = (await friends(alice, person, ['bob'])) as [Person];
  await write(bob, await direct(bob, alice), '在吗？');
  await alice.page.setViewportSize({ width: 390, height: 844 });
  const row = alice.page.getByRole('main').getByRole('link').filter({ hasText: bob.username });
  await expect(row).toContainText('在吗？');
  const box = await row.boundingBox();
  const point = { x: (box?.x ?? 0) + 120, y: (box?.y ?? 0) + 30 };
  const cdp = await alice.context.newCDPSession(alice.page);
  const menu = alice.page.getByRole('menu', { name: '会话操作' });
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
  await expect(menu).toBeVisible();
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect(menu).toBeVisible();
  await menu.getByRole('menuitem', { name: '置顶' }).tap();
  await expect(row).toContainText('已置顶');
  await expect(alice.page).toHaveURL(/\/$/);
  await row.tap();
  await expect(alice.message('在吗？')).toBeVisible();
});

test('CO-4: a draft goes with its writer from device to device', async ({ person }) => {
  const alice = await person('alice');
  await alice.register();
  const [bob, carol] = (await friends(alice, person, ['bob', 'carol'])) as [Person, Person];
  const other = await deviceOf(alice, person);

  await test.step('begun here, shown there, gone on with there', async () => {
    await alice.row(bob.username).click();
    await alice.composer.fill('明天下午三点');
    await expect(alice.row(bob.username)).not.toContainText('[草稿]');
    await alice.row(carol.username).click();
    for (const device of [alice, other])
      await expect(device.row(bob.username)).toContainText('[草稿] 明天下午三点');
    await other.row(bob.username).click();
    await expect(other.composer).toHaveValue('明天下午三点');
    await other.composer.press('End');
    await other.composer.pressSequentially('见');
    await alice.row(bob.username).click();
    await expect(alice.composer).toHaveValue('明天下午三点见');
  });

  await test.step('sent, it is a draft no more', async () => {
    await other.composer.press('Enter');
    await expect(other.message('明天下午三点见')).toBeVisible();
    await expect(alice.message('明天下午三点见')).toBeVisible();
    await expect(alice.composer).toHaveValue('');
  });

  await test.step('what is being typed is not overwritten', async () => {
    await alice.composer.fill('这里写的');
    await other.composer.fill('那里写的');
    await other.row(carol.username).click();
    await expect(alice.composer).toHaveValue('这里写的');
    await alice.row(carol.username).click();
    for (const device of [alice, other])
      await expect(device.row(bob.username)).toContainText('[草稿] 这里写的');
  });

  await test.step('it is there again after a reload', async () => {
    await alice.row(bob.username).click();
    await alice.composer.fill('还没写完');
    await alice.page.reload();
    await expect(alice.composer).toHaveValue('还没写完');
  });
});

test('CL-2: whom a message names is told in the list until they have read it', async ({ person }) => {
  const alice = await person('alice');
  await alice.register();
  const [bob, carol] = (await friends(alice, person, ['bob', 'carol'])) as [Person, Person];
  const made = { name: '爬山', member_ids: [await idOf(alice), await idOf(carol)] };
  await befriend(bob, carol);
  const { group } = await bob.api<{ group: { group_id: string } }>('POST', '/v1/groups', made);
  await expect(alice.row('爬山')).toBeVisible();
  await write(bob, group.group_id, '你几点到？', { user_ids: [await idOf(alice)] });
  await expect(alice.row('爬山')).toContainText('[有人@我]');
  await alice.row('爬山').click();
  await expect(alice.message('你几点到？')).toBeVisible();
  await expect(alice.row('爬山')).not.toContainText('[有人@我]');
});

test('CO-8, ML-24: emojis by mouse and keyboard, for a text and for a reaction', async ({ person }) => {
  const alice = await person('alice');
  await alice.register();
  const [bob] = (await friends(alice, person, ['bob'])) as [Person];
  await write(bob, await direct(bob, alice), '周末去爬山吗？');
  await alice.row(bob.username).click();
  const panel = alice.page.getByRole('dialog', { name: '表情' });

  await test.step('into the text, where the caret stands', async () => {
    await alice.composer.fill('好啊！');
    await alice.page.getByRole('button', { name: '表情' }).click();
    await expect(panel.getByRole('searchbox')).toBeFocused();
    expect(await violations(alice)).toEqual([]);
    await panel.getByRole('button', { name: '加油' }).click();
    await expect(panel).toBeHidden();
    await expect(alice.composer).toBeFocused();
    await alice.composer.pressSequentially('走');
    await expect(alice.composer).toHaveValue('好啊！💪走');
    await alice.composer.press('Enter');
    await expect(alice.message('好啊！💪走')).toBeVisible();
  });

  await test.step('by keyboard alone: found by name, those taken last first', async () => {
    await alice.page.getByRole('button', { name: '表情' }).press('Enter');
    await expect(panel.getByRole('region', { name: '最近使用' }).getByRole('button')).toHaveText('💪');
    await panel.getByRole('searchbox').fill('山');
    await alice.page.keyboard.press('ArrowDown');
    await expect(panel.getByRole('button', { name: '山', exact: true })).toBeFocused();
    await alice.page.keyboard.press('Enter');
    await expect(alice.composer).toHaveValue('⛰️');
    await alice.page.getByRole('button', { name: '表情' }).press('Enter');
    await alice.page.keyboard.press('Escape');
    await expect(panel).toBeHidden();
    await expect(alice.page.getByRole('button', { name: '表情' })).toBeFocused();
  });

  await test.step('as a reaction', async () => {
    const message = alice.message('周末去爬山吗？');
    await message.locator('.bubble').click({ button: 'right' });
    await alice.page.getByRole('menuitem', { name: '更多表情' }).click();
    const reactions = alice.page.getByRole('dialog', { name: '回应' });
    await reactions.getByRole('searchbox').fill('撒花');
    await alice.page.keyboard.press('Enter');
    await expect(message.getByRole('button', { name: /^🎉/ })).toHaveAttribute('aria-pressed', 'true');
  });
});

test('ML-12, ML-15: a message is sent on, and a group tells who has read one', async ({ person }) => {
  const alice = await person('alice');
  await alice.register();
  const bob = await person('bob');
  await bob.register();
  await befriend(alice, bob);
  const [carol] = (await friends(alice, person, ['carol'])) as [Person];
  const made = { name: '爬山', member_ids: [await idOf(bob), await idOf(carol)] };
  await alice.api('POST', '/v1/groups', made);
  await alice.row('爬山').click();
  await alice.send('周日早上七点，地铁站 A 口见');
  const message = alice.message('周日早上七点，地铁站 A 口见');
  await expect(message).toHaveAttribute('data-status', 'sent');
  await bob.row('爬山').click();
  await expect(bob.message('周日早上七点，地铁站 A 口见')).toBeVisible();
  const menu = alice.page.getByRole('menu', { name: '消息操作' });

  await test.step('who has read it', async () => {
    await expect(async () => {
      await message.locator('.bubble').click({ button: 'right' });
      await menu.getByRole('menuitem', { name: '已读情况' }).click();
      const dialog = alice.page.getByRole('dialog');
      try {
        await expect(dialog.getByRole('region', { name: '已读（1）' })).toContainText(bob.username, {
          timeout: 2_000,
        });
        await expect(dialog.getByRole('region', { name: '未读（1）' })).toContainText(carol.username);
        expect(await violations(alice)).toEqual([]);
        await alice.page.screenshot({ path: 'screenshots/settings-receipts.png' });
      } finally {
        await dialog.getByRole('button', { name: '关闭' }).click();
      }
    }).toPass();
  });

  await test.step('sent on to a chat that is found by its name', async () => {
    await message.locator('.bubble').click({ button: 'right' });
    await menu.getByRole('menuitem', { name: '转发' }).click();
    const dialog = alice.page.getByRole('dialog', { name: '转发给' });
    await dialog.getByRole('searchbox').fill(bob.username);
    await dialog.getByRole('checkbox').check();
    expect(await violations(alice)).toEqual([]);
    await alice.page.screenshot({ path: 'screenshots/settings-forward.png' });
    await dialog.getByRole('button', { name: '转发（1）' }).click();
    await expect(alice.page.getByTestId('toast')).toHaveText('已转发');
    const chat = rows(bob).filter({ has: bob.page.locator('.title', { hasText: alice.username }) });
    await chat.click();
    await expect(bob.message('周日早上七点，地铁站 A 口见')).toBeVisible();
  });
});

test('the list, the drawers and the panel: axe, both themes, both languages, and a phone', async ({
  person,
}) => {
  test.setTimeout(240_000);
  const alice = await person('alice');
  await alice.register();
  const nicknames = ['张小明', 'Bob', '欧阳娜娜', 'Émile', '阿明', 'Zoë', '李雷', '韩梅梅'];
  const made = await friends(
    alice,
    person,
    nicknames.map((_, at) => `friend${at}`),
  );
  for (const [at, friend] of made.entries())
    await friend.api('PATCH', '/v1/users/me', { nickname: nicknames[at] });
  const ids = await Promise.all(made.map(idOf));
  const groups: string[] = [];
  for (const [name, count] of [
    ['周末爬山', 8],
    ['产品设计评审与需求讨论', 4],
    ['三人行', 2],
  ] as const) {
    const member_ids = ids.slice(0, count);
    const { group } = await alice.api<{ group: { group_id: string } }>('POST', '/v1/groups', {
      name,
      member_ids,
    });
    groups.push(group.group_id);
  }
  const chats = await Promise.all(made.map((friend) => direct(friend, alice)));
  const [first, second, third, fourth, fifth] = made as [Person, Person, Person, Person, Person];
  await write(fifth, chats[4] ?? '', '明天下午的会改到三点，地点不变。');
  await write(third, chats[2] ?? '', '照片收到了吗？');
  await write(fourth, chats[3] ?? '', 'See you tomorrow!');
  for (const text of ['早', '到公司了', '会议室订好了']) await write(second, groups[1] ?? '', text);
  await write(first, groups[2] ?? '', '周五一起吃饭？');
  const set = (id: string | undefined, change: object) =>
    alice.api('PATCH', `/v1/conversations/${id}`, change);
  await set(groups[2], { pinned: true });
  await set(chats[4], { pinned: true });
  await set(groups[1], { muted: true });
  await set(chats[1], { draft: '周末有空的话，我们一起去看展吧' });
  await alice.api('POST', `/v1/conversations/${chats[3]}/mark_read`, { seq: 9 });
  await set(chats[3], { marked_unread: true });
  await alice.page.goto(`/c/${chats[4]}?info=info`);
  await inspect(alice, 'direct-info');
  await alice.page.goto(`/c/${groups[0]}?info=info`);
  await inspect(alice, 'group-info-settings');
  await write(first, groups[0] ?? '', '大家几点到？', { user_ids: [await idOf(alice)] });
  await alice.page.goto(`/c/${chats[4]}`);
  await inspect(alice, 'list-settings');
  for (const [theme, locale] of [
    ['light', 'zh-CN'],
    ['dark', 'en'],
  ] as const) {
    await alice.page.evaluate(
      ([t, l]) => {
        localStorage.setItem('hongyan.theme', t ?? '');
        localStorage.setItem('hongyan.locale', l ?? '');
      },
      [theme, locale],
    );
    for (const [width, height, size] of [
      [1280, 800, 'desktop'],
      [390, 844, 'phone'],
    ] as const) {
      await alice.page.setViewportSize({ width, height });
      await alice.page.goto('/');
      const row = alice.page.getByRole('link').filter({ hasText: '产品设计评审' });
      await row.click({ button: 'right' });
      await expect(alice.page.getByRole('menu')).toBeVisible();
      await alice.page.screenshot({ path: `screenshots/settings-menu-${theme}-${size}.png` });
      expect(await violations(alice)).toEqual([]);
      await alice.page.goto(`/c/${chats[4]}`);
      await alice.page.getByRole('button', { name: /^(表情|Emoji)$/ }).click();
      await expect(alice.page.getByRole('searchbox', { name: /搜索表情|Search emoji/ })).toBeVisible();
      await alice.page.screenshot({ path: `screenshots/settings-emoji-${theme}-${size}.png` });
      expect(await violations(alice)).toEqual([]);
      await alice.page.goto(`/c/${chats[4]}?info=info`);
      await expect(alice.page.getByRole('switch').first()).toBeVisible();
      await alice.page.screenshot({ path: `screenshots/settings-drawer-${theme}-${size}.png` });
    }
  }
});
