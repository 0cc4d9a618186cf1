import { describe, expect, it } from 'vitest';
import type { Conversation } from '../src/index.ts';
import { mergeConversation, moveMark, newEntry } from '../src/sync/entry.ts';

const view = (over: Partial<Conversation>): Conversation => ({
  conversation_id: '1',
  type: 'direct',
  title: 'bob',
  avatar: '',
  state: 'normal',
  seq: 3,
  change: 0,
  floor_seq: 1,
  avatar_user_ids: [],
  read_seq: 0,
  unread: 3,
  settings: { pinned: false, muted: false, marked_unread: false, hidden: false, draft: '' },
  ...over,
});

describe('an answer that is older than a mark of our own', () => {
  it('counts nothing when nothing else is new in it', () => {
    const entry = newEntry(view({}), 3);
    moveMark(entry, true, 1);
    expect(mergeConversation(entry, view({ read_seq: 1, unread: 2 }), false)).toBe(false);
    expect(mergeConversation(entry, view({}), false)).toBe(false);
    expect(entry.stored.conversation).toMatchObject({ read_seq: 1, unread: 2 });
  });

  it('counts until it is asked again when it has new messages', () => {
    const entry = newEntry(view({}), 3);
    moveMark(entry, true, 3);
    expect(mergeConversation(entry, view({ seq: 5, unread: 5 }), false)).toBe(true);
    expect(mergeConversation(entry, view({ seq: 5, read_seq: 3, unread: 2 }), false)).toBe(false);
    expect(entry.stored.conversation).toMatchObject({ read_seq: 3, unread: 2 });
  });
});
