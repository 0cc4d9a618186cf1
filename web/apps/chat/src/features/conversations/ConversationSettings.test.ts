import { type Client, ImError } from '@hongyan/sdk';
import { catalogues } from '@hongyan/i18n';
import { flushPromises, mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { describe, expect, it, vi } from 'vitest';
import { createI18n } from 'vue-i18n';
import { clientKey } from '../../app/client.ts';
import { useConnection } from '../../stores/connection.ts';
import { directChat } from '../../testing/builders.ts';
import ConversationSettings from './ConversationSettings.vue';

function settings() {
  const pinia = createPinia();
  setActivePinia(pinia);
  useConnection().state = 'online';
  const pin = vi.fn(() => Promise.resolve());
  const mute = vi.fn(() => Promise.reject(new ImError('rate_limited')));
  const i18n = createI18n({ legacy: false, locale: 'en', messages: catalogues });
  const wrapper = mount(ConversationSettings, {
    props: { conversation: directChat() },
    global: {
      plugins: [pinia, i18n],
      provide: { [clientKey as symbol]: { conversations: { pin, mute } } as unknown as Client },
    },
  });
  return { wrapper, pin, mute };
}

describe('settings of a conversation', () => {
  it('are set at once; what is refused is said', async () => {
    const { wrapper, pin, mute } = settings();
    const [muted, pinned] = wrapper.findAll('[role=switch]');
    await pinned?.trigger('click');
    expect(pin).toHaveBeenCalledWith('9', true);
    await muted?.trigger('click');
    expect(mute).toHaveBeenCalledWith('9', true);
    await flushPromises();
    expect(wrapper.get('[role=alert]').text()).not.toBe('');
  });

  it('offer to clear only what has something in it', () => {
    expect(settings().wrapper.find('.clear').exists()).toBe(false);
  });

  it('wait for a connection', async () => {
    const { wrapper } = settings();
    useConnection().state = 'offline';
    await flushPromises();
    for (const one of wrapper.findAll('[role=switch]')) expect(one.attributes('disabled')).toBeDefined();
  });
});
