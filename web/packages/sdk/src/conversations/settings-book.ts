import { settingsOf } from '../domain/conversation-settings.ts';
import type { JsonObject } from '../json.ts';
import type { SyncEngine } from '../sync/engine.ts';
import type { Conversation, ConversationId, ConversationSettings } from '../types.ts';

/** What somebody may set at once; a conversation comes back into the list by its next message only. */
export type SettingsChange = Partial<Pick<ConversationSettings, 'pinned' | 'muted' | 'marked_unread'>> & {
  readonly hidden?: true;
};

export interface SettingsBookOptions {
  readonly engine: SyncEngine;
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
  /** The settings of a conversation are shown otherwise now. */
  readonly changed: (id: ConversationId) => void;
}

/**
 * What the user sets for conversations: shown at once, taken back when the server refuses it. What the server has is
 * in the engine; what it was asked for lies over it until it has answered. Owned by ActiveSession.
 */
export class SettingsBook {
  private readonly options: SettingsBookOptions;
  private readonly pending = new Map<ConversationId, readonly SettingsChange[]>();
  /** The last request for each conversation: they take effect in the order they were made. */
  private readonly last = new Map<ConversationId, Promise<void>>();

  constructor(options: SettingsBookOptions) {
    this.options = options;
  }

  /** A conversation with what is on its way. */
  over(conversation: Conversation): Conversation {
    const changes = this.pending.get(conversation.conversation_id);
    if (changes === undefined) return conversation;
    const settings = changes.reduce<ConversationSettings>(
      (now, change) => ({ ...now, ...change }),
      settingsOf(conversation),
    );
    return { ...conversation, settings };
  }

  /** Rejects with an ImError when it was taken back. What is so already is not asked for. */
  async change(id: ConversationId, change: SettingsChange): Promise<void> {
    const known = this.options.engine.get(id)?.conversation;
    if (known === undefined || isSo(settingsOf(this.over(known)), change)) return;
    this.pending.set(id, [...(this.pending.get(id) ?? []), change]);
    this.options.changed(id);
    const before = this.last.get(id) ?? Promise.resolve();
    const sending = before.catch(() => undefined).then(() => this.send(id, change));
    this.last.set(id, sending);
    try {
      await sending;
    } finally {
      this.done(id, change);
    }
  }

  private async send(id: ConversationId, change: SettingsChange): Promise<void> {
    const { engine, call } = this.options;
    const { settingsNo } = engine;
    const hiddenUpTo = engine.get(id)?.conversation.seq ?? 0;
    if (change.hidden === true) {
      await call('conversation.hide', { conversation_id: id });
      engine.confirmSettings(id, { hiddenUpTo }, settingsNo);
    } else {
      await call('conversation.update', { conversation_id: id, ...change });
      engine.confirmSettings(id, change, settingsNo);
    }
  }

  private done(id: ConversationId, change: SettingsChange): void {
    const left = (this.pending.get(id) ?? []).filter((one) => one !== change);
    if (left.length > 0) this.pending.set(id, left);
    else {
      this.pending.delete(id);
      this.last.delete(id);
    }
    this.options.changed(id);
  }
}

function isSo(settings: ConversationSettings, change: SettingsChange): boolean {
  return (Object.keys(change) as (keyof SettingsChange)[]).every((key) => settings[key] === change[key]);
}
