import type { StoredConversation } from '../store/store.ts';
import type { ConversationId, HeadTriple } from '../types.ts';

/** So many conversations a ping may name. */
const MAX_HEADS = 20;
/** Of these the most recent ones are named each time; the rest is for the others, by turns. */
const ALWAYS = 12;

/** What a ping says of what is held, so that the server can tell what is lacking. Owned by ActiveSession. */
export class Heads {
  /** How many of the others have had their turn. */
  private turn = 0;

  pick(held: readonly StoredConversation[]): Record<ConversationId, HeadTriple> {
    const byActivity = [...held].sort((a, b) => activityMs(b) - activityMs(a));
    const recent = byActivity.slice(0, ALWAYS);
    const others = byActivity.slice(ALWAYS);
    const count = Math.min(MAX_HEADS - ALWAYS, others.length);
    const next = Array.from({ length: count }, (_, n) => others[(this.turn + n) % others.length]);
    if (others.length > 0) this.turn = (this.turn + count) % others.length;
    return Object.fromEntries(
      [...recent, ...next]
        .filter((one) => one !== undefined)
        .map(({ conversation, mine }) => [
          conversation.conversation_id,
          [mine.seq, mine.change, conversation.read_seq] as const,
        ]),
    );
  }
}

function activityMs({ conversation }: StoredConversation): number {
  return conversation.last_message?.time_ms ?? 0;
}
