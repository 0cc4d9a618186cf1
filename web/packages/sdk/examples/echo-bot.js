// Answers every message by its own text, and everybody who wants to be a friend by yes.
//
//   npm run build --workspace @hongyan/sdk
//   HONGYAN_USER=echo HONGYAN_PASSWORD=… node web/packages/sdk/examples/echo-bot.js
//
// HONGYAN_URL is where the server is, by default http://127.0.0.1:8080. The SDK connects again by itself, and what comes
// while the server is away is answered when it is back.
import { WebSocket } from 'ws'; // Node 20 has none of its own
import { createClient } from '../dist/hongyan-sdk.js';

const {
  HONGYAN_URL: url = 'http://127.0.0.1:8080',
  HONGYAN_USER: account,
  HONGYAN_PASSWORD: password,
} = process.env;
if (account === undefined || password === undefined) {
  console.error('echo-bot: set HONGYAN_USER and HONGYAN_PASSWORD');
  process.exit(2);
}

const im = createClient({ url, WebSocket, device: { name: 'echo bot', platform: 'cli' } });

/** Says what could not be done, and goes on. */
const complain = (error) => console.error(`echo-bot: ${error.message}`);

im.on('message', (message) => {
  const text = message.content?.text?.text;
  // One's own messages are told, too: answering them would never end.
  if (text === undefined || message.sender_id === im.user?.user_id) return;
  im.messages.send(message.conversation_id, { text }).settled.catch(complain);
});

im.on('contacts:changed', (people) => {
  for (const id of people) {
    const asked = im.contacts.get(id)?.received;
    if (asked?.state === 'pending') im.contacts.accept(asked.contact_request_id).catch(complain);
  }
});

im.on('state', (state) => console.log(`echo-bot: ${state}`));
im.on('session:ended', ({ reason }) => {
  console.log(`echo-bot: the session has ended: ${reason}`);
  process.exit(reason === 'logged_out' ? 0 : 1);
});

// Without it the device would stay in the list of the account.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => im.logout());

await im.login({ account, password }).catch((error) => {
  complain(error);
  process.exit(1);
});
