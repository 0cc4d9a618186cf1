import { type Client, type Conversation, type Message, settingsOf } from '@hongyan/sdk';
import { catalogues } from '@hongyan/i18n';
import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';
import { createMemoryHistory, createRouter } from 'vue-router';
import { clientKey } from '../../app/client.ts';
import { listRow } from '../../testing/builders.ts';
import ConversationRow from './ConversationRow.vue';

const page = { render: () => null };
const last: Message = {
  message_id: '1',
  conversation_id: '9',
  seq: 3,
  sender_id: '2',
  client_msg_id: 'a',
  time_ms: 1,
  content: { text: { text: 'hello' } },
  change: 0,
};

function row(over: Partial<Conversation> = {}, active = false) {
  const i18n = createI18n({ legacy: false, locale: 'en', messages: catalogues });
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', component: page },
      { path: '/c/:conversationId', name: 'chat', component: page },
    ],
  });
  const follow = () => () => undefined;
  const client = { serverNow: () => 1, groups: { follow }, presence: { follow } } as unknown as Client;
  return mount(ConversationRow, {
    props: { row: listRow({ last_message: last, ...over }), active, nowMs: 1 },
    global: { plugins: [i18n, router], provide: { [clientKey as symbol]: client } },
    attachTo: document.body,
  });
}

const set = (change: object) => ({ settings: { ...settingsOf({}), ...change } });
const preview = (wrapper: ReturnType<typeof row>) => wrapper.get('.text').text();

beforeEach(() => setActivePinia(createPinia()));

describe('row of the list', () => {
  it('CL-2: shows what was begun to be written, but not of the open chat', () => {
    expect(preview(row(set({ draft: 'half\na  thought' })))).toBe('[Draft] half a thought');
    expect(preview(row(set({ draft: 'half a thought' }), true))).toBe('hello');
    expect(preview(row(set({ draft: ' \n' })))).toBe('hello');
  });

  it('CL-2: says first that somebody has named the user', () => {
    const named = { mentioned_seq: 3, unread: 1, ...set({ draft: 'half a thought' }) };
    expect(preview(row(named))).toBe('[You were mentioned] hello');
  });

  it('CL-3: has a number, of a muted one a dot, a bell and the number before the text', () => {
    expect(row({ unread: 120 }).get('.hy-badge').text()).toBe('99+');
    const muted = row({ unread: 3, ...set({ muted: true }) });
    expect(muted.find('.hy-badge').exists()).toBe(false);
    expect(muted.find('.hy-dot.is-quiet').exists()).toBe(true);
    expect(muted.text()).toContain('3 unread');
    expect(muted.find('[role=img][aria-label="Muted"]').exists()).toBe(true);
    expect(preview(muted)).toBe('[3] hello');
    expect(preview(row({ unread: 1, ...set({ muted: true }) }))).toBe('hello');
  });

  it('has a red dot when it is only marked as unread', () => {
    const marked = row({ unread: 0, ...set({ marked_unread: true }) });
    expect(marked.find('.hy-dot').exists()).toBe(true);
    expect(marked.find('.hy-dot.is-quiet').exists()).toBe(false);
    expect(marked.text()).toContain('Marked as unread');
    expect(row({ unread: 0 }).find('.hy-dot').exists()).toBe(false);
  });

  it('CL-4: is tinted when it is pinned, and says so', () => {
    const pinned = row(set({ pinned: true }));
    expect(pinned.get('a').classes()).toContain('pinned');
    expect(pinned.text()).toContain('Pinned');
  });

  it('CL-5: asks for its menu by right button and keys; what follows a press is no click', async () => {
    const wrapper = row();
    const link = wrapper.get('a');
    await link.trigger('keydown', { key: 'F10', shiftKey: true });
    await link.trigger('keydown', { key: 'ContextMenu' });
    await link.trigger('contextmenu', { clientX: 5, clientY: 6 });
    const asked = wrapper.emitted('menu') ?? [];
    expect(asked).toHaveLength(3);
    expect(asked[2]).toEqual([5, 6, link.element]);
    const click = new MouseEvent('click', { bubbles: true, cancelable: true });
    link.element.dispatchEvent(click);
    expect(click.defaultPrevented).toBe(true);
    expect(wrapper.vm.$router.currentRoute.value.path).toBe('/');
  });
});
