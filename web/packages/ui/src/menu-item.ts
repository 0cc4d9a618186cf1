import type { IconName } from './icons.ts';

/** One of the things that a menu offers. */
export interface MenuItem {
  readonly key: string;
  readonly text: string;
  readonly icon?: IconName;
  readonly danger?: boolean;
}
