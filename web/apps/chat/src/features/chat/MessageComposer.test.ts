import { catalogues } from '@hongyan/i18n';
import { mount } from '@vue/test-utils';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import { createI18n } from 'vue-i18n';
import EmojiButton from '../emoji/EmojiButton.vue';
import type { Mentionable, MentionSource } from '../mentions/mention-source.ts';
import MessageComposer from './MessageComposer.vue';

function composer(draft = '', mentionable?: MentionSource) {
  const i18n = createI18n({ legacy: false, locale: 'en', messages: catalogues });
  const drafts: string[] = [];
  const wrapper = mount(MessageComposer, {
    props: { draft, mentionable, onDraft: (text: string) => drafts.push(text) },
    global: { plugins: [i18n] },
    attachTo: document.body,
  });
  return { wrapper, drafts, box: wrapper.get('textarea'), sent: () => wrapper.emitted('send') ?? [] };
}

/** happy-dom has no layout; a touch device is what the query says. */
function touchDevice(touch: boolean): void {
  vi.stubGlobal('matchMedia', (query: string) => {
    return Object.assign(new EventTarget(), { matches: touch && query.includes('coarse'), media: query });
  });
}

beforeEach(() => touchDevice(false));

describe('composer', () => {
  it('KEY-1, CO-2, SE-1: sends on Enter, clears the box at once and keeps the focus', async () => {
    const { wrapper, box, sent } = composer();
    await box.setValue('hello\nworld');
    await box.trigger('keydown', { key: 'Enter' });
    expect(sent()).toEqual([['hello\nworld', undefined]]);
    expect(box.element.value).toBe('');
    expect(document.activeElement).toBe(box.element);
    wrapper.unmount();
  });

  it('CO-1: grows with its text up to eight lines', async () => {
    const { wrapper, box } = composer();
    const height = vi.spyOn(box.element, 'scrollHeight', 'get');
    for (const [needed, given] of [
      [86, '86px'],
      [900, '196px'],
      [42, '42px'],
    ] as const) {
      height.mockReturnValue(needed);
      await box.setValue(`a text that needs ${needed} px`);
      await nextTick();
      expect(box.element.style.height).toBe(given);
    }
    wrapper.unmount();
  });

  it('CO-3: leaves Enter to the input method while composing', async () => {
    const { wrapper, box, sent } = composer();
    await box.setValue('nihao');
    await box.trigger('keydown', { key: 'Enter', isComposing: true, keyCode: 229 });
    await box.trigger('keydown', { key: 'Enter', isComposing: false, keyCode: 229 });
    expect(sent()).toEqual([]);
    await box.setValue('你好');
    await box.trigger('keydown', { key: 'Enter', keyCode: 13 });
    expect(sent()).toEqual([['你好', undefined]]);
    wrapper.unmount();
  });

  it('KEY-1: starts a line on Shift+Enter', async () => {
    const { wrapper, box, sent } = composer();
    await box.setValue('a');
    const event = new KeyboardEvent('keydown', { key: 'Enter', shiftKey: true, cancelable: true });
    box.element.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(false);
    expect(sent()).toEqual([]);
    wrapper.unmount();
  });

  it('sends neither blanks nor too much, and says how much too much', async () => {
    const { wrapper, box, sent } = composer();
    const button = wrapper.get('button[type=submit]');
    expect(button.attributes('disabled')).toBeDefined();
    await box.setValue('  \n ');
    await box.trigger('keydown', { key: 'Enter' });
    await box.setValue('x'.repeat(4_900));
    expect(wrapper.text()).toContain('100 characters left');
    await box.setValue('x'.repeat(5_001));
    expect(wrapper.text()).toContain('1 character too many');
    expect(box.attributes('aria-invalid')).toBe('true');
    await box.trigger('keydown', { key: 'Enter' });
    expect(sent()).toEqual([]);
    expect(box.element.value).toHaveLength(5_001);
    wrapper.unmount();
  });

  it('sends by the button only on a touch device', async () => {
    touchDevice(true);
    const { wrapper, box, sent } = composer();
    await box.setValue('hi');
    await box.trigger('keydown', { key: 'Enter' });
    expect(sent()).toEqual([]);
    await wrapper.get('form').trigger('submit');
    expect(sent()).toEqual([['hi', undefined]]);
    wrapper.unmount();
  });

  it('CO-10, ML-25: edits: the text comes into the box, what was written waits, Escape gives up', async () => {
    const { wrapper, box, sent } = composer();
    await box.trigger('keydown', { key: 'ArrowUp' });
    expect(wrapper.emitted('editLast')).toHaveLength(1);
    await box.setValue('half a thought');
    await box.trigger('keydown', { key: 'ArrowUp' });
    await box.trigger('keydown', { key: 'Escape' });
    expect(wrapper.emitted('editLast')).toHaveLength(1);
    expect(wrapper.emitted('cancel')).toBeUndefined();
    await wrapper.setProps({ editing: 'as it was' });
    expect(box.element.value).toBe('as it was');
    expect(wrapper.text()).toContain('Edit message');
    await box.setValue('as it should be');
    await box.trigger('keydown', { key: 'Enter' });
    expect(sent()).toEqual([['as it should be', undefined]]);
    // The server may refuse it.
    expect(box.element.value).toBe('as it should be');
    await box.trigger('keydown', { key: 'Escape' });
    expect(wrapper.emitted('cancel')).toHaveLength(1);
    await wrapper.setProps({ editing: undefined });
    expect(box.element.value).toBe('half a thought');
    wrapper.unmount();
  });

  it('ML-17: answers: Escape gives up, and a new message goes out', async () => {
    const { wrapper, box, sent } = composer();
    await wrapper.setProps({ answering: true });
    await box.trigger('keydown', { key: 'ArrowUp' });
    expect(wrapper.emitted('editLast')).toBeUndefined();
    await box.trigger('keydown', { key: 'Escape' });
    expect(wrapper.emitted('cancel')).toHaveLength(1);
    await box.setValue('answer');
    await box.trigger('keydown', { key: 'Enter' });
    expect(sent()).toEqual([['answer', undefined]]);
    expect(box.element.value).toBe('');
    wrapper.unmount();
  });

  it('CO-8: puts an emoji where the caret stands, and goes on there', async () => {
    const { wrapper, box } = composer('你好世界');
    box.element.setSelectionRange(2, 2);
    wrapper.getComponent(EmojiButton).vm.$emit('pick', '👋');
    await nextTick();
    await nextTick();
    expect(box.element.value).toBe('你好👋世界');
    expect(box.element.selectionStart).toBe(4);
    expect(document.activeElement).toBe(box.element);
    wrapper.unmount();
  });

  it('CO-4: says what is written; what is sent stays a draft until it is kept', async () => {
    const { wrapper, box, drafts } = composer('half a thought');
    expect(box.element.value).toBe('half a thought');
    await box.setValue('a thought');
    await box.trigger('keydown', { key: 'Enter' });
    await wrapper.setProps({ editing: 'other' });
    await box.setValue('another');
    wrapper.unmount();
    expect(drafts).toEqual(['a thought']);
  });

  it('CO-4: takes in what another device writes until something was typed here', async () => {
    const { wrapper, box, drafts } = composer('one');
    await wrapper.setProps({ draft: 'one two' });
    expect(box.element.value).toBe('one two');
    await box.setValue('mine');
    await wrapper.setProps({ draft: 'mine' });
    await wrapper.setProps({ draft: 'theirs' });
    expect(box.element.value).toBe('mine');
    // Whoever goes takes their own text along.
    wrapper.unmount();
    expect(drafts).toEqual(['mine', 'mine']);
  });

  it('CO-4: an emptied box takes in again what another device writes', async () => {
    const { wrapper, box } = composer();
    await box.setValue('mine');
    await box.setValue('');
    await wrapper.setProps({ draft: 'theirs' });
    expect(box.element.value).toBe('theirs');
    wrapper.unmount();
  });

  it('CO-7: behind an @ it is chosen who is named, and a name goes as a whole', async () => {
    const { wrapper, box, sent } = composer('', {
      people: () => PEOPLE,
      search: () => Promise.resolve(new Set(['2'])),
    });
    await type(box, 'hey @');
    expect(options(wrapper)).toEqual(['李雷', 'Ada Lovelace']);
    expect(box.attributes('aria-activedescendant')).toBe(selected(wrapper).attributes('id'));
    await box.trigger('keydown', { key: 'ArrowUp' });
    expect(selected(wrapper).text()).toContain('Ada Lovelace');
    await box.trigger('keydown', { key: 'Enter' });
    expect(box.element.value).toBe('hey @Ada Lovelace\u2005');
    expect(options(wrapper)).toEqual([]);
    await type(box, `${box.element.value}@李`);
    await wrapper.get('[role=option]').trigger('click');
    expect(box.element.value).toBe('hey @Ada Lovelace\u2005@李雷\u2005');
    await box.trigger('keydown', { key: 'Backspace' });
    expect(box.element.value).toBe('hey @Ada Lovelace\u2005');
    await box.trigger('keydown', { key: 'Enter' });
    expect(sent()).toEqual([['hey @Ada Lovelace\u2005', { user_ids: ['2'], all: false }]]);
    wrapper.unmount();
  });

  it('CO-7: Escape closes the list until another @ is typed; Enter then sends', async () => {
    const { wrapper, box, sent } = composer('', {
      people: () => PEOPLE,
      search: () => Promise.resolve(new Set<string>()),
    });
    await type(box, '@');
    await box.trigger('keydown', { key: 'Escape' });
    expect(options(wrapper)).toEqual([]);
    await type(box, '@l');
    expect(options(wrapper)).toEqual([]);
    await type(box, '@l @');
    expect(options(wrapper)).toHaveLength(2);
    await type(box, '@l @nobody');
    expect(options(wrapper)).toEqual([]);
    await box.trigger('keydown', { key: 'Enter' });
    expect(sent()).toEqual([['@l @nobody', undefined]]);
    wrapper.unmount();
  });

  it('CO-7: what only the server knows how to find is found, too; an edit names nobody', async () => {
    vi.useFakeTimers();
    const asked: string[] = [];
    const search = (query: string) => {
      asked.push(query);
      return Promise.resolve(new Set(['1']));
    };
    const { wrapper, box, sent } = composer('', { people: () => PEOPLE, search });
    await type(box, '@l');
    await type(box, '@ll');
    await vi.advanceTimersByTimeAsync(1_000);
    vi.useRealTimers();
    await nextTick();
    expect(asked).toEqual(['ll']);
    expect(options(wrapper)).toEqual(['李雷']);
    await wrapper.setProps({ editing: 'as it was' });
    await type(box, '@');
    expect(options(wrapper)).toEqual([]);
    await type(box, '@李雷\u2005');
    await box.trigger('keydown', { key: 'Enter' });
    expect(sent()).toEqual([['@李雷\u2005', undefined]]);
    wrapper.unmount();
  });
});

const PEOPLE: readonly Mentionable[] = ['李雷', 'Ada Lovelace'].map((label, index) => ({
  userId: String(index + 1),
  label,
  remark: '',
  avatar: '',
  sounds: [],
}));

type Mounted = ReturnType<typeof composer>;

async function type(box: Mounted['box'], text: string): Promise<void> {
  box.element.value = text;
  box.element.setSelectionRange(text.length, text.length);
  await box.trigger('input');
}

function options(wrapper: Mounted['wrapper']): string[] {
  return wrapper.findAll('[role=option] .name').map((option) => option.text());
}

function selected(wrapper: Mounted['wrapper']) {
  return wrapper.get('[role=option][aria-selected=true]');
}
