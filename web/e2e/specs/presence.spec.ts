import { befriend, expect, type Person, test } from '../fixtures/index.ts';
import { violations } from '../fixtures/look.ts';

test.use({ actionTimeout: 15_000 });

/** What stands below the name of the chat. */
function standing(who: Person) {
  return who.page.locator('main header .standing');
}

test('ML-22: others see who types, until they stop or their message comes', async ({ chat }) => {
  const [alice, bob] = await chat();
  await expect(standing(alice)).toHaveText('在线');

  await bob.composer.pressSequentially('在想');
  await expect(standing(alice)).toHaveText('对方正在输入…');
  await alice.page.screenshot({ path: 'screenshots/typing-zh-CN-light.png' });
  await bob.composer.fill('');
  await expect(standing(alice)).toHaveText('在线');

  await test.step('a message ends it at once', async () => {
    await bob.composer.pressSequentially('好的好的', { delay: 1_000 });
    await expect(standing(alice)).toHaveText('对方正在输入…');
    await bob.composer.press('Enter');
    await expect(alice.message('好的好的')).toBeVisible();
    await expect(standing(alice)).toHaveText('在线');
  });

  await test.step('so does leaving the chat, and a rest of a while', async () => {
    await bob.composer.pressSequentially('嗯嗯嗯嗯', { delay: 1_000 });
    await expect(standing(alice)).toHaveText('对方正在输入…');
    await bob.openContacts();
    await expect(standing(alice)).toHaveText('在线', { timeout: 3_000 });
    await bob.page.goBack();
    await bob.composer.pressSequentially('，，，，', { delay: 1_000 });
    await expect(standing(alice)).toHaveText('对方正在输入…');
    await expect(standing(alice)).toHaveText('在线');
  });
});

test('ML-22: in a group those who type are named', async ({ person }) => {
  const people: Person[] = [];
  for (const name of ['alice', 'bob', 'carol']) people.push(await person(name));
  const [alice, bob, carol] = people as [Person, Person, Person];
  for (const who of people) await who.register();
  const ids = await Promise.all(
    people.map(
      async (who) => (await who.api<{ user: { user_id: string } }>('GET', '/v1/users/me')).user.user_id,
    ),
  );
  for (const friend of [bob, carol]) await befriend(alice, friend);
  const { group } = await alice.api<{ group: { group_id: string } }>('POST', '/v1/groups', {
    name: '郊游',
    member_ids: ids.slice(1),
  });
  for (const who of people) await who.page.goto(`/c/${group.group_id}`);
  for (const who of people) await expect(standing(who)).toHaveText(/人在线$/);
  await bob.composer.pressSequentially('我');
  await carol.composer.pressSequentially('我');
  await expect(standing(alice)).toHaveText(`${bob.username}、${carol.username} 正在输入…`);
  await expect(alice.page.getByRole('heading', { name: '郊游（3）' })).toBeVisible();
  await expect(standing(alice)).toHaveText(/人在线$/);
});

test('ML-23: who is here is seen in the list, the chat and the profile, and never while we are away', async ({
  chat,
}) => {
  const [alice, bob] = await chat();
  const dot = alice.row(bob.username).getByRole('img', { name: '在线' });
  await expect(dot).toBeVisible();
  await expect(standing(alice)).toHaveText('在线');
  expect(await violations(alice)).toEqual([]);

  await test.step('in the profile', async () => {
    const { items } = await alice.api<{ items: { user_id: string }[] }>(
      'GET',
      `/v1/users/search?q=${bob.username}`,
    );
    const chat = alice.page.url();
    await alice.page.goto(`/u/${items[0]?.user_id}`);
    await expect(alice.page.getByRole('main').getByRole('img', { name: '在线' })).toBeVisible();
    await alice.page.screenshot({ path: 'screenshots/presence-person-zh-CN-light.png' });
    expect(await violations(alice)).toEqual([]);
    await alice.page.goto(chat);
    await expect(dot).toBeVisible();
  });

  await test.step('nothing is said while there is no connection', async () => {
    alice.guard.serverAway = true;
    await alice.context.setOffline(true);
    await expect(alice.banner).toContainText('网络');
    await expect(dot).toBeHidden();
    await expect(standing(alice)).toBeHidden();
    await alice.context.setOffline(false);
    await expect(dot).toBeVisible();
    alice.guard.serverAway = false;
  });

  await test.step('who goes was seen just now', async () => {
    await bob.page.close();
    await expect(dot).toBeHidden({ timeout: 30_000 });
    await expect(standing(alice)).toHaveText('刚刚在线');
    await alice.page.screenshot({ path: 'screenshots/last-seen-zh-CN-light.png' });
  });

  await test.step('unless they let nobody see it', async () => {
    await bob.api('PATCH', '/v1/users/me/settings', { see_last_seen: 'nobody' });
    const answered = alice.page
      .waitForEvent('websocket')
      .then((socket) =>
        socket.waitForEvent('framereceived', { predicate: ({ payload }) => payload.includes('"offline"') }),
      );
    await alice.page.reload();
    await answered;
    await expect(alice.page.getByRole('heading', { name: bob.username })).toBeVisible();
    await expect(standing(alice)).toBeHidden();
  });
});
