import type { Conversation, Message } from '@hongyan/sdk';
import { onMounted, onScopeDispose } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRoute, useRouter } from 'vue-router';
import { useClient } from '../../app/client.ts';
import { attended } from '../../lib/attended.ts';
import { useContentText } from '../../lib/content-text.ts';
import { useNames } from '../../lib/names.ts';
import { TabTurn } from '../../lib/tab-turn.ts';
import { clockTime } from '../../lib/time/time-labels.ts';
import { useClientEvent } from '../../lib/use-client-event.ts';
import { useNotifications } from '../../stores/notifications.ts';
import { useSession } from '../../stores/session.ts';
import { Chime } from './chime.ts';
import { type Attention, isQuiet, isTold } from './rules.ts';

/** Tells of messages outside of the page, by a notification for each conversation and a sound, in one tab of the browser. */
export function useNotifier(): void {
  const client = useClient();
  const route = useRoute();
  const session = useSession();
  const notifications = useNotifications();
  const { show, closeRead, closeRecalled, closeAll } = useShown();
  const chime = new Chime();
  const turn = new TabTurn('hongyan.notifier');

  function attention(): Attention {
    const { account, quiet, mentions } = notifications;
    const open = route.params['conversationId'];
    return {
      me: session.user?.user_id ?? '',
      nowMs: client.serverNow(),
      wanted: account.enabled && !isQuiet(quiet, clockTime(Date.now())),
      mentionsOfMuted: mentions,
      lookedAt: attended() && typeof open === 'string' ? open : undefined,
    };
  }

  useClientEvent('message', (message) => {
    const conversation = client.conversations.get(message.conversation_id);
    if (!turn.isMine || conversation === undefined || !isTold(message, conversation, attention())) return;
    if (notifications.permission === 'granted') show(message, conversation);
    if (notifications.sound) chime.play();
  });
  useClientEvent('conversations:changed', closeRead);
  useClientEvent('message:changed', closeRecalled);

  /** Whoever looks at a tab has its chats before their eyes: it knows best what to tell. */
  const take = (): void => {
    if (attended()) turn.take();
  };
  onMounted(() => {
    take();
    window.addEventListener('focus', take);
  });
  onScopeDispose(() => {
    window.removeEventListener('focus', take);
    turn.end();
    chime.close();
    closeAll();
  });
}

/** The notifications that are there, one for each conversation. */
function useShown() {
  const client = useClient();
  const router = useRouter();
  const wordsOf = useWords();
  const shown = new Map<string, { readonly notification: Notification; readonly seq: number }>();

  function show(message: Message, conversation: Conversation): void {
    const id = conversation.conversation_id;
    const { title, body, icon } = wordsOf(message, conversation);
    // The sound is our own.
    const options = { body, tag: id, silent: true, renotify: true, ...(icon === '' ? {} : { icon }) };
    let notification: Notification;
    try {
      notification = new Notification(title, options);
    } catch {
      // Phones only let service workers show some.
      return;
    }
    notification.onclick = () => {
      window.focus();
      close(id);
      void router.push({ name: 'chat', params: { conversationId: id } });
    };
    shown.set(id, { notification, seq: message.seq });
  }

  function close(id: string): void {
    shown.get(id)?.notification.close();
    shown.delete(id);
  }

  /** Read anywhere. */
  function closeRead(ids: ReadonlySet<string>): void {
    for (const id of ids) {
      const seq = shown.get(id)?.seq;
      if (seq !== undefined && (client.conversations.get(id)?.read_seq ?? 0) >= seq) close(id);
    }
  }

  function closeRecalled({ conversation_id: id, seq, recalled }: Message): void {
    if (recalled !== undefined && shown.get(id)?.seq === seq) close(id);
  }

  function closeAll(): void {
    for (const id of [...shown.keys()]) close(id);
  }

  return { show, closeRead, closeRecalled, closeAll };
}

/** What a notification says, and whose picture it has. */
function useWords() {
  const { t } = useI18n();
  const names = useNames();
  const notifications = useNotifications();
  let told: Conversation | undefined;
  const text = useContentText(() => {
    if (told === undefined) throw new Error('nothing is told of');
    return told;
  });

  function bodyOf(message: Message, conversation: Conversation): string {
    if (!notifications.account.preview) return t('notifications.hidden');
    const { sender_id: sender } = message;
    const said = text.summary(message);
    if (conversation.type !== 'group' || sender === undefined) return said;
    return t('list.said', { name: names.inConversation(conversation, sender), text: said });
  }

  return (message: Message, conversation: Conversation) => {
    told = conversation;
    const body = bodyOf(message, conversation);
    return { title: names.ofConversation(conversation), body, icon: conversation.avatar };
  };
}
