/** The part of a keyboard event that decides. */
export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/** What browsers report for keys that an input method handles itself. */
const IME_KEY_CODE = 229;

/**
 * Whether a key press sends the message: Enter without a modifier. Enter that confirms a candidate of an input
 * method never does; Safari ends the composition before that key press and then only tells it by the key code.
 * On touch keyboards Enter is a new line.
 */
export function sendsMessage(press: KeyPress, touch: boolean): boolean {
  if (press.key !== 'Enter' || touch) return false;
  if (press.isComposing || press.keyCode === IME_KEY_CODE) return false;
  return !press.shiftKey && !press.ctrlKey && !press.altKey && !press.metaKey;
}

export const TEXT_LIMIT = 5_000;
/** The counter shows when fewer are left. */
export const COUNTER_FROM = 200;

/** Characters as people count them, roughly: code points. */
export function textLength(text: string): number {
  return [...text].length;
}

/** Whether a text may be sent: something other than blanks, not too long. */
export function isSendable(text: string): boolean {
  return text.trim() !== '' && textLength(text) <= TEXT_LIMIT;
}
