import { decodeConversation } from '../decode.ts';
import type { JsonObject } from '../json.ts';
import type { Conversation, ConversationId } from '../types.ts';

/** What Summaries needs of the engine. */
export interface SummariesHost {
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
  /** Another number after each loss of the connection. */
  readonly connection: () => number;
  /** How many events had told what the user has set, at the time of asking. */
  readonly settingsNo: () => number;
  readonly take: (conversation: Conversation, settingsNo: number) => void;
}

/** Asks for single summaries again; a failure leaves the old one until the next comparison. Owned by SyncEngine. */
export class Summaries {
  private readonly host: SummariesHost;
  /** Those that are asked for, and whether they are wanted once more. */
  private readonly asking = new Map<ConversationId, boolean>();

  constructor(host: SummariesHost) {
    this.host = host;
  }

  async refresh(id: ConversationId): Promise<void> {
    const connection = this.host.connection();
    const settingsNo = this.host.settingsNo();
    try {
      const answer = await this.host.call('conversation.get', { conversation_id: id });
      const conversation = decodeConversation(answer['conversation']);
      if (this.host.connection() === connection && conversation !== undefined)
        this.host.take(conversation, settingsNo);
    } catch {
      // The next comparison brings it.
    }
  }

  /** The same for what comes in bursts: one question at a time, and one more for all that comes meanwhile. */
  async keepFresh(id: ConversationId): Promise<void> {
    const asking = this.asking.has(id);
    this.asking.set(id, asking);
    if (asking) return;
    do {
      this.asking.set(id, false);
      await this.refresh(id);
    } while (this.asking.get(id) === true);
    this.asking.delete(id);
  }
}
