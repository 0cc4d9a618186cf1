import { hongyan } from '@hongyan/test-support/command';
import { expect, test } from '../fixtures/index.ts';

test('ML-1, CT-4: what a hook posts is read in its group, by a bot that says it is one', async ({
  person,
  server,
}) => {
  const bob = await person('bob');
  await bob.register();
  const { group } = await bob.api<{ group: { group_id: string } }>('POST', '/v1/groups', { name: '值班' });
  const words = ['admin', 'hook', 'create', '--group', group.group_id, '--name', 'Grafana'];
  const made = await hongyan([...words, '--data', server.dataDir]);
  expect(made.code, made.stderr).toBe(0);
  const path = /^path (\S+)$/m.exec(made.stdout)?.[1] ?? '';
  await bob.row('值班').click();
  const posted = await fetch(new URL(path, server.url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ text: '磁盘只剩 *3 %*' }),
  });
  expect(posted.status).toBe(200);

  const post = bob.page.getByRole('article').filter({ hasText: '磁盘只剩' });
  await post.getByRole('link', { name: '查看 Grafana 的资料' }).click();
  const card = bob.page.getByRole('main');
  await expect(card.getByRole('heading', { name: 'Grafana 机器人' })).toBeVisible();
  await bob.page.screenshot({ path: 'screenshots/bot-zh-CN-light.png' });

  await expect(card.getByRole('button', { name: '添加到通讯录' })).toHaveCount(0);
  await card.getByRole('button', { name: '发消息' }).click();
  await bob.send('在吗');
  await expect(bob.message('在吗')).toHaveAttribute('data-status', 'sent');
});
