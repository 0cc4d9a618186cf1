import { describe, expect, it } from 'vitest';
import { isTight, listLabel, messageLabel, needsLabel } from './time-labels.ts';

const at = (year: number, month: number, day: number, hour = 9, minute = 5) =>
  new Date(year, month - 1, day, hour, minute).getTime();
const zh = { locale: 'zh-CN', yesterday: '昨天' };
const en = { locale: 'en', yesterday: 'Yesterday' };

describe('CL-6: label in the list', () => {
  const now = at(2026, 3, 18, 14, 0); // a Wednesday

  it.each([
    [at(2026, 3, 18, 0, 0), '00:00'],
    [at(2026, 3, 18, 13, 59), '13:59'],
    [at(2026, 3, 17, 23, 59), '昨天'],
    [at(2026, 3, 16), '星期一'],
    [at(2026, 3, 12), '星期四'],
    [at(2026, 3, 11), '3/11'],
    [at(2026, 1, 1), '1/1'],
    [at(2025, 12, 31), '2025/12/31'],
  ])('%#: %s', (ms, label) => {
    expect(listLabel(ms, now, zh)).toBe(label);
  });

  it('speaks English', () => {
    expect(listLabel(at(2026, 3, 17), now, en)).toBe('Yesterday');
    expect(listLabel(at(2026, 3, 16), now, en)).toBe('Monday');
  });

  it('goes over midnight: the same message becomes yesterday’s', () => {
    const ms = at(2026, 3, 18, 23, 59);
    expect(listLabel(ms, at(2026, 3, 18, 23, 59), zh)).toBe('23:59');
    expect(listLabel(ms, at(2026, 3, 19, 0, 0), zh)).toBe('昨天');
  });

  it('calls a time ahead of our clock today', () => {
    expect(listLabel(now + 90_000, now, zh)).toBe('14:01');
    expect(listLabel(at(2026, 3, 19, 0, 1), at(2026, 3, 18, 23, 59), zh)).toBe('00:01');
  });

  it('counts days, not hours, over the year', () => {
    expect(listLabel(at(2025, 12, 31, 23, 50), at(2026, 1, 1, 0, 10), zh)).toBe('昨天');
  });
});

describe('ML-2, ML-3: labels between messages', () => {
  it('adds the time of day', () => {
    const now = at(2026, 3, 18, 14, 0);
    expect(messageLabel(at(2026, 3, 18, 9, 5), now, zh)).toBe('09:05');
    expect(messageLabel(at(2026, 3, 17, 9, 5), now, zh)).toBe('昨天 09:05');
    expect(messageLabel(at(2025, 3, 17, 9, 5), now, zh)).toBe('2025/3/17 09:05');
  });

  it('shows after a pause of five minutes and at the start', () => {
    const message = (timeMs: number, senderId = 'a') => ({ timeMs, senderId });
    expect(needsLabel(message(0), undefined)).toBe(true);
    expect(needsLabel(message(299_999), message(0))).toBe(false);
    expect(needsLabel(message(300_000), message(0))).toBe(true);
    expect(isTight(message(179_999), message(0))).toBe(true);
    expect(isTight(message(180_000), message(0))).toBe(false);
    expect(isTight(message(1, 'b'), message(0))).toBe(false);
    expect(isTight(message(1), undefined)).toBe(false);
  });
});
