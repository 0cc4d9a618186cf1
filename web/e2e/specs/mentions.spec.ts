import type { Locator } from '@playwright/test';
import { befriend, expect, type Person, test } from '../fixtures/index.ts';
import { inspect, violations } from '../fixtures/look.ts';

test.use({ actionTimeout: 15_000 });

const GROUP = '周末爬山';

/** A group that alice leads, open on the screens of all three. Bob is called 李雷 in it. */
async function group(person: (name: string) => Promise<Person>): Promise<[Person, Person, Person]> {
  const [alice, bob, carol] = [await person('alice'), await person('bob'), await person('carol')];
  for (const who of [alice, bob, carol]) await who.register();
  await befriend(alice, bob);
  await befriend(alice, carol);
  // By the sound of this the server finds him.
  await bob.api('PATCH', '/v1/users/me', { nickname: '李雷' });
  const ids = await Promise.all([bob, carol].map(idOf));
  const path = '/v1/groups';
  const made = await alice.api<{ group: { group_id: string } }>('POST', path, {
    name: GROUP,
    member_ids: ids,
  });
  const place = `${path}/${made.group.group_id}/members/${ids[0]}`;
  await bob.api('PATCH', place, { nickname: '李雷' });
  for (const who of [alice, bob, carol]) await who.row(GROUP).click();
  return [alice, bob, carol];
}

async function idOf(who: Person): Promise<string> {
  const { user } = await who.api<{ user: { user_id: string } }>('GET', '/v1/users/me');
  return user.user_id;
}

function list(who: Person): Locator {
  return who.page.getByRole('listbox', { name: '选择要提醒的人' });
}

function marked(who: Person, text: string): Locator {
  return who.messages.filter({ hasText: text }).locator('.mention');
}

test('CO-7, ML-18, CL-2: a member is named while writing, and sees it', async ({ person }) => {
  test.setTimeout(180_000);
  const [alice, bob, carol] = await group(person);

  await test.step('the list, by keyboard', async () => {
    await alice.composer.pressSequentially('你好 @');
    await expect(list(alice).getByRole('option')).toHaveText([/所有人/, /李雷/, new RegExp(carol.username)]);
    await alice.page.screenshot({ path: 'screenshots/mentions-list.png' });
    expect(await violations(alice)).toEqual([]);
    await alice.composer.press('Escape');
    await expect(list(alice)).toBeHidden();
    await alice.composer.press('Backspace');
    await alice.composer.pressSequentially('@lilei');
    await expect(list(alice).getByRole('option')).toHaveText([/李雷/]);
    await alice.composer.press('Enter');
    await expect(alice.composer).toHaveValue('你好 @李雷\u2005');
    await alice.composer.pressSequentially('@car');
    await list(alice).getByRole('option').click();
    await expect(alice.composer).toBeFocused();
    await alice.composer.press('Backspace');
    await expect(alice.composer).toHaveValue('你好 @李雷\u2005');
  });

  await test.step('who is named is told so in the list, and sees it stand out', async () => {
    await bob.page.goto('/');
    await carol.page.goto('/');
    await alice.composer.press('Enter');
    await expect(bob.row(GROUP)).toContainText('[有人@我]');
    await expect(carol.row(GROUP)).toContainText('你好 @李雷');
    await expect(carol.row(GROUP)).not.toContainText('[有人@我]');
    await bob.row(GROUP).click();
    await carol.row(GROUP).click();
    await expect(marked(bob, '你好')).toHaveText('@李雷\u2005');
    await expect(marked(bob, '你好')).toHaveClass(/mine/);
    await expect(marked(carol, '你好')).not.toHaveClass(/mine/);
    await expect(bob.row(GROUP)).not.toContainText('[有人@我]');
  });

  await test.step('only who leads names everybody', async () => {
    await bob.composer.pressSequentially('@');
    await expect(list(bob).getByRole('option')).toHaveCount(2);
    await bob.composer.press('Escape');
    await alice.composer.pressSequentially('@all');
    await alice.composer.press('Tab');
    await alice.composer.pressSequentially('七点集合');
    await carol.page.goto('/');
    await alice.composer.press('Enter');
    await expect(carol.row(GROUP)).toContainText('[有人@我]');
    await carol.row(GROUP).click();
    await expect(marked(carol, '七点集合')).toHaveClass(/mine/);
  });

  await test.step('a draft keeps whom it names', async () => {
    await alice.composer.pressSequentially('@李');
    await alice.composer.press('Enter');
    await alice.composer.pressSequentially('到了吗');
    await alice.page.goto('/');
    await alice.row(GROUP).click();
    await expect(alice.composer).toHaveValue('@李雷\u2005到了吗');
    // Whom a name means is known once the members are.
    await alice.composer.pressSequentially('@');
    await expect(list(alice).getByRole('option')).toHaveCount(3);
    await alice.composer.press('Backspace');
    await expect(list(alice)).toBeHidden();
    await alice.composer.press('Enter');
    await expect(marked(bob, '到了吗')).toHaveClass(/mine/);
  });

  await test.step('in both themes, and on a phone', async () => {
    await inspect(bob, 'mentions-chat');
    await bob.page.setViewportSize({ width: 390, height: 844 });
    await bob.page.getByRole('textbox').pressSequentially('@');
    await expect(bob.page.getByRole('listbox')).toBeVisible();
    await bob.page.screenshot({ path: 'screenshots/mentions-phone-dark.png' });
    expect(await violations(bob)).toEqual([]);
  });
});

test('CO-7: in a chat of two, and in an address, an @ is an @', async ({ friends }) => {
  const [alice, bob] = await friends();
  await alice.openChatWith(bob.username);
  await alice.composer.pressSequentially('@');
  await alice.composer.press('Enter');
  await expect(alice.message('@')).toHaveAttribute('data-status', 'sent');
});
