import type { Client } from '@hongyan/sdk';
import { mount } from '@vue/test-utils';
import { beforeEach, expect, it, vi } from 'vitest';
import { defineComponent, h } from 'vue';
import { clientKey } from '../../app/client.ts';
import { useNow } from './now.ts';

const Clock = defineComponent(() => {
  const now = useNow();
  return () => h('p', now.value);
});

beforeEach(() => {
  vi.useFakeTimers({ now: 5_000 });
  return () => vi.useRealTimers();
});

it('OF-7: what is today is told by the server’s clock, and goes on', async () => {
  const serverNow = vi.fn(() => Date.now() + 86_400_000);
  const client = { serverNow } as unknown as Client;
  const clock = mount(Clock, { global: { provide: { [clientKey as symbol]: client } } });
  expect(clock.text()).toBe('86405000');
  await vi.advanceTimersByTimeAsync(20_000);
  expect(clock.text()).toBe('86425000');
});

it('OF-7: is the own clock where there is no server', () => {
  expect(mount(Clock).text()).toBe('5000');
});
