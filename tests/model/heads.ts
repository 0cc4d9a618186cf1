import type { Replica } from './replica.ts';
import type { View } from './wire.ts';

/** A request that is repeated until it is answered; rejects when the connection ends. */
export type Ask = <T>(type: string, data: object) => Promise<T>;

/** Reads the list of conversations, or what has moved since the last answer. */
export type Comparing = 'list' | 'since';

interface Pulled {
  readonly conversations: readonly (View & { readonly reset?: boolean })[];
  readonly gone: readonly { readonly conversation_id: string; readonly left_seq: number }[];
  readonly next_cursor?: string;
  readonly since: string;
  readonly user_version: number;
}

type Replicas = ReadonlyMap<string, Replica>;

/** How one device finds out which conversations it is behind in. Owned by its client. */
export class Heads {
  private readonly comparing: Comparing;
  private since = '';
  private userVersion = 0;
  private rounds = 0;

  constructor(comparing: Comparing) {
    this.comparing = comparing;
  }

  /** Everything is new again. */
  forget(): void {
    this.since = '';
    this.userVersion = 0;
  }

  /** Tells the replicas of all heads and marks that have moved; `open` makes one for an unknown conversation. */
  async compare(ask: Ask, replicas: Replicas, open: (conversation: string) => Replica): Promise<void> {
    this.rounds += 1;
    const before = new Map([...replicas.values()].map((replica) => [replica, replica.joinedSeq]));
    if (this.comparing === 'list') await this.list(ask, before, open);
    else await this.pull(ask, before, open);
  }

  private async list(ask: Ask, before: Map<Replica, number>, open: (id: string) => Replica): Promise<void> {
    const listed = new Set<Replica>();
    let cursor: string | undefined;
    do {
      const page: { items: View[]; next_cursor?: string } = await ask('conversation.list', {
        limit: this.pageSize(),
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const view of page.items) {
        const replica = open(view.conversation_id);
        replica.seen(view);
        listed.add(replica);
      }
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    for (const [replica, joinedSeq] of before) {
      if (!listed.has(replica)) await this.endOf(ask, replica, joinedSeq);
    }
  }

  /** One that has moved to the front between two pages, or a group that is listed no more: its member may read up to where they left. */
  private async endOf(ask: Ask, replica: Replica, joinedSeq: number): Promise<void> {
    const { conversationId } = replica;
    const { conversation } = await ask<{ conversation: View }>('conversation.get', {
      conversation_id: conversationId,
    });
    if (conversation.my_role !== undefined || conversation.type !== 'group') replica.seen(conversation);
    else leave(replica, conversation.seq, joinedSeq);
  }

  private async pull(ask: Ask, before: Map<Replica, number>, open: (id: string) => Replica): Promise<void> {
    const since = this.since === '' ? {} : { since: this.since };
    const known = { user_version: this.userVersion, ...since, limit: this.pageSize() };
    let cursor: string | undefined;
    let answer: Pulled;
    do {
      answer = await ask<Pulled>('sync.pull', { ...known, ...(cursor === undefined ? {} : { cursor }) });
      for (const view of answer.conversations) {
        if (view.reset === true) throw new Error(`nobody is ahead of the server in ${view.conversation_id}`);
        open(view.conversation_id).seen(view);
      }
      for (const { conversation_id, left_seq } of answer.gone) {
        for (const [replica, joinedSeq] of before) {
          if (replica.conversationId === conversation_id) leave(replica, left_seq, joinedSeq);
        }
      }
      cursor = answer.next_cursor;
    } while (cursor !== undefined);
    this.since = answer.since;
    this.userVersion = answer.user_version;
  }

  /** Now and then short pages, so that their borders are crossed. */
  private pageSize(): number {
    return this.rounds % 2 === 0 ? 2 : 200;
  }
}

/**
 * Unless somebody has brought the member in again meanwhile. While the line of the leaving is on its way the end is the head
 * of that moment, so it may be told again, and higher.
 */
function leave(replica: Replica, leftSeq: number, joinedSeq: number): void {
  if (replica.joinedSeq !== joinedSeq || leftSeq < Math.max(joinedSeq, (replica.leftSeq ?? 0) + 1)) return;
  replica.endAt(leftSeq);
}
