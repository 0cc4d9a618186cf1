import type { Client, Row } from '@hongyan/sdk';
import { mount } from '@vue/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { defineComponent } from 'vue';
import { clientKey } from '../../app/client.ts';
import { useMessageWindow } from './use-message-window.ts';

beforeEach(() => {
  // No frame comes while the test looks.
  vi.stubGlobal('requestAnimationFrame', () => 0);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const row = (seq: number) => ({ key: String(seq), seq }) as Row;

/** A window that loads a page within a frame: its listener hears of the beginning and of the end. */
class FakeWindow {
  items: readonly Row[] = [row(2)];
  state = 'idle';
  older = 'idle';
  private listener = (): void => undefined;
  subscribe(listener: () => void): void {
    this.listener = listener;
  }
  dispose(): void {
    this.items = [];
  }
  async reachTime(): Promise<number> {
    this.older = 'loading';
    this.listener();
    await Promise.resolve();
    this.items = [row(1), ...this.items];
    this.older = 'idle';
    this.listener();
    return 1;
  }
  async reach(): Promise<string> {
    await this.reachTime();
    return 'reached';
  }
}

function open() {
  const live = new FakeWindow();
  const client = {
    conversations: { get: () => undefined },
    messages: { window: () => live },
  } as unknown as Client;
  let window: ReturnType<typeof useMessageWindow> | undefined;
  const Chat = defineComponent({
    setup() {
      window = useMessageWindow('c1');
      return () => null;
    },
  });
  mount(Chat, { global: { provide: { [clientKey as symbol]: client } } });
  if (window === undefined) throw new Error('not set up');
  return window;
}

it('CL-7, ML-8: what was reached is among the rows at once, not in the next frame', async () => {
  const day = open();
  expect(await day.reachTime(0)).toBe(1);
  expect(day.view.value.rows.map(({ seq }) => seq)).toEqual([1, 2]);
  const message = open();
  expect(await message.reach(1)).toBe('reached');
  expect(message.view.value.rows.map(({ seq }) => seq)).toEqual([1, 2]);
});
