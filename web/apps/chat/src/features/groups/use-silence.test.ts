import type { Conversation } from '@hongyan/sdk';
import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { h, nextTick, shallowRef } from 'vue';
import { groupChat } from '../../testing/builders.ts';
import { useSilence } from './use-silence.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('GR-4: a mute is over when its time is, and when somebody ends it', async () => {
  const pinia = createPinia();
  setActivePinia(pinia);
  const base = groupChat({ my_role: 'member' });
  const conversation = shallowRef<Conversation>({ ...base, muted_until_ms: Date.now() + 5_000 });
  const screen = mount(
    {
      setup() {
        const silence = useSilence(
          () => conversation.value,
          () => undefined,
        );
        return () => h('i', silence.value?.why ?? 'may write');
      },
    },
    { global: { plugins: [pinia] } },
  );
  expect(screen.text()).toBe('muted');
  vi.advanceTimersByTime(4_999);
  await nextTick();
  expect(screen.text()).toBe('muted');
  vi.advanceTimersByTime(1);
  await nextTick();
  expect(screen.text()).toBe('may write');

  conversation.value = { ...base, muted_until_ms: Date.now() + 60_000 };
  await nextTick();
  expect(screen.text()).toBe('muted');
  conversation.value = base;
  await nextTick();
  expect(screen.text()).toBe('may write');
  // Longer than a timer can run: it does not end at once.
  conversation.value = { ...base, muted_until_ms: Date.now() + 2 ** 32 };
  await nextTick();
  vi.advanceTimersByTime(1);
  await nextTick();
  expect(screen.text()).toBe('muted');
  screen.unmount();
});
