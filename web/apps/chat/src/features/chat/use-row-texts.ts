import type { Conversation, Row } from '@hongyan/sdk';
import { useI18n } from 'vue-i18n';
import { useContentText } from '../../lib/content-text.ts';
import { useNames } from '../../lib/names.ts';
import { useSession } from '../../stores/session.ts';
import { sentMentions } from '../mentions/mention-text.ts';
import type { QuoteText } from '../messages/quote-text.ts';
import type { MarkedSpan } from '../messages/text-pieces.ts';

export interface Sender {
  readonly id: string;
  readonly name: string;
  readonly avatar: string;
}

/** How clients call everybody. */
const ALL_LABELS: readonly string[] = ['all', 'everyone', '所有人'];

/** What stands around the text of a message. `title`: what the conversation is called. */
export function useRowTexts(conversation: () => Conversation, title: () => string) {
  const { t } = useI18n();
  const names = useNames();
  const session = useSession();
  const { systemLines, recalledLine, preview } = useContentText(conversation);

  /** In the middle instead of a bubble; undefined for a message that has one. */
  function linesOf(row: Row): string[] | undefined {
    if (row.recalled !== undefined) return [recalledLine(row.recalled.by, row.senderId)];
    // A line of the server's own is nobody's bubble, also when this client does not know its code.
    if (row.senderId !== '') return undefined;
    const system = row.content?.system;
    return (system === undefined ? undefined : systemLines(system)) ?? [t('chat.unsupported')];
  }

  /** Who has written it, as they are called and look here. */
  function senderOf({ senderId }: Row): Sender {
    const { type, avatar, peer_user_id: peer, conversation_id: id } = conversation();
    if (senderId === session.user?.user_id) {
      return { id: senderId, name: session.user.nickname, avatar: session.user.avatar };
    }
    if (type !== 'group' || senderId === '') return { id: peer ?? id, name: title(), avatar };
    return { id: senderId, name: nameOf(senderId), avatar: names.pictureOf(senderId) };
  }

  function nameOf(userId: string): string {
    return names.inConversation(conversation(), userId);
  }

  function quoteOf({ quote }: Row): QuoteText | undefined {
    if (quote === undefined) return undefined;
    const { seq, content } = quote;
    const text = content === undefined ? undefined : (preview(content) ?? t('list.unsupported'));
    return { seq, name: nameOf(quote.sender_id), text };
  }

  /** The names in its text that somebody is told of. */
  function marksOf({ content, mentions, senderId }: Row): readonly MarkedSpan[] {
    const text = content?.text?.text;
    if (text === undefined || mentions === undefined) return [];
    const called = (userId: string) => names.publicIn(conversation().conversation_id, userId);
    const mine = (label: string) => {
      if (senderId === session.user?.user_id) return false;
      if (mentions.all && ALL_LABELS.includes(label)) return true;
      const me = session.user?.user_id ?? '';
      return mentions.user_ids.includes(me) && label === called(me);
    };
    const labels = [...mentions.user_ids.map(called), ...(mentions.all ? ALL_LABELS : [])];
    return sentMentions(text, labels).map((span) => ({ ...span, mine: mine(span.label) }));
  }

  /** Its content in one line. */
  function summaryOf({ content }: Row): string {
    return preview(content) ?? t('list.unsupported');
  }

  return { linesOf, senderOf, quoteOf, marksOf, summaryOf, nameOf };
}
