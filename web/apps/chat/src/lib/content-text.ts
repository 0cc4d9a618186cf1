import type { AnyContent, Conversation, Message, SystemContent } from '@hongyan/sdk';
import { useI18n } from 'vue-i18n';
import { useContacts } from '../stores/contacts.ts';
import { useSession } from '../stores/session.ts';
import { groupLine } from './group-line.ts';
import { useNames } from './names.ts';

/** What messages say in words, in the language of the screen. */
export function useContentText(conversation: () => Conversation) {
  const { t, locale } = useI18n();
  const contacts = useContacts();
  const session = useSession();
  const names = useNames();

  const isMe = (userId: string): boolean => userId === session.user?.user_id;

  function nameOf(userId: string | undefined): string {
    if (userId !== undefined && isMe(userId)) return session.user?.nickname ?? '';
    const known = contacts.nameOf(userId);
    if (known !== undefined) return known;
    // The other one of a 1:1 is called as the 1:1 is.
    return conversation().peer_user_id === userId
      ? names.ofConversation(conversation())
      : t('contacts.unnamed');
  }

  function calledHere(userId: string): string {
    return names.inConversation(conversation(), userId);
  }

  function who(userId: string, called = calledHere): string {
    return isMe(userId) ? t('system.you') : t('system.named', { name: called(userId) });
  }

  function whom(userId: string, called = calledHere): string {
    return isMe(userId) ? t('system.youAsWell') : t('system.named', { name: called(userId) });
  }

  /** What stands in the place of a message that was recalled. */
  function recalledLine(by: string, senderId: string): string {
    return by === senderId
      ? t('system.recalled', { by: who(by) })
      : t('system.recalledOf', { by: who(by), name: whom(senderId) });
  }

  /** The lines of one of the server's own; undefined for a code this client does not know. */
  function systemLines(content: SystemContent): string[] | undefined {
    if (content.code === 'contact_added') return contactLines(content.params);
    // Who has just been given a name is told by the one before.
    const renamed = content.code === 'nickname_changed';
    const called = (userId: string) => (renamed ? names.ofId(userId) : calledHere(userId));
    const line = groupLine(content, {
      t: (key, values) => t(key, values ?? {}),
      locale: locale.value,
      nowMs: contacts.nowMs,
      who: (userId) => who(userId, called),
      whom: (userId) => whom(userId, called),
    });
    return line === undefined ? undefined : [line];
  }

  function contactLines(params: SystemContent['params']): string[] {
    const mine = isMe(params['by'] ?? '');
    const said = mine
      ? t('system.contactAddedByMe', { name: nameOf(params['user_id']) })
      : t('system.contactAddedByOther', { name: nameOf(params['by']) });
    const greeting = params['message'];
    if (!greeting) return [said];
    return [said, t('system.contactAddedGreeting', { name: nameOf(params['user_id']), text: greeting })];
  }

  function spoken(content: AnyContent | undefined): string | undefined {
    const { text, merged } = content ?? {};
    if (merged === undefined) return text?.text;
    return t('list.merged', { title: merged.title || t('message.merged.title') });
  }

  /** One line of a message for a list; undefined for a kind this client does not know. */
  function preview(content: AnyContent | undefined): string | undefined {
    const text = content?.system === undefined ? spoken(content) : systemLines(content.system)?.[0];
    return text?.replace(/\s+/g, ' ').trim();
  }

  /** The same of a whole message, which may have been recalled; never nothing. */
  function summary({
    content,
    recalled,
    sender_id: sender = '',
  }: Pick<Message, 'content' | 'recalled' | 'sender_id'>): string {
    if (recalled !== undefined) return recalledLine(recalled.by, sender);
    return preview(content) ?? t('list.unsupported');
  }

  return { systemLines, recalledLine, preview, summary };
}
