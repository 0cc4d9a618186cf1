import type { Conversation, Person, User } from '@hongyan/sdk';
import { useI18n } from 'vue-i18n';
import { useContacts } from '../stores/contacts.ts';
import { useDirectory } from '../stores/directory.ts';
import { useGroups } from '../stores/groups.ts';
import { useSession } from '../stores/session.ts';

/** Members by whom a group without a name is called. */
const MAX_NAMED = 4;

/** What people and conversations are called on the screen: the remark first, then what they call themselves. */
export function useNames() {
  const { t } = useI18n();
  const contacts = useContacts();
  const directory = useDirectory();
  const groups = useGroups();
  const session = useSession();

  function ofUser(user: User): string {
    if (user.deleted === true) return t('contacts.deleted');
    return contacts.nameOf(user.user_id) ?? (user.nickname || t('contacts.unnamed'));
  }

  /** Three dots while the profile is on its way. */
  function ofPerson(person: Person): string {
    if (person.contact?.remark) return person.contact.remark;
    return person.profile === undefined ? '…' : ofUser(person.profile);
  }

  function ofConversation(conversation: Conversation): string {
    if (conversation.type === 'self') return t('list.selfTitle');
    if (conversation.type === 'group') return conversation.title || ofMembers(conversation.conversation_id);
    return contacts.nameOf(conversation.peer_user_id) ?? conversation.title;
  }

  /** Somebody who is known by the id alone; three dots while the name is on its way. */
  function ofId(userId: string): string {
    if (userId === session.user?.user_id) return session.user.nickname;
    const known = contacts.nameOf(userId);
    if (known !== undefined) return known;
    const name = directory.named(userId);
    return name === undefined ? '…' : name.nickname || t('contacts.unnamed');
  }

  /** A group without a name is called by who is in it, once that is known. */
  function ofMembers(groupId: string): string {
    const others = [...(groups.view(groupId)?.members.keys() ?? [])].filter(
      (userId) => userId !== session.user?.user_id,
    );
    if (others.length === 0) return t('groups.untitled');
    const named = others.slice(0, MAX_NAMED).map((userId) => inGroup(groupId, userId));
    return named.join(t('system.comma'));
  }

  function inGroup(groupId: string, userId: string): string {
    return groups.view(groupId)?.members.get(userId)?.nickname || ofId(userId);
  }

  /** What somebody calls themselves in a group, without what the user calls them; empty while it is on its way. */
  function publicIn(groupId: string, userId: string): string {
    if (userId === session.user?.user_id) return ownIn(groupId);
    const called = groups.view(groupId)?.members.get(userId)?.nickname;
    const profile = contacts.people.get(userId)?.profile ?? directory.named(userId);
    return called || (profile?.nickname ?? '');
  }

  function ownIn(groupId: string): string {
    const me = session.user;
    if (me === undefined) return '';
    return groups.view(groupId)?.members.get(me.user_id)?.nickname || me.nickname;
  }

  /** URL of what somebody looks like, empty for nothing that is known. */
  function pictureOf(userId: string): string {
    if (userId === session.user?.user_id) return session.user.avatar;
    return (contacts.people.get(userId)?.profile ?? directory.named(userId))?.avatar ?? '';
  }

  /** Somebody who writes in a conversation, or is named there: in a group what they are called in it comes first. */
  function inConversation(conversation: Conversation, userId: string): string {
    return inGroup(conversation.conversation_id, userId);
  }

  return { ofUser, ofPerson, ofConversation, ofId, inConversation, inGroup, publicIn, pictureOf };
}
