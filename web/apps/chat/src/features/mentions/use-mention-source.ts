import type { Conversation } from '@hongyan/sdk';
import { useI18n } from 'vue-i18n';
import { useClient } from '../../app/client.ts';
import { useNames } from '../../lib/names.ts';
import { useContacts } from '../../stores/contacts.ts';
import { useGroups } from '../../stores/groups.ts';
import { useSession } from '../../stores/session.ts';
import type { Mentionable, MentionSource } from './mention-source.ts';

/** Who can be named in a group, which has to be followed: its members without the user, and everybody for who leads it. */
export function useMentionSource(conversation: () => Conversation | undefined): MentionSource {
  const { t } = useI18n();
  const client = useClient();
  const contacts = useContacts();
  const groups = useGroups();
  const names = useNames();
  const session = useSession();

  function people(): readonly Mentionable[] {
    const group = conversation();
    if (group === undefined) return [];
    const id = group.conversation_id;
    const members = [...(groups.view(id)?.members.keys() ?? [])]
      .filter((userId) => userId !== session.user?.user_id)
      .flatMap((userId) => personIn(id, userId) ?? []);
    const leads = group.my_role === 'owner' || group.my_role === 'admin';
    return leads && members.length > 0 ? [everybody(), ...members] : members;
  }

  function personIn(groupId: string, userId: string): Mentionable | undefined {
    const label = names.publicIn(groupId, userId);
    // Whose name is on its way is there in a moment.
    if (label === '') return undefined;
    const contact = contacts.people.get(userId)?.contact;
    return {
      userId,
      label,
      remark: contact?.remark ?? '',
      avatar: names.pictureOf(userId),
      sounds: contact?.sort_key === undefined ? [] : [contact.sort_key],
    };
  }

  function everybody(): Mentionable {
    const sounds = ['all', 'everyone', 'suoyouren', '所有人'];
    return { userId: undefined, label: t('mention.all'), remark: '', avatar: '', sounds };
  }

  async function search(query: string): Promise<ReadonlySet<string>> {
    const id = conversation()?.conversation_id;
    const found = id === undefined ? [] : await client.groups.search(id, query);
    return new Set(found.map((member) => member.user_id));
  }

  return { people, search };
}
