import { mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defineComponent, h, ref } from 'vue';
import { listRow } from '../../testing/builders.ts';
import { useSteadyRows } from './use-steady-rows.ts';

const named = (...ids: string[]) => ids.map((id) => listRow({ conversation_id: id, title: id }));

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('rows of the list', () => {
  it('CL-10: stay where they are between pressing and the click, with what is new in them', async () => {
    const rows = ref(named('a', 'b', 'c'));
    const list = mount(
      defineComponent(() => {
        const { shown, hold } = useSteadyRows(() => rows.value);
        return () =>
          h(
            'ul',
            { onPointerdown: hold },
            shown.value.map((row) => h('li', row.conversation.title)),
          );
      }),
    );
    const texts = () => list.findAll('li').map((item) => item.text());
    await list.trigger('pointerdown');
    rows.value = [...named('c', 'd', 'a'), listRow({ conversation_id: 'b', title: 'b, again' })];
    await list.vm.$nextTick();
    expect(texts()).toEqual(['a', 'b, again', 'c']);
    window.dispatchEvent(new Event('pointerup'));
    await list.vm.$nextTick();
    expect(texts(), 'the click is still to come').toEqual(['a', 'b, again', 'c']);
    await vi.runAllTimersAsync();
    expect(texts()).toEqual(['c', 'd', 'a', 'b, again']);
    list.unmount();
  });
});
