import { catalogues } from '@hongyan/i18n';
import { createClient } from '@hongyan/sdk';
import { FakeClock, FakeNetwork, ServerDouble } from '@hongyan/sdk/testing';
import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { expect, it } from 'vitest';
import { h } from 'vue';
import { createI18n } from 'vue-i18n';
import { useContacts } from '../stores/contacts.ts';
import { useConversations } from '../stores/conversations.ts';
import { useDirectory } from '../stores/directory.ts';
import { useGroups } from '../stores/groups.ts';
import { useSession } from '../stores/session.ts';
import { useNames } from './names.ts';

it('ML-1: calls people in a group by their name there, then the remark, then the nickname', async () => {
  const pinia = createPinia();
  setActivePinia(pinia);
  const clock = new FakeClock();
  const server = new ServerDouble(clock);
  const network = new FakeNetwork(server);
  const make = () =>
    createClient({ url: 'http://s', WebSocket: network.WebSocket, fetch: network.fetch, clock });
  const [bob, client] = [make(), make()];
  const bobId = (await bob.register({ username: 'bob', password: 'x' })).user_id;
  const stores = [useSession(), useConversations(), useContacts(), useDirectory(), useGroups()];
  for (const store of stores) store.attach(client);
  await client.register({ username: 'alice', password: 'x' });
  await clock.advance(0);
  let names: ReturnType<typeof useNames> | undefined;
  const i18n = createI18n({ legacy: false, locale: 'en', messages: catalogues });
  const screen = mount(
    {
      setup() {
        names = useNames();
        return () => {
          const conversation = useConversations().rows.find((row) => row.conversation.type === 'group');
          return h('i', conversation && names?.inConversation(conversation.conversation, bobId));
        };
      },
    },
    { global: { plugins: [pinia, i18n] } },
  );
  const { group } = await client.groups.create([bobId]);
  const unfollow = client.groups.follow(group.group_id);
  await clock.advance(0);
  expect(screen.text()).toBe('bob');

  await bob.contacts.request({ user_id: client.user?.user_id ?? '' });
  await clock.advance(0);
  await client.contacts.accept(client.contacts.get(bobId)?.received?.contact_request_id ?? '');
  await client.contacts.update(bobId, { remark: 'Bobby' });
  await clock.advance(0);
  expect(screen.text()).toBe('Bobby');

  await bob.groups.setNickname(group.group_id, bobId, 'Captain');
  await clock.advance(0);
  expect(screen.text()).toBe('Captain');
  unfollow();
});
