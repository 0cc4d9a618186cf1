import type { Clock } from '../clock.ts';
import { type ChangesPage, decodeChangesPage, type ToldChange } from '../decode.ts';
import { asImError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { Head } from '../types.ts';
import { type Entry, MAX_HELD } from './entry.ts';
import { HOLE_PATIENCE_MS, retryDelay } from './hole-filler.ts';

/** Changes the server looks at in one question. */
const PAGE_LIMIT = 1_000;

/** What the filler needs of the engine. */
export interface ChangeFillerHost {
  readonly clock: Clock;
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
  /** Which connection this is; another number after each loss, undefined while there is none. */
  readonly connection: () => number | undefined;
  /** Takes the change right above what the entry has. */
  readonly apply: (entry: Entry, change: ToldChange) => void;
  /** Takes the present states of all that has changed up to a number. */
  readonly applyPage: (entry: Entry, page: ChangesPage) => void;
  /** Too much was missed, or more is known than there is: what is held of the conversation is worth nothing. */
  readonly reset: (entry: Entry, head: Head) => void;
}

/**
 * The rule for the second counter of a conversation, that of its changes: the next number applies, an older one is
 * ignored, a later one is held until exactly the hole before it has been pulled. Owned by SyncEngine; keeps no state
 * of its own, all of it is in the entries.
 */
export class ChangeFiller {
  private readonly host: ChangeFillerHost;

  constructor(host: ChangeFillerHost) {
    this.host = host;
  }

  /** The rule for one push. */
  take(entry: Entry, told: ToldChange): void {
    const next = entry.stored.mine.change + 1;
    if (told.change < next) return;
    if (told.change > next) {
      if (entry.heldChanges.size < MAX_HELD) entry.heldChanges.set(told.change, told);
      this.waitForHole(entry);
      return;
    }
    this.host.apply(entry, told);
    this.drain(entry);
  }

  /** The head has moved by something else than a change: those up to it may be on their way. */
  expect(entry: Entry): void {
    if (isBehind(entry)) this.waitForHole(entry);
  }

  /** An answer has told the head: what lies before it is lacking. */
  pull(entry: Entry): void {
    if (isBehind(entry)) void this.fill(entry);
  }

  /** Where the server has named an earlier head than is known, it is asked which of the two is right. */
  verify(entry: Entry | undefined, head: number): void {
    const change = entry?.stored.mine.change ?? 0;
    if (entry !== undefined && head < change) void this.fill(entry, change + 1);
  }

  /** The connection is gone: what waits is dropped, the next comparison finds it again. */
  drop(entry: Entry): void {
    entry.heldChanges.clear();
    entry.fillingChanges = false;
    this.host.clock.clearTimeout(entry.changeTimer);
    entry.changeTimer = undefined;
  }

  private drain(entry: Entry): void {
    for (const change of [...entry.heldChanges.keys()].sort((a, b) => a - b)) {
      const told = entry.heldChanges.get(change);
      const next = entry.stored.mine.change + 1;
      if (told === undefined || change > next) break;
      entry.heldChanges.delete(change);
      if (change === next) this.host.apply(entry, told);
    }
    if (isBehind(entry)) this.waitForHole(entry);
  }

  private waitForHole(entry: Entry, ms = HOLE_PATIENCE_MS): void {
    if (entry.changeTimer !== undefined || entry.fillingChanges) return;
    entry.changeTimer = this.host.clock.setTimeout(() => {
      entry.changeTimer = undefined;
      if (isBehind(entry)) void this.fill(entry);
    }, ms);
  }

  private async fill(entry: Entry, target = endOfHole(entry)): Promise<void> {
    const connection = this.host.connection();
    if (entry.fillingChanges || connection === undefined) return;
    const before = entry.stored.mine.change;
    entry.fillingChanges = true;
    try {
      await this.ask(entry, target, connection);
    } catch (thrown) {
      if (this.host.connection() !== connection) return;
      entry.fillingChanges = false;
      // What the server refuses for good is left to the next comparison.
      const error = asImError(thrown);
      if (error.kind !== 'fatal') this.waitForHole(entry, retryDelay(error));
      return;
    }
    if (this.host.connection() !== connection) return;
    entry.fillingChanges = false;
    // Without progress asking again would never end.
    if (entry.stored.mine.change > before) this.drain(entry);
  }

  private async ask(entry: Entry, target: number, connection: number): Promise<void> {
    const id = entry.stored.conversation.conversation_id;
    while (entry.stored.mine.change < target) {
      const after = entry.stored.mine.change;
      const limit = Math.min(PAGE_LIMIT, target - after);
      const answer = await this.host.call('message.changes', { conversation_id: id, after, limit });
      const page = decodeChangesPage(answer);
      if (this.host.connection() !== connection) return;
      if (page.reset !== undefined) {
        this.host.reset(entry, page.reset);
        return;
      }
      // An answer that covers nothing new would be asked for for ever.
      if (page.upTo <= after) return;
      this.host.applyPage(entry, page);
    }
  }
}

/** There are changes that have not been applied. */
function isBehind({ stored, heldChanges }: Entry): boolean {
  return heldChanges.size > 0 || stored.conversation.change > stored.mine.change;
}

/** Up to where nothing is held. */
function endOfHole({ stored, heldChanges }: Entry): number {
  return heldChanges.size > 0 ? Math.min(...heldChanges.keys()) - 1 : stored.conversation.change;
}
