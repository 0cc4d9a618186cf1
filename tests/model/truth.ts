import type { Conversation } from '@hongyan/sdk';

import { call, history, login, type Base, type Person } from '../e2e/support/people.ts';
import type { State, View } from './wire.ts';

/** A conversation as the server has it for one person. */
export interface Story {
  readonly view: View;
  readonly messages: readonly State[];
}

/** All that one person may see, read by a device that has no past. */
export interface Truth {
  readonly person: Person;
  readonly stories: ReadonlyMap<string, Story>;
}

export async function readTruth(server: Base, person: Person): Promise<Truth> {
  const reader = await login(server, person);
  const stories = new Map<string, Story>();
  let cursor = '';
  do {
    const page = await call<{ items: Conversation[]; next_cursor?: string }>(
      server,
      reader,
      'GET',
      `/v1/conversations?limit=200${cursor}`,
    );
    for (const view of page.items) {
      stories.set(view.conversation_id, {
        view,
        messages: await history(server, reader, view.conversation_id),
      });
    }
    cursor = page.next_cursor === undefined ? '' : `&cursor=${page.next_cursor}`;
  } while (cursor !== '');
  return { person, stories };
}

/** Whether a message counts as unread for those who have not sent it. */
export function countable(message: State): boolean {
  return !('system' in (message.content ?? {}));
}
