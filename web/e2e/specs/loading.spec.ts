import { befriend, expect, type Person, test } from '../fixtures/index.ts';

/** What this device has stored of conversations and messages, as text. */
function stored(who: Person): Promise<string> {
  return who.page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error(request.error?.message));
      });
    const [database] = await indexedDB.databases();
    const open = await answer(indexedDB.open(database?.name ?? ''));
    const names = ['conversations', 'messages'];
    const transaction = open.transaction(names);
    const all = await Promise.all(names.map((name) => answer(transaction.objectStore(name).getAll())));
    open.close();
    return all.map((rows) => JSON.stringify(rows)).join('\n');
  });
}

test('SH-9, OF-1: what is stored is painted before the server has said anything, and a hint says what is awaited', async ({
  friends,
}) => {
  const [alice, bob] = await friends();
  await alice.openChatWith(bob.username);
  await alice.send('kept here');
  await expect(alice.message('kept here')).toHaveAttribute('data-status', 'sent');
  // A copy of what the server has, made a moment after.
  await expect.poll(() => stored(alice)).toMatch(/kept here.*\n.*kept here/);
  // A server that takes the connection, and then says nothing.
  await alice.page.routeWebSocket(/\/ws$/, () => undefined);
  await alice.page.reload();
  await expect(alice.row(bob.username)).toContainText('kept here');
  await expect(alice.message('kept here')).toBeVisible();
  await expect(alice.banner).toContainText('正在连接');
});

test('SH-8: where the first page cannot be fetched, it says so and can be tried again', async ({
  person,
}) => {
  const alice = await person('alice');
  alice.guard.serverAway = true;
  await alice.page.route('**/assets/LoginPage-*.js', (route) => route.abort());
  await alice.page.goto('/login');
  await expect(alice.page.getByText('连接不上服务器。')).toBeVisible();
  await alice.page.unroute('**/assets/LoginPage-*.js');
  await alice.page.getByRole('link', { name: /重试/ }).click();
  await expect(alice.page.getByLabel('用户名', { exact: true })).toBeVisible();
  await expect(alice.page.getByText('连接不上服务器。')).toHaveCount(0);
});

test('budgets: what is only used now and then is fetched when it is used', async ({ person }) => {
  const alice = await person('alice');
  const bob = await person('bob');
  const asked: string[] = [];
  alice.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const askedFor = (name: string) => asked.filter((path) => path.startsWith(`/assets/${name}-`)).length;
  await alice.register();
  await bob.register();
  await befriend(alice, bob);
  await alice.openChatWith(bob.username);
  await alice.send('no panel yet');
  await expect(alice.message('no panel yet')).toHaveAttribute('data-status', 'sent');
  expect(askedFor('EmojiPanel')).toBe(0);
  expect(askedFor('zh-CN')).toBe(1);
  expect(askedFor('en')).toBe(0);
  await alice.page.getByRole('button', { name: '表情' }).click();
  await expect.poll(() => askedFor('EmojiPanel')).toBeGreaterThan(0);
});
