import type { Client, Person } from '@hongyan/sdk';
import { expect, test } from 'vitest';

import { Network, online, sdkClient, sdkPerson, userId, when } from '../support/sdk.ts';
import { useServer } from '../support/servers.ts';

const server = useServer({ env: { HONGYAN_CONTACTS_REQUIRED: 'true' } });

/** Somebody as a client knows them, once `look` says so. */
function known(
  client: Client,
  other: Client,
  what: string,
  look: (person: Person) => boolean,
): Promise<Person> {
  return when(client, what, () => {
    const person = client.contacts.get(userId(other));
    return person !== undefined && look(person) ? person : undefined;
  });
}

async function friends(alice: Client, bob: Client): Promise<string> {
  await alice.contacts.request({ user_id: userId(bob), message: 'it is me', source: 'search' });
  const asked = await known(bob, alice, 'the request', (person) => person.received?.state === 'pending');
  const { conversationId } = await bob.contacts.accept(asked.received?.contact_request_id ?? '');
  for (const [one, other] of [
    [alice, bob],
    [bob, alice],
  ] as const)
    await known(one, other, 'a friend', (person) => person.contact?.state === 'friend');
  return conversationId;
}

test('two people become friends through the SDK, and only then can write', async () => {
  const [alice, bob] = [await sdkPerson(server()), await sdkPerson(server())];
  const { conversation_id: id } = await alice.conversations.open(userId(bob));
  await expect(alice.messages.send(id, { text: 'early' }).settled).rejects.toMatchObject({
    code: 'not_friend',
  });
  expect(await friends(alice, bob)).toBe(id);
  const line = await when(alice, 'the line', () => alice.conversations.get(id)?.last_message);
  expect(line.content?.system?.code).toBe('contact_added');
  expect((await alice.messages.send(id, { text: 'hello' }).settled).seq).toBe(2);
  const asked = await known(bob, alice, 'a profile', (person) => person.profile !== undefined);
  expect(asked.profile?.username).toBe(alice.user?.username);
});

test('a device that was away has the same people', async () => {
  const network = new Network();
  const [alice, bob, carol] = [
    await sdkPerson(server()),
    await sdkPerson(server()),
    await sdkPerson(server()),
  ];
  await friends(alice, bob);
  const tablet = sdkClient(server(), { environment: network });
  await tablet.login({ account: alice.user?.username ?? '', password: 'correct horse battery' });
  await online(tablet);
  await known(tablet, bob, 'bob', (person) => person.contact !== undefined);
  network.cut();
  await alice.contacts.update(userId(bob), { remark: 'Bobby', starred: true });
  await alice.contacts.block(userId(carol));
  await carol.contacts.block(userId(alice));
  network.restore();
  await known(tablet, bob, 'the remark', (person) => person.contact?.remark === 'Bobby');
  await known(tablet, carol, 'the block', (person) => person.blocked && person.profile !== undefined);
  await alice.contacts.remove(userId(bob));
  await known(tablet, bob, 'that bob is gone', (person) => person.contact === undefined);
  await expect(bob.contacts.request({ user_id: userId(alice) })).resolves.toMatchObject({ state: 'asked' });
});

test('asking who still has one on the list makes friends at once', async () => {
  const [alice, bob] = [await sdkPerson(server()), await sdkPerson(server())];
  const id = await friends(alice, bob);
  await alice.contacts.remove(userId(bob));
  const asked = await alice.contacts.request({ user_id: userId(bob), remark: 'Bob again' });
  expect(asked).toMatchObject({ state: 'friends', conversationId: id });
  await known(alice, bob, 'bob', (person) => person.contact?.remark === 'Bob again');
});
