import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { perFrame } from './per-frame.ts';

/** Frames that come when the test says so. */
let frames: (() => void)[] = [];
const frame = () => frames.splice(0).forEach((run) => run());

beforeEach(() => {
  frames = [];
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run));
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('once a frame', () => {
  it('runs at once, then once for all that was asked in a frame, and not without being asked', () => {
    const work = vi.fn();
    const ask = perFrame(work);
    for (let n = 0; n < 5; n += 1) ask();
    expect(work).toHaveBeenCalledTimes(1);
    frame();
    expect(work).toHaveBeenCalledTimes(2);
    frame();
    frame();
    expect(work).toHaveBeenCalledTimes(2);
    ask();
    expect(work).toHaveBeenCalledTimes(3);
  });

  it('goes on in a page that has no frames', () => {
    const work = vi.fn();
    const ask = perFrame(work);
    ask();
    ask();
    vi.advanceTimersByTime(200);
    expect(work).toHaveBeenCalledTimes(2);
  });
});
