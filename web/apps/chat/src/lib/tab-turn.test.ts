import { afterEach, expect, it, vi } from 'vitest';
import { TabTurn } from './tab-turn.ts';

interface Waiting {
  readonly run: () => Promise<void>;
  readonly done: (error?: Error) => void;
}

/** One lock, as browsers have it: a queue, out of which whoever steals is first. */
function fakeLocks() {
  let holder: Waiting | undefined;
  const queue: Waiting[] = [];
  function grant(): void {
    const next = holder === undefined ? queue.shift() : undefined;
    if (next === undefined) return;
    holder = next;
    void next.run().then(() => {
      if (holder !== next) return;
      holder = undefined;
      next.done();
      grant();
    });
  }
  const request = (_: string, { steal, signal }: LockOptions, run: () => Promise<void>) =>
    new Promise<void>((resolve, reject) => {
      const done = (error?: Error) => (error === undefined ? resolve() : reject(error));
      const waiting = { run, done };
      signal?.addEventListener('abort', () => {
        if (queue.includes(waiting)) queue.splice(queue.indexOf(waiting), 1);
        done(new Error('aborted'));
      });
      if (steal === true) {
        queue.unshift(waiting);
        const robbed = holder;
        holder = undefined;
        robbed?.done(new Error('stolen'));
      } else {
        queue.push(waiting);
      }
      queueMicrotask(grant);
    });
  return { locks: { request } };
}

const settled = () => new Promise((done) => setTimeout(done));

afterEach(() => vi.unstubAllGlobals());

it('NO-3: the tab that was taken up last has the turn, after it another one', async () => {
  vi.stubGlobal('navigator', fakeLocks());
  const [one, two] = [new TabTurn('x'), new TabTurn('x')];
  const mine = () => [one.isMine, two.isMine];
  // At once, as a page does that is looked at.
  one.take();
  await settled();
  expect(mine()).toEqual([true, false]);
  two.take();
  await settled();
  expect(mine()).toEqual([false, true]);
  two.take();
  one.take();
  await settled();
  expect(mine()).toEqual([true, false]);
  two.take();
  await settled();
  expect(mine()).toEqual([false, true]);
  two.end();
  await settled();
  expect(mine()).toEqual([true, false]);
  one.end();
  await settled();
  expect(mine()).toEqual([false, false]);
});

it('without locks every tab has it', () => {
  vi.stubGlobal('navigator', {});
  const turn = new TabTurn('x');
  turn.take();
  expect(turn.isMine).toBe(true);
});
