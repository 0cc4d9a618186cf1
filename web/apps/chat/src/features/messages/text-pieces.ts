import type { MentionSpan } from '../mentions/mention-text.ts';

/** A name in a text. */
export interface MarkedSpan extends MentionSpan {
  /** It means the user, or everybody. */
  readonly mine: boolean;
}

/** A piece of a text; together they are the text. */
export interface Piece {
  readonly text: string;
  readonly mark?: MarkedSpan;
}

/** Cuts a text at its marks, which stand in their order and do not overlap. */
export function piecesOf(text: string, marks: readonly MarkedSpan[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const mark of marks) {
    if (mark.from > at) pieces.push({ text: text.slice(at, mark.from) });
    pieces.push({ text: text.slice(mark.from, mark.to), mark });
    at = mark.to;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}
