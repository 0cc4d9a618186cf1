import type { Clock } from '../clock.ts';
import { type ErrorCode, errorCodes } from '../errors.ts';
import { type JsonObject, numberAt, objectAt, optionalNumber, parseObject, stringAt } from '../json.ts';
import type { Conversation, Message } from '../types.ts';

interface Account {
  readonly userId: string;
  readonly username: string;
  password: string;
}

interface Room {
  readonly id: string;
  readonly members: readonly [string, string];
  readonly messages: Message[];
  readonly readSeq: Map<string, number>;
}

/** One socket as the server sees it. */
export interface ServerSession {
  receive(frame: string): void;
  /** The client is gone. */
  gone(): void;
}

interface Attached {
  readonly send: (frame: string) => void;
  readonly close: (code: number) => void;
  userId: string | undefined;
}

class Refused extends Error {
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, retryAfterMs?: number) {
    super(code);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * What a test may put between a request and its effect: `refuse` answers a code without executing it; `execute`
 * answers the code although it took effect; `silent` takes effect and answers nothing.
 */
export type Fault =
  | { readonly kind: 'refuse' | 'execute'; readonly code: ErrorCode; readonly retryAfterMs?: number }
  | { readonly kind: 'silent' };

/**
 * The protocol's rules in memory, one step at a time: the oracle that tests of the client compare with. It keeps
 * what a client relies on (dense seq, idempotent sends, pushes to every socket, heads) and nothing else.
 */
export class ServerDouble {
  epoch = 'epoch-1';
  accessTokenMs = 900_000;
  /** Consulted before each rpc. */
  fault: ((type: string, data: JsonObject) => Fault | undefined) | undefined;
  /** Types of the rpcs received, in order. */
  readonly received: { type: string; data: JsonObject }[] = [];
  refreshes = 0;
  private readonly clock: Clock;
  private readonly accounts: Account[] = [];
  private readonly rooms = new Map<string, Room>();
  private readonly keys = new Map<string, { message: Message; text: string }>();
  private readonly tokens = new Map<string, { userId: string; untilMs: number }>();
  private readonly refreshTokens = new Map<string, string>();
  private attached: Attached[] = [];
  private nextId = 1000;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** The messages of the 1:1 of two users, by their names. */
  history(a: string, b: string): readonly Message[] {
    return this.roomOf(this.account(a).userId, this.account(b).userId).messages;
  }

  /** A message by somebody without a client. */
  say(from: string, to: string, text: string, clientMsgId = `said-${this.nextId}`): Message {
    const sender = this.account(from).userId;
    const room = this.roomOf(sender, this.account(to).userId);
    return this.send(sender, room, clientMsgId, text);
  }

  /** Closes every socket of a user with a code. */
  kick(username: string, code: number, reason?: string): void {
    const { userId } = this.account(username);
    for (const socket of this.attached.filter((s) => s.userId === userId)) {
      if (reason !== undefined)
        socket.send(JSON.stringify({ type: 'kicked', data: { reason, device: 'laptop' } }));
      socket.close(code);
    }
  }

  /** No token and no refresh token is good any more. */
  revokeAllTokens(): void {
    this.tokens.clear();
    this.refreshTokens.clear();
  }

  accept(send: (frame: string) => void, close: (code: number) => void): ServerSession {
    const socket: Attached = { send, close, userId: undefined };
    this.attached.push(socket);
    return {
      receive: (frame) => this.receive(socket, frame),
      gone: () => {
        this.attached = this.attached.filter((s) => s !== socket);
      },
    };
  }

  http(address: string, init?: RequestInit): Response {
    const url = new URL(address);
    const body = typeof init?.body === 'string' ? (parseObject(init.body) ?? {}) : {};
    const bearer = new Headers(init?.headers).get('authorization')?.replace('Bearer ', '') ?? '';
    try {
      return Response.json(this.rest(`${init?.method ?? 'GET'} ${url.pathname}`, body, bearer));
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      const error = { code: thrown.code, retry_after_ms: thrown.retryAfterMs };
      return Response.json({ error }, { status: errorCodes[thrown.code].status });
    }
  }

  private rest(route: string, body: JsonObject, bearer: string): object {
    const fault = this.fault?.(route, body);
    if (fault?.kind === 'refuse') throw new Refused(fault.code, fault.retryAfterMs);
    switch (route) {
      case 'GET /v1/auth/options':
        return { registration: 'open', password_min_length: 8 };
      case 'POST /v1/auth/register':
        return this.register(stringAt(body, 'username'), stringAt(body, 'password'));
      case 'POST /v1/auth/login':
        return this.login(stringAt(body, 'account'), stringAt(body, 'password'));
      case 'POST /v1/auth/refresh':
        return this.refresh(stringAt(body, 'refresh_token'));
      default:
        this.userOf(bearer);
        return {};
    }
  }

  private register(username: string, password: string): object {
    if (this.accounts.some((a) => a.username === username)) throw new Refused('already_exists');
    this.accounts.push({ userId: String(this.nextId++), username, password });
    return this.login(username, password);
  }

  private login(username: string, password: string): object {
    const account = this.accounts.find((a) => a.username === username);
    if (account?.password !== password) throw new Refused('wrong_credentials');
    const user = { ...profile(account), must_change_password: false, role: 'user', birthday: '' };
    return { user, device_id: '77', ...this.issue(account.userId) };
  }

  private refresh(token: string): object {
    this.refreshes += 1;
    const userId = this.refreshTokens.get(token);
    if (userId === undefined) throw new Refused('unauthenticated');
    // The one before stays good for a while: its answer may not have arrived.
    return { ...this.issue(userId), device_id: '77', user_id: userId };
  }

  private issue(userId: string): object {
    const access = `access-${this.nextId++}`;
    const refresh = `refresh-${this.nextId++}`;
    this.tokens.set(access, { userId, untilMs: this.clock.now() + this.accessTokenMs });
    this.refreshTokens.set(refresh, userId);
    return { access_token: access, refresh_token: refresh, expires_in_ms: this.accessTokenMs };
  }

  private userOf(token: string): string {
    const known = this.tokens.get(token);
    if (known === undefined) throw new Refused('unauthenticated');
    if (known.untilMs < this.clock.now()) throw new Refused('token_expired');
    return known.userId;
  }

  private receive(socket: Attached, text: string): void {
    const frame = parseObject(text) ?? {};
    const [type, id, data] = [stringAt(frame, 'type'), stringAt(frame, 'id'), objectAt(frame, 'data')];
    const answer = (message: object) => socket.send(JSON.stringify({ id, ...message }));
    if (type === 'ping') {
      answer({ type: 'pong', data: { time_ms: this.clock.now() } });
      return;
    }
    if (type !== 'auth') this.received.push({ type, data });
    const fault = this.fault?.(type, data);
    try {
      if (fault?.kind === 'refuse') throw new Refused(fault.code, fault.retryAfterMs);
      if (type === 'auth') {
        answer({ type: 'ready', data: this.authenticate(socket, stringAt(data, 'token')) });
        return;
      }
      if (socket.userId === undefined) throw new Refused('unauthenticated');
      const result = this.rpc(type, data, socket.userId);
      if (fault?.kind === 'execute') throw new Refused(fault.code, fault.retryAfterMs);
      if (fault?.kind !== 'silent') answer({ type: 'ok', data: result });
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      answer({ type: 'error', error: { code: thrown.code, retry_after_ms: thrown.retryAfterMs } });
      if (type === 'auth') socket.close(4401);
    }
  }

  private authenticate(socket: Attached, token: string): object {
    socket.userId = this.userOf(token);
    return {
      user_id: socket.userId,
      device_id: '77',
      session_id: '1',
      epoch: this.epoch,
      server_time_ms: this.clock.now(),
      heartbeat_ms: 30_000,
      features: [],
      user_version: 0,
    };
  }

  private rpc(type: string, data: JsonObject, me: string): object {
    switch (type) {
      case 'user.search': {
        const found = this.accounts.filter((a) => a.username === stringAt(data, 'q'));
        return { items: found.map(profile) };
      }
      case 'conversation.open':
        return { conversation: this.view(this.roomOf(me, stringAt(data, 'user_id')), me) };
      case 'conversation.get':
        return { conversation: this.view(this.room(data, me), me) };
      case 'conversation.list':
        return this.list(data, me);
      case 'conversation.mark_read':
        return this.markRead(data, me);
      case 'message.list':
        return this.page(data, me);
      case 'message.send': {
        const text = stringAt(objectAt(objectAt(data, 'content'), 'text'), 'text');
        const sent = this.send(me, this.room(data, me), stringAt(data, 'client_msg_id'), text);
        return { message_id: sent.message_id, seq: sent.seq, time_ms: sent.time_ms };
      }
      default:
        throw new Refused('not_found');
    }
  }

  /** Pages of three, so that paging is always part of the test. */
  private list(data: JsonObject, me: string): object {
    const mine = [...this.rooms.values()].filter((r) => r.members.includes(me));
    const from = Number(stringAt(data, 'cursor') || '0');
    const items = mine.slice(from, from + 3).map((r) => this.view(r, me));
    return { items, ...(from + 3 < mine.length ? { next_cursor: String(from + 3) } : {}) };
  }

  private markRead(data: JsonObject, me: string): object {
    const room = this.room(data, me);
    const seq = Math.min(numberAt(data, 'seq'), room.messages.length);
    const before = room.readSeq.get(me) ?? 0;
    if (seq > before) {
      room.readSeq.set(me, seq);
      this.publish(room, 'read', { conversation_id: room.id, user_id: me, seq });
    }
    return { read_seq: Math.max(seq, before) };
  }

  private page(data: JsonObject, me: string): object {
    const { messages } = this.room(data, me);
    const limit = Math.min(optionalNumber(data, 'limit') ?? 50, 100);
    const after = optionalNumber(data, 'after');
    const before = optionalNumber(data, 'before') ?? messages.length + 1;
    const below = messages.filter((m) => m.seq < before);
    const items = after === undefined ? below.slice(-limit) : messages.slice(after, after + limit);
    const from = items[0]?.seq ?? (after ?? 0) + 1;
    const to = items.at(-1)?.seq ?? from - 1;
    const head = { seq: messages.length, change: 0 };
    return {
      items,
      from_seq: from,
      to_seq: to,
      has_more_before: from > 1,
      has_more_after: to < head.seq,
      head,
      floor_seq: 1,
    };
  }

  private send(sender: string, room: Room, clientMsgId: string, text: string): Message {
    const key = `${sender}/${clientMsgId}`;
    const before = this.keys.get(key);
    if (before !== undefined) {
      if (before.text !== text || before.message.conversation_id !== room.id) throw new Refused('conflict');
      return before.message;
    }
    const message: Message = {
      message_id: String(this.nextId++),
      conversation_id: room.id,
      seq: room.messages.length + 1,
      sender_id: sender,
      client_msg_id: clientMsgId,
      time_ms: this.clock.now(),
      content: { text: { text } },
      change: 0,
    };
    room.messages.push(message);
    this.keys.set(key, { message, text });
    this.publish(room, 'message', { conversation_id: room.id, seq: message.seq, change: 0, message });
    return message;
  }

  private publish(room: Room, type: string, data: object): void {
    for (const socket of this.attached) {
      if (socket.userId !== undefined && room.members.includes(socket.userId))
        socket.send(JSON.stringify({ type, data }));
    }
  }

  private view(room: Room, me: string): Conversation {
    const peer = room.members.find((m) => m !== me) ?? me;
    const read = room.readSeq.get(me) ?? 0;
    const last = room.messages.at(-1);
    return {
      conversation_id: room.id,
      type: 'direct',
      title: this.accounts.find((a) => a.userId === peer)?.username ?? '',
      avatar: '',
      peer_user_id: peer,
      state: 'normal',
      seq: room.messages.length,
      change: 0,
      floor_seq: 1,
      read_seq: read,
      peer_read_seq: room.readSeq.get(peer) ?? 0,
      unread: room.messages.filter((m) => m.seq > read && m.sender_id !== me).length,
      ...(last === undefined ? {} : { last_message: last }),
    };
  }

  private room(data: JsonObject, me: string): Room {
    const room = this.rooms.get(stringAt(data, 'conversation_id'));
    if (room === undefined || !room.members.includes(me)) throw new Refused('not_found');
    return room;
  }

  private roomOf(a: string, b: string): Room {
    if (!this.accounts.some((x) => x.userId === b)) throw new Refused('not_found');
    const members = [a, b].sort() as [string, string];
    const key = `c${members.join('-')}`;
    let room = this.rooms.get(key);
    if (room === undefined) {
      room = { id: key, members, messages: [], readSeq: new Map() };
      this.rooms.set(key, room);
    }
    return room;
  }

  private account(username: string): Account {
    const account = this.accounts.find((a) => a.username === username);
    if (account === undefined) throw new Error(`nobody is called ${username}`);
    return account;
  }
}

function profile(account: Account): object {
  return {
    user_id: account.userId,
    username: account.username,
    nickname: account.username,
    avatar: '',
    signature: '',
    gender: '',
    region: '',
    version: 1,
  };
}
