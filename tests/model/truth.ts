import type { Conversation, ListMessagesResponse } from '@hongyan/sdk';

import { http } from '../e2e/support/http.ts';
import { call, history, login, type Base, type Person } from '../e2e/support/people.ts';
import { has } from './alphabet.ts';
import type { State, View } from './wire.ts';
import type { Room } from './world.ts';

/** A conversation as the server has it for one person. */
export interface Story {
  readonly view: View;
  readonly messages: readonly State[];
  /** The seqs of its pinned messages, where there are pins. */
  readonly pins?: readonly number[];
  /** Of a group who is in it now, as its members are told. */
  readonly members?: readonly string[];
}

/** All that one person may see, read by a device that has no past. */
export interface Truth {
  readonly person: Person;
  readonly stories: ReadonlyMap<string, Story>;
}

/** Reads all that `person` is listed, and of `rooms` what a former member may still see. */
export async function readTruth(server: Base, person: Person, rooms: readonly Room[]): Promise<Truth> {
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
    for (const view of page.items) stories.set(view.conversation_id, await readStory(server, reader, view));
    cursor = page.next_cursor === undefined ? '' : `&cursor=${page.next_cursor}`;
  } while (cursor !== '');
  for (const { id, isGroup } of rooms) {
    if (!isGroup || stories.has(id)) continue;
    const story = await readRest(server, reader, id);
    if (story !== undefined) stories.set(id, story);
  }
  return { person, stories };
}

async function readStory(server: Base, reader: Person, view: View): Promise<Story> {
  const id = view.conversation_id;
  const base = `/v1/conversations/${id}`;
  const messages = await history(server, reader, id);
  const pins = has('message.pins')
    ? (await call<{ items: State[] }>(server, reader, 'GET', `${base}/pins`)).items.map(({ seq }) => seq)
    : undefined;
  const members =
    view.type === 'group' && has('group.members')
      ? (await call<{ items: { user_id: string }[] }>(server, reader, 'GET', `/v1/groups/${id}/members`))
          .items
      : undefined;
  return {
    view,
    messages,
    ...(pins === undefined ? {} : { pins }),
    ...(members === undefined ? {} : { members: members.map(({ user_id }) => user_id) }),
  };
}

/** What a former member may read; undefined when the person never was one. */
async function readRest(server: Base, reader: Person, id: string): Promise<Story | undefined> {
  const path = `/v1/conversations/${id}/messages?limit=1`;
  const answer = await http<ListMessagesResponse>(server.url, 'GET', path, { token: reader.access });
  if (answer.status === 404) return undefined;
  const { seq, change } = answer.data.head;
  const messages = await history(server, reader, id);
  const view = {
    ...{
      conversation_id: id,
      type: 'group',
      title: '',
      avatar: '',
      state: 'normal',
      floor_seq: 1,
      read_seq: 0,
    },
    ...{ seq, change, unread: 0, left_seq: seq },
  } as View;
  return { view, messages };
}

/** Whether a message counts as unread for those who have not sent it. */
export function countable(message: State): boolean {
  return message.content?.system === undefined;
}
