import type { Clock, TimerHandle } from '../clock.ts';
import { settingsOf } from '../domain/conversation-settings.ts';
import { asImError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { Store, StoredDraft } from '../store/store.ts';
import type { SyncEngine } from '../sync/engine.ts';
import type { Conversation, ConversationId } from '../types.ts';

/** A draft is sent when nothing was typed for this long. */
const QUIET_MS = 1_000;
/** After a failure that may pass. */
const AGAIN_MS = 5_000;
/** What the server takes; a longer one stays on this device until it is short enough. */
const MAX_LENGTH = 4_000;

export interface DraftsOptions {
  readonly engine: SyncEngine;
  readonly store: Store;
  readonly clock: Clock;
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
  /** The draft of a conversation is shown otherwise now. */
  readonly changed: (id: ConversationId) => void;
}

/**
 * What was begun to be written: kept here at once, told to the other devices when the typing rests. What was typed
 * here stands above what another device tells until the server has taken it; then the later one stands. Owned by
 * ActiveSession.
 */
export class Drafts {
  private readonly options: DraftsOptions;
  /** What the server has not taken yet. */
  private readonly own = new Map<ConversationId, string>();
  private readonly timers = new Map<ConversationId, TimerHandle>();
  private readonly sending = new Set<ConversationId>();
  private online = false;

  constructor(options: DraftsOptions) {
    this.options = options;
  }

  load(drafts: readonly StoredDraft[]): void {
    for (const { conversation_id: id, text } of drafts) this.own.set(id, text);
  }

  /** A conversation with what was typed here. */
  over(conversation: Conversation): Conversation {
    const draft = this.own.get(conversation.conversation_id);
    return draft === undefined
      ? conversation
      : { ...conversation, settings: { ...settingsOf(conversation), draft } };
  }

  set(id: ConversationId, text: string): void {
    const known = this.draftOf(id);
    if (known === undefined || known === text) return;
    void this.options.store.putDraft({ conversation_id: id, text });
    this.become(id, text);
  }

  /** What is sent is no draft any more. Answers what is to be kept of it then, by whoever keeps what is sent. */
  useUp(id: ConversationId, text: string): StoredDraft | undefined {
    const known = this.draftOf(id) ?? '';
    if (known === '' || known.trim() !== text.trim()) return undefined;
    this.become(id, '');
    return { conversation_id: id, text: '' };
  }

  /** Tells the other devices now: whoever leaves a conversation may go on at another one. */
  flush(id: ConversationId): void {
    if (this.own.has(id)) this.sendIn(id, 0);
  }

  resume(): void {
    this.online = true;
    for (const id of this.own.keys()) this.sendIn(id, 0);
  }

  pause(): void {
    this.online = false;
  }

  close(): void {
    this.online = false;
    for (const timer of this.timers.values()) this.options.clock.clearTimeout(timer);
    this.timers.clear();
  }

  /** As it is shown. */
  private draftOf(id: ConversationId): string | undefined {
    const known = this.options.engine.get(id)?.conversation;
    return known === undefined ? undefined : settingsOf(this.over(known)).draft;
  }

  private become(id: ConversationId, text: string): void {
    this.own.set(id, text);
    this.options.changed(id);
    this.sendIn(id, QUIET_MS);
  }

  private sendIn(id: ConversationId, ms: number): void {
    const { clock } = this.options;
    clock.clearTimeout(this.timers.get(id));
    this.timers.set(
      id,
      clock.setTimeout(() => {
        this.timers.delete(id);
        void this.send(id);
      }, ms),
    );
  }

  private async send(id: ConversationId): Promise<void> {
    const text = this.own.get(id);
    if (text === undefined || !this.online || this.sending.has(id) || [...text].length > MAX_LENGTH) return;
    const { engine, call } = this.options;
    const { settingsNo } = engine;
    this.sending.add(id);
    try {
      await call('conversation.update', { conversation_id: id, draft: text });
      this.sending.delete(id);
      engine.confirmSettings(id, { draft: text }, settingsNo);
      this.taken(id, text);
    } catch (thrown) {
      this.sending.delete(id);
      // What is refused for good stays on this device until it is another text.
      if (asImError(thrown).kind !== 'fatal' && this.online) this.sendIn(id, AGAIN_MS);
    }
  }

  private taken(id: ConversationId, text: string): void {
    if (this.own.get(id) !== text) {
      // Typed on meanwhile: its timer may have found this one still on its way.
      if (!this.timers.has(id)) this.sendIn(id, QUIET_MS);
      return;
    }
    this.own.delete(id);
    void this.options.store.deleteDraft({ conversation_id: id, text });
    this.options.changed(id);
  }
}
