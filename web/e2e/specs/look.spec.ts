import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { expect, type Person, test } from '../fixtures/index.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Violations of the page as it is now, as short lines. */
async function violations(person: Person): Promise<string[]> {
  await person.page.evaluate(axeSource);
  const results = await person.page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return results.violations.map(
    (v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(' ')} ${n.failureSummary ?? ''}`).join(' | ')}`,
  );
}

/** Scans and photographs the page in both themes and both languages. */
async function inspect(person: Person, name: string): Promise<void> {
  for (const locale of ['zh-CN', 'en'] as const) {
    for (const theme of ['light', 'dark'] as const) {
      await person.page.evaluate(
        ([l, t]) => {
          localStorage.setItem('hongyan.locale', l ?? '');
          localStorage.setItem('hongyan.theme', t ?? '');
        },
        [locale, theme],
      );
      await person.page.reload();
      await expect(person.page.locator('html')).toHaveAttribute('data-theme', theme);
      await expect(person.page.locator('html')).toHaveAttribute('lang', locale);
      await expect(person.page.locator('h1').first()).toBeAttached();
      await expect(
        person.page.getByTestId('connection').or(person.page.locator('form')).first(),
      ).toBeAttached();
      await person.page.waitForLoadState('networkidle');
      await person.page.screenshot({ path: `screenshots/${name}-${locale}-${theme}.png` });
      expect(await violations(person), `${name} ${locale} ${theme}`).toEqual([]);
    }
  }
}

test('login and registration: axe, both themes, both languages', async ({ person }) => {
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

test('chat: axe, both themes, both languages, and a phone', async ({ person }) => {
  const alice = await person('alice');
  const bob = await person('bob');
  const carol = await person('carol');
  for (const who of [alice, bob, carol]) await who.register();
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

test('devices and dialog: axe', async ({ person }) => {
  const alice = await person('alice');
  await alice.register();
  await alice.page.getByRole('link', { name: '设备' }).click();
  await expect(alice.page.getByText('本机')).toBeVisible();
  await alice.page.screenshot({ path: 'screenshots/devices.png' });
  expect(await violations(alice)).toEqual([]);
  await alice.page.getByRole('button', { name: '退出登录' }).click();
  await expect(alice.page.getByRole('dialog')).toBeVisible();
  await alice.page.screenshot({ path: 'screenshots/dialog.png' });
  expect(await violations(alice)).toEqual([]);
});
