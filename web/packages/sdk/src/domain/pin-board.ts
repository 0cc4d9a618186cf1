import { decodeMessages } from '../decode.ts';
import type { JsonObject } from '../json.ts';
import type { SyncEngine } from '../sync/engine.ts';
import type { ConversationId, Message, Seq } from '../types.ts';
import { afterChange, type MessageChange } from './message-state.ts';

export interface PinBoardOptions {
  readonly conversation: ConversationId;
  readonly engine: SyncEngine;
  readonly call: (type: string, data: unknown) => Promise<JsonObject>;
}

/**
 * The pinned messages of one conversation, live until `dispose`. Owned by whoever asked for it, usually an open chat.
 * The server keeps their order: whenever one comes or goes they are read again. Until they could be read there are none.
 */
export class PinBoard {
  private readonly options: PinBoardOptions;
  private readonly listeners = new Set<() => void>();
  private readonly unsubscribes: (() => void)[];
  private pinned: readonly Message[] = [];
  private reading = false;
  /** Something has come or gone while they were being read. */
  private again = false;

  constructor(options: PinBoardOptions) {
    this.options = options;
    const { engine, conversation } = options;
    this.unsubscribes = [
      engine.on('changed', (id, changes) => {
        if (id === conversation) this.changed(changes);
      }),
      engine.on('hidden', (id, { lo, hi }) => {
        if (id === conversation) this.set(this.pinned.filter(({ seq }) => seq < lo || seq > hi));
      }),
      engine.on('reset', (id) => {
        if (id === undefined || id === conversation) void this.read();
      }),
      engine.on('synced', () => void this.read()),
    ];
    void this.read();
  }

  /** The last pinned first. */
  get items(): readonly Message[] {
    return this.pinned;
  }

  /** Runs after they have changed. Answers the function that ends it. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  dispose(): void {
    for (const unsubscribe of this.unsubscribes) unsubscribe();
    this.listeners.clear();
  }

  private changed(changes: readonly MessageChange[]): void {
    const held = new Map<Seq, Message>(this.pinned.map((message) => [message.seq, message]));
    const moved = changes.some(({ message }) => held.has(message.seq) !== (message.pinned === true));
    for (const change of changes) {
      const before = held.get(change.message.seq);
      if (before !== undefined) held.set(change.message.seq, afterChange(before, change));
    }
    this.set([...held.values()].filter((message) => message.pinned === true));
    if (moved) void this.read();
  }

  private async read(): Promise<void> {
    this.again = this.reading;
    if (this.reading) return;
    this.reading = true;
    const { call, conversation, engine } = this.options;
    try {
      do {
        this.again = false;
        const answer = await call('message.pins', { conversation_id: conversation });
        const items = engine.asOfNow(conversation, decodeMessages(answer, 'items'));
        this.set(items.filter((message) => message.pinned === true));
      } while (this.isWantedAgain());
    } catch {
      // The next connection, or the next change, reads them again.
    }
    this.reading = false;
  }

  private isWantedAgain(): boolean {
    return this.again;
  }

  private set(pinned: readonly Message[]): void {
    this.pinned = pinned;
    for (const listener of [...this.listeners]) listener();
  }
}
