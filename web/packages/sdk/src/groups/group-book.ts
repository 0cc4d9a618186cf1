import type { Clock, TimerHandle } from '../clock.ts';
import { Emitter } from '../emitter.ts';
import { asImError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { retryDelay } from '../sync/hole-filler.ts';
import type { Conversation, ConversationId, Group, JoinRequest, Member, UserId, UserName } from '../types.ts';
import { decodeGroup, decodeJoinRequest, decodeMember, decodeMembersPage } from './decode-groups.ts';

/** Of a page of members. */
const LIST_LIMIT = 200;

export interface GroupBookOptions {
  readonly clock: Clock;
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
  /** What the sync engine knows of it. */
  readonly conversation: (id: ConversationId) => Conversation | undefined;
  readonly learnNames: (names: readonly UserName[]) => void;
}

interface GroupBookEvents {
  /** What is known of these groups has changed. */
  changed: [ReadonlySet<ConversationId>];
}

/** What is known of a group. */
export interface GroupView {
  /** `loading` and `error` only as long as nothing could be had; later failures leave what is there. */
  readonly state: 'loading' | 'ready' | 'error';
  readonly group?: Group;
  /** As far as they are read: the owner, the admins, the members, each by when they joined. */
  readonly members: ReadonlyMap<UserId, Member>;
  /** `members` is everybody. */
  readonly complete: boolean;
  /** Who waits to be let in, at most 200; only for the owner and admins. */
  readonly requests: readonly JoinRequest[];
}

interface Entry {
  view: GroupView;
  followers: number;
  reading: boolean;
  /** Something has changed while it was read. */
  again: boolean;
  timer: TimerHandle | undefined;
}

/** Of what nobody has looked at. */
export const UNKNOWN: GroupView = { state: 'loading', members: new Map(), complete: false, requests: [] };

/**
 * Groups that somebody looks at, with all their members: read when they are first looked at and whenever their
 * `group_version` has gone on, which a line in the conversation tells. Owned by ActiveSession, kept in memory.
 */
export class GroupBook extends Emitter<GroupBookEvents> {
  private readonly options: GroupBookOptions;
  private readonly entries = new Map<ConversationId, Entry>();
  private readonly touched = new Set<ConversationId>();
  /** Raised whenever the connection is lost: work of an earlier one then stops by itself. */
  private connectionNo = 0;
  private online = false;

  constructor(options: GroupBookOptions) {
    super();
    this.options = options;
  }

  get(id: ConversationId): GroupView {
    return this.entries.get(id)?.view ?? UNKNOWN;
  }

  /** Keeps a group in step until the answered function is called. */
  follow(id: ConversationId): () => void {
    const entry = this.entry(id);
    entry.followers += 1;
    this.check(id, entry);
    let over = false;
    return () => {
      if (over) return;
      over = true;
      entry.followers -= 1;
    };
  }

  /** Tries again at once after `error`. */
  retry(id: ConversationId): void {
    const entry = this.entries.get(id);
    if (entry === undefined) return;
    this.options.clock.clearTimeout(entry.timer);
    entry.timer = undefined;
    if (entry.view.state === 'error') this.show(id, entry, { ...entry.view, state: 'loading' });
    void this.read(id, entry);
  }

  /** Summaries of these conversations have changed. */
  conversationsChanged(ids: ReadonlySet<ConversationId>): void {
    for (const id of ids) {
      const entry = this.entries.get(id);
      if (entry !== undefined && entry.followers > 0) this.check(id, entry);
    }
  }

  /** Somebody has asked to be let in, or was answered; no version tells of it. */
  requestsChanged(id: ConversationId): void {
    const entry = this.entries.get(id);
    if (entry !== undefined && entry.followers > 0 && this.leads(id)) void this.read(id, entry);
  }

  connected(): void {
    this.online = true;
    this.connectionNo += 1;
    for (const [id, entry] of this.entries) {
      if (entry.followers === 0) continue;
      // Who has asked meanwhile is told by nothing that is compared.
      if (this.leads(id)) void this.read(id, entry);
      else this.check(id, entry);
    }
  }

  disconnected(): void {
    this.online = false;
    this.connectionNo += 1;
    for (const entry of this.entries.values()) {
      entry.reading = false;
      this.options.clock.clearTimeout(entry.timer);
      entry.timer = undefined;
    }
  }

  /** The history is another one. */
  forget(): void {
    for (const [id, entry] of this.entries) this.show(id, entry, UNKNOWN);
  }

  private entry(id: ConversationId): Entry {
    let entry = this.entries.get(id);
    if (entry === undefined) {
      entry = { view: UNKNOWN, followers: 0, reading: false, again: false, timer: undefined };
      this.entries.set(id, entry);
    }
    return entry;
  }

  /** Reads it, if what is known is not what the conversation says there is. */
  private check(id: ConversationId, entry: Entry): void {
    const conversation = this.options.conversation(id);
    // Who is no member any more is shown nothing new.
    if (conversation?.my_role === undefined) return;
    const { group, complete } = entry.view;
    if (group === undefined || !complete || group.group_version < (conversation.group_version ?? 0))
      void this.read(id, entry);
  }

  private async read(id: ConversationId, entry: Entry): Promise<void> {
    if (entry.reading) entry.again = true;
    if (entry.reading || entry.timer !== undefined || !this.online) return;
    const connection = this.connectionNo;
    entry.reading = true;
    try {
      do {
        entry.again = false;
        await this.readOnce(id, entry, connection);
      } while (entry.again && this.connectionNo === connection);
    } catch (thrown) {
      if (this.connectionNo === connection) this.failed(id, entry, thrown);
    } finally {
      if (this.connectionNo === connection) entry.reading = false;
    }
  }

  private async readOnce(id: ConversationId, entry: Entry, connection: number): Promise<void> {
    const { call, learnNames } = this.options;
    const group = decodeGroup((await call('group.get', { group_id: id }))['group']);
    if (group === undefined || this.connectionNo !== connection) return;
    this.show(id, entry, { ...entry.view, state: 'ready', group });
    await this.readRequests(id, entry, connection);
    const members = new Map<UserId, Member>();
    let cursor: string | undefined;
    do {
      const asked = { group_id: id, limit: LIST_LIMIT, ...(cursor === undefined ? {} : { cursor }) };
      const page = decodeMembersPage(await call('group.members', asked), decodeMember);
      if (this.connectionNo !== connection) return;
      learnNames(page.names);
      for (const member of page.items) members.set(member.user_id, member);
      cursor = page.next === cursor ? undefined : page.next;
      // The first ones are shown at once; what was complete before stays until it is complete again.
      if (cursor !== undefined && !entry.view.complete)
        this.show(id, entry, { ...entry.view, members: new Map(members) });
    } while (cursor !== undefined);
    this.show(id, entry, { ...entry.view, members, complete: true });
  }

  private async readRequests(id: ConversationId, entry: Entry, connection: number): Promise<void> {
    const { call, learnNames } = this.options;
    if (!this.leads(id)) {
      if (entry.view.requests.length > 0) this.show(id, entry, { ...entry.view, requests: [] });
      return;
    }
    const answer = await call('group.requests', { group_id: id, limit: LIST_LIMIT });
    if (this.connectionNo !== connection) return;
    const page = decodeMembersPage(answer, decodeJoinRequest);
    learnNames(page.names);
    this.show(id, entry, { ...entry.view, requests: page.items });
  }

  /** Whether the user owns the group or is an admin of it. */
  private leads(id: ConversationId): boolean {
    const role = this.options.conversation(id)?.my_role;
    return role === 'owner' || role === 'admin';
  }

  private failed(id: ConversationId, entry: Entry, thrown: unknown): void {
    const error = asImError(thrown);
    // The line that says so is on its way.
    if (error.code === 'not_member' || error.kind === 'aborted') return;
    if (entry.view.group === undefined) this.show(id, entry, { ...entry.view, state: 'error' });
    entry.timer ??= this.options.clock.setTimeout(() => {
      entry.timer = undefined;
      if (entry.followers > 0) void this.read(id, entry);
    }, retryDelay(error));
  }

  private show(id: ConversationId, entry: Entry, view: GroupView): void {
    entry.view = view;
    this.touched.add(id);
    if (this.touched.size > 1) return;
    queueMicrotask(() => {
      const ids = new Set(this.touched);
      this.touched.clear();
      this.emit('changed', ids);
    });
  }
}
