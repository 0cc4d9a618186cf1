import { catalogues } from '@hongyan/i18n';
import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defineComponent } from 'vue';
import { createI18n } from 'vue-i18n';
import { createMemoryHistory, createRouter } from 'vue-router';
import { useConnection } from '../../stores/connection.ts';
import ConversationList from './ConversationList.vue';

const Nothing = defineComponent({ render: () => null });

function list(state: 'connecting' | 'online') {
  const pinia = createPinia();
  setActivePinia(pinia);
  useConnection().state = state;
  const routes = ['chats', 'contacts'].map((name) => ({
    name,
    path: name === 'chats' ? '/' : `/${name}`,
    component: Nothing,
  }));
  return mount(ConversationList, {
    global: {
      plugins: [
        pinia,
        createI18n({ legacy: false, locale: 'en', messages: catalogues }),
        createRouter({ history: createMemoryHistory(), routes }),
      ],
      stubs: { FindPerson: Nothing, AddMenu: Nothing, ConversationMenu: Nothing },
    },
  });
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('the list of chats', () => {
  it('CL-8: an empty one says what can be done', () => {
    const wrapper = list('online');
    expect(wrapper.text()).toContain(catalogues.en.list.emptyHint);
    expect(wrapper.get('a').attributes('href')).toBe('/contacts');
    wrapper.unmount();
  });

  it('CL-8, SH-8: one that is waited for has a skeleton, when it takes a while', async () => {
    const wrapper = list('connecting');
    expect(wrapper.get('[role=status]').attributes('aria-busy')).toBe('true');
    expect(wrapper.findAll('.skeleton')).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(wrapper.findAll('.skeleton')).toHaveLength(8);
    expect(wrapper.text()).not.toContain(catalogues.en.list.empty);
    wrapper.unmount();
  });
});
