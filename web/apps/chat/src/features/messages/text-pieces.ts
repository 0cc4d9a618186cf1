import type { MentionSpan } from '../mentions/mention-text.ts';

/** A name in a text. */
export interface MarkedSpan extends MentionSpan {
  /** It means the user, or everybody. */
  readonly mine: boolean;
}

/** A piece of a text as it is shown: without what marks it. */
export type Piece =
  | { readonly kind: 'text' | 'bold' | 'code' | 'block'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  | { readonly kind: 'mention'; readonly text: string; readonly mine: boolean };

const PATTERN = new RegExp(
  [
    // ```language, a line break, then anything up to the next ```; a break before the end is not part of it.
    '```(?:[\\w+#.-]*\\n)?(?<block>[\\s\\S]*?\\S[\\s\\S]*?)\\n?```',
    '`(?<code>[^`\\n]+)`',
    '(?<link>https?://[^\\s<>"`\\u3000-\\u303f\\uff00-\\uffef]+)',
    '\\*\\*(?!\\S*://)(?<bold>\\S(?:[^\\n]*?\\S)?)\\*\\*',
  ].join('|'),
  'gi',
);
/** What ends a sentence around a link rather than the link. */
const AFTER_LINK = /[.,;:!?'*_\])}]+$/;

/** Cuts a text into what it consists of. The marks stand in their order and do not overlap; in code nothing is marked. */
export function piecesOf(text: string, marks: readonly MarkedSpan[] = []): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(PATTERN)) {
    const { block, code, bold, link } = match.groups ?? {};
    if (match.index < at || isMarked(marks, match.index)) continue;
    pieces.push(...plain(text, at, match.index, marks));
    at = match.index + match[0].length;
    if (block !== undefined) {
      pieces.push({ kind: 'block', text: block });
      // The break behind a block is the block's own.
      if (text[at] === '\n') at += 1;
    } else if (code !== undefined) pieces.push({ kind: 'code', text: code });
    else if (bold !== undefined) pieces.push({ kind: 'bold', text: bold });
    else if (link !== undefined) {
      const href = withoutEnd(link);
      at = match.index + href.length;
      pieces.push(URL.canParse(href) ? { kind: 'link', text: href, href } : { kind: 'text', text: href });
    }
  }
  pieces.push(...plain(text, at, text.length, marks));
  return pieces;
}

function isMarked(marks: readonly MarkedSpan[], at: number): boolean {
  return marks.some((mark) => mark.from <= at && at < mark.to);
}

/** A stretch without anything but names. */
function plain(text: string, from: number, to: number, marks: readonly MarkedSpan[]): Piece[] {
  const pieces: Piece[] = [];
  let at = from;
  for (const mark of marks.filter((one) => one.from >= from && one.to <= to)) {
    if (mark.from > at) pieces.push({ kind: 'text', text: text.slice(at, mark.from) });
    pieces.push({ kind: 'mention', text: text.slice(mark.from, mark.to), mine: mark.mine });
    at = mark.to;
  }
  if (at < to) pieces.push({ kind: 'text', text: text.slice(at, to) });
  return pieces;
}

/** A bracket that was opened in the link belongs to it. */
function withoutEnd(link: string): string {
  const end = AFTER_LINK.exec(link)?.[0] ?? '';
  const cut = link.slice(0, link.length - end.length);
  const opened = cut.split('(').length - cut.split(')').length;
  return opened > 0 && end.startsWith(')') ? `${cut})` : cut;
}

/** One to three emojis and nothing else. */
export function isOnlyEmojis(text: string): boolean {
  return ONLY_EMOJIS.test(text.trim());
}

const ONE = '\\p{Extended_Pictographic}(?:\\ufe0f|\\p{Emoji_Modifier})?';
const ONLY_EMOJIS = new RegExp(`^(?:\\p{Regional_Indicator}{2}|${ONE}(?:\\u200d${ONE})*){1,3}$`, 'u');
