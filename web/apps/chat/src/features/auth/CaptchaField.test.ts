import { catalogues } from '@hongyan/i18n';
import type { AuthOptionsResponse } from '@hongyan/sdk';
import { mount } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { nextTick, shallowRef } from 'vue';
import { createI18n } from 'vue-i18n';
import CaptchaField from './CaptchaField.vue';
import { useCaptcha } from './use-captcha.ts';

const OPTIONS: AuthOptionsResponse = {
  registration: 'open',
  password_min_length: 8,
  code_targets: [],
  captcha: { kind: 'turnstile', site_key: 'key', script_url: 'https://captcha.example/api.js' },
};

function open() {
  const captcha = useCaptcha(shallowRef(OPTIONS));
  const wrapper = mount(CaptchaField, {
    props: { id: 'x-captcha', captcha },
    attachTo: document.body,
    global: { plugins: [createI18n({ legacy: false, locale: 'en', messages: catalogues })] },
  });
  const frame = () => wrapper.get('iframe').element;
  /** A message from the frame, or from where it is said to be from. */
  async function say(data: unknown, from: Partial<MessageEventInit> = {}) {
    const source = frame().contentWindow;
    window.dispatchEvent(new MessageEvent('message', { data, source, origin: location.origin, ...from }));
    await nextTick();
  }
  return { captcha, wrapper, frame, say };
}

// happy-dom loads no frames, and prints that it does not.
afterEach(() => document.body.replaceChildren());

describe('AU-3: a captcha', () => {
  it('is shown when it is there, and its token is good for one request', async () => {
    const { captcha, wrapper, frame, say } = open();
    expect(wrapper.get('[role=status]').text()).toBe('Loading the verification…');
    await say({ captcha: 'shown', height: 80 });
    expect([wrapper.find('[role=status]').exists(), frame().getAttribute('height')]).toEqual([false, '80']);
    await say({ captcha: 'solved', token: 'one' });
    expect(wrapper.emitted('solved')).toHaveLength(1);
    const first = frame();
    await expect(captcha.spend(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    await nextTick();
    expect([captcha.token.value, frame() === first]).toEqual(['', false]);
  });

  it('that is solved too early has to be solved again', async () => {
    const { captcha, say } = open();
    await say({ captcha: 'solved', token: 'one' });
    await say({ captcha: 'expired' });
    expect(captcha.token.value).toBe('');
  });

  it('that cannot be had can be tried again', async () => {
    const { wrapper, say } = open();
    await say({ captcha: 'failed' });
    expect(wrapper.get('[role=alert]').text()).toBe('The verification could not be loaded.');
    await wrapper.get('button').trigger('click');
    expect(wrapper.find('iframe').exists()).toBe(true);
  });

  it('listens to its frame only', async () => {
    const { captcha, say } = open();
    const solved = { captcha: 'solved', token: 'forged' };
    await say(solved, { source: window });
    await say(solved, { origin: 'https://captcha.example' });
    for (const data of [null, 'solved', { captcha: 'else' }]) await say(data);
    expect(captcha.token.value).toBe('');
  });
});
