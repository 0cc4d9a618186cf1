import type { Conversation, Row } from '@hongyan/sdk';

/** How far one's own message has come with the other one of a 1:1. */
export type Reach = 'sent' | 'delivered' | 'read';

type Marks = Pick<Conversation, 'peer_read_seq' | 'peer_delivered_seq'>;

export function reachOf(row: Pick<Row, 'seq'>, marks: Marks): Reach {
  const { peer_read_seq: read = 0, peer_delivered_seq: delivered = 0 } = marks;
  const seq = row.seq ?? Infinity;
  if (seq <= read) return 'read';
  return seq <= delivered ? 'delivered' : 'sent';
}

/** The newest message that was read, the newest that has come, and the newest the server has: only these say so. */
export function newestOfEachReach(
  rows: readonly Row[],
  { peer_read_seq: read = 0, peer_delivered_seq: delivered = 0 }: Marks,
): ReadonlySet<string | undefined> {
  const own = rows.filter((row) => row.status === 'sent' && row.recalled === undefined);
  const marks = [read, delivered, Infinity];
  return new Set(marks.map((mark) => own.findLast((row) => (row.seq ?? 0) <= mark)?.key));
}
