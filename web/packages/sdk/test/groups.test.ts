import { describe, expect, it } from 'vitest';
import type { Client, GroupView } from '../src/index.ts';
import { World } from './world.ts';

const idOf = (client: Client) => client.user?.user_id ?? '';
const roles = ({ members }: GroupView) => [...members.values()].map((member) => member.role);
const calls = (world: World, type: string) => world.server.received.filter((r) => r.type === type).length;

async function four() {
  const world = new World();
  const [alice, bob, carol, dave] = [
    await world.person('alice'),
    await world.person('bob'),
    await world.person('carol'),
    await world.person('dave'),
  ];
  const { group } = await alice.groups.create([idOf(bob), idOf(carol)], 'Trip');
  const id = group.group_id;
  await world.clock.advance(0);
  return { world, alice, bob, carol, dave, id };
}

describe('creating', () => {
  it('opens the conversation for all at once, and names who was not brought in', async () => {
    const world = new World();
    const alice = await world.person('alice');
    const bob = await world.person('bob');
    world.server.groups.maxMembers = 2;
    await world.stranger('carol');
    const carol = world.server.accounts.byName('carol').userId;
    const { group, failed } = await alice.groups.create([idOf(bob), carol, '404']);
    expect(alice.conversations.get(group.group_id)).toMatchObject({ type: 'group', my_role: 'owner' });
    expect(failed).toEqual([
      { user_id: carol, code: 'group_full' },
      { user_id: '404', code: 'not_found' },
    ]);
    await world.clock.advance(0);
    expect(bob.conversations.get(group.group_id)?.my_role).toBe('member');
  });
});

describe('following', () => {
  it('reads a group with all its members, page by page, with their names', async () => {
    const { world, bob, alice, id } = await four();
    expect(bob.groups.get(id)).toMatchObject({ state: 'loading', complete: false });
    const unfollow = bob.groups.follow(id);
    await world.clock.advance(0);
    const view = bob.groups.get(id);
    expect(view).toMatchObject({ state: 'ready', complete: true, group: { name: 'Trip', member_count: 3 } });
    expect(roles(view)).toEqual(['owner', 'member', 'member']);
    expect(bob.users.named(idOf(alice))?.nickname).toBe('alice');
    unfollow();
    unfollow();
  });

  it('brings every change to all who look, and to nobody else', async () => {
    const { world, alice, bob, carol, dave, id } = await four();
    for (const client of [alice, bob]) client.groups.follow(id);
    await world.clock.advance(0);
    const told: string[] = [];
    bob.on('groups:changed', (ids) => told.push(...ids));
    await alice.groups.update(id, { name: 'Journey', join_mode: 'approval' });
    await alice.groups.setRole(id, idOf(carol), 'admin');
    await alice.groups.mute(id, idOf(bob), 60_000);
    await bob.groups.setNickname(id, idOf(bob), 'Captain');
    await carol.groups.announce(id, 'on Monday');
    await carol.groups.muteAll(id, true);
    await bob.groups.addMembers(id, [idOf(dave)]);
    await world.clock.advance(0);
    const view = bob.groups.get(id);
    expect(view.group).toMatchObject({
      name: 'Journey',
      join_mode: 'approval',
      mute_all: true,
      member_count: 4,
      notice: { text: 'on Monday', user_id: idOf(carol) },
    });
    expect(roles(view)).toEqual(['owner', 'admin', 'member', 'member']);
    expect(view.members.get(idOf(bob))).toMatchObject({ nickname: 'Captain', muted_until_ms: 60_000 });
    expect(bob.conversations.get(id)).toMatchObject({ title: 'Journey', muted_until_ms: 60_000 });
    expect(view).toEqual(alice.groups.get(id));
    expect(told).toContain(id);
    expect(carol.groups.get(id).group).toBeUndefined();

    await alice.groups.mute(id, idOf(bob), 0);
    await alice.groups.announce(id, '');
    await alice.groups.muteAll(id, false);
    await alice.groups.transfer(id, idOf(bob));
    await bob.groups.removeMember(id, idOf(dave));
    await world.clock.advance(0);
    const after = bob.groups.get(id);
    expect(after.group).toMatchObject({ mute_all: false, owner_id: idOf(bob), member_count: 3 });
    expect(after.group).not.toHaveProperty('notice');
    expect(after.members.get(idOf(bob))).not.toHaveProperty('muted_until_ms');
    expect(after.members.has(idOf(dave))).toBe(false);
    expect(bob.conversations.get(id)).not.toHaveProperty('muted_until_ms');
  });

  it('GR-5: tell what was announced before, page by page', async () => {
    const { world, alice, bob, id } = await four();
    for (const text of ['on Monday', '', 'on Tuesday']) await alice.groups.announce(id, text);
    await world.clock.advance(0);
    const newest = await bob.groups.notices(id);
    expect(newest.items.map(({ text }) => text)).toEqual(['on Tuesday', '']);
    const rest = await bob.groups.notices(id, newest.next_cursor);
    expect(rest.items).toMatchObject([{ text: 'on Monday', user_id: idOf(alice) }]);
    expect(rest).not.toHaveProperty('next_cursor');
  });

  it('brings what friends in it call themselves now', async () => {
    const { world, alice, bob, id } = await four();
    await alice.contacts.request({ user_id: idOf(bob) });
    await world.clock.advance(0);
    await bob.contacts.accept(bob.contacts.get(idOf(alice))?.received?.contact_request_id ?? '');
    await world.clock.advance(0);
    world.server.rename('bob', 'Robert');
    alice.groups.follow(id);
    await world.clock.advance(0);
    expect(alice.contacts.get(idOf(bob))?.profile?.nickname).toBe('Robert');
    expect(alice.users.named(idOf(bob))?.nickname).toBe('Robert');
  });

  it('reads once more, not once each, what changes while it is read', async () => {
    const { world, alice, bob, id } = await four();
    bob.groups.follow(id);
    await world.clock.advance(0);
    const before = calls(world, 'group.get');
    for (let n = 0; n < 20; n += 1)
      world.server.asUser('alice', 'group.update', { group_id: id, name: `n${n}` });
    await world.clock.advance(0);
    expect(bob.groups.get(id).group?.name).toBe('n19');
    expect(calls(world, 'group.get') - before).toBeLessThan(20);
    expect(alice.groups.get(id).state).toBe('loading');
  });

  it('finds out after a lost connection what has changed; whoever has stopped looking asks nothing', async () => {
    const { world, bob, carol, id } = await four();
    bob.groups.follow(id);
    const unfollow = carol.groups.follow(id);
    await world.clock.advance(0);
    unfollow();
    world.network.up = false;
    world.network.cutAll();
    await world.clock.advance(0);
    world.server.asUser('alice', 'group.update', { group_id: id, name: 'Journey' });
    world.network.up = true;
    const before = calls(world, 'group.get');
    await world.clock.advance(60_000);
    expect(bob.groups.get(id).group?.name).toBe('Journey');
    expect(carol.groups.get(id).group?.name).toBe('Trip');
    expect(calls(world, 'group.get') - before).toBe(1);
  });

  it('says when nothing could be had, and tries again', async () => {
    const { world, bob, id } = await four();
    world.server.fault = (type) => (type === 'group.get' ? { kind: 'refuse', code: 'internal' } : undefined);
    bob.groups.follow(id);
    await world.clock.advance(0);
    expect(bob.groups.get(id).state).toBe('error');
    world.server.fault = undefined;
    bob.groups.retry(id);
    await world.clock.advance(0);
    expect(bob.groups.get(id)).toMatchObject({ state: 'ready', complete: true });
  });

  it('keeps what was known for who is put out, and what it was at the end for all', async () => {
    const { world, alice, bob, carol, id } = await four();
    for (const client of [alice, bob, carol]) client.groups.follow(id);
    await world.clock.advance(0);
    await alice.groups.removeMember(id, idOf(bob));
    await world.clock.advance(0);
    expect(bob.groups.get(id).group?.name).toBe('Trip');
    expect(bob.conversations.get(id)).not.toHaveProperty('my_role');
    await expect(bob.groups.leave(id)).rejects.toMatchObject({ code: 'not_member' });
    await alice.groups.dissolve(id);
    await world.clock.advance(0);
    expect(carol.conversations.get(id)?.state).toBe('dissolved');
    expect(bob.conversations.get(id)?.state).toBe('normal');
    await expect(alice.groups.update(id, { name: 'x' })).rejects.toMatchObject({ code: 'group_dissolved' });
  });
});

describe('members', () => {
  it('are found by the server, with their names', async () => {
    const { alice, bob, carol, id } = await four();
    const found = await bob.groups.search(id, 'caro');
    expect(found.map((member) => member.user_id)).toEqual([idOf(carol)]);
    expect(bob.users.named(idOf(carol))?.nickname).toBe('carol');
    await expect(carol.groups.removeMember(id, idOf(alice))).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });

  it('come by an invite, or by asking', async () => {
    const { world, alice, bob, dave, id } = await four();
    await expect(dave.groups.join(id)).rejects.toMatchObject({ code: 'not_found' });
    const { invite, token } = await alice.groups.createInvite(id);
    expect(await alice.groups.invites(id)).toMatchObject([{ invite_id: invite.invite_id }]);
    expect(await dave.groups.preview(token)).toMatchObject({ group_id: id, name: 'Trip', joined: false });
    expect(await dave.groups.join(id, { token })).toMatchObject({ pending: false });
    expect(dave.conversations.get(id)?.my_role).toBe('member');
    await alice.groups.revokeInvite(id, invite.invite_id);
    await expect(bob.groups.preview(token)).rejects.toMatchObject({ code: 'not_found' });

    await dave.groups.leave(id);
    await alice.groups.update(id, { join_mode: 'approval' });
    for (const client of [alice, bob]) client.groups.follow(id);
    await world.clock.advance(0);
    expect(await dave.groups.join(id, { message: 'again' })).toEqual({ pending: true });
    await world.clock.advance(0);
    expect(alice.groups.get(id).requests).toMatchObject([{ user_id: idOf(dave), message: 'again' }]);
    expect(bob.groups.get(id).requests).toEqual([]);
    await alice.groups.reject(id, idOf(dave));
    await world.clock.advance(0);
    expect(alice.groups.get(id).requests).toEqual([]);
    world.network.up = false;
    world.network.cutAll();
    await world.clock.advance(0);
    world.server.asUser('dave', 'group.join', { group_id: id });
    world.network.up = true;
    await world.clock.advance(60_000);
    expect(alice.groups.get(id).requests).toHaveLength(1);
    await alice.groups.accept(id, idOf(dave));
    await world.clock.advance(500);
    expect(alice.groups.get(id).requests).toEqual([]);
    expect(dave.conversations.get(id)?.my_role).toBe('member');
    expect(alice.groups.get(id).members.has(idOf(dave))).toBe(true);
  });
});
