/** What the page of a captcha says to the one it stands in. */
export type CaptchaMessage =
  /** Solved: the token that shows it, good once. */
  | { readonly captcha: 'solved'; readonly token: string }
  /** What was solved is too old by now. */
  | { readonly captcha: 'expired' }
  /** It is there and wants to be so high. */
  | { readonly captcha: 'shown'; readonly height: number }
  /** It cannot be had. */
  | { readonly captcha: 'failed' };

const KINDS: readonly unknown[] = [
  'solved',
  'expired',
  'shown',
  'failed',
] satisfies CaptchaMessage['captcha'][];

/** Whether that is one; a provider's own code sends messages too. */
export function isCaptchaMessage(data: unknown): data is CaptchaMessage {
  return typeof data === 'object' && data !== null && 'captcha' in data && KINDS.includes(data.captcha);
}
