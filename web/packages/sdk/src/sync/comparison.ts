import { decodeConversationPage, decodeMovedPage, type MovedPage } from '../decode.ts';
import type { JsonObject } from '../json.ts';
import type { StoredConversation } from '../store/store.ts';
import type { Conversation, ConversationId } from '../types.ts';

/** Conversations of one page. */
const PAGE_LIMIT = 200;

/** What Comparison needs of the engine. */
export interface ComparisonHost {
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
  /** Another number after each loss of the connection. */
  readonly connection: () => number;
  /** Up to which version the user's own events are known; the events themselves are asked for by others. */
  readonly userVersion: () => number;
  readonly held: () => readonly StoredConversation[];
  /** How many events had told what the user has set, at the time of asking. */
  readonly settingsNo: () => number;
  /** A page of conversations as they are at the server. */
  readonly take: (page: readonly Conversation[], settingsNo: number) => void;
  /** A conversation that is held has to be asked for by itself. */
  readonly refresh: (id: ConversationId) => void;
}

/**
 * Compares what is held with the server: with a stamp of the last time, by what has moved since (`sync.pull`), however
 * many conversations there are; without one by all of them, the newest first, so that a first login can be painted
 * after one page. Owned by SyncEngine.
 */
export class Comparison {
  private readonly host: ComparisonHost;

  constructor(host: ComparisonHost) {
    this.host = host;
  }

  /** Answers the stamp for the next time, undefined when the connection was lost meanwhile. Rejects with an ImError. */
  async run(since: string | undefined): Promise<string | undefined> {
    return since === undefined ? this.all() : this.moved(since);
  }

  private async moved(since: string): Promise<string | undefined> {
    const connection = this.host.connection();
    const settingsNo = this.host.settingsNo();
    let stamp: string | undefined;
    let cursor: string | undefined;
    do {
      const page = await this.pull({ since, limit: PAGE_LIMIT, ...(cursor === undefined ? {} : { cursor }) });
      if (this.host.connection() !== connection) return undefined;
      this.host.take(page.conversations, settingsNo);
      for (const id of page.gone) this.host.refresh(id);
      stamp ??= page.since;
      cursor = page.next === cursor ? undefined : page.next;
    } while (cursor !== undefined);
    return stamp;
  }

  private async all(): Promise<string | undefined> {
    const connection = this.host.connection();
    const settingsNo = this.host.settingsNo();
    // Before the list: what moves while that is read is listed next time.
    const { since } = await this.pull({ limit: 1 });
    const listed = new Set<ConversationId>();
    let cursor: string | undefined;
    do {
      const asked = { limit: PAGE_LIMIT, ...(cursor === undefined ? {} : { cursor }) };
      const page = decodeConversationPage(await this.host.call('conversation.list', asked));
      if (this.host.connection() !== connection) return undefined;
      for (const { conversation_id: id } of page.items) listed.add(id);
      this.host.take(page.items, settingsNo);
      cursor = page.next === cursor ? undefined : page.next;
    } while (cursor !== undefined);
    this.refreshOthers(listed);
    return since;
  }

  /**
   * What is hidden is not listed. A group the user was put out of meanwhile neither, and what led to it still belongs to
   * its history.
   */
  private refreshOthers(listed: ReadonlySet<ConversationId>): void {
    for (const { conversation } of this.host.held()) {
      const { conversation_id: id, my_role: role, type } = conversation;
      if (!listed.has(id) && (type !== 'group' || role !== undefined)) this.host.refresh(id);
    }
  }

  private async pull(asked: object): Promise<MovedPage> {
    return decodeMovedPage(
      await this.host.call('sync.pull', { user_version: this.host.userVersion(), ...asked }),
    );
  }
}
