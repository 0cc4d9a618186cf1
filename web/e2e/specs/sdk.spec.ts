import { join } from 'node:path';
import { expect, PASSWORD, test as base } from '../fixtures/index.ts';
import { LocalBuild } from '../fixtures/local-build.ts';

/** The folder of the SDK as `hongyan serve --web-root` would serve it. */
const test = base.extend<{ sdk: LocalBuild }>({
  serverOptions: { env: { HONGYAN_CONTACTS_REQUIRED: 'false' } },
  sdk: async ({ server }, use) => {
    const folder = await LocalBuild.start(join(import.meta.dirname, '../../packages/sdk'), server.url);
    await use(folder);
    await folder.stop();
  },
});

/** What runs in the worker: logs in, keeps its data in IndexedDB, sends, and tells what it hears. */
const WORKER = `
  import { createClient } from '/dist/hongyan-sdk.js';
  onmessage = async ({ data: { account, password, to } }) => {
    try {
      const im = createClient({ url: location.origin, store: 'indexeddb', device: { name: 'worker', platform: 'web' } });
      im.on('message', (message) => postMessage({ said: message.content?.text?.text }));
      await im.login({ account, password });
      const { conversation_id } = await im.conversations.open(to);
      await im.messages.send(conversation_id, { text: 'from a worker' }).settled;
      postMessage({ databases: (await indexedDB.databases()).length, user: im.user.username });
    } catch (error) {
      postMessage({ failed: String(error) });
    }
  };
`;

test('SDK: the example page logs in and shows what comes', async ({ person, sdk }) => {
  const reader = await person('reader', { baseURL: sdk.url });
  const writer = await person('writer');
  await reader.signUp();
  await writer.signUp();
  const { page } = reader;
  await page.goto('/examples/page.html');
  await page.getByLabel('Username').fill(reader.username);
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('status')).toHaveText('Account or password is wrong.');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('status')).toHaveText('online');

  const { user } = await reader.api<{ user: { user_id: string } }>('GET', '/v1/users/me');
  const { conversation } = await writer.api<{ conversation: { conversation_id: string } }>(
    'POST',
    '/v1/conversations',
    { user_id: user.user_id },
  );
  await writer.api('POST', '/v1/messages', {
    conversation_id: conversation.conversation_id,
    client_msg_id: 'first',
    content: { text: { text: '<b>hello</b>' } },
  });
  await expect(page.getByRole('listitem')).toHaveText([`${writer.username}: <b>hello</b>`]);
});

test('SDK: runs in a worker, with its database', async ({ person, sdk }) => {
  sdk.instead.set('/worker.js', WORKER);
  const alice = await person('alice', { baseURL: sdk.url });
  const bob = await person('bob');
  await alice.signUp();
  await bob.signUp();
  const { user } = await bob.api<{ user: { user_id: string } }>('GET', '/v1/users/me');
  await alice.page.goto('/examples/page.html');
  const told = await alice.page.evaluate(
    ([account, password, to]) =>
      new Promise<object[]>((done) => {
        const { trustedTypes } = window as unknown as {
          trustedTypes: {
            createPolicy(name: string, rules: object): { createScriptURL(url: string): string };
          };
        };
        const policy = trustedTypes.createPolicy('worker', { createScriptURL: (url: string) => url });
        const worker = new Worker(policy.createScriptURL('/worker.js'), { type: 'module' });
        const heard: object[] = [];
        worker.onmessage = ({ data }: MessageEvent<object>) => {
          heard.push(data);
          if (heard.length === 2 || 'failed' in data) done(heard);
        };
        worker.onerror = (event) => done([{ failed: event.message }]);
        worker.postMessage({ account, password, to });
      }),
    [alice.username, PASSWORD, user.user_id] as const,
  );
  expect(told).toHaveLength(2);
  expect(told).toContainEqual({ said: 'from a worker' });
  expect(told).toContainEqual({ databases: 1, user: alice.username });
});
