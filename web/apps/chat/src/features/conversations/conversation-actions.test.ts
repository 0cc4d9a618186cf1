import { settingsOf } from '@hongyan/sdk';
import { describe, expect, it } from 'vitest';
import { listRow } from '../../testing/builders.ts';
import { actionsFor } from './conversation-actions.ts';

describe('actions of a conversation', () => {
  it('are those that change something', () => {
    const quiet = listRow({ unread: 0 });
    expect(actionsFor(quiet)).toEqual(['pin', 'markUnread', 'mute', 'hide']);
    const set = { ...settingsOf({}), pinned: true, muted: true, marked_unread: true };
    expect(actionsFor(listRow({ settings: set }))).toEqual(['unpin', 'markRead', 'unmute', 'hide']);
    expect(actionsFor(listRow({ unread: 2 }))).toContain('markRead');
  });

  it('clear what has something in it', () => {
    const last = {
      message_id: '1',
      conversation_id: '9',
      seq: 1,
      client_msg_id: 'a',
      time_ms: 1,
      change: 0,
    };
    expect(actionsFor(listRow({ last_message: last }))).toContain('clear');
  });
});
