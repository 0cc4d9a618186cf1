import type { PendingMessage } from '../outbox/outbox.ts';
import type { Message, UserId } from '../types.ts';
import { keyOf, type Row, rowOf } from './row.ts';

/** Makes rows of messages; one whose message did not change is the same object as before. Owned by a window. */
export class PaintedRows {
  private readonly me: UserId;
  private byKey = new Map<string, { source: Message | PendingMessage; row: Row }>();

  constructor(me: UserId) {
    this.me = me;
  }

  of(sources: readonly (Message | PendingMessage)[]): readonly Row[] {
    const byKey: typeof this.byKey = new Map();
    for (const source of sources) {
      const key = keyOf(source, this.me);
      const before = this.byKey.get(key);
      byKey.set(key, before?.source === source ? before : { source, row: rowOf(source, key, this.me) });
    }
    this.byKey = byKey;
    return [...byKey.values()].map(({ row }) => row);
  }

  clear(): void {
    this.byKey.clear();
  }
}
