/** Midnight of the day of a time, in the browser's time zone. */
function dayStart(ms: number): number {
  const date = new Date(ms);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** Whole days between two midnights; rounding absorbs the hour of a clock change. */
function daysBetween(fromMs: number, toMs: number): number {
  return Math.round((dayStart(toMs) - dayStart(fromMs)) / 86_400_000);
}

export interface TimeTexts {
  readonly locale: string;
  /** The word for yesterday. */
  readonly yesterday: string;
}

export function clockTime(ms: number): string {
  const date = new Date(ms);
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}

/** Today's times by the clock; then yesterday; within 7 days the weekday; this year M/D; else YYYY/M/D. */
export function listLabel(ms: number, nowMs: number, texts: TimeTexts): string {
  const days = daysBetween(ms, nowMs);
  // A clock that is a little ahead of ours still means today.
  if (days <= 0) return clockTime(ms);
  return dayLabel(ms, nowMs, days, texts);
}

/** Above a message: as in the list, always with the time of day. */
export function messageLabel(ms: number, nowMs: number, texts: TimeTexts): string {
  const days = daysBetween(ms, nowMs);
  return days <= 0 ? clockTime(ms) : `${dayLabel(ms, nowMs, days, texts)} ${clockTime(ms)}`;
}

/** Date and time in full, for a tooltip. */
export function fullLabel(ms: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }).format(ms);
}

/** A moment that matters to the minute: today's by the clock, others with their date. */
export function momentLabel(ms: number, nowMs: number, locale: string): string {
  if (daysBetween(ms, nowMs) === 0) return clockTime(ms);
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(ms);
}

function dayLabel(ms: number, nowMs: number, days: number, texts: TimeTexts): string {
  const date = new Date(ms);
  if (days === 1) return texts.yesterday;
  if (days < 7) return new Intl.DateTimeFormat(texts.locale, { weekday: 'long' }).format(ms);
  const monthDay = `${date.getMonth() + 1}/${date.getDate()}`;
  return date.getFullYear() === new Date(nowMs).getFullYear()
    ? monthDay
    : `${date.getFullYear()}/${monthDay}`;
}

const LABEL_GAP_MS = 5 * 60_000;
const TIGHT_GAP_MS = 3 * 60_000;

export interface Timed {
  readonly senderId: string;
  readonly timeMs: number;
}

/** Whether a message gets a time above it: the first, and after a pause of five minutes. */
export function needsLabel(message: Timed, before: Timed | undefined): boolean {
  return before === undefined || message.timeMs - before.timeMs >= LABEL_GAP_MS;
}

/** Whether a message stands close to the one before: the same sender within three minutes. */
export function isTight(message: Timed, before: Timed | undefined): boolean {
  return (
    before !== undefined &&
    before.senderId === message.senderId &&
    message.timeMs - before.timeMs < TIGHT_GAP_MS
  );
}
