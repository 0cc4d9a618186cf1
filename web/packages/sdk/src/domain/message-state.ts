import type { AnyContent, Message, Quote, Seq } from '../types.ts';
import { without } from '../without.ts';

/** What has become of a message. */
export interface MessageChange {
  /** Its number; of a state that an answer told, the last one in it. */
  readonly change: number;
  readonly message: Message;
  /** Only an answer tells the user's own reactions. */
  readonly from: 'answer' | 'push';
  /** What this change did to them. */
  readonly own?: { readonly emoji: string; readonly added: boolean };
}

/** As much of a quoted text as is kept with the message that quotes it. */
const QUOTE_LENGTH = 200;

/** A state that comes in over the one that is held: the later one. */
export function newerOf(held: Message | undefined, fresh: Message): Message {
  return held === undefined || fresh.change > held.change ? fresh : held;
}

/** A held message after a change. Each change counts for one's own reactions, also when several bring the same state. */
export function afterChange(held: Message, { message, from, own }: MessageChange): Message {
  if (from === 'answer') {
    const same = message.change === held.change && !sameEmojis(message.mine, held.mine);
    return same ? message : newerOf(held, message);
  }
  const state = message.change > held.change ? withMine(message, held.mine) : held;
  if (state.recalled !== undefined || own === undefined) return state;
  const others = (state.mine ?? []).filter((emoji) => emoji !== own.emoji);
  return withMine(state, own.added ? [...others, own.emoji] : others);
}

/** What a message still says of one that was recalled. */
export function withoutQuoted<M extends { readonly quote?: Quote }>(message: M, recalled: Seq): M {
  if (message.quote?.seq !== recalled || message.quote.content === undefined) return message;
  return { ...message, quote: without(message.quote, 'content') };
}

/** The snapshot that goes with an answer to a message. */
export function quoteOf(message: Pick<Message, 'seq' | 'sender_id' | 'content'>): Quote {
  const { seq, sender_id = '', content } = message;
  const cut = content === undefined ? undefined : cutToQuote(content);
  return { seq, sender_id, ...(cut === undefined ? {} : { content: cut }) };
}

function cutToQuote(content: AnyContent): AnyContent {
  if (content.text !== undefined)
    return { text: { text: [...content.text.text].slice(0, QUOTE_LENGTH).join('') } };
  return content.merged === undefined ? content : { merged: { title: content.merged.title, items: [] } };
}

function withMine(message: Message, mine: readonly string[] | undefined): Message {
  if (sameEmojis(message.mine, mine)) return message;
  const rest = without(message, 'mine');
  return mine === undefined || mine.length === 0 || message.recalled !== undefined ? rest : { ...rest, mine };
}

function sameEmojis(a: readonly string[] = [], b: readonly string[] = []): boolean {
  return a.length === b.length && a.every((emoji) => b.includes(emoji));
}
