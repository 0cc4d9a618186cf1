import { befriend, expect, test } from '../fixtures/index.ts';
import { inspect, violations } from '../fixtures/look.ts';

test.use({ actionTimeout: 15_000 });

test('ML-1, ML-29: links, what is bold, and code are shown as such, and never as markup', async ({
  friends,
}) => {
  test.setTimeout(180_000);
  const [alice, bob] = await friends();
  await alice.row(bob.username).click();
  await bob.row(alice.username).click();
  const text = 'see **this**: `x < 1`, https://a.example/path. <b>no</b>';
  await alice.send(text);
  await alice.send('```cpp\nint main() {\n  return 0;\n}\n```');
  await alice.send('👍🏽');
  const bubble = (has: string) => bob.messages.filter({ hasText: has }).locator('.bubble');
  await expect(bubble('see').locator('strong')).toHaveText('this');
  await expect(bubble('see').locator('code')).toHaveText('x < 1');
  await expect(bubble('see').getByRole('link')).toHaveAttribute('href', 'https://a.example/path');
  await expect(bubble('see').getByRole('link')).toHaveAttribute('rel', 'noopener noreferrer');
  await expect(bubble('see').locator('.text')).toHaveText(
    'see this: x < 1, https://a.example/path. <b>no</b>',
  );
  await expect(bubble('int main').locator('.block code')).toHaveText('int main() {\n  return 0;\n}');
  await expect(bubble('👍🏽').locator('.big')).toBeVisible();
  await bob.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await bubble('int main').getByRole('button', { name: '复制代码' }).click();
  await expect(bob.page.getByTestId('toast')).toHaveText('已复制');
  expect(await bob.page.evaluate(() => navigator.clipboard.readText())).toBe('int main() {\n  return 0;\n}');

  await test.step('what is edited is what was written', async () => {
    await alice.messages.filter({ hasText: 'see' }).locator('.bubble').click({ button: 'right' });
    await alice.page.getByRole('menuitem', { name: '编辑' }).click();
    await expect(alice.composer).toHaveValue(text);
    await alice.page.keyboard.press('Escape');
  });
  await test.step('a picture leads to the profile', async () => {
    await bob.messages.first().getByTitle(`查看 ${alice.username} 的资料`).click();
    await expect(bob.page).toHaveURL(/\/u\/\d+$/);
    await bob.page.goBack();
    await expect(bubble('see')).toBeVisible();
  });
  await inspect(alice, 'text-pieces-own');
  await inspect(bob, 'text-pieces');
});

test('KEY-2, KEY-4, KEY-5, KEY-9, KEY-11: from chat to chat by keys, and the list of the keys', async ({
  person,
}) => {
  const alice = await person('alice');
  await alice.register();
  const others = [await person('bob'), await person('carol')];
  for (const other of others) {
    await other.signUp();
    await befriend(alice, other);
  }
  const heading = alice.page.getByRole('heading', { level: 1 });
  await alice.page.keyboard.press('Alt+ArrowDown');
  await expect(heading).toHaveText(others[1]?.username ?? '');
  await alice.page.keyboard.press('Alt+ArrowDown');
  await expect(heading).toHaveText(others[0]?.username ?? '');
  await alice.page.keyboard.press('Alt+ArrowUp');
  await expect(heading).toHaveText(others[1]?.username ?? '');
  await test.step('what is known of the chat, the text box and the search have keys of their own', async () => {
    const info = alice.page.getByRole('button', { name: '聊天信息' });
    await alice.page.keyboard.press('Control+.');
    await expect(info).toHaveAttribute('aria-expanded', 'true');
    await alice.page.keyboard.press('Control+.');
    await expect(info).toHaveAttribute('aria-expanded', 'false');
    await alice.page.getByRole('feed').focus();
    await alice.page.keyboard.type('typed');
    await expect(alice.composer).toHaveValue('typed');
    await alice.composer.fill('answer me');
    await alice.composer.press('Enter');
    await expect(alice.message('answer me')).toHaveAttribute('data-status', 'sent');
    await alice.message('answer me').locator('.bubble').click({ button: 'right' });
    await alice.page.getByRole('menuitem', { name: '引用' }).click();
    const answering = alice.page.getByTestId('composer-bar');
    await expect(answering).toBeVisible();
    await alice.page.getByRole('feed').focus();
    await alice.page.keyboard.press('Escape');
    await expect(answering).toBeHidden();
    await alice.page.keyboard.press('Control+k');
    await expect(alice.page.getByRole('searchbox').first()).toBeFocused();
  });
  await alice.page.keyboard.press('Control+/');
  const dialog = alice.page.getByRole('dialog', { name: '键盘快捷键' });
  await expect(dialog).toBeVisible();
  await alice.page.screenshot({ path: 'screenshots/shortcuts.png' });
  expect(await violations(alice)).toEqual([]);
  await alice.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});
