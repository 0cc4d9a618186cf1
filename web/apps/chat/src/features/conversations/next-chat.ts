import type { ListRow } from '../../stores/conversations.ts';

/** The conversation above or below the open one in the list; of those with something unread, if only they are wanted. */
export function nextChat(
  rows: readonly ListRow[],
  open: string | undefined,
  step: 1 | -1,
  unreadOnly: boolean,
): string | undefined {
  const at = rows.findIndex((row) => row.conversation.conversation_id === open);
  const first = at >= 0 ? at + step : step > 0 ? 0 : rows.length - 1;
  for (let index = first; index >= 0 && index < rows.length; index += step) {
    const row = rows[index];
    const unread = row !== undefined && (row.conversation.unread > 0 || row.settings.marked_unread);
    if (row !== undefined && (unread || !unreadOnly)) return row.conversation.conversation_id;
  }
  return undefined;
}
