import type { Row } from '@hongyan/sdk';
import { describe, expect, it } from 'vitest';
import { directChat, groupChat, messageRow as row } from '../../testing/builders.ts';
import {
  actionsOn,
  EDIT_WINDOW_MS,
  mayReact,
  type MessagePlace,
  RECALL_WINDOW_MS,
} from './message-actions.ts';

const place = (over: Partial<MessagePlace> = {}): MessagePlace => ({
  conversation: directChat(),
  me: '1',
  mayWrite: true,
  senderRole: undefined,
  nowMs: 0,
  ...over,
});

describe('ML-15: what may be done with a message', () => {
  it('one’s own, as long as the windows are open', () => {
    expect(actionsOn(row(), place())).toEqual([
      'copy',
      'quote',
      'forward',
      'select',
      'edit',
      'pin',
      'recall',
      'delete',
    ]);
    const later = place({ nowMs: RECALL_WINDOW_MS });
    expect(actionsOn(row(), later)).toEqual(['copy', 'quote', 'forward', 'select', 'edit', 'pin', 'delete']);
    const late = place({ nowMs: EDIT_WINDOW_MS });
    expect(actionsOn(row({ pinned: true }), late)).toEqual([
      'copy',
      'quote',
      'forward',
      'select',
      'unpin',
      'delete',
    ]);
  });

  it('that of somebody else', () => {
    const reactions = [{ emoji: '👍', count: 1, user_ids: ['1'] }];
    expect(actionsOn(row({ senderId: '2', reactions }), place())).toEqual([
      'copy',
      'quote',
      'forward',
      'select',
      'pin',
      'reactions',
      'report',
      'delete',
    ]);
    expect(actionsOn(row({ senderId: '2', content: {} }), place())).not.toContain('copy');
  });

  it('nothing but hiding what was recalled, nothing with the server’s own lines', () => {
    expect(actionsOn(row({ content: undefined, recalled: { by: '1', time_ms: 1 } }), place())).toEqual([
      'delete',
    ]);
    expect(actionsOn(row({ senderId: '', content: { system: { code: 'x', params: {} } } }), place())).toEqual(
      [],
    );
    expect(mayReact(row({ recalled: { by: '1', time_ms: 1 } }), place())).toBe(false);
  });

  it('only copying what is not sent yet', () => {
    const unsent: Row = row({ status: 'failed' });
    delete (unsent as { seq?: number }).seq;
    expect(actionsOn(unsent, place())).toEqual(['copy']);
    expect(mayReact(unsent, place())).toBe(false);
  });

  it('in a group by one’s role, in one that is left nothing that others see', () => {
    const group = (my_role: 'owner' | 'admin' | 'member') => groupChat({ my_role });
    const theirs = row({ senderId: '2' });
    const does = (mine: 'owner' | 'admin' | 'member', senderRole: 'owner' | 'admin' | 'member') =>
      actionsOn(theirs, place({ conversation: group(mine), senderRole, nowMs: EDIT_WINDOW_MS }));
    expect(does('admin', 'member')).toContain('recall');
    expect(does('owner', 'admin')).toContain('recall');
    expect(does('admin', 'admin')).not.toContain('recall');
    expect(does('member', 'member')).toEqual(['copy', 'quote', 'forward', 'select', 'report', 'delete']);
    expect(actionsOn(row(), place({ conversation: group('member') }))).toContain('receipts');
    const left = place({ conversation: groupChat(), mayWrite: false });
    expect(actionsOn(row(), left)).toEqual(['copy', 'forward', 'select', 'delete']);
    expect(mayReact(row(), left)).toBe(false);
  });
});
