import { describe, expect, it } from 'vitest';
import { World } from './world.ts';

describe('bound calls', () => {
  it('end with the signal, over the socket and over REST; others go on', async () => {
    const world = new World();
    await world.stranger('bob');
    const alice = await world.person('alice');
    const stop = new AbortController();
    const bound = alice.bound({ signal: stop.signal });
    expect((await bound.users.search('bob')).map(({ username }) => username)).toEqual(['bob']);
    world.network.auto = false;
    const outcomes = [
      bound.users.search('bob'),
      bound.contacts.block('1001'),
      bound.devices.list(),
      alice.users.search('bob'),
    ].map((call) => call.then(() => 'answered').catch((error: { kind: string }) => error.kind));
    stop.abort();
    world.network.auto = true;
    world.network.changed();
    await world.clock.advance(0);
    expect(await Promise.all(outcomes)).toEqual(['aborted', 'aborted', 'aborted', 'answered']);
    await expect(bound.users.search('bob')).rejects.toMatchObject({ kind: 'aborted' });
  });

  it('have a deadline of their own', async () => {
    const world = new World();
    const alice = await world.person('alice');
    world.network.auto = false;
    const late = alice.bound({ deadlineMs: 200 }).users.search('bob');
    const outcome = late.catch((error: { code: string }) => error.code);
    await world.clock.advance(200);
    expect(await outcome).toBe('timeout');
  });
});
