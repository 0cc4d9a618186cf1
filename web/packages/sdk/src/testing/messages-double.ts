import type { ErrorCode } from '../errors.ts';
import {
  type JsonObject,
  numberAt,
  objectAt,
  objectsAt,
  optionalNumber,
  stringAt,
  stringsAt,
} from '../json.ts';
import type { AnyContent, ChangePush, Message, Reaction, Seq } from '../types.ts';
import { withoutQuoted } from '../domain/message-state.ts';
import { without } from '../without.ts';
import { Refused } from './accounts-double.ts';
import type { Room } from './room.ts';

/** Users are told apart by id; what is answered is data of the rpc. `refuse` never answers. */
export interface MessagesDoubleHost {
  readonly now: () => number;
  readonly nextId: () => string;
  readonly refuse: (code: ErrorCode) => never;
  readonly publish: (room: Room, type: string, data: object) => void;
  /** A user event of one user. */
  readonly tell: (userId: string, key: string, state: object) => void;
}

export const RECALL_WINDOW_MS = 2 * 60_000;
export const EDIT_WINDOW_MS = 15 * 60_000;
const QUOTE_LENGTH = 200;

/** The rules of messages in memory, and of what becomes of them: part of ServerDouble. */
export class MessagesDouble {
  /** Who lacks more changes than this is told to begin anew. */
  maxChanges = 1_000;
  private readonly host: MessagesDoubleHost;
  private readonly keys = new Map<string, { message: Message; text: string }>();

  constructor(host: MessagesDoubleHost) {
    this.host = host;
  }

  /** Undefined for rpcs that are none of these. */
  rpc(type: string, data: JsonObject, room: Room, me: string): object | undefined {
    switch (type) {
      case 'message.list':
        return this.page(data, room, me);
      case 'message.changes':
        return this.changes(data, room, me);
      case 'message.pins': {
        const pinned = room.pins.map((seq) => this.at(room, seq, me));
        return { items: pinned.filter((m) => !isHidden(room, m.seq, me)).reverse() };
      }
      case 'message.reactions':
        return {
          items: (room.reactions.get(numberAt(data, 'seq')) ?? []).map((r) => ({ ...r, time_ms: 1 })),
        };
      case 'message.receipts':
        return this.receipts(data, room, me);
      case 'message.delete_for_me':
        this.hide(room, me, [numberAt(data, 'seq')]);
        this.host.tell(me, `${room.id}/${numberAt(data, 'seq')}`, {
          deleted: { conversation_id: room.id, seq: numberAt(data, 'seq') },
        });
        return {};
      case 'conversation.clear': {
        const upTo = Math.min(numberAt(data, 'up_to_seq'), room.messages.length);
        this.hide(
          room,
          me,
          Array.from({ length: upTo }, (_, index) => index + 1),
        );
        this.host.tell(me, room.id, { cleared: { conversation_id: room.id, up_to_seq: upTo } });
        return { up_to_seq: upTo };
      }
      default:
        return type.startsWith('message.') ? this.command(type, data, room, me) : undefined;
    }
  }

  /** What a user sees, with their own reactions, as answers have it. */
  seen(room: Room, me: string): Message[] {
    return room.messages
      .slice(0, room.left.get(me))
      .filter((m) => !isHidden(room, m.seq, me))
      .map((m) => this.at(room, m.seq, me));
  }

  /** `about`: the rest of the request. */
  send(sender: string, room: Room, clientMsgId: string, text: string, about: JsonObject = {}): Message {
    return this.put(sender, room, clientMsgId, { text: { text } }, about);
  }

  /** `room`: one of which the user takes part; refuses others. */
  forward(data: JsonObject, me: string, room: (id: string) => Room): object {
    const id = stringAt(data, 'client_msg_id');
    const places = objectsAt(data, 'items').map((from) => ({
      source: stringAt(from, 'conversation_id'),
      seq: numberAt(from, 'seq'),
    }));
    const original = ({ source, seq }: (typeof places)[number]) => this.usable(room(source), seq, me);
    const merged = data['merged'] === true;
    const drafts = merged
      ? [{ key: JSON.stringify(places), about: {}, content: () => mergedOf(data, places.map(original)) }]
      : places.map((place, item) => ({
          key: `${place.source}/${place.seq}`,
          about: { item },
          content: () => original(place).content ?? {},
        }));
    const results = stringsAt(data, 'targets').flatMap((target) =>
      drafts.map(({ key, about, content }) => {
        try {
          const sent = this.put(me, room(target), `~${id}/${key}/${target}`, content());
          const { message_id, time_ms } = sent;
          return { conversation_id: target, ...about, sent: { message_id, seq: sent.seq, time_ms } };
        } catch (thrown) {
          if (!(thrown instanceof Refused)) throw thrown;
          return { conversation_id: target, ...about, error: { code: thrown.code, message: '' } };
        }
      }),
    );
    return { results };
  }

  private put(
    sender: string,
    room: Room,
    clientMsgId: string,
    content: AnyContent,
    about: JsonObject = {},
  ): Message {
    const text = JSON.stringify(content);
    const key = `${sender}/${clientMsgId}`;
    const before = this.keys.get(key);
    if (before !== undefined) {
      if (before.text !== text || before.message.conversation_id !== room.id) this.host.refuse('conflict');
      return before.message;
    }
    const quoteSeq = optionalNumber(about, 'quote_seq');
    const mentions = about['mentions'] as Message['mentions'];
    const quoted = quoteSeq === undefined ? undefined : this.usable(room, quoteSeq, sender);
    const message: Message = {
      message_id: this.host.nextId(),
      conversation_id: room.id,
      seq: room.messages.length + 1,
      sender_id: sender,
      client_msg_id: clientMsgId,
      time_ms: this.host.now(),
      content,
      ...(quoted === undefined ? {} : { quote: snapshot(quoted) }),
      ...(mentions === undefined ? {} : { mentions }),
      change: 0,
    };
    room.messages.push(message);
    this.keys.set(key, { message, text });
    const { seq } = message;
    this.host.publish(room, 'message', {
      conversation_id: room.id,
      seq,
      change: room.changes.length,
      message,
    });
    return message;
  }

  private command(type: string, data: JsonObject, room: Room, me: string): object | undefined {
    const seq = numberAt(data, 'seq');
    const emoji = stringAt(data, 'emoji');
    switch (type) {
      case 'message.edit':
        return this.edit(data, room, me);
      case 'message.recall':
        return this.recall(seq, room, me);
      case 'message.react':
      case 'message.unreact':
        return this.react(room, seq, me, emoji, type === 'message.react');
      case 'message.pin':
      case 'message.unpin':
        return this.pin(room, seq, me, type === 'message.pin');
      default:
        return undefined;
    }
  }

  private edit(data: JsonObject, room: Room, me: string): object {
    const message = this.usable(room, numberAt(data, 'seq'), me);
    if (message.sender_id !== me) this.host.refuse('permission_denied');
    if (this.host.now() - message.time_ms > EDIT_WINDOW_MS) this.host.refuse('edit_window_passed');
    const text = stringAt(objectAt(objectAt(data, 'content'), 'text'), 'text');
    if (text === message.content?.text?.text) return this.unchanged(room, message, me);
    const edited = { ...message, content: { text: { text } }, edited_ms: this.host.now() };
    return this.change(room, edited, me, { kind: 'edit' });
  }

  private recall(seq: Seq, room: Room, me: string): object {
    const message = this.at(room, seq, me);
    if (message.recalled !== undefined) return this.unchanged(room, message, me);
    if (message.sender_id !== me) this.host.refuse('permission_denied');
    if (this.host.now() - message.time_ms > RECALL_WINDOW_MS) this.host.refuse('recall_window_passed');
    const rest = without(message, 'content', 'quote', 'reactions', 'mine', 'pinned');
    room.reactions.delete(seq);
    room.pins = room.pins.filter((pinned) => pinned !== seq);
    for (const quoting of room.messages.filter((m) => m.quote?.seq === seq)) {
      room.messages[quoting.seq - 1] = withoutQuoted(quoting, seq);
    }
    const recalled = { by: me, time_ms: this.host.now() };
    return this.change(room, { ...rest, recalled }, me, { kind: 'recall' });
  }

  private react(room: Room, seq: Seq, me: string, emoji: string, added: boolean): object {
    const message = this.usable(room, seq, me);
    const all = room.reactions.get(seq) ?? [];
    const others = all.filter((r) => r.user_id !== me || r.emoji !== emoji);
    if (added === others.length < all.length) return this.unchanged(room, message, me);
    const now = added ? [...others, { emoji, user_id: me }] : others;
    room.reactions.set(seq, now);
    const rest = without(message, 'reactions');
    const reactions = counted(now);
    const changed = reactions.length === 0 ? rest : { ...rest, reactions };
    return this.change(room, changed, me, { kind: 'reaction', emoji, added });
  }

  private pin(room: Room, seq: Seq, me: string, added: boolean): object {
    const message = this.usable(room, seq, me);
    if (room.pins.includes(seq) === added) return this.unchanged(room, message, me);
    room.pins = room.pins.filter((pinned) => pinned !== seq);
    if (added) room.pins = [...room.pins, seq];
    const rest = without(message, 'pinned');
    return this.change(room, added ? { ...rest, pinned: true } : rest, me, { kind: 'pin', added });
  }

  private change(
    room: Room,
    changed: Message,
    by: string,
    about: Pick<ChangePush, 'kind' | 'emoji' | 'added'>,
  ): object {
    const change = room.changes.push(changed.seq);
    const message = { ...without(changed, 'mine'), change };
    room.messages[changed.seq - 1] = message;
    this.host.publish(room, 'change', {
      conversation_id: room.id,
      change,
      seq: changed.seq,
      by,
      ...about,
      message,
    });
    return { change, message: this.at(room, changed.seq, by) };
  }

  private unchanged(room: Room, { seq, change }: Message, me: string): object {
    return { change, message: this.at(room, seq, me) };
  }

  private changes(data: JsonObject, room: Room, me: string): object {
    const after = numberAt(data, 'after');
    const head = { seq: room.messages.length, change: room.changes.length };
    if (after > head.change || head.change - after > this.maxChanges)
      return { items: [], up_to_change: head.change, more: false, reset: head };
    const upTo = Math.min(head.change, after + (optionalNumber(data, 'limit') ?? 200));
    const seqs = [...new Set(room.changes.slice(after, upTo))];
    const items = seqs.map((seq) => this.at(room, seq, me)).filter((m) => !isHidden(room, m.seq, me));
    return { items, up_to_change: upTo, more: upTo < head.change };
  }

  private page(data: JsonObject, room: Room, me: string): object {
    const last = room.messages.slice(0, room.left.get(me)).length;
    const limit = Math.min(optionalNumber(data, 'limit') ?? 50, 100);
    const around = optionalNumber(data, 'around');
    const after = around === undefined ? optionalNumber(data, 'after') : Math.max(0, around - limit / 2 - 1);
    const before = optionalNumber(data, 'before') ?? last + 1;
    const from = after === undefined ? Math.max(1, before - limit) : after + 1;
    const to = Math.min(last, after === undefined ? before - 1 : after + limit);
    return {
      items: this.seen(room, me).filter((m) => m.seq >= from && m.seq <= to),
      from_seq: from,
      to_seq: to,
      has_more_before: from > 1,
      has_more_after: to < last,
      head: { seq: last, change: room.changes.length },
      floor_seq: 1,
    };
  }

  private receipts(data: JsonObject, room: Room, me: string): object {
    const seq = numberAt(data, 'seq');
    if (this.at(room, seq, me).sender_id !== me) this.host.refuse('permission_denied');
    const others = [...room.members].filter((userId) => userId !== me);
    const items = others.map((user_id) => {
      const read = (room.readSeq.get(user_id) ?? 0) >= seq;
      return { user_id, read, delivered: read };
    });
    const read_count = items.filter((item) => item.read).length;
    return { items, read_count, member_count: items.length, users: [] };
  }

  private hide(room: Room, me: string, seqs: readonly Seq[]): void {
    const hidden = room.hidden.get(me) ?? new Set();
    room.hidden.set(me, hidden);
    for (const seq of seqs) hidden.add(seq);
  }

  private usable(room: Room, seq: Seq, me: string): Message {
    const message = this.at(room, seq, me);
    if (message.recalled !== undefined) this.host.refuse('message_recalled');
    return message;
  }

  private at(room: Room, seq: Seq, me: string): Message {
    const message = room.messages[seq - 1] ?? this.host.refuse('not_found');
    const mine = (room.reactions.get(seq) ?? []).filter((r) => r.user_id === me).map((r) => r.emoji);
    return mine.length === 0 ? message : { ...message, mine };
  }
}

function isHidden(room: Room, seq: Seq, me: string): boolean {
  return room.hidden.get(me)?.has(seq) === true;
}

function snapshot({ seq, sender_id = '', content }: Message): NonNullable<Message['quote']> {
  const text = content?.text?.text.slice(0, QUOTE_LENGTH);
  return { seq, sender_id, ...(text === undefined ? {} : { content: { text: { text } } }) };
}

function mergedOf(data: JsonObject, messages: readonly Message[]): AnyContent {
  const items = messages.map(({ sender_id = '', time_ms, content }) => {
    const held = content?.merged === undefined ? content : { merged: { ...content.merged, items: [] } };
    return { sender_id, time_ms, ...(held === undefined ? {} : { content: held }) };
  });
  return { merged: { title: stringAt(data, 'title'), items } };
}

function counted(all: readonly { readonly emoji: string; readonly user_id: string }[]): Reaction[] {
  return [...new Set(all.map((r) => r.emoji))].map((emoji) => {
    const users = all.filter((r) => r.emoji === emoji).map((r) => r.user_id);
    return { emoji, count: users.length, user_ids: users.slice(0, 3) };
  });
}
