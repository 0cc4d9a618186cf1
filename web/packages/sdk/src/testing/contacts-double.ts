import { type JsonObject, numberAt, stringAt } from '../json.ts';
import type { Contact, ContactRequest } from '../types.ts';

/** Users are told apart by id; what is answered is data of the rpc. `refuse` never answers. */
export interface ContactsDoubleHost {
  readonly now: () => number;
  readonly nextId: () => string;
  readonly refuse: (code: 'not_found' | 'already_exists' | 'blocked' | 'conflict') => never;
  /** Pushes to every socket of a user. */
  readonly push: (userId: string, type: string, data: object) => void;
  /** The 1:1 of two, with one more line of the server's own in it. */
  readonly line: (by: string, userId: string, message: string) => string;
  readonly profile: (userId: string) => object;
}

const REQUEST_MS = 7 * 24 * 3_600_000;
/** Pages of two, so that paging is always part of the test. */
const PAGE = 2;

/** The rules of contacts in memory, with the log of user events: part of ServerDouble. */
export class ContactsDouble {
  /** Who is further behind is told to read the lists again. */
  maxBehind = 1_000;
  private readonly host: ContactsDoubleHost;
  private readonly contacts = new Map<string, Map<string, Contact>>();
  private readonly blocks = new Map<string, Set<string>>();
  private requests: ContactRequest[] = [];
  private readonly events = new Map<
    string,
    { version: number; kind: string; key: string; state: object }[]
  >();

  constructor(host: ContactsDoubleHost) {
    this.host = host;
  }

  version(userId: string): number {
    return this.events.get(userId)?.length ?? 0;
  }

  /** Undefined for rpcs that are none of these. */
  rpc(type: string, data: JsonObject, me: string): object | undefined {
    const other = stringAt(data, 'user_id');
    switch (type) {
      case 'contact.list':
        return this.page(data, this.listOf(me), (contact) => contact.user_id);
      case 'contact.list_requests': {
        const sent = stringAt(data, 'direction') === 'sent';
        const mine = this.requests.filter((r) => (sent ? r.from_user_id : r.to_user_id) === me);
        return this.page(data, mine, (r) => (sent ? r.to_user_id : r.from_user_id));
      }
      case 'contact.list_blocked': {
        const blocked = [...(this.blocks.get(me) ?? [])].map((id) => ({ user_id: id, time_ms: 0 }));
        return this.page(data, blocked, (item) => item.user_id);
      }
      case 'contact.request':
        return this.ask(me, other, stringAt(data, 'message'));
      case 'contact.accept':
        return this.accept(me, stringAt(data, 'contact_request_id'));
      case 'contact.reject':
      case 'contact.block_request':
        return this.reject(me, stringAt(data, 'contact_request_id'), type === 'contact.block_request');
      case 'contact.update':
        return this.update(me, other, data);
      case 'contact.delete':
        this.remove(me, other);
        return {};
      case 'contact.block':
      case 'contact.unblock':
        this.setBlocked(me, other, type === 'contact.block');
        return {};
      case 'sync.pull':
        return this.pull(me, numberAt(data, 'user_version'));
      default:
        return undefined;
    }
  }

  private listOf(user: string): Contact[] {
    return [...(this.contacts.get(user)?.values() ?? [])];
  }

  private page<T>(data: JsonObject, items: readonly T[], person: (item: T) => string): object {
    const from = Number(stringAt(data, 'cursor') || '0');
    const shown = items.slice(from, from + PAGE);
    const more = from + PAGE < items.length ? { next_cursor: String(from + PAGE) } : {};
    return { items: shown, users: shown.map((item) => this.host.profile(person(item))), ...more };
  }

  private pull(me: string, known: number): object {
    const events = this.events.get(me) ?? [];
    const version = events.length;
    const base = { epoch: '', conversations: [], gone: [], since: '', user_version: version };
    if (known > version || version - known > this.maxBehind)
      return { ...base, user_events: [], reset: { version } };
    return { ...base, user_events: events.slice(known) };
  }

  private ask(me: string, other: string, message: string): object {
    if (this.blocks.get(me)?.has(other) || this.blocks.get(other)?.has(me)) this.host.refuse('blocked');
    const [mine, theirs] = [this.contacts.get(me)?.has(other), this.contacts.get(other)?.has(me)];
    if (mine && theirs) this.host.refuse('already_exists');
    const crossing = this.requests.find(
      (r) => r.from_user_id === other && r.to_user_id === me && r.state === 'pending',
    );
    if (theirs || crossing !== undefined) return this.pair(other, me, me);
    const request: ContactRequest = {
      contact_request_id: this.host.nextId(),
      from_user_id: me,
      to_user_id: other,
      message,
      source: 'search',
      state: 'pending',
      time_ms: this.host.now(),
      expires_ms: this.host.now() + REQUEST_MS,
    };
    this.requests = this.requests.filter((r) => r.from_user_id !== me || r.to_user_id !== other);
    this.putRequest(request);
    return { request };
  }

  private accept(me: string, id: string): object {
    const request = this.received(me, id);
    if (request.state === 'rejected') this.host.refuse('conflict');
    return this.pair(request.from_user_id, me, me);
  }

  private reject(me: string, id: string, block: boolean): object {
    const request = { ...this.received(me, id), state: 'rejected' as const };
    this.putRequest(request);
    if (block) this.setBlocked(me, request.from_user_id, true);
    return { request };
  }

  private received(me: string, id: string): ContactRequest {
    const found = this.requests.find((r) => r.contact_request_id === id && r.to_user_id === me);
    return found ?? this.host.refuse('not_found');
  }

  private pair(from: string, to: string, viewer: string): object {
    const open = this.requests.filter(
      (r) =>
        r.state === 'pending' && [from, to].includes(r.from_user_id) && [from, to].includes(r.to_user_id),
    );
    for (const request of open) this.putRequest({ ...request, state: 'accepted' });
    const conversation = this.host.line(to, from, open[0]?.message ?? '');
    for (const [user, other] of [
      [from, to],
      [to, from],
    ] as const) {
      if (this.contacts.get(user)?.has(other)) continue;
      this.putContact(user, {
        user_id: other,
        remark: '',
        tags: [],
        starred: false,
        sort_key: 'x',
        state: 'friend',
      });
    }
    const contact = this.contacts.get(viewer)?.get(viewer === from ? to : from);
    return { contact, conversation_id: conversation };
  }

  private update(me: string, other: string, data: JsonObject): object {
    const before = this.contacts.get(me)?.get(other) ?? this.host.refuse('not_found');
    const { remark, starred, tags } = data;
    const contact = {
      ...before,
      ...(typeof remark === 'string' ? { remark } : {}),
      ...(typeof starred === 'boolean' ? { starred } : {}),
      ...(Array.isArray(tags) ? { tags: tags as string[] } : {}),
    };
    this.putContact(me, contact);
    return { contact };
  }

  private remove(me: string, other: string): void {
    const before = this.contacts.get(me)?.get(other);
    if (before === undefined) return;
    this.contacts.get(me)?.delete(other);
    this.tell(me, 'contact', other, { contact: { ...before, state: 'removed' } });
  }

  private setBlocked(me: string, other: string, blocked: boolean): void {
    const mine = this.blocks.get(me) ?? new Set();
    this.blocks.set(me, mine);
    if (blocked === mine.has(other)) return;
    if (blocked) mine.add(other);
    else mine.delete(other);
    this.tell(me, 'block', other, { block: { user_id: other, blocked } });
    const contact = this.contacts.get(me)?.get(other);
    if (contact !== undefined) this.putContact(me, { ...contact, state: blocked ? 'blocked' : 'friend' });
  }

  private putContact(user: string, contact: Contact): void {
    const list = this.contacts.get(user) ?? new Map<string, Contact>();
    this.contacts.set(user, list);
    list.set(contact.user_id, contact);
    this.tell(user, 'contact', contact.user_id, { contact });
  }

  private putRequest(request: ContactRequest): void {
    const others = this.requests.filter((r) => r.contact_request_id !== request.contact_request_id);
    this.requests = [request, ...others];
    for (const user of [request.from_user_id, request.to_user_id])
      this.tell(user, 'contact_request', request.contact_request_id, { contact_request: request });
  }

  /** One more user event: this one keeps the log of all kinds. */
  tell(user: string, kind: string, key: string, state: object): void {
    const log = this.events.get(user) ?? [];
    this.events.set(user, log);
    const event = { version: log.length + 1, kind, key, state };
    log.push(event);
    this.host.push(user, 'user_event', event);
  }
}
