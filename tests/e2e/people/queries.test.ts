import { UNLIMITED } from '@hongyan/test-support';
import { expect, test } from 'vitest';

import { seedTown } from '../support/crowd.ts';
import { createGroup } from '../support/groups.ts';
import { call, type Person, textMessage } from '../support/people.ts';
import { metric, withServer } from '../support/servers.ts';

const SMALL = 5;
const LARGE = 150;
/** Something else may ask the database at the same moment: of several times the least counts, and one more is no growth. */
const TIMES = 3;
const NOISE = 1;
/** A command leaves a line to be delivered behind its answer; so often the same count, and it was. */
const STEADY = 10;

interface Place {
  readonly group: string;
  readonly owner: Person;
  /** Members who can be removed. */
  readonly members: readonly Person[];
  readonly outsiders: readonly Person[];
}

type Ask = (place: Place, time: number) => [method: string, path: string, body?: object];

const at = (people: readonly Person[], time: number) => people[time]?.userId ?? '';
const group = (place: Place, rest = '') => `/v1/groups/${place.group}${rest}`;
const chat = (place: Place, rest = '') => `/v1/conversations/${place.group}${rest}`;

const REQUESTS: Record<string, Ask> = {
  'group.get': (place) => ['GET', group(place)],
  'group.members': (place) => ['GET', group(place, '/members?limit=4')],
  'group.members by name': (place) => ['GET', group(place, '/members?q=a&limit=4')],
  'group.presence': (place) => ['GET', group(place, '/presence')],
  'group.list': () => ['GET', '/v1/groups'],
  'group.search': () => ['GET', '/v1/groups/search?q=Team'],
  'group.notices': (place) => ['GET', group(place, '/notices')],
  'group.update': (place, time) => ['PATCH', group(place), { name: `Team ${time}` }],
  'group.create_notice': (place, time) => ['POST', group(place, '/notices'), { text: `notice ${time}` }],
  'group.update_member': (place, time) => [
    'PATCH',
    group(place, `/members/${place.owner.userId}`),
    { nickname: `boss ${time}` },
  ],
  'group.add_members': (place, time) => [
    'POST',
    group(place, '/members'),
    { user_ids: [at(place.outsiders, time)] },
  ],
  'group.remove_member': (place, time) => ['DELETE', group(place, `/members/${at(place.members, time)}`)],
  'conversation.get': (place) => ['GET', chat(place)],
  'conversation.list': () => ['GET', '/v1/conversations'],
  'conversation.update': (place, time) => ['PATCH', chat(place), { draft: `draft ${time}` }],
  'message.send': (place, time) => ['POST', '/v1/messages', textMessage(place.group, `text ${time}`)],
  'message.list': (place) => ['GET', chat(place, '/messages?limit=5')],
  'message.receipts': (place) => ['GET', chat(place, '/messages/2/receipts?limit=2')],
  'sync.pull': () => ['POST', '/v1/sync', { limit: 10 }],
};

test(
  'what a request asks of the database does not grow with the members of a group',
  { timeout: 90_000 },
  async () => {
    const town = await seedTown(LARGE + SMALL + 2 * TIMES + 2);
    await withServer({ edge: 'plain', dataDir: town.dataDir, env: UNLIMITED }, async (server) => {
      const people = [...town.people];
      const take = (count: number) => people.splice(0, count);
      const make = async (size: number): Promise<Place> => {
        const [owner] = take(1);
        if (owner === undefined) throw new Error('too few people');
        const members = take(size);
        const place = { group: await createGroup(server, owner, members), owner, members };
        // Something to read, and to have receipts of.
        await call(server, owner, 'POST', '/v1/messages', textMessage(place.group, 'first'));
        return { ...place, outsiders: take(TIMES) };
      };
      const statements = async (): Promise<number> => {
        let known = -1;
        for (let steady = 0; steady < STEADY; steady += 1) {
          const now = await metric(server, 'hongyan_sql_statements_total');
          if (now !== known) steady = 0;
          known = now;
        }
        return known;
      };
      const count = async (place: Place, ask: Ask): Promise<number> => {
        const counts: number[] = [];
        for (let time = 0; time < TIMES; time++) {
          const before = await statements();
          await call(server, place.owner, ...ask(place, time));
          counts.push((await statements()) - before);
        }
        return Math.min(...counts);
      };
      const places = { small: await make(SMALL), large: await make(LARGE) };
      const counts: Record<string, string> = {};
      const grown: string[] = [];
      for (const [name, ask] of Object.entries(REQUESTS)) {
        const [small, large] = [await count(places.small, ask), await count(places.large, ask)];
        counts[name] = small === large ? `${small}` : `${small} and ${large}`;
        if (large > small + NOISE)
          grown.push(`${name}: ${small} with ${SMALL} members, ${large} with ${LARGE}`);
      }
      process.stdout.write(`statements: ${JSON.stringify(counts)}\n`);
      expect(grown).toEqual([]);
    });
  },
);
