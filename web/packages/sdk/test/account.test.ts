import { describe, expect, it } from 'vitest';
import type { Settings } from '../src/index.ts';
import { chat } from './chat.ts';

describe('settings', () => {
  it('are changed one by one, and the other devices hear of it', async () => {
    const { world, alice, tablet } = await chat();
    const other = await tablet();
    const heard: Settings[] = [];
    other.on('settings:changed', (settings) => heard.push(settings));
    expect((await alice.account.settings()).find_me).toBe('everyone');
    const told: Settings[] = [];
    alice.on('settings:changed', (settings) => told.push(settings));
    const changed = await alice.account.updateSettings({ find_me: 'nobody', read_receipts: false });
    await world.clock.advance(0);
    expect(changed).toMatchObject({ find_me: 'nobody', add_me: 'everyone', read_receipts: false });
    expect(told[0]).toEqual(changed);
    expect(heard).toEqual([changed]);
    await other.account.updateSettings({ notifications: { preview: false } });
    await world.clock.advance(0);
    expect(told.at(-1)).toMatchObject({
      find_me: 'nobody',
      notifications: { enabled: true, preview: false },
    });
    expect(await alice.account.settings()).toEqual(told.at(-1));
  });
});

describe('an address of one’s own', () => {
  it('is had by a code and the password, and stands in the profile', async () => {
    const { world, alice } = await chat();
    const told: (string | undefined)[] = [];
    alice.on('session:changed', (me) => told.push(me.email));
    const value = 'alice@people.example';
    const sent = await alice.account.sendCode(value);
    expect(sent.resend_after_ms).toBe(60_000);
    const code = world.server.accounts.codes.get(`change ${alice.user?.user_id} ${value}`) ?? '';
    const own = { value, code, password: 'correct horse' };
    await expect(alice.account.changeEmail({ ...own, code: '1' })).rejects.toMatchObject({
      code: 'code_invalid',
    });
    await expect(alice.account.changeEmail({ ...own, password: 'x' })).rejects.toMatchObject({
      code: 'wrong_credentials',
    });
    expect(told).toEqual([]);
    expect((await alice.account.changeEmail(own)).email).toBe(value);
    expect([told, alice.user?.email]).toEqual([[value], value]);
  });
});

describe('ML-30: a report', () => {
  it('tells the moderators of a person, a group or a message', async () => {
    const { world, alice, id } = await chat(1);
    const bob = world.server.accounts.byName('bob').userId;
    await alice.report({ user_id: bob }, 'spam');
    await alice.report({ message: { conversation_id: id, seq: 1 } }, 'other', 'look at it');
    expect(world.server.account.reports).toMatchObject([
      { target: { user_id: bob }, reason: 'spam', text: '' },
      { target: { message: { seq: 1 } }, reason: 'other', text: 'look at it' },
    ]);
  });
});
