import { catalogues } from '@hongyan/i18n';
import { mount } from '@vue/test-utils';
import { beforeEach, expect, it, vi } from 'vitest';
import { createI18n } from 'vue-i18n';
import WaitingPart from './WaitingPart.vue';

const plugins = [createI18n({ legacy: false, locale: 'en', messages: catalogues })];

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

it('SH-8: what comes soon shows no skeleton, what takes longer does', async () => {
  const part = mount(WaitingPart, { props: { rows: 3 }, global: { plugins } });
  expect(part.attributes()).toMatchObject({ role: 'status', 'aria-busy': 'true', 'aria-label': 'Loading…' });
  await vi.advanceTimersByTimeAsync(140);
  expect(part.findAll('[role=status] > *')).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(20);
  expect(part.findAll('.skeleton')).toHaveLength(3);
});

it('SH-8: of what has no rows it only shows that something moves', async () => {
  const part = mount(WaitingPart, { global: { plugins } });
  await vi.advanceTimersByTimeAsync(160);
  expect(part.find('.skeleton').exists()).toBe(false);
  expect(part.findAll('[role=status] > *')).toHaveLength(1);
});
