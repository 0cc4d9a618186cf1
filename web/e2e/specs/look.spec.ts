import { befriend, expect, type Person, test } from '../fixtures/index.ts';
import { inspect, violations } from '../fixtures/look.ts';

test('AX-6: login and registration: axe, both themes, both languages', async ({ person }) => {
  const guest = await person('guest');
  const response = await guest.page.goto('/login');
  const policy = response?.headers()['content-security-policy'] ?? '';
  for (const part of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "require-trusted-types-for 'script'",
  ]) {
    expect(policy).toContain(part);
  }
  await inspect(guest, 'login');
  await guest.page.goto('/register');
  await expect(guest.page.locator('input').first()).toBeVisible();
  await guest.page.locator('button[type=submit]').click();
  await expect(guest.page.locator('[aria-invalid=true]').first()).toBeVisible();
  await guest.page.screenshot({ path: 'screenshots/register-errors.png' });
  expect(await violations(guest)).toEqual([]);
});

test('SH-1, SH-2, SH-3, SH-4, AX-5, AX-6: chat: axe, both themes, both languages, and a phone', async ({
  person,
}) => {
  const alice = await person('alice');
  const bob = await person('bob');
  const carol = await person('carol');
  for (const who of [alice, bob, carol]) await who.register();
  await befriend(carol, alice);
  await befriend(alice, bob);
  await carol.openChatWith(alice.username);
  await carol.send('明天下午的会改到三点，地点不变。');
  await alice.openChatWith(bob.username);
  await alice.send('周末去爬山吗？');
  await bob.row(alice.username).click();
  await bob.send('好啊！几点出发？');
  await expect(alice.message('好啊！几点出发？')).toBeVisible();
  await alice.send('早上七点，在地铁站 A 口见。\n记得带水和帽子，天气预报说有 28 度，可能会有点晒。');
  await bob.send('👍 没问题');
  await bob.send(
    'A rather long English sentence, to see where the lines of a bubble break and how wide it may grow at most.',
  );
  await expect(alice.message('👍 没问题')).toBeVisible();
  await expect(alice.message('周末去爬山吗？')).toHaveAttribute('data-status', 'sent');
  await inspect(alice, 'chat');

  await alice.page.setViewportSize({ width: 390, height: 844 });
  await inspect(alice, 'phone-chat');
  await alice.page.getByRole('link', { name: /Back|返回/ }).click();
  await expect(alice.page).toHaveURL(/\/$/);
  await inspect(alice, 'phone-list');
  const overflow = await alice.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

test('AX-3, AX-6: devices and dialog: axe', async ({ person }) => {
  const alice = await person('alice');
  await alice.register();
  await alice.openSettings('登录设备');
  await expect(alice.page.getByText('本机')).toBeVisible();
  await alice.page.screenshot({ path: 'screenshots/devices.png' });
  expect(await violations(alice)).toEqual([]);
  await alice.page.getByRole('button', { name: '退出登录' }).click();
  await expect(alice.page.getByRole('dialog')).toBeVisible();
  await alice.page.screenshot({ path: 'screenshots/dialog.png' });
  expect(await violations(alice)).toEqual([]);
});

test('AX-6: contacts: axe, both themes, both languages, and a phone', async ({ person }) => {
  test.setTimeout(180_000);
  const alice = await person('alice');
  await alice.register();
  const nicknames = ['张小明', 'Bob', '阿明', '9号楼快递', 'Émile', '欧阳娜娜', 'Zoë'];
  for (const [at, nickname] of nicknames.entries()) {
    const friend = await person(`friend${at}`);
    if (at < 5) {
      await friend.signUp();
      await befriend(alice, friend);
    } else {
      await friend.register();
      await friend.ask(alice.username);
    }
    await friend.api('PATCH', '/v1/users/me', { nickname, signature: '山高水长', region: '杭州' });
  }
  await alice.openContacts();
  await alice.page.getByRole('link', { name: /新的朋友.*2 个待处理/ }).click();
  await inspect(alice, 'new-friends');
  await alice.page.locator('.sizer a').first().click();
  await expect(alice.page.locator('dl')).toBeVisible();
  await inspect(alice, 'person');

  await alice.page.setViewportSize({ width: 390, height: 844 });
  await inspect(alice, 'phone-person');
  await alice.page.goto('/contacts/new');
  await inspect(alice, 'phone-new-friends');
  await alice.page.getByRole('link', { name: 'Back' }).click();
  await inspect(alice, 'phone-contacts');
  await alice.page.getByRole('button', { name: 'Add friend' }).first().click();
  await alice.page.screenshot({ path: 'screenshots/phone-add-friend.png' });
  expect(await violations(alice)).toEqual([]);
  await alice.page.setViewportSize({ width: 320, height: 640 });
  const overflow = await alice.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

test('AX-6: groups: axe, both themes, both languages, and a phone', async ({ person }) => {
  test.setTimeout(300_000);
  const alice = await person('alice');
  await alice.register();
  const nicknames = ['张小明', 'Bob', '一个名字特别特别长、长到一行放不下的人', 'Émile', '欧阳娜娜', 'Zoë'];
  const ids: string[] = [];
  const friends: Person[] = [];
  for (const [at, nickname] of nicknames.entries()) {
    const friend = await person(`friend${at}`);
    await (at === 0 ? friend.register() : friend.signUp());
    await befriend(alice, friend);
    const { user } = await friend.api<{ user: { user_id: string } }>('PATCH', '/v1/users/me', { nickname });
    ids.push(user.user_id);
    friends.push(friend);
  }
  const groups = '/v1/groups';
  const made = { name: '周末一起去爬山的大家还有临时来的朋友们', member_ids: ids };
  const { group } = await alice.api<{ group: { group_id: string } }>('POST', groups, made);
  await alice.api('POST', groups, { name: '', member_ids: ids.slice(0, 3) });
  const path = `${groups}/${group.group_id}`;
  await alice.api('PATCH', `${path}/members/${ids[0]}`, { role: 'admin' });
  await alice.api('PATCH', `${path}/members/${ids[2]}`, { muted_until_ms: Date.now() + 3_600_000 });
  await alice.api('POST', `${path}/notices`, {
    text: '周日早上七点，在地铁站 A 口见。\n记得带水和帽子，天气预报说有 28 度，可能会有点晒。\n下雨就改到下周。\n\n有事提前说一声。',
  });
  await alice.page.reload();
  const [friend] = friends;
  await friend?.row('周末一起去').click();
  await friend?.send('好啊！几点出发？');
  await alice.row('周末一起去').click();
  await expect(alice.message('好啊！几点出发？')).toBeVisible();
  await alice.send('早上七点，在地铁站 A 口见。');
  await expect(alice.message('早上七点，在地铁站 A 口见。')).toHaveAttribute('data-status', 'sent');
  await inspect(alice, 'group-chat');
  await alice.page.goto(`/c/${group.group_id}?info=info`);
  await inspect(alice, 'group-info');
  await alice.page.goto(`/c/${group.group_id}?info=members`);
  await inspect(alice, 'group-members');
  await alice.page.setViewportSize({ width: 1000, height: 700 });
  await alice.page.screenshot({ path: 'screenshots/group-members-over.png' });

  await alice.page.setViewportSize({ width: 390, height: 844 });
  await inspect(alice, 'phone-group-members');
  await alice.page.goto(`/c/${group.group_id}?info=info`);
  await inspect(alice, 'phone-group-info');
  await alice.page.goto(`/c/${group.group_id}`);
  await inspect(alice, 'phone-group-chat');
  await alice.page.goto('/');
  await alice.page.getByRole('button', { name: 'Add', exact: true }).click();
  await alice.page.getByRole('menuitem', { name: 'Start a group' }).click();
  await alice.page.getByRole('checkbox').first().check();
  await alice.page.screenshot({ path: 'screenshots/phone-create-group.png' });
  expect(await violations(alice)).toEqual([]);
  await alice.page.setViewportSize({ width: 320, height: 640 });
  await alice.page.screenshot({ path: 'screenshots/small-create-group.png' });
  const overflow = await alice.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
