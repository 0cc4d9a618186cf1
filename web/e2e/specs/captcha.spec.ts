import { CaptchaProvider } from '@hongyan/test-support/captcha-provider';
import { expect, PASSWORD, type Person, test as base } from '../fixtures/index.ts';
import { inspect } from '../fixtures/look.ts';
import { SmsGateway } from '../fixtures/sms-gateway.ts';

const test = base.extend<{ provider: CaptchaProvider; gateway: SmsGateway }>({
  provider: async ({}, use) => {
    const provider = await CaptchaProvider.start();
    await use(provider);
    await provider.stop();
  },
  gateway: async ({}, use) => {
    const gateway = await SmsGateway.start();
    await use(gateway);
    await gateway.stop();
  },
  serverOptions: async ({ provider, gateway }, use) => {
    await use({ env: { ...gateway.env, ...provider.env } });
  },
});

const frameOf = ({ page }: Person) => page.frameLocator('iframe[title="人机验证"]');
const widgetOf = (person: Person) => frameOf(person).getByRole('button', { name: /no program/ });

async function fill({ page, username }: Person, name = username): Promise<void> {
  await page.getByLabel('用户名', { exact: true }).fill(name);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
}
const submit = ({ page }: Person) => page.getByRole('button', { name: '注册' }).click();

test('AU-3: who registers solves the captcha of a provider first', async ({ person }) => {
  const [alice, bob] = [await person('alice'), await person('bob')];
  await test.step('nothing is sent before it is solved', async () => {
    await alice.page.goto('/register');
    await fill(alice);
    await expect(widgetOf(alice)).toBeVisible();
    await submit(alice);
    await expect(alice.page.getByText('请先完成人机验证')).toBeVisible();
    await widgetOf(alice).click();
    await expect(widgetOf(alice)).toBeDisabled();
    await expect(alice.page.getByText('请先完成人机验证')).toBeHidden();
    await submit(alice);
    await expect(alice.page.getByRole('complementary', { name: '会话列表' })).toBeVisible();
  });

  await test.step('after a refusal another one is asked for', async () => {
    await bob.page.goto('/register');
    await fill(bob, alice.username);
    await widgetOf(bob).click();
    await expect(widgetOf(bob)).toBeDisabled();
    await submit(bob);
    await expect(bob.page.getByLabel('用户名', { exact: true })).toHaveAccessibleDescription(/已经有人用了/);
    await expect(widgetOf(bob)).toBeEnabled();
    await fill(bob);
    await widgetOf(bob).click();
    await expect(widgetOf(bob)).toBeDisabled();
    await submit(bob);
    await expect(bob.page.getByRole('complementary', { name: '会话列表' })).toBeVisible();
  });
});

test('AU-3: a captcha that cannot be had is told, and tried again', async ({ person, provider }) => {
  const alice = await person('alice');
  alice.guard.serverAway = true;
  provider.broken = true;
  await alice.page.goto('/register');
  await expect(alice.page.getByRole('alert').filter({ hasText: '人机验证加载失败' })).toBeVisible();
  provider.broken = false;
  await alice.page.getByRole('button', { name: '重试' }).click();
  await expect(widgetOf(alice)).toBeVisible();
});

test('AU-9: a code is sent to who has solved one, and the next to who has solved another', async ({
  person,
  gateway,
}) => {
  const alice = await person('alice');
  const { page } = alice;
  const widget = widgetOf(alice);
  await page.goto('/login/code');
  await page.getByLabel('手机号', { exact: true }).fill('+8613800000000');
  await page.getByRole('button', { name: '发送验证码' }).click();
  await expect(page.getByText('请先完成人机验证')).toBeVisible();
  expect(gateway.sentTo('+8613800000000')).toEqual([]);
  await widget.click();
  await expect(widget).toBeDisabled();
  await page.getByRole('button', { name: '发送验证码' }).click();
  await expect(page.getByLabel('验证码', { exact: true })).toBeFocused();
  await expect(widget).toBeEnabled();
});

test('a captcha: axe, both themes, both languages, and a phone', async ({ person }) => {
  const [alice, phone] = [
    await person('alice'),
    await person('alice', { viewport: { width: 375, height: 812 } }),
  ];
  for (const who of [alice, phone]) {
    await who.page.goto('/register');
    await expect(widgetOf(who)).toBeVisible();
    await inspect(who, who === alice ? 'register-captcha' : 'register-captcha-phone');
  }
});
