import type { CodeTarget } from '@hongyan/sdk';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const PHONE = /^\+[0-9 ().-]{6,24}$/;

/** The digits of a code, however it was written or pasted. */
export const digitsOf = (code: string): string => code.replace(/\D/g, '');

/** What somebody has typed as a place for codes, or undefined when it is neither of what codes can be sent to. The server looks closer. */
export function codeTarget(text: string, targets: readonly CodeTarget[]): string | undefined {
  const typed = text.trim();
  if (targets.includes('email') && EMAIL.test(typed)) return typed;
  if (targets.includes('phone') && PHONE.test(typed)) return typed;
  return undefined;
}
