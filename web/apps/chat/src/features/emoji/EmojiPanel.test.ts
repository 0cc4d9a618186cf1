import { catalogues } from '@hongyan/i18n';
import { mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createI18n } from 'vue-i18n';
import EmojiPanel from './EmojiPanel.vue';
import { recentEmojis, rememberEmoji } from './recent-emojis.ts';

function panel() {
  const i18n = createI18n({ legacy: false, locale: 'en', messages: catalogues });
  const wrapper = mount(EmojiPanel, { global: { plugins: [i18n] }, attachTo: document.body });
  return { wrapper, picked: () => wrapper.emitted('pick') ?? [] };
}

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal('matchMedia', (media: string) => Object.assign(new EventTarget(), { matches: false, media }));
});
afterEach(() => vi.unstubAllGlobals());

describe('CO-8: emoji panel', () => {
  it('names each emoji and gives the one that is chosen', async () => {
    const { wrapper, picked } = panel();
    await wrapper.get('button[aria-label="thumbs up"]').trigger('click');
    expect(picked()).toEqual([['👍']]);
    wrapper.unmount();
  });

  it('finds by the names of both languages; Enter takes the first one', async () => {
    const { wrapper, picked } = panel();
    for (const [text, emoji] of [
      ['Rose', '🌹'],
      ['熊猫', '🐼'],
    ] as const) {
      await wrapper.get('input').setValue(text);
      expect(wrapper.findAll('.emoji').map((one) => one.text())).toContain(emoji);
      await wrapper.get('input').trigger('keydown', { key: 'Enter' });
      expect(picked().at(-1)).toEqual([emoji]);
    }
    await wrapper.get('input').setValue('nothing like that');
    expect(wrapper.findAll('.emoji')).toEqual([]);
    expect(wrapper.get('[role=status]').text()).toBe('No emoji found');
    wrapper.unmount();
  });

  it('is gone through by arrows; Tab leads to one only', async () => {
    const { wrapper } = panel();
    await wrapper.get('input').trigger('keydown', { key: 'ArrowDown' });
    const focused = () => document.activeElement?.getAttribute('data-at');
    expect(focused()).toBe('0');
    await wrapper.get('[data-at="0"]').trigger('keydown', { key: 'ArrowDown' });
    expect(focused()).toBe('8');
    expect(wrapper.findAll('.emoji[tabindex="0"]').map((one) => one.attributes('data-at'))).toEqual(['8']);
    wrapper.unmount();
  });

  it('begins with those taken last', () => {
    rememberEmoji('🍜');
    rememberEmoji('🧧');
    rememberEmoji('🍜');
    expect(recentEmojis()).toEqual(['🍜', '🧧']);
    const { wrapper } = panel();
    const [first] = wrapper.findAll('section');
    expect(first?.get('h2').text()).toBe('Recent');
    expect(first?.findAll('.emoji').map((one) => one.text())).toEqual(['🍜', '🧧']);
    wrapper.unmount();
  });
});
