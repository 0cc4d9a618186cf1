import type { Outbox } from '../outbox/outbox.ts';
import type { Seq, UserId } from '../types.ts';
import type { WindowSource } from './window-pages.ts';

export type LoadState = 'idle' | 'loading' | 'error';

/**
 * What has come of looking for a message: it is in the window; the user may not see it (any more); it lies further back
 * than anybody waits for; what lies there could not be loaded.
 */
export type Reached = 'reached' | 'missing' | 'far' | 'failed';

export interface WindowOptions extends WindowSource {
  readonly me: UserId;
  readonly outbox: Outbox;
  /** Where it begins, when that is more than a page before the head: the first message that was not read, for example. */
  readonly from?: Seq | undefined;
}
