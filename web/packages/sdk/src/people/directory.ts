import { Emitter } from '../emitter.ts';
import type { JsonObject } from '../json.ts';
import type { Store, StoredState } from '../store/store.ts';
import type { UserId, UserName } from '../types.ts';
import { decodeUserName } from './decode-people.ts';

/** Names in one question. */
const BATCH = 100;

export interface DirectoryOptions {
  readonly store: Store;
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
}

interface DirectoryEvents {
  /** What these people call themselves is known now, or has changed. */
  changed: [ReadonlySet<UserId>];
}

/**
 * What people call themselves who are in no list of the user's: those who write in groups and whom lines of the
 * server's own name. A cache that is filled by whoever looks; owned by ActiveSession.
 */
export class Directory extends Emitter<DirectoryEvents> {
  private readonly options: DirectoryOptions;
  private readonly names = new Map<UserId, UserName>();
  private readonly wanted = new Set<UserId>();
  /** Asked for on this connection: whoever is not told of does not exist. */
  private readonly asked = new Set<UserId>();
  private readonly touched = new Set<UserId>();

  constructor(options: DirectoryOptions) {
    super();
    this.options = options;
  }

  load(state: StoredState): void {
    for (const name of state.names) this.names.set(name.user_id, name);
  }

  all(): UserName[] {
    return [...this.names.values()];
  }

  /** Undefined while it is not known: it is then asked for, and told by `changed`. */
  get(userId: UserId): UserName | undefined {
    const known = this.names.get(userId);
    if (known === undefined) this.want(userId);
    return known;
  }

  /** Names that came with an answer; an older one changes nothing. */
  learn(names: readonly UserName[]): void {
    const news = names.filter((name) => {
      const known = this.names.get(name.user_id);
      return known === undefined || known.version < name.version;
    });
    if (news.length === 0) return;
    for (const name of news) {
      this.names.set(name.user_id, name);
      this.touch(name.user_id);
    }
    void this.options.store.update({ names: news });
  }

  /** There is a connection again: what was asked for before may not have been answered. */
  connected(): void {
    this.asked.clear();
    // Whoever still looks asks again.
    this.emit('changed', new Set());
  }

  /** The history is another one. */
  forget(): void {
    for (const id of this.names.keys()) this.touch(id);
    this.names.clear();
    this.asked.clear();
  }

  /** Collects the questions of one turn of the event loop. A failure leaves them to the next connection. */
  private want(userId: UserId): void {
    if (this.asked.has(userId)) return;
    this.asked.add(userId);
    this.wanted.add(userId);
    if (this.wanted.size > 1) return;
    queueMicrotask(() => {
      const ids = [...this.wanted];
      this.wanted.clear();
      for (let at = 0; at < ids.length; at += BATCH) void this.ask(ids.slice(at, at + BATCH));
    });
  }

  private async ask(ids: readonly UserId[]): Promise<void> {
    try {
      const answer = await this.options.call('user.batch', { user_ids: ids });
      const items = Array.isArray(answer['items']) ? answer['items'] : [];
      this.learn(items.map(decodeUserName).filter((name) => name !== undefined));
    } catch {
      // The next connection asks again.
    }
  }

  /** Collects changes of one turn of the event loop into one event. */
  private touch(userId: UserId): void {
    this.touched.add(userId);
    if (this.touched.size > 1) return;
    queueMicrotask(() => {
      const ids = new Set(this.touched);
      this.touched.clear();
      this.emit('changed', ids);
    });
  }
}
