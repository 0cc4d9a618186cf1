import type { Named } from './mention-text.ts';

/** Somebody who can be named, or everybody. */
export interface Mentionable {
  /** Undefined for everybody. */
  readonly userId: string | undefined;
  /** What all others call them: this goes into the text. */
  readonly label: string;
  /** What the user calls them; empty for nothing else. */
  readonly remark: string;
  readonly avatar: string;
  /** What else finds them, in small letters. */
  readonly sounds: readonly string[];
}

/** Who can be named in a conversation. */
export interface MentionSource {
  readonly people: () => readonly Mentionable[];
  /** By what they are called, also in pinyin; asks the server. */
  readonly search: (query: string) => Promise<ReadonlySet<string>>;
}

/** As many are shown; who wants another one types more. */
export const SHOWN = 50;

/** Those whom a query means, best first: names that begin with it, then names in which it is, then what sounds like it. */
export function matching(
  people: readonly Mentionable[],
  query: string,
  found: ReadonlySet<string>,
): readonly Mentionable[] {
  const wanted = query.toLowerCase();
  const ranked = people.map((person) => ({ person, rank: rankOf(person, wanted, found) }));
  return ranked
    .filter(({ rank }) => rank < NO_MATCH)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, SHOWN)
    .map(({ person }) => person);
}

/** Whom a name in a text means: who was chosen under it, else the first who is called so. */
export function lookUp(
  people: readonly Mentionable[],
  chosen: ReadonlyMap<string, ReadonlySet<string>>,
  label: string,
): Named | undefined {
  const ids = chosen.get(label);
  if (ids !== undefined && ids.size > 0) return { userIds: [...ids], all: false };
  const person = people.find((one) => one.label === label);
  if (person === undefined) return undefined;
  return person.userId === undefined ? { userIds: [], all: true } : { userIds: [person.userId], all: false };
}

const NO_MATCH = 3;

function rankOf(person: Mentionable, wanted: string, found: ReadonlySet<string>): number {
  const called = [person.label, person.remark].map((name) => name.toLowerCase());
  if (called.some((name) => name.startsWith(wanted))) return 0;
  if (called.some((name) => name.includes(wanted))) return 1;
  const heard = person.sounds.some((sound) => sound.includes(wanted));
  return heard || (person.userId !== undefined && found.has(person.userId)) ? 2 : NO_MATCH;
}
