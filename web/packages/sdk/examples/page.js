// Logs in and shows every message that comes while the page is open.
import { createClient } from '../dist/hongyan-sdk.js';

const form = document.querySelector('form');
const status = document.querySelector('[role=status]');
const list = document.querySelector('ol');

const im = createClient({ url: location.origin, device: { name: 'example page', platform: 'web' } });

im.on('state', (state) => {
  status.textContent = state;
});

im.on('message', (message) => {
  const line = document.createElement('li');
  const name = () => im.users.named(message.sender_id)?.nickname ?? '…';
  // As text, never as markup: it is somebody else's.
  const show = () => {
    line.textContent = `${name()}: ${message.content?.text?.text ?? '(something else)'}`;
  };
  show();
  im.on('names:changed', show); // who is not known yet is asked for
  list.append(line);
});

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { account, password } = Object.fromEntries(new FormData(form));
  try {
    await im.login({ account, password });
    form.hidden = true;
  } catch (error) {
    status.textContent = error.message;
  }
});
