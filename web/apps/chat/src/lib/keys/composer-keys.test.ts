import { describe, expect, it } from 'vitest';
import { isSendable, type KeyPress, sendsMessage, TEXT_LIMIT, textLength } from './composer-keys.ts';

const press = (over: Partial<KeyPress> = {}): KeyPress => ({
  key: 'Enter',
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  isComposing: false,
  keyCode: 13,
  ...over,
});

describe('CO-2, CO-3: which key press sends', () => {
  it('Enter does, Enter with a modifier or another key does not', () => {
    expect(sendsMessage(press(), false)).toBe(true);
    for (const over of [
      { shiftKey: true },
      { ctrlKey: true },
      { altKey: true },
      { metaKey: true },
      { key: 'a' },
    ]) {
      expect(sendsMessage(press(over), false)).toBe(false);
    }
  });

  it('Enter that confirms a candidate does not', () => {
    expect(sendsMessage(press({ isComposing: true, keyCode: 229 }), false)).toBe(false);
    expect(sendsMessage(press({ isComposing: true }), false)).toBe(false);
  });

  it('nor does it in Safari, where the composition has ended already', () => {
    expect(sendsMessage(press({ isComposing: false, keyCode: 229 }), false)).toBe(false);
  });

  it('on a touch keyboard it is a new line', () => {
    expect(sendsMessage(press(), true)).toBe(false);
  });
});

describe('CO-5: what may be sent', () => {
  it('not blanks, not more than the limit', () => {
    expect(isSendable(' \n\t ')).toBe(false);
    expect(isSendable('a')).toBe(true);
    expect(isSendable('好'.repeat(TEXT_LIMIT))).toBe(true);
    expect(isSendable('好'.repeat(TEXT_LIMIT + 1))).toBe(false);
  });

  it('counts an emoji as one', () => {
    expect(textLength('👍好')).toBe(2);
  });
});
