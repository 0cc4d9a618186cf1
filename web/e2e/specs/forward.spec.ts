import type { Locator } from '@playwright/test';
import { befriend, expect, type Person, test } from '../fixtures/index.ts';
import { violations } from '../fixtures/look.ts';

test.use({ actionTimeout: 15_000 });

/** Alice, who knows bob and carol, in the chat with bob, which is open on both sides and has three messages. */
async function chat(person: (name: string) => Promise<Person>): Promise<[Person, Person, Person]> {
  const [alice, bob, carol] = [await person('alice'), await person('bob'), await person('carol')];
  for (const who of [alice, bob, carol]) await who.register();
  await befriend(alice, bob);
  await befriend(alice, carol);
  await alice.row(bob.username).click();
  await bob.row(alice.username).click();
  for (const [from, text] of [
    [alice, '周末去哪儿？'],
    [bob, '去爬山'],
    [alice, '几点？'],
  ] as const) {
    await from.send(text);
    for (const who of [alice, bob]) await expect(who.message(text)).toBeVisible();
    await expect(from.message(text)).toHaveAttribute('data-status', 'sent');
  }
  return [alice, bob, carol];
}

async function select(who: Person, text: string): Promise<void> {
  await who.message(text).locator('.bubble').click({ button: 'right' });
  await who.page.getByRole('menuitem', { name: '多选' }).click();
}

function box(who: Person, text: string): Locator {
  return who.page.getByRole('checkbox', { name: new RegExp(`${text}$`) });
}

function bar(who: Person): Locator {
  return who.page.getByRole('toolbar', { name: '多选消息' });
}

/** Chooses where to in the dialog that is open. */
async function sendTo(who: Person, ...others: readonly Person[]): Promise<void> {
  const dialog = who.page.getByRole('dialog', { name: '转发给' });
  for (const other of others) await dialog.getByRole('checkbox', { name: other.username }).check();
  await dialog.getByRole('button', { name: /^转发/ }).click();
  await expect(dialog).toBeHidden();
}

test('ML-16, ML-27: several messages are sent on as one, and read', async ({ person }) => {
  test.setTimeout(180_000);
  const [alice, bob, carol] = await chat(person);

  await test.step('they are chosen by clicks, in a row with Shift, and by keyboard; Escape leaves', async () => {
    await select(alice, '周末去哪儿？');
    await expect(bar(alice)).toContainText('已选 1 条');
    await expect(bar(alice)).toBeFocused();
    await expect(alice.composer).toBeHidden();
    await box(alice, '几点？').click({ modifiers: ['Shift'] });
    await expect(bar(alice)).toContainText('已选 3 条');
    await box(alice, '去爬山').click();
    await expect(bar(alice)).toContainText('已选 2 条');
    await alice.page.screenshot({ path: 'screenshots/forward-select.png' });
    expect(await violations(alice)).toEqual([]);
    await alice.page.getByRole('feed').focus();
    await alice.page.keyboard.press('ArrowUp');
    await alice.page.keyboard.press('ArrowUp');
    await alice.page.keyboard.press('Space');
    await expect(bar(alice)).toContainText('已选 3 条');
    await alice.page.keyboard.press('Escape');
    await expect(bar(alice)).toBeHidden();
    await expect(alice.composer).toBeFocused();
  });

  await test.step('as one, to two conversations', async () => {
    await select(alice, '周末去哪儿？');
    await box(alice, '去爬山').click();
    await bar(alice).getByRole('button', { name: '合并转发' }).click();
    const dialog = alice.page.getByRole('dialog', { name: '转发给' });
    await expect(dialog).toContainText(`[合并转发] ${alice.username}和${bob.username}的聊天记录（2 条）`);
    expect(await violations(alice)).toEqual([]);
    await sendTo(alice, carol, bob);
    await expect(alice.page.getByTestId('toast')).toHaveText('已转发');
    await expect(bar(alice)).toBeHidden();
    await expect(carol.row(alice.username)).toContainText(
      `[聊天记录] ${alice.username}和${bob.username}的聊天记录`,
    );
  });

  await test.step('who gets it reads who has said what, without knowing them', async () => {
    await carol.row(alice.username).click();
    const card = carol.page.getByTestId('merged');
    await expect(card).toContainText(`${bob.username}：去爬山`);
    await expect(card).toContainText('聊天记录（2 条）');
    await carol.page.screenshot({ path: 'screenshots/forward-card.png' });
    expect(await violations(carol)).toEqual([]);
    await card.click();
    const viewer = carol.page.getByRole('dialog', { name: /的聊天记录$/ });
    await expect(viewer.getByRole('listitem')).toHaveCount(2);
    await expect(viewer.getByRole('listitem').first()).toContainText('周末去哪儿？');
    await carol.page.screenshot({ path: 'screenshots/forward-viewer.png' });
    expect(await violations(carol)).toEqual([]);
    await carol.page.keyboard.press('Escape');
    await expect(viewer).toBeHidden();
    await expect(card).toBeFocused();
  });

  await test.step('one inside another is its title; a quote of it, too', async () => {
    await select(bob, '几点？');
    await bob.page.getByRole('checkbox', { name: /\[聊天记录\]/ }).click();
    await bar(bob).getByRole('button', { name: '合并转发' }).click();
    await sendTo(bob, alice);
    const outer = alice.page.getByTestId('merged').last();
    await expect(outer).toContainText('几点？');
    await outer.click();
    const viewer = alice.page.getByRole('dialog');
    await expect(viewer).toContainText(`[聊天记录] ${alice.username}和${bob.username}的聊天记录`);
    await viewer.getByRole('button', { name: '关闭' }).click();
    await outer.click({ button: 'right' });
    await alice.page.getByRole('menuitem', { name: '引用' }).click();
    await alice.send('看看');
    await expect(bob.message('看看').getByTestId('quote')).toContainText('[聊天记录]');
    await bob.page.reload();
    await expect(bob.message('看看').getByTestId('quote')).toContainText('[聊天记录]');
    await expect(bob.page.getByTestId('merged')).toHaveCount(2);
  });

  await test.step('on a phone, in the dark', async () => {
    await carol.page.emulateMedia({ colorScheme: 'dark' });
    await carol.page.setViewportSize({ width: 390, height: 844 });
    await carol.page.getByTestId('merged').click();
    await carol.page.screenshot({ path: 'screenshots/forward-viewer-phone-dark.png' });
    expect(await violations(carol)).toEqual([]);
    await carol.page.getByRole('button', { name: '关闭' }).click();
    await carol.page.getByTestId('merged').click({ button: 'right' });
    await carol.page.getByRole('menuitem', { name: '多选' }).click();
    await expect(bar(carol)).toBeVisible();
    await carol.page.screenshot({ path: 'screenshots/forward-select-phone-dark.png' });
    expect(await violations(carol)).toEqual([]);
  });
});

test('ML-16: several are sent on one by one, and deleted for oneself', async ({ person }) => {
  test.setTimeout(180_000);
  const [alice, bob, carol] = await chat(person);
  await select(alice, '几点？');
  await box(alice, '周末去哪儿？').click();
  await bar(alice).getByRole('button', { name: '逐条转发' }).click();
  await expect(alice.page.getByRole('dialog', { name: '转发给' })).toContainText('[逐条转发] 共 2 条消息');
  await sendTo(alice, carol);
  await carol.row(alice.username).click();
  await expect.poll(() => carol.texts()).toEqual(['周末去哪儿？', '几点？']);

  await select(alice, '几点？');
  await box(alice, '去爬山').click();
  await bar(alice).getByRole('button', { name: '删除' }).click();
  const dialog = alice.page.getByRole('dialog', { name: '删除这 2 条消息？' });
  await dialog.getByRole('button', { name: '取消' }).click();
  await expect(bar(alice)).toContainText('已选 2 条');
  await bar(alice).getByRole('button', { name: '删除' }).click();
  await dialog.getByRole('button', { name: '删除' }).click();
  await expect.poll(() => alice.texts()).toEqual(['周末去哪儿？']);
  await expect(bar(alice)).toBeHidden();
  expect(await bob.texts()).toEqual(['周末去哪儿？', '去爬山', '几点？']);

  await test.step('what is recalled meanwhile is chosen no more; without a connection nothing is done', async () => {
    await select(bob, '去爬山');
    await box(bob, '几点？').click();
    await alice.page.reload();
    bob.guard.serverAway = true;
    await bob.context.setOffline(true);
    await expect(bar(bob).getByRole('button', { name: '合并转发' })).toBeDisabled();
    await bob.context.setOffline(false);
    await expect(bar(bob).getByRole('button', { name: '合并转发' })).toBeEnabled({ timeout: 30_000 });
    bob.guard.serverAway = false;
    await recall(bob, '去爬山');
    await expect(bar(bob)).toContainText('已选 1 条');
  });
});

/** Takes a message of the open chat back, past the screen. */
async function recall(who: Person, text: string): Promise<void> {
  const id = new URL(who.page.url()).pathname.split('/').at(-1) ?? '';
  const messages = `/v1/conversations/${id}/messages`;
  const { items } = await who.api<{ items: { seq: number; content?: { text?: { text: string } } }[] }>(
    'GET',
    messages,
  );
  const found = items.find((message) => message.content?.text?.text === text);
  await who.api('POST', `${messages}/${found?.seq}/recall`, {});
}
