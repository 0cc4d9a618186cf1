import type { Page } from '@playwright/test';
import { befriend, expect, test } from '../fixtures/index.ts';

/** How many sockets a page has opened that are still open. */
function openSockets(page: Page): () => number {
  let open = 0;
  page.on('websocket', (socket) => {
    open += 1;
    socket.on('close', () => (open -= 1));
  });
  return () => open;
}

test('SE-2: the tabs of a browser share one connection, and one that is closed loses nothing', async ({
  person,
}) => {
  const alice = await person('alice');
  const bob = await person('bob');
  const first = openSockets(alice.page);
  await alice.register();
  await bob.register();
  await befriend(alice, bob);
  await alice.openChatWith(bob.username);
  await bob.openChatWith(alice.username);
  const tab = await alice.context.newPage();
  const second = openSockets(tab);
  await tab.goto(alice.page.url());
  const shown = (page: Page, text: string) => page.locator('[role=article]').filter({ hasText: text });

  await bob.send('到两个标签页');
  await expect(shown(tab, '到两个标签页')).toHaveCount(1);
  await expect(shown(alice.page, '到两个标签页')).toHaveCount(1);
  await tab.getByRole('textbox', { name: '输入消息' }).fill('来自另一个标签页');
  await tab.keyboard.press('Enter');
  await expect(bob.message('来自另一个标签页')).toHaveCount(1);
  await expect(shown(alice.page, '来自另一个标签页')).toHaveCount(1);
  expect([first(), second()]).toEqual([1, 0]);

  // What was sent with the last key of a tab is sent by the one that is left.
  await alice.send('最后一句');
  await alice.page.close();
  await expect(bob.message('最后一句')).toHaveCount(1);
  await expect.poll(second).toBe(1);
  await expect(shown(tab, '最后一句')).toHaveCount(1);
  await bob.send('还在吗');
  await expect(shown(tab, '还在吗')).toHaveCount(1);
  await tab.reload();
  await expect(shown(tab, '还在吗')).toHaveCount(1);
  await expect(shown(tab, '最后一句')).toHaveCount(1);
});
