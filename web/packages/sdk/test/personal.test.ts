import { describe, expect, it } from 'vitest';
import type { Export, SessionEnd } from '../src/index.ts';
import { chat } from './chat.ts';

const PASSWORD = 'correct horse';

describe('ST-1: the end of the account', () => {
  it('signs out at once and says until when it can be undone; a wrong password changes nothing', async () => {
    const { world, alice, vault } = await chat(1);
    const ends: SessionEnd[] = [];
    alice.on('session:ended', (end) => ends.push(end));
    await expect(alice.personal.deleteAccount('wrong')).rejects.toMatchObject({ code: 'wrong_credentials' });
    expect([alice.state, ends]).toEqual(['online', []]);
    const deletesAtMs = await alice.personal.deleteAccount(PASSWORD);
    await world.clock.advance(0);
    expect(ends).toEqual([{ reason: 'deleting', atMs: world.clock.now(), deletesAtMs }]);
    expect(alice.user).toBeUndefined();
    expect(vault.load()).toBeUndefined();
  });

  it('is over as well when the answer is lost', async () => {
    const { world, alice } = await chat();
    const ends: SessionEnd['reason'][] = [];
    alice.on('session:ended', (end) => ends.push(end.reason));
    world.server.fault = (type) => {
      if (type !== 'DELETE /v1/users/me') return undefined;
      world.server.kick('alice', 4409, 'revoked');
      return { kind: 'refuse', code: 'timeout' };
    };
    await expect(alice.personal.deleteAccount(PASSWORD)).rejects.toMatchObject({ code: 'timeout' });
    await world.clock.advance(0);
    expect(ends).toEqual(['revoked']);
  });

  it('is undone on one device, and the others hear of it', async () => {
    const { world, alice, tablet } = await chat();
    const other = await tablet();
    const me = alice.user?.user_id ?? '';
    world.server.contacts.tell(me, 'deletion', '', { deletion: { deletes_at_ms: 9 } });
    await world.clock.advance(0);
    expect([alice.user?.deletes_at_ms, other.user?.deletes_at_ms]).toEqual([9, 9]);
    await alice.personal.cancelDeletion();
    await world.clock.advance(0);
    expect(alice.user).not.toHaveProperty('deletes_at_ms');
    expect(other.user).not.toHaveProperty('deletes_at_ms');
  });
});

describe('ST-1: a copy of everything', () => {
  it('is begun with the password, told of when it is finished, and read in parts', async () => {
    const { world, alice, tablet } = await chat();
    const other = await tablet();
    const told: Export['state'][] = [];
    other.on('export:changed', (copy) => told.push(copy.state));
    await expect(alice.personal.lastExport()).rejects.toMatchObject({ code: 'not_found' });
    await expect(alice.personal.beginExport('wrong')).rejects.toMatchObject({ code: 'wrong_credentials' });
    expect(await alice.personal.beginExport(PASSWORD)).toMatchObject({ state: 'running' });
    world.server.account.finishExport(alice.user?.user_id ?? '', 3);
    await world.clock.advance(0);
    expect(told).toEqual(['running', 'ready']);
    const copy = await alice.personal.lastExport();
    expect(copy).toMatchObject({ state: 'ready', lines: 3 });
    const parts: string[] = [];
    for await (const part of alice.personal.exportParts(copy.export_id)) parts.push(part);
    expect(parts).toHaveLength(3);
    expect(parts.join('')).toHaveLength(copy.size);
  });
});
