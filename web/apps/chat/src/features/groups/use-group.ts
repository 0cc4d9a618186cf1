import { computed, onScopeDispose } from 'vue';
import { useClient } from '../../app/client.ts';
import { useConversations } from '../../stores/conversations.ts';
import { useGroups } from '../../stores/groups.ts';
import { useSession } from '../../stores/session.ts';

/** A group that is followed as long as it is shown, and the user's own place in it. */
export type GroupPlace = ReturnType<typeof useGroup>;

export function useGroup(groupId: string) {
  const client = useClient();
  const groups = useGroups();
  const conversations = useConversations();
  const session = useSession();

  const view = computed(() => groups.view(groupId));
  const group = computed(() => view.value?.group);
  const members = computed(() => [...(view.value?.members.values() ?? [])]);
  const conversation = computed(() => conversations.byId.get(groupId)?.conversation);
  const me = computed(() => view.value?.members.get(session.user?.user_id ?? ''));
  /** Undefined for who is no member any more. */
  const role = computed(() => conversation.value?.my_role);

  onScopeDispose(client.groups.follow(groupId));

  return { view, group, members, conversation, me, role, retry: () => client.groups.retry(groupId) };
}
