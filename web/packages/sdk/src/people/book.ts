import { Emitter } from '../emitter.ts';
import { asImError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { Store, StoredState } from '../store/store.ts';
import type { Contact, ContactRequest, User, UserId, UserName } from '../types.ts';
import {
  type DecodedEvent,
  decodeContact,
  decodeContactRequest,
  decodePeoplePage,
  decodeUser,
} from './decode-people.ts';
import { without } from '../without.ts';
import { isNamed, type Person, stranger } from './person.ts';

/** Of a page of a list. */
const LIST_LIMIT = 200;
/** Profiles in one question. */
const BATCH = 100;

export interface BookOptions {
  readonly me: UserId;
  readonly store: Store;
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
}

interface BookEvents {
  /** What is known of these people has changed, or whether anything is known at all. */
  changed: [ReadonlySet<UserId>];
}

/** `loading` and `error` only as long as nothing could be had; later failures leave what is there. */
export type BookState = 'loading' | 'ready' | 'error';

/** The lists as one reading of them has found them. */
interface Reading {
  readonly people: Map<UserId, Person>;
  /** The newest version of each profile. */
  readonly versions: Map<UserId, number>;
}

/**
 * Everybody the user's lists name: contacts, requests and blocks, with their profiles. A copy of the server's truth,
 * kept by UserEvents: events and whole readings of the lists change it, answers to commands do not, because an answer
 * may be older than an event that has overtaken it. Owned by ActiveSession.
 */
export class ContactBook extends Emitter<BookEvents> {
  private readonly options: BookOptions;
  private people = new Map<UserId, Person>();
  private current: BookState = 'loading';
  private readonly touched = new Set<UserId>();
  private readonly wanted = new Set<UserId>();
  private notifying = false;

  constructor(options: BookOptions) {
    super();
    this.options = options;
  }

  get state(): BookState {
    return this.current;
  }

  /** Answers the version up to which the store has kept everything; undefined: nothing of it is good. */
  load(state: StoredState): number | undefined {
    if (state.epoch === undefined || state.userVersion === undefined) {
      const removedPeople = state.people.map((person) => person.user_id);
      if (removedPeople.length > 0) void this.options.store.update({ removedPeople });
      return undefined;
    }
    for (const person of state.people) this.people.set(person.user_id, person);
    this.current = 'ready';
    return state.userVersion;
  }

  /** Another tab has written the store until now. */
  writeAll(before: StoredState, userVersion: number): void {
    if (this.current !== 'ready') return;
    const removedPeople = before.people.map(({ user_id: id }) => id).filter((id) => !this.people.has(id));
    void this.options.store.update({ removedPeople, people: this.all(), userVersion });
  }

  all(): Person[] {
    return [...this.people.values()];
  }

  get(userId: UserId): Person | undefined {
    return this.people.get(userId);
  }

  /** The history is another one. */
  forget(): void {
    for (const id of this.people.keys()) this.touched.add(id);
    this.people.clear();
    this.setState('loading');
  }

  failed(): void {
    if (this.current === 'loading') this.setState('error');
  }

  /** Somebody is trying again. */
  retrying(): void {
    if (this.current === 'error') this.setState('loading');
  }

  apply(events: readonly DecodedEvent[], version: number): void {
    const changed = new Map<UserId, Person>();
    const change = (userId: UserId, to: (before: Person) => Person) => {
      const before = changed.get(userId) ?? this.people.get(userId) ?? stranger(userId);
      changed.set(userId, to(before));
    };
    for (const { contact, request, block } of events) {
      if (contact !== undefined) change(contact.user_id, (person) => withContact(person, contact));
      if (request !== undefined)
        change(this.otherOf(request), (person) => withRequest(person, request, this.options.me));
      if (block !== undefined) change(block.user_id, (person) => ({ ...person, blocked: block.blocked }));
    }
    for (const person of changed.values()) this.put(person);
    void this.options.store.update({ people: [...changed.values()], userVersion: version });
  }

  /** A profile that came with an answer; kept only of people the lists name. */
  learn(user: User): void {
    const known = this.people.get(user.user_id);
    if (known === undefined || (known.profile?.version ?? -1) > user.version) return;
    const person = { ...known, profile: user };
    this.put(person);
    void this.options.store.update({ people: [person] });
  }

  /** Names that came with an answer: who is called otherwise now is asked about. */
  heard(names: readonly UserName[]): void {
    for (const { user_id: userId, version } of names) {
      const known = this.people.get(userId)?.profile;
      if (known !== undefined && known.version < version) this.want(userId);
    }
  }

  /** Reads all lists and takes them in at once. Rejects with an ImError; what is known then stays. */
  async relist(version: number, stillWanted: () => boolean): Promise<void> {
    this.retrying();
    const reading: Reading = { people: new Map(), versions: new Map() };
    await this.readInto(reading, 'contact.list', {}, (person, item) => {
      const contact = decodeContact(item);
      return contact === undefined ? person : withContact(person, contact);
    });
    for (const direction of ['received', 'sent'] as const) {
      await this.readInto(reading, 'contact.list_requests', { direction }, (person, item) => {
        const request = decodeContactRequest(item);
        return request === undefined ? person : withRequest(person, request, this.options.me);
      });
    }
    await this.readInto(reading, 'contact.list_blocked', {}, (person) => ({ ...person, blocked: true }));
    await this.readProfiles(reading);
    if (stillWanted()) this.replace(reading.people, version);
  }

  private async readInto(
    reading: Reading,
    type: string,
    question: object,
    take: (person: Person, item: JsonObject) => Person,
  ): Promise<void> {
    let cursor: string | undefined;
    do {
      const asked = { ...question, limit: LIST_LIMIT, ...(cursor === undefined ? {} : { cursor }) };
      const page = decodePeoplePage(await this.options.call(type, asked));
      for (const item of page.items) {
        const request = decodeContactRequest(item);
        const id = request === undefined ? item['user_id'] : this.otherOf(request);
        if (typeof id !== 'string') continue;
        reading.people.set(id, take(reading.people.get(id) ?? stranger(id), item));
      }
      for (const [id, profileVersion] of page.versions) reading.versions.set(id, profileVersion);
      cursor = page.next === cursor ? undefined : page.next;
    } while (cursor !== undefined);
  }

  /** Profiles that are known are kept; those that are new or have changed are asked for. */
  private async readProfiles(reading: Reading): Promise<void> {
    const lacking: UserId[] = [];
    for (const [id, person] of reading.people) {
      const profile = this.people.get(id)?.profile;
      if (profile !== undefined) reading.people.set(id, { ...person, profile });
      if (profile === undefined || profile.version !== reading.versions.get(id)) lacking.push(id);
    }
    for (const user of await this.profiles(lacking)) {
      const person = reading.people.get(user.user_id);
      if (person !== undefined) reading.people.set(user.user_id, { ...person, profile: user });
    }
  }

  private async profiles(ids: readonly UserId[]): Promise<User[]> {
    const users: User[] = [];
    for (let at = 0; at < ids.length; at += BATCH) {
      const answer = await this.options.call('user.batch', { user_ids: ids.slice(at, at + BATCH) });
      const items = Array.isArray(answer['items']) ? answer['items'] : [];
      users.push(...items.map(decodeUser).filter((user) => user !== undefined));
    }
    return users;
  }

  private replace(people: Map<UserId, Person>, version: number): void {
    const gone = [...this.people.keys()].filter((id) => !people.has(id));
    for (const id of [...gone, ...people.keys()]) this.touched.add(id);
    this.people = people;
    void this.options.store.update({
      people: [...people.values()],
      removedPeople: gone,
      userVersion: version,
    });
    this.setState('ready');
  }

  private put(person: Person): void {
    // Whom no list names any more is still called by their name where they have written.
    this.people.set(person.user_id, person);
    if (person.profile === undefined && isNamed(person)) this.want(person.user_id);
    this.touch(person.user_id);
  }

  /** Asks for profiles, those of one turn of the event loop together. A failure leaves them to the next reading. */
  private want(userId: UserId): void {
    this.wanted.add(userId);
    if (this.wanted.size > 1) return;
    queueMicrotask(() => {
      const ids = [...this.wanted];
      this.wanted.clear();
      this.profiles(ids).then(
        (users) => users.forEach((user) => this.learn(user)),
        (thrown: unknown) => asImError(thrown),
      );
    });
  }

  private otherOf(request: ContactRequest): UserId {
    return request.from_user_id === this.options.me ? request.to_user_id : request.from_user_id;
  }

  private setState(state: BookState): void {
    this.current = state;
    this.notify();
  }

  private touch(userId: UserId): void {
    this.touched.add(userId);
    this.notify();
  }

  /** Collects changes of one turn of the event loop into one event. */
  private notify(): void {
    if (this.notifying) return;
    this.notifying = true;
    queueMicrotask(() => {
      this.notifying = false;
      const ids = new Set(this.touched);
      this.touched.clear();
      this.emit('changed', ids);
    });
  }
}

function withContact(person: Person, contact: Contact): Person {
  return contact.state === 'removed' ? without(person, 'contact') : { ...person, contact };
}

/** Of one person to another there is one request at most, so the newer one takes the place of the other. */
function withRequest(person: Person, request: ContactRequest, me: UserId): Person {
  const key = request.from_user_id === me ? 'sent' : 'received';
  const before = person[key];
  const older = before !== undefined && before.time_ms > request.time_ms;
  return older ? person : { ...person, [key]: request };
}
