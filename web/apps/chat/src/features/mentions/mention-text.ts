import type { Mentions } from '@hongyan/sdk';

/** Stands behind a name in a text, so that names with blanks have an end; looks like a narrow blank. */
export const MENTION_END = '\u2005';
/** As many as a message may name. */
export const MOST_MENTIONS = 50;
/** Longer than any name. */
const LABEL_LIMIT = 64;
/** Somebody who types more than this behind an @ names nobody. */
const QUERY_LIMIT = 24;

/** Who is meant by a name in a text. */
export interface Named {
  readonly userIds: readonly string[];
  readonly all: boolean;
}

/** Answers undefined for what is nobody's name. */
export type NameLookup = (label: string) => Named | undefined;

export interface TypedMention {
  /** Where its @ stands. */
  readonly from: number;
  /** What was typed behind it. */
  readonly query: string;
}

export interface MentionSpan {
  readonly from: number;
  readonly to: number;
  /** Without the @. */
  readonly label: string;
}

/** The name that is being typed where the caret stands. An @ in the middle of a word belongs to an address. */
export function mentionBeingTyped(text: string, caret: number): TypedMention | undefined {
  const before = text.slice(0, caret);
  const from = before.lastIndexOf('@');
  if (from < 0 || /[\w.+-]/.test(before[from - 1] ?? '')) return undefined;
  const query = before.slice(from + 1);
  if (query.length > QUERY_LIMIT || /[\s\u2005]/.test(query)) return undefined;
  return { from, query };
}

export function mentionText(label: string): string {
  return `@${label}${MENTION_END}`;
}

/** Names with their end, in their order. What `isName` does not know is one from its last @ on, as far as it may be. */
export function closedMentions(text: string, isName: (label: string) => boolean): MentionSpan[] {
  const spans: MentionSpan[] = [];
  for (let end = text.indexOf(MENTION_END); end >= 0; end = text.indexOf(MENTION_END, end + 1)) {
    const from = beginOf(text, spans.at(-1)?.to ?? 0, end, isName);
    if (from !== undefined) spans.push({ from, to: end + 1, label: text.slice(from + 1, end) });
  }
  return spans;
}

/** The name that ends where the caret stands. */
export function mentionBefore(
  text: string,
  caret: number,
  isName: (label: string) => boolean,
): MentionSpan | undefined {
  return closedMentions(text, isName).find((span) => span.to === caret);
}

/** Whom a text names; undefined when it is nobody. */
export function mentionsIn(text: string, lookup: NameLookup): Mentions | undefined {
  const named = closedMentions(text, (label) => lookup(label) !== undefined).flatMap(
    ({ label }) => lookup(label) ?? [],
  );
  const ids = [...new Set(named.flatMap((one) => one.userIds))].slice(0, MOST_MENTIONS);
  const all = named.some((one) => one.all);
  return ids.length > 0 || all ? { user_ids: ids, all } : undefined;
}

/**
 * The names in a text that somebody has sent. Other clients set no end behind them: there only what the people are
 * called now is found.
 */
export function sentMentions(text: string, labels: readonly string[]): MentionSpan[] {
  const known = [...labels].filter((label) => label !== '').sort((a, b) => b.length - a.length);
  const closed = closedMentions(text, (label) => known.includes(label));
  const open: MentionSpan[] = [];
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const label = known.find((one) => text.startsWith(one, at + 1) && endsThere(text, at + 1 + one.length));
    const span = label === undefined ? undefined : { from: at, to: at + 1 + label.length, label };
    const taken = span === undefined || closed.some(({ from, to }) => span.from < to && from < span.to);
    if (span !== undefined && !taken) open.push(span);
  }
  return [...closed, ...open].sort((a, b) => a.from - b.from);
}

function beginOf(
  text: string,
  floor: number,
  end: number,
  isName: (label: string) => boolean,
): number | undefined {
  let nearest: number | undefined;
  for (let at = text.lastIndexOf('@', end - 1); at >= floor && end - at <= LABEL_LIMIT + 1;) {
    const label = text.slice(at + 1, end);
    if (label.includes('\n')) break;
    if (isName(label)) return at;
    if (label !== '') nearest ??= at;
    if (at === 0) break;
    at = text.lastIndexOf('@', at - 1);
  }
  return nearest;
}

/** A name is not the beginning of a longer word. */
function endsThere(text: string, at: number): boolean {
  return !/[\w]/.test(text[at] ?? '') || !/[\w]/.test(text[at - 1] ?? '');
}
