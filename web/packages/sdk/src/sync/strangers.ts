import { decodeConversation, type ToldChange } from '../decode.ts';
import { asImError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { Conversation, ConversationId, MessagePush, Seq } from '../types.ts';
import { MAX_HELD } from './entry.ts';
import { retryDelay } from './hole-filler.ts';

/** Pushes of a conversation that is not known yet. */
export interface Waiting {
  readonly messages: MessagePush[];
  readonly changes: ToldChange[];
}

/** What Strangers needs of the engine. */
export interface StrangersHost {
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
  /** Another number after each loss of the connection. */
  readonly connection: () => number;
  readonly pause: (ms: number) => Promise<void>;
  /** The server has said what it is. `lowest`: seq of the first push; undefined when only changes came. */
  readonly met: (conversation: Conversation, lowest: Seq | undefined) => void;
}

/** Conversations that are known by their pushes only, until the server says what they are. Owned by SyncEngine. */
export class Strangers {
  private readonly host: StrangersHost;
  private readonly byId = new Map<ConversationId, Waiting>();

  constructor(host: StrangersHost) {
    this.host = host;
  }

  holdMessage(push: MessagePush): void {
    const { messages } = this.waiting(push.conversation_id);
    if (messages.length < MAX_HELD) messages.push(push);
  }

  holdChange(told: ToldChange): void {
    const { changes } = this.waiting(told.conversation_id);
    if (changes.length < MAX_HELD) changes.push(told);
  }

  /** What has waited for a conversation that is known now. */
  release(id: ConversationId): Waiting {
    const waiting = this.byId.get(id) ?? { messages: [], changes: [] };
    this.byId.delete(id);
    return waiting;
  }

  clear(): void {
    this.byId.clear();
  }

  private waiting(id: ConversationId): Waiting {
    const known = this.byId.get(id);
    if (known !== undefined) return known;
    const waiting: Waiting = { messages: [], changes: [] };
    this.byId.set(id, waiting);
    void this.meet(id, this.host.connection());
    return waiting;
  }

  private async meet(id: ConversationId, connection: number): Promise<void> {
    while (this.host.connection() === connection && this.byId.has(id)) {
      try {
        const answer = await this.host.call('conversation.get', { conversation_id: id });
        const conversation = decodeConversation(answer['conversation']);
        if (this.host.connection() !== connection) return;
        const waiting = this.byId.get(id);
        if (conversation === undefined || waiting === undefined) break;
        const lowest = Math.min(...waiting.messages.map((push) => push.seq));
        this.host.met(conversation, Number.isFinite(lowest) ? lowest : undefined);
        return;
      } catch (thrown) {
        const error = asImError(thrown);
        if (error.kind === 'fatal' || error.kind === 'aborted') break;
        await this.host.pause(retryDelay(error));
      }
    }
    if (this.host.connection() === connection) this.byId.delete(id);
  }
}
