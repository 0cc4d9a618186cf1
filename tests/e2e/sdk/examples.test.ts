import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { repositoryRoot } from '@hongyan/test-support/command';
import { expect, onTestFinished, test } from 'vitest';

import { freshName } from '../support/people.ts';
import { sdkClient, sdkPerson, userId, when } from '../support/sdk.ts';
import { useServer } from '../support/servers.ts';
import { within } from '../support/wait.ts';

const PASSWORD = 'correct horse battery';

const server = useServer({
  env: { HONGYAN_CONTACTS_REQUIRED: 'true', HONGYAN_GATEWAY_RECONNECT_SPREAD_MS: '0' },
});

/** The example as its reader starts it; killed when the test ends. */
function startBot(account: string): ChildProcess {
  const bot = spawn(process.execPath, [join(repositoryRoot, 'web/packages/sdk/examples/echo-bot.js')], {
    env: { ...process.env, HONGYAN_URL: server().url, HONGYAN_USER: account, HONGYAN_PASSWORD: PASSWORD },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void bot.kill('SIGKILL'));
  return bot;
}

/** Waits until it says so; chunks of its output may hold several lines. */
async function says(bot: ChildProcess, state: string): Promise<void> {
  const { stdout } = bot;
  if (stdout === null) throw new Error('the bot has no output');
  const heard = (async () => {
    for await (const [chunk] of iterate(stdout)) if (chunk.toString('utf8').includes(`: ${state}\n`)) return;
  })();
  await within(heard, `the bot is ${state}`);
}

async function* iterate(stdout: NonNullable<ChildProcess['stdout']>): AsyncGenerator<[Buffer]> {
  for (;;) yield (await once(stdout, 'data')) as [Buffer];
}

test('the echo bot makes friends, answers everybody, also after the server was away, and leaves', async () => {
  const account = freshName('echo');
  const owner = sdkClient(server());
  await owner.register({ username: account, password: PASSWORD });
  const botId = userId(owner);
  await owner.logout();

  const bot = startBot(account);
  await says(bot, 'online');
  const alice = await sdkPerson(server());
  const answers: (string | undefined)[] = [];
  alice.on('message', (message) => {
    if (message.sender_id === botId) answers.push(message.content?.text?.text);
  });
  await alice.contacts.request({ user_id: botId, message: 'It is Alice', source: 'search' });
  const friend = () => alice.contacts.get(botId)?.contact?.state === 'friend' || undefined;
  await when(alice, 'the bot is a friend', friend);
  const { conversation_id: id } = await alice.conversations.open(botId);

  await alice.messages.send(id, { text: 'is anybody there?' }).settled;
  await when(alice, 'the first answer', () => answers.length === 1 || undefined);
  await server().restart();
  await alice.messages.send(id, { text: 'and now?' }).settled;
  await when(alice, 'the second answer', () => answers.length === 2 || undefined);
  expect(answers).toEqual(['is anybody there?', 'and now?']);

  bot.kill('SIGTERM');
  const [code] = (await within(once(bot, 'exit'), 'the bot has ended')) as [number | null];
  expect(code).toBe(0);
});
