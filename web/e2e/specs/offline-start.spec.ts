import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { befriend, expect, type Person, test } from '../fixtures/index.ts';
import { LocalBuild } from '../fixtures/local-build.ts';
import { violations } from '../fixtures/look.ts';

const DIST = resolve(process.env['HONGYAN_WEB_DIST'] ?? join(import.meta.dirname, '../../apps/chat/dist'));

/** Waits until a start needs no network any more. */
async function isKept(person: Person): Promise<void> {
  const state = async () => (await navigator.serviceWorker.getRegistration())?.active?.state;
  // Not waitForFunction: to it a promise is an answer, and true.
  await expect.poll(() => person.page.evaluate(state)).toBe('activated');
}

/** The paths of everything that the browser keeps in caches. */
function cached(person: Person): Promise<string[]> {
  return person.page.evaluate(async () => {
    const caching = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const requests = await Promise.all(caching.map((cache) => cache.keys()));
    return requests.flat().map((request) => new URL(request.url).pathname);
  });
}

test('OF-4, SE-2, AU-6: the client starts without server and network; what is sent there arrives once', async ({
  friends,
  server,
}) => {
  const [alice, bob] = await friends();
  await alice.openChatWith(bob.username);
  await alice.send('see you there');
  await expect(alice.message('see you there')).toHaveAttribute('data-status', 'sent');
  await isKept(alice);

  await test.step('list and chat are there with neither of them', async () => {
    alice.guard.serverAway = true;
    bob.guard.serverAway = true;
    await server.kill9();
    await alice.context.setOffline(true);
    await alice.page.reload();
    await expect(alice.row(bob.username)).toContainText('see you there');
    await expect(alice.message('see you there')).toBeVisible();
    await expect(alice.banner).toContainText('网络不可用');
    await alice.page.goto('/');
    await alice.row(bob.username).click();
    await expect(alice.message('see you there')).toBeVisible();
  });

  await test.step('what is written waits, over another start', async () => {
    for (const text of ['first', 'second']) await alice.send(text);
    await expect(alice.message('second')).toHaveAttribute('data-status', 'sending');
    await alice.page.reload();
    await expect(alice.message('second')).toHaveAttribute('data-status', 'sending');
  });

  await test.step('back again, it is sent, once and in order', async () => {
    await server.restart();
    await alice.context.setOffline(false);
    await expect(alice.message('second')).toHaveAttribute('data-status', 'sent', { timeout: 45_000 });
    await bob.page.reload();
    await bob.row(alice.username).click();
    await expect(bob.message('second')).toBeVisible({ timeout: 45_000 });
    for (const who of [alice, bob]) {
      expect(await who.texts(), who.username).toEqual(['see you there', 'first', 'second']);
      who.guard.serverAway = false;
    }
  });

  await test.step('caches hold files of the client, and nothing about anybody', async () => {
    const files = /^\/(assets\/[^/]+|index\.html|theme\.js|favicon(-unread)?\.svg)$/;
    const kept = await cached(alice);
    expect(kept.length).toBeGreaterThan(30);
    expect(kept.filter((path) => !files.test(path))).toEqual([]);
    await alice.logout();
    expect(await cached(alice)).toEqual(kept);
    expect(await alice.page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
    const notes = () => Object.keys(localStorage).filter((key) => key.startsWith('hongyan-'));
    expect(await alice.page.evaluate(notes)).toEqual([]);
  });
});

test('OF-6: a newer client is told of, and taken up with the chat and the draft as they were', async ({
  friends,
  server,
}) => {
  const build = await LocalBuild.start(DIST, server.url);
  try {
    const [alice, bob] = await friends({ baseURL: build.url });
    await alice.openChatWith(bob.username);
    await alice.composer.fill('half a thought');
    await isKept(alice);

    const page = readFileSync(join(DIST, 'index.html'), 'utf8');
    const worker = readFileSync(join(DIST, 'sw.js'), 'utf8');
    build.instead.set('/index.html', page.replace('<html', '<html data-newer="yes"'));
    build.instead.set('/sw.js', worker.replace(/(\/index\.html.{1,20}?)[0-9a-f]{16}/, '$10123456789abcdef'));
    await alice.page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    const notice = alice.page.getByTestId('update');
    await expect(notice).toContainText('有新版本');
    await expect(alice.page.locator('html')).not.toHaveAttribute('data-newer');
    await alice.page.screenshot({ path: 'screenshots/update.png' });

    await notice.getByRole('button', { name: '更新' }).click();
    await expect(alice.page.locator('html')).toHaveAttribute('data-newer', 'yes');
    await expect(alice.page.getByRole('heading', { name: bob.username })).toBeVisible();
    await expect(alice.composer).toHaveValue('half a thought');
    await expect(notice).toBeEmpty();
  } finally {
    await build.stop();
  }
});

test('the client can be installed', async ({ person }) => {
  const alice = await person('alice');
  await alice.page.goto('/');
  await isKept(alice);
  const session = await alice.context.newCDPSession(alice.page);
  const { url, errors, manifest } = await session.send('Page.getAppManifest');
  expect(url).toMatch(/\/manifest\.webmanifest$/);
  expect(errors).toEqual([]);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
  for (const { url: icon } of manifest.icons ?? []) expect((await fetch(icon)).ok, icon).toBe(true);
});

test('plain http from another machine: one tab that works, and says once what it lacks', async ({
  person,
  site,
}) => {
  const baseURL = site.replace('127.0.0.1', 'another-machine.test');
  const alice = await person('alice', { baseURL });
  const bob = await person('bob');
  await alice.register();
  await bob.register();
  await befriend(alice, bob);
  expect(await alice.page.evaluate(() => [isSecureContext, 'serviceWorker' in navigator])).toEqual([
    false,
    false,
  ]);
  const lack = alice.page.getByTestId('lack');
  await expect(lack).toContainText('未加密的 http');
  await alice.page.screenshot({ path: 'screenshots/plain-http.png' });
  expect(await violations(alice)).toEqual([]);
  await lack.getByRole('button', { name: '知道了' }).click();
  await expect(lack).toBeEmpty();
  await alice.openChatWith(bob.username);
  await alice.send('over plain http');
  await expect(alice.message('over plain http')).toHaveAttribute('data-status', 'sent');
  await alice.page.reload();
  await expect(alice.message('over plain http')).toBeVisible();
  await expect(lack).toBeEmpty();
  await expect(bob.page.getByTestId('lack')).toBeEmpty();
});

test('OF-5: where nothing can be stored the client works as long as the page, and says so once', async ({
  person,
}) => {
  const alice = await person('alice');
  const bob = await person('bob');
  await alice.context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('blocked', 'SecurityError');
    };
  });
  await alice.register();
  await bob.register();
  await befriend(alice, bob);
  await alice.openChatWith(bob.username);
  await alice.send('kept nowhere');
  await expect(alice.message('kept nowhere')).toHaveAttribute('data-status', 'sent');
  const lack = alice.page.getByTestId('lack');
  await expect(lack).toContainText('浏览器不允许保存数据');
  await lack.getByRole('button', { name: '知道了' }).click();
  await alice.page.reload();
  await expect(alice.message('kept nowhere')).toBeVisible();
  await expect(lack).toBeEmpty();
});
