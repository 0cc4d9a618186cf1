import type { Row } from '@hongyan/sdk';
import { expect, it } from 'vitest';
import { newestOfEachReach, reachOf } from './reach.ts';

const marks = { peer_read_seq: 2, peer_delivered_seq: 4 };

it('a message is read, has come or was sent, by the marks of the other one', () => {
  const reaches = [1, 2, 3, 4, 5, undefined].map((seq) => reachOf(seq === undefined ? {} : { seq }, marks));
  expect(reaches).toEqual(['read', 'read', 'delivered', 'delivered', 'sent', 'sent']);
  expect(reachOf({ seq: 1 }, {})).toBe('sent');
});

it('the newest of each says so, and nothing of others or that was recalled', () => {
  const row = (seq: number, more: Partial<Row> = {}) =>
    ({ key: `m${seq}`, seq, status: 'sent', ...more }) as Row;
  const recalled = { by: '1', time_ms: 1 };
  const rows = [row(1), row(2), row(3), row(4, { recalled }), row(5), row(6, { status: 'received' })];
  expect([...newestOfEachReach(rows, marks)]).toEqual(['m2', 'm3', 'm5']);
  const all = { peer_read_seq: 9, peer_delivered_seq: 9 };
  expect([...newestOfEachReach(rows, all)]).toEqual(['m5']);
});
