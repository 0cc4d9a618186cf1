import {
  type Client,
  type Conversation,
  type ConversationSettings,
  type PendingMessage,
  settingsOf,
  unreadIn,
} from '@hongyan/sdk';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { perFrame } from '../lib/per-frame.ts';

/** A row of the list: the conversation and what of it is not sent yet. */
export interface ListRow {
  readonly conversation: Conversation;
  readonly settings: ConversationSettings;
  /** The newest unsent message. */
  readonly pending: PendingMessage | undefined;
  readonly hasFailed: boolean;
  readonly activityMs: number;
}

/** The conversations as the list shows them. Written only by the bridge to the SDK; row objects stay the same while nothing in them changes. */
export const useConversations = defineStore('conversations', () => {
  const byId = shallowRef<ReadonlyMap<string, ListRow>>(new Map());
  /** Conversations opened here, by when: they are listed without a message, and when they were hidden before. */
  const openedMs = new Map<string, number>();
  /** What has changed since the last frame. */
  const changed = new Set<string>();
  const updateChanged = perFrame(() => {
    update(changed);
    changed.clear();
  });
  let client: Client | undefined;

  const rows = computed(() =>
    [...byId.value.values()]
      .filter(isListed)
      .sort(
        (a, b) =>
          Number(b.settings.pinned) - Number(a.settings.pinned) ||
          b.activityMs - a.activityMs ||
          a.conversation.conversation_id.localeCompare(b.conversation.conversation_id),
      ),
  );

  /** What is unread in those that are not muted. */
  const totalUnread = computed(() => unreadIn([...byId.value.values()].map((row) => row.conversation)).count);

  function isListed({ conversation: { conversation_id: id }, settings }: ListRow): boolean {
    return !settings.hidden || openedMs.has(id);
  }

  function attach(to: Client): void {
    client = to;
    client.on('session:changed', reload);
    client.on('session:ended', () => {
      changed.clear();
      openedMs.clear();
      byId.value = new Map();
    });
    client.on('conversations:changed', (ids) => {
      for (const id of ids) changed.add(id);
      updateChanged();
    });
    reload();
  }

  function reload(): void {
    const all = client?.conversations.list() ?? [];
    byId.value = new Map(all.map((c) => [c.conversation_id, rowOf(c)]));
  }

  function update(ids: ReadonlySet<string>): void {
    const next = new Map(byId.value);
    for (const id of ids) {
      const conversation = client?.conversations.get(id);
      const wasHidden = byId.value.get(id)?.settings.hidden === true;
      if (conversation?.settings?.hidden === true && !wasHidden) openedMs.delete(id);
      if (conversation === undefined) next.delete(id);
      else next.set(id, rowOf(conversation));
    }
    byId.value = next;
  }

  function rowOf(conversation: Conversation): ListRow {
    const id = conversation.conversation_id;
    const unsent = client?.messages.pending(id) ?? [];
    const pending = unsent.at(-1);
    const activityMs = Math.max(
      conversation.last_message?.time_ms ?? 0,
      pending?.item.created_ms ?? 0,
      openedMs.get(id) ?? 0,
    );
    return {
      conversation,
      settings: settingsOf(conversation),
      pending,
      hasFailed: unsent.some((p) => p.item.state === 'failed'),
      activityMs,
    };
  }

  /** Opens the 1:1 with a user and answers its id. Rejects with an ImError. */
  async function open(userId: string): Promise<string> {
    if (client === undefined) throw new Error('the conversations store is not attached');
    const conversation = await client.conversations.open(userId);
    const id = conversation.conversation_id;
    openedMs.set(id, Date.now());
    update(new Set([id]));
    return id;
  }

  return { byId, rows, totalUnread, attach, open };
});
