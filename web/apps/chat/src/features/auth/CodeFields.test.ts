import { type Client, ImError } from '@hongyan/sdk';
import { catalogues } from '@hongyan/i18n';
import { flushPromises, mount } from '@vue/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { defineComponent, ref } from 'vue';
import { createI18n, useI18n } from 'vue-i18n';
import { clientKey } from '../../app/client.ts';
import { codeChecks, placeOfCode } from './code-form.ts';
import CodeFields from './CodeFields.vue';
import { useAuthForm } from './use-auth-form.ts';

const Form = defineComponent({
  components: { CodeFields },
  setup() {
    const [target, code, targets] = [ref(''), ref(''), ref(['email', 'phone'] as const)];
    const { t } = useI18n();
    const form = useAuthForm({
      prefix: 'x',
      checks: codeChecks({ target, code, targets }, t),
      send: () => Promise.reject(new ImError('code_invalid')),
      place: (error) => placeOfCode(error, t),
    });
    return { target, code, targets, form };
  },
  template: `<form @submit.prevent="form.submit()">
    <CodeFields v-model:target="target" v-model:code="code" prefix="x" :form="form" purpose="login" :targets="targets" />
  </form>`,
});

function open(sendCode: Client['sendCode']) {
  const wrapper = mount(Form, {
    attachTo: document.body,
    global: {
      plugins: [createI18n({ legacy: false, locale: 'en', messages: catalogues })],
      provide: { [clientKey as symbol]: { sendCode } as unknown as Client },
    },
  });
  const button = wrapper.get('button');
  const problem = (field: string) => {
    const id = wrapper.get(`#x-${field}`).attributes('aria-describedby')?.split(' ')[0] ?? '';
    return id.endsWith('-problem') ? wrapper.get(`#${id}`).text() : '';
  };
  const ask = async (text: string) => {
    await wrapper.get('#x-target').setValue(text);
    await button.trigger('click');
    await flushPromises();
  };
  return { wrapper, button, problem, ask };
}

afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

describe('asking for a code', () => {
  it('sends it once, says so, moves on to the code and counts down to the next', async () => {
    vi.useFakeTimers();
    const sendCode = vi.fn(() => Promise.resolve({ expires_in_ms: 300_000, resend_after_ms: 60_000 }));
    const { wrapper, button, ask } = open(sendCode);
    await ask(' wang@people.example ');
    expect(sendCode).toHaveBeenCalledExactlyOnceWith('wang@people.example', 'login');
    expect(wrapper.get('[role=status]').text()).toContain('5 minutes');
    expect(document.activeElement?.id).toBe('x-code');
    expect(button.attributes('disabled')).toBeDefined();
    expect(button.text()).toContain('60');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(button.attributes('disabled')).toBeUndefined();
  });

  it('looks at the target first', async () => {
    const sendCode = vi.fn(() => Promise.reject(new ImError('internal')));
    const { problem, ask } = open(sendCode);
    await ask('wang');
    expect(problem('target')).not.toBe('');
    expect(document.activeElement?.id).toBe('x-target');
    expect(sendCode).not.toHaveBeenCalled();
  });

  it('tells one that came a moment ago from a day that is used up', async () => {
    let wait = 40_000;
    const { wrapper, button, problem, ask } = open(() =>
      Promise.reject(new ImError('rate_limited', { retryAfterMs: wait })),
    );
    await ask('wang@people.example');
    expect(button.text()).toContain('40');
    expect(wrapper.get('[role=status]').text()).not.toBe('');
    wait = 40_000_000;
    await ask('li@people.example');
    expect(problem('target')).toContain('today');
    expect(button.attributes('disabled')).toBeUndefined();
  });

  it('another target need not wait', async () => {
    const { wrapper, button, ask } = open(() =>
      Promise.resolve({ expires_in_ms: 300_000, resend_after_ms: 60_000 }),
    );
    await ask('wang@people.example');
    expect(button.attributes('disabled')).toBeDefined();
    await wrapper.get('#x-target').setValue('li@people.example');
    expect(button.attributes('disabled')).toBeUndefined();
    expect(wrapper.get('[role=status]').text()).toBe('');
  });
});

describe('the code', () => {
  it('has six digits, and a wrong one is told at its field', async () => {
    const { wrapper, problem } = open(() => Promise.reject(new ImError('internal')));
    await wrapper.get('#x-target').setValue('wang@people.example');
    await wrapper.get('#x-code').setValue('12345');
    await wrapper.get('form').trigger('submit');
    await flushPromises();
    expect(problem('code')).toContain('6');
    await wrapper.get('#x-code').setValue('123456');
    await wrapper.get('form').trigger('submit');
    await flushPromises();
    expect(problem('code')).toBe('The code is wrong');
  });
});
