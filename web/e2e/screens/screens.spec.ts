import { join } from 'node:path';
import { repositoryRoot } from '@hongyan/test-support/command';
import { expect, type Person } from '../fixtures/index.ts';
import { twoFrames } from '../fixtures/history.ts';
import { SEEDED_PEOPLE, test } from '../fixtures/seeded.ts';

const FOLDER = join(repositoryRoot, 'docs/screens');
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

type Locale = 'zh-CN' | 'en';
type Theme = 'light' | 'dark';

test.use({ world: { users: 60, groups: 15, messages: 4_000 }, actionTimeout: 30_000 });

test('the main screens', async ({ person }) => {
  const someone = await person('someone');
  await someone.page.goto('/login');
  await look(someone, 'en', 'light');
  await picture(someone, 'login-en-light');
  await look(someone, 'zh-CN', 'light');
  await someone.loginAs(SEEDED_PEOPLE[0]);
  const { page } = someone;
  await page.locator('a[href^="/c/"]').nth(1).click();
  await settled(someone);
  const chat = new URL(page.url()).pathname;

  for (const [locale, theme] of [
    ['zh-CN', 'light'],
    ['en', 'dark'],
  ] as const) {
    const name = (screen: string) => `${screen}-${locale}-${theme}`;
    await page.setViewportSize(DESKTOP);
    await look(someone, locale, theme);
    await at(someone, chat);
    await picture(someone, name('chat'));
    await at(someone, `${chat}?info=info`);
    await picture(someone, name('group'));
    await at(someone, '/contacts');
    await page.locator('a[href^="/u/"]').nth(2).click();
    await expect(page.locator('dl')).toBeVisible();
    await picture(someone, name('contacts'));
    await page.setViewportSize(PHONE);
    await at(someone, chat);
    await picture(someone, name('phone-chat'));
    await at(someone, '/');
    await picture(someone, name('phone-list'));
  }
  await page.setViewportSize(DESKTOP);
  await at(someone, '/settings/look');
  await picture(someone, 'settings-en-dark');
});

/** As somebody has chosen it, from the next page on. */
async function look(who: Person, locale: Locale, theme: Theme): Promise<void> {
  await who.page.evaluate(
    ([l, t]) => {
      localStorage.setItem('hongyan.locale', l ?? '');
      localStorage.setItem('hongyan.theme', t ?? '');
    },
    [locale, theme],
  );
  await who.page.reload();
}

async function at(who: Person, path: string): Promise<void> {
  await who.page.goto(path);
  await settled(who);
}

async function settled(who: Person): Promise<void> {
  await expect(who.banner).toBeEmpty();
  await who.page.waitForLoadState('networkidle');
  // Faces and names that were asked for are painted.
  for (let n = 0; n < 20; n += 1) await twoFrames(who);
}

async function picture(who: Person, name: string): Promise<void> {
  await who.page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled', caret: 'hide' });
}
