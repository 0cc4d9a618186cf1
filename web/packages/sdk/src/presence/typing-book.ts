import type { Clock, TimerHandle } from '../clock.ts';
import { Emitter } from '../emitter.ts';
import type { JsonObject } from '../json.ts';
import type { ConversationId, Message, UserId } from '../types.ts';
import { decodeTyping } from './decode-presence.ts';

/** Whoever goes on typing says so no more often. */
const EVERY_MS = 3_000;
/** No hint is worth more, whatever the clocks say. */
const LONGEST_MS = 30_000;

export interface TypingBookOptions {
  readonly me: UserId;
  readonly clock: Clock;
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
  /** Server time minus ours. */
  readonly clockSkewMs: () => number;
}

interface TypingBookEvents {
  /** Somebody began to type there, or has stopped. */
  changed: [ConversationId];
}

/**
 * Who types where, and telling others that the user does. Hints: forgotten with the connection, and lost without a
 * trace when the server has something against them. Owned by ActiveSession.
 */
export class TypingBook extends Emitter<TypingBookEvents> {
  private readonly options: TypingBookOptions;
  private readonly others = new Map<ConversationId, Map<UserId, TimerHandle>>();
  /** When the others were last told that the user types, and whether that is so still. */
  private readonly told = new Map<ConversationId, { readonly atMs: number; readonly typing: boolean }>();
  private online = false;

  constructor(options: TypingBookOptions) {
    super();
    this.options = options;
  }

  /** Who else types there, whoever began first comes first. */
  in(id: ConversationId): readonly UserId[] {
    return [...(this.others.get(id)?.keys() ?? [])];
  }

  /** The user has typed, or there is nothing to be sent any more. Call it as often as you like. */
  tell(id: ConversationId, typing: boolean): void {
    const before = this.told.get(id);
    const now = this.options.clock.now();
    const news = typing ? now - (before?.atMs ?? -Infinity) >= EVERY_MS : before?.typing === true;
    if (!this.online || !news) return;
    // Whoever begins again at once is told of no earlier than who has gone on: the server passes nothing on before.
    this.told.set(id, { atMs: typing ? now : (before?.atMs ?? now), typing });
    this.options.call('typing.set', { conversation_id: id, typing }).catch(() => undefined);
  }

  connected(): void {
    this.online = true;
  }

  disconnected(): void {
    this.online = false;
    this.told.clear();
    for (const [id, people] of this.others) for (const userId of people.keys()) this.stopped(id, userId);
  }

  push(type: string, data: JsonObject): void {
    const push = type === 'typing' ? decodeTyping(data) : undefined;
    if (push === undefined || push.user_id === this.options.me) return;
    const { clock, clockSkewMs } = this.options;
    const leftMs = Math.min(LONGEST_MS, push.until_ms - clock.now() - clockSkewMs());
    if (leftMs <= 0) this.stopped(push.conversation_id, push.user_id);
    else this.started(push.conversation_id, push.user_id, leftMs);
  }

  /** What somebody has typed is there. */
  sent(id: ConversationId, messages: readonly Message[]): void {
    for (const { sender_id: sender } of messages) if (sender !== undefined) this.stopped(id, sender);
  }

  private started(id: ConversationId, userId: UserId, ms: number): void {
    const { clock } = this.options;
    const people = this.others.get(id) ?? new Map<UserId, TimerHandle>();
    const isNew = !people.has(userId);
    clock.clearTimeout(people.get(userId));
    people.set(
      userId,
      clock.setTimeout(() => this.stopped(id, userId), ms),
    );
    this.others.set(id, people);
    if (isNew) this.emit('changed', id);
  }

  private stopped(id: ConversationId, userId: UserId): void {
    const people = this.others.get(id);
    if (people?.has(userId) !== true) return;
    this.options.clock.clearTimeout(people.get(userId));
    people.delete(userId);
    if (people.size === 0) this.others.delete(id);
    this.emit('changed', id);
  }
}
