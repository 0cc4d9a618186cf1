import { decodeMessage } from '../decode.ts';
import { quoteOf } from '../domain/message-state.ts';
import { MessageWindow } from '../domain/message-window.ts';
import { PinBoard } from '../domain/pin-board.ts';
import { ImError } from '../errors.ts';
import type { RpcHost } from '../hosts.ts';
import { randomId } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import type { Outbox, PendingMessage, SendHandle } from '../outbox/outbox.ts';
import type { Directory } from '../people/directory.ts';
import type { Store } from '../store/store.ts';
import type { SyncEngine } from '../sync/engine.ts';
import type {
  ClientMsgId,
  ConversationId,
  ForwardResult,
  ListReactionsResponse,
  ListReceiptsResponse,
  Mentions,
  Message,
  RpcTypes,
  Seq,
  UserId,
} from '../types.ts';

const PAGE_SIZE = 40;
/** As many messages are found. */
const MOST_FOUND = 500;
/** People in one question about a message. */
const PEOPLE_LIMIT = 200;

export interface ForwardOptions {
  readonly id?: ClientMsgId;
  /** At most 200 bytes; empty lets each client choose. */
  readonly mergedAs?: string;
}

/** What Messages works on while somebody is logged in. */
export interface MessagesSession {
  readonly me: UserId;
  readonly engine: SyncEngine;
  readonly outbox: Outbox;
  readonly store: Store;
  readonly directory: Directory;
  readonly connection: { request(type: string, data: unknown): Promise<JsonObject> };
}

/** What Messages needs of the client. */
export interface MessagesHost extends RpcHost {
  /** Of the logged-in user; undefined while nobody is. */
  readonly session: () => MessagesSession | undefined;
}

/**
 * The messages of conversations, and what can be done with them. A send is queued and needs no connection; all other
 * commands need one and reject with an ImError. What they change is seen in the windows, here and on every device.
 */
export class Messages {
  private readonly host: MessagesHost;

  constructor(host: MessagesHost) {
    this.host = host;
  }

  /**
   * A live view of the newest messages; `dispose` it. `size`: how many a page has. `from`: it begins there instead, when
   * that lies further back than a page.
   */
  window(
    conversation: ConversationId,
    options: { size?: number; from?: Seq | undefined } = {},
  ): MessageWindow {
    const { me, engine, outbox, store, connection } = this.need();
    return new MessageWindow({
      conversation,
      size: options.size ?? PAGE_SIZE,
      from: options.from,
      me,
      engine,
      outbox,
      store,
      call: (type, data) => connection.request(type, data),
    });
  }

  /** A live view of the pinned messages; `dispose` it. */
  pins(conversation: ConversationId): PinBoard {
    const { engine, connection } = this.need();
    return new PinBoard({ conversation, engine, call: (type, data) => connection.request(type, data) });
  }

  /**
   * Queues a message; see the handle. Never rejects and never waits for the network. `answers`: the message it quotes,
   * as it is shown now.
   */
  send(
    conversation: ConversationId,
    { text, mentions }: { text: string; mentions?: Mentions },
    answers?: Pick<Message, 'seq' | 'sender_id' | 'content'>,
  ): SendHandle {
    return this.need().outbox.add(
      conversation,
      { text: { text } },
      {
        ...(answers === undefined ? {} : { quote: quoteOf(answers) }),
        ...(mentions === undefined ? {} : { mentions }),
      },
    );
  }

  /** Tries a failed message again, under the same id. */
  resend(id: ClientMsgId): void {
    this.need().outbox.retry(id);
  }

  /** Gives up a failed message. */
  discard(id: ClientMsgId): void {
    this.need().outbox.remove(id);
  }

  /**
   * Texts on this machine in which something is written, in any case: of each conversation, or of one, the newest first,
   * at most 500. Those of conversations that the user does not have any more are left out.
   */
  async search(text: string, conversation?: ConversationId): Promise<readonly Message[]> {
    const { store, engine } = this.need();
    const wanted = text.trim().toLowerCase();
    if (wanted === '') return [];
    let left = MOST_FOUND;
    const found = await store.find((message) => {
      if (left === 0) return 'stop';
      if (message.content?.text?.text.toLowerCase().includes(wanted) !== true) return 'pass';
      left -= 1;
      return 'take';
    }, conversation);
    return found.filter((message) => engine.get(message.conversation_id) !== undefined);
  }

  /** Messages the server has not confirmed. */
  unsent(): number {
    return this.host.session()?.outbox.size ?? 0;
  }

  /** The unsent messages of a conversation, oldest first. */
  pending(conversation: ConversationId): readonly PendingMessage[] {
    return (this.host.session()?.outbox.pending(conversation) ?? []).filter((p) => p.ack === undefined);
  }

  /** Gives one's own text another one, within the server's window. */
  edit(conversation: ConversationId, seq: Seq, text: string): Promise<void> {
    return this.change('message.edit', { conversation_id: conversation, seq, content: { text: { text } } });
  }

  /** Takes a message back for everybody; a repeat changes nothing. */
  recall(conversation: ConversationId, seq: Seq): Promise<void> {
    return this.change('message.recall', { conversation_id: conversation, seq });
  }

  /** A repeat changes nothing. */
  react(conversation: ConversationId, seq: Seq, emoji: string): Promise<void> {
    return this.change('message.react', { conversation_id: conversation, seq, emoji });
  }

  /** A repeat changes nothing. */
  unreact(conversation: ConversationId, seq: Seq, emoji: string): Promise<void> {
    return this.change('message.unreact', { conversation_id: conversation, seq, emoji });
  }

  /** A repeat changes nothing. */
  pin(conversation: ConversationId, seq: Seq): Promise<void> {
    return this.change('message.pin', { conversation_id: conversation, seq });
  }

  /** A repeat changes nothing. */
  unpin(conversation: ConversationId, seq: Seq): Promise<void> {
    return this.change('message.unpin', { conversation_id: conversation, seq });
  }

  /** Hides a message from the user, on all of their devices; the others keep it. */
  async deleteForMe(conversation: ConversationId, seq: Seq): Promise<void> {
    await this.host.request('message.delete_for_me', { conversation_id: conversation, seq });
    this.host.session()?.engine.hide(conversation, { lo: seq, hi: seq });
  }

  /** The same for everything up to a message. */
  async clear(conversation: ConversationId, upTo: Seq): Promise<void> {
    const answer = await this.host.request('conversation.clear', {
      conversation_id: conversation,
      up_to_seq: upTo,
    });
    this.host.session()?.engine.hide(conversation, { lo: 1, hi: answer.up_to_seq });
  }

  /**
   * Sends messages on to other conversations, one by one, or as one that has this title. Answers what has become of each
   * message in each conversation. `id`: the same when it is tried again, so that none is sent twice.
   */
  async forward(
    from: ConversationId,
    seqs: readonly Seq[],
    targets: readonly ConversationId[],
    { id = randomId(), mergedAs }: ForwardOptions = {},
  ): Promise<readonly ForwardResult[]> {
    const items = seqs.map((seq) => ({ conversation_id: from, seq }));
    const merged = mergedAs === undefined ? {} : { merged: true, title: mergedAs };
    const request = { client_msg_id: id, items, targets: [...targets], ...merged };
    return (await this.host.request('message.forward', request)).results;
  }

  /** Who has reacted to a message, the first one first; the first page. */
  reactions(conversation: ConversationId, seq: Seq): Promise<ListReactionsResponse> {
    const limit = PEOPLE_LIMIT;
    return this.host.request('message.reactions', { conversation_id: conversation, seq, limit });
  }

  /** Who has read one's own message, and whom it has reached. `cursor`: of the page before. */
  async receipts(conversation: ConversationId, seq: Seq, cursor?: string): Promise<ListReceiptsResponse> {
    const page = { limit: PEOPLE_LIMIT, ...(cursor === undefined ? {} : { cursor }) };
    const answer = await this.host.request('message.receipts', {
      conversation_id: conversation,
      seq,
      ...page,
    });
    this.host.session()?.directory.learn(answer.users);
    return answer;
  }

  private async change<T extends ChangeType>(type: T, data: RpcTypes[T]['request']): Promise<void> {
    const message = decodeMessage((await this.host.request(type, data)).message);
    if (message !== undefined) this.host.session()?.engine.learnMessage(message);
  }

  private need(): MessagesSession {
    const session = this.host.session();
    if (session === undefined) throw new ImError('unauthenticated', { message: 'nobody is logged in' });
    return session;
  }
}

/** The rpcs that answer a message after a change. */
type ChangeType = `message.${'edit' | 'recall' | 'react' | 'unreact' | 'pin' | 'unpin'}`;
