import { afterEach, describe, expect, it, vi } from 'vitest';
import { useFeedKeys } from './use-feed-keys.ts';

afterEach(() => document.body.replaceChildren());

function feed() {
  const did = {
    reveal: vi.fn(),
    choose: vi.fn(() => false),
    write: vi.fn(),
    toLatest: vi.fn(),
    toFirstNew: vi.fn(),
  };
  const list = document.createElement('div');
  list.tabIndex = 0;
  for (let index = 0; index < 3; index += 1) {
    const row = document.createElement('div');
    row.dataset['index'] = String(index);
    row.tabIndex = -1;
    list.append(row);
  }
  list.addEventListener('keydown', useFeedKeys({ count: () => 3, ...did }));
  document.body.append(list);
  const press = (key: string, options: KeyboardEventInit = {}, on: Element = list) => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options });
    on.dispatchEvent(event);
    return event;
  };
  const row = (index: number) => list.children[index] as HTMLElement;
  return { did, list, press, row };
}

describe('keys in the messages', () => {
  it('AX-2, KEY-11: arrows go from message to message, from the last one up', () => {
    const { list, press, row } = feed();
    // There is no layout here: everything is in view.
    vi.spyOn(list, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, 100, 100));
    press('ArrowUp');
    expect(document.activeElement).toBe(row(2));
    press('ArrowUp', {}, row(2));
    expect(document.activeElement).toBe(row(1));
    press('ArrowDown', {}, row(1));
    expect(document.activeElement).toBe(row(2));
    list.remove();
  });

  it('CO-11: whoever types goes to the text box, and the key is not taken from them', () => {
    const { did, press, row } = feed();
    expect(press('a').defaultPrevented).toBe(false);
    press('你', {}, row(0));
    press('Process', {}, row(0));
    expect(did.write).toHaveBeenCalledTimes(3);
  });

  it('CO-11: what is no letter, and what is meant for the page, stays where it is', () => {
    const { did, press } = feed();
    for (const key of ['Tab', 'Shift', 'PageUp', 'Escape', ' ', 'F5']) press(key);
    press('c', { ctrlKey: true });
    press('c', { metaKey: true });
    press('d', { altKey: true });
    expect(did.write).not.toHaveBeenCalled();
  });

  it('KEY-6, KEY-7: Ctrl+End leads to the newest message, Shift+PageUp to the first new one', () => {
    const { did, press } = feed();
    expect(press('End', { ctrlKey: true }).defaultPrevented).toBe(true);
    expect(did.toLatest).toHaveBeenCalledTimes(1);
    expect(press('PageUp').defaultPrevented, 'the browser scrolls').toBe(false);
    expect(did.toFirstNew).not.toHaveBeenCalled();
    press('PageUp', { shiftKey: true });
    expect(did.toFirstNew).toHaveBeenCalledTimes(1);
  });
});
