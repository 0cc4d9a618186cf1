import { readSetting, writeSetting } from '../../lib/local-setting.ts';

const KEY = 'emojis';
const KEPT = 16;

/** The emojis that were taken last in this browser, the last one first. */
export function recentEmojis(): readonly string[] {
  return (readSetting(KEY) ?? '').split(' ').filter((emoji) => emoji !== '');
}

export function rememberEmoji(emoji: string): void {
  const others = recentEmojis().filter((one) => one !== emoji);
  writeSetting(KEY, [emoji, ...others].slice(0, KEPT).join(' '));
}
