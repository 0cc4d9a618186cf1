import type { Person } from '@hongyan/sdk';

/** The section of those who are starred, and of those whose names begin with no letter. */
export const STARRED = '★';
export const NO_LETTER = '#';

export interface Section {
  /** STARRED, A to Z, or NO_LETTER. */
  readonly letter: string;
  readonly people: readonly Person[];
}

/** Behind every letter, as the server sorts it. */
const LAST = '~';

function sortKey(person: Person): string {
  return person.contact?.sort_key ?? LAST;
}

function letterOf(person: Person): string {
  if (person.contact?.starred === true) return STARRED;
  const first = sortKey(person).charAt(0).toUpperCase();
  return /^[A-Z]$/.test(first) ? first : NO_LETTER;
}

/** Contacts in the order of their sound, under their initials; those who are starred stand first, and only there. */
export function sectionsOf(contacts: readonly Person[]): Section[] {
  const byLetter = new Map<string, Person[]>();
  const sorted = [...contacts].sort(
    (a, b) => compare(sortKey(a), sortKey(b)) || compare(a.user_id, b.user_id),
  );
  for (const person of sorted) {
    const letter = letterOf(person);
    const people = byLetter.get(letter);
    if (people === undefined) byLetter.set(letter, [person]);
    else people.push(person);
  }
  return [...byLetter]
    .map(([letter, people]) => ({ letter, people }))
    .sort((a, b) => compare(rank(a.letter), rank(b.letter)));
}

/** Whether a contact is meant by what somebody has typed: a part of any of their names, or of how they sound. */
export function matches(person: Person, typed: string): boolean {
  const wanted = typed.trim().toLowerCase();
  const { contact, profile } = person;
  const plain = [contact?.remark, profile?.nickname, profile?.username];
  // Pinyin is typed with blanks between the syllables as well as without.
  const sound = wanted.replace(/\s+/g, '');
  return (
    plain.some((name) => name?.toLowerCase().includes(wanted) === true) ||
    (sound !== '' && contact?.sort_key?.includes(sound) === true)
  );
}

function rank(letter: string): string {
  if (letter === STARRED) return ' ';
  return letter === NO_LETTER ? LAST : letter;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
