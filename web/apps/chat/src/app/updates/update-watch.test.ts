import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { UpdateSource } from './source.ts';
import { UpdateWatch } from './update-watch.ts';

const MINUTE_MS = 60_000;

/** A watch over a source that does nothing but count. */
function watched(random = 0) {
  let tell: () => void = () => undefined;
  const source = {
    tell: (found: () => void) => {
      tell = found;
    },
    look: vi.fn(() => Promise.resolve()),
    apply: vi.fn(),
    applyUnseen: vi.fn(),
  } satisfies UpdateSource;
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const found = vi.fn();
  const watch = new UpdateWatch({
    source,
    document: page as unknown as Document,
    random: () => random,
    found,
  });
  const become = (state: 'visible' | 'hidden') => {
    page.visibilityState = state;
    page.dispatchEvent(new Event('visibilitychange'));
  };
  return { source, found, watch, become, appears: () => tell() };
}

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

describe('OF-6: a newer client', () => {
  it('is looked for by the hour, and when somebody comes back after a while', () => {
    const { source, become } = watched();
    vi.advanceTimersByTime(60 * MINUTE_MS);
    expect(source.look).toHaveBeenCalledTimes(1);
    become('hidden');
    become('visible');
    expect(source.look).toHaveBeenCalledTimes(1);
    become('hidden');
    vi.advanceTimersByTime(11 * MINUTE_MS);
    become('visible');
    expect(source.look).toHaveBeenCalledTimes(2);
  });

  it('is looked for after the server was away, not by all at the same moment', () => {
    const { source, watch } = watched(0.5);
    watch.reconnected();
    vi.advanceTimersByTime(2 * MINUTE_MS);
    expect(source.look).not.toHaveBeenCalled();
    vi.advanceTimersByTime(MINUTE_MS);
    expect(source.look).toHaveBeenCalledTimes(1);
  });

  it('is only told of while somebody looks at the page', () => {
    const { source, found, appears } = watched();
    appears();
    expect(found).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(50 * MINUTE_MS);
    expect(source.applyUnseen).not.toHaveBeenCalled();
  });

  it('is gone over to by itself when nobody has looked for a while, at a moment of chance', () => {
    const { source, become, appears } = watched(0.5);
    appears();
    become('hidden');
    vi.advanceTimersByTime(7 * MINUTE_MS);
    expect(source.applyUnseen).not.toHaveBeenCalled();
    vi.advanceTimersByTime(MINUTE_MS);
    expect(source.applyUnseen).toHaveBeenCalledTimes(1);
    expect(source.apply).not.toHaveBeenCalled();
  });

  it('waits on when somebody comes back in between, also where it appears in a hidden page', () => {
    const { source, become, appears } = watched();
    become('hidden');
    appears();
    vi.advanceTimersByTime(4 * MINUTE_MS);
    become('visible');
    vi.advanceTimersByTime(30 * MINUTE_MS);
    expect(source.applyUnseen).not.toHaveBeenCalled();
    become('hidden');
    vi.advanceTimersByTime(5 * MINUTE_MS);
    expect(source.applyUnseen).toHaveBeenCalledTimes(1);
  });
});
