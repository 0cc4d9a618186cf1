import type { Clock } from '../clock.ts';
import { type ErrorCode, errorCodes } from '../errors.ts';
import { type JsonObject, numberAt, objectAt, parseObject, stringAt } from '../json.ts';
import type { Conversation, Message } from '../types.ts';
import { AccountDouble } from './account-double.ts';
import { AccountsDouble, profile, Refused } from './accounts-double.ts';
import { ContactsDouble } from './contacts-double.ts';
import { GroupsDouble } from './groups-double.ts';
import { MessagesDouble } from './messages-double.ts';
import { PresenceDouble } from './presence-double.ts';
import { emptyRoom, type Moves, type Room } from './room.ts';
import { SettingsDouble } from './settings-double.ts';
import { SyncDouble } from './sync-double.ts';

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
  /** Consulted before each rpc. */
  fault: ((type: string, data: JsonObject) => Fault | undefined) | undefined;
  /** Types of the rpcs received, in order. */
  readonly received: { type: string; data: JsonObject }[] = [];
  readonly accounts: AccountsDouble;
  readonly contacts: ContactsDouble;
  readonly groups: GroupsDouble;
  readonly messages: MessagesDouble;
  readonly settings: SettingsDouble;
  readonly account: AccountDouble;
  readonly presence: PresenceDouble;
  private readonly clock: Clock;
  private readonly rooms = new Map<string, Room>();
  private readonly sync = new SyncDouble();
  private attached: Attached[] = [];
  private nextId = 1000;

  constructor(clock: Clock) {
    this.clock = clock;
    this.accounts = new AccountsDouble(clock, () => this.nextId++);
    const refuse = (code: ErrorCode): never => {
      throw new Refused(code);
    };
    const tell = (userId: string, key: string, state: object) =>
      this.contacts.tell(userId, Object.keys(state)[0] ?? '', key, state);
    this.contacts = new ContactsDouble({
      now: () => clock.now(),
      nextId: () => String(this.nextId++),
      refuse,
      push: (userId, type, data) => this.push((id) => id === userId, type, data),
      line: (by, userId, message) => {
        const room = this.roomOf(by, userId);
        const params = { by, user_id: userId, ...(message === '' ? {} : { message }) };
        this.line(room, 'contact_added', params);
        return room.id;
      },
      profile: (userId) => profile(this.accounts.byId(userId)),
    });
    this.messages = new MessagesDouble({
      now: () => clock.now(),
      nextId: () => String(this.nextId++),
      refuse,
      publish: (room, type, data) => this.publish(room, type, data),
      tell,
    });
    this.settings = new SettingsDouble(tell);
    this.account = new AccountDouble(this.accounts, tell);
    this.presence = new PresenceDouble({
      now: () => clock.now(),
      members: (id) => this.roomAt(id).members,
      push: (to, type, data) => this.push((id) => id === to, type, data),
    });
    this.groups = new GroupsDouble({
      now: () => clock.now(),
      nextId: () => String(this.nextId++),
      refuse,
      exists: (userId) => this.accounts.all.some((account) => account.userId === userId),
      profile: (userId) => profile(this.accounts.byId(userId)),
      line: (id, code, params, moves = {}) => this.groupLine(id, code, params, moves),
      tell,
    });
  }

  /** Somebody calls themselves otherwise; nobody is told. */
  rename(username: string, nickname: string): void {
    const account = this.accounts.byName(username);
    account.nickname = nickname;
    account.version += 1;
  }

  /** The messages of the 1:1 of two users, by their names. */
  history(a: string, b: string): readonly Message[] {
    return this.roomOf(this.accounts.byName(a).userId, this.accounts.byName(b).userId).messages;
  }

  roomAt(id: string): Room {
    const room = this.rooms.get(id);
    if (room === undefined) throw new Error(`no conversation ${id}`);
    return room;
  }

  /** A message by somebody without a client. */
  say(from: string, to: string, text: string, clientMsgId = `said-${this.nextId}`): Message {
    const sender = this.accounts.byName(from).userId;
    const room = this.roomOf(sender, this.accounts.byName(to).userId);
    return this.messages.send(sender, room, clientMsgId, text);
  }

  /** The same in a group. */
  sayIn(group: string, from: string, text: string): Message {
    const sender = this.accounts.byName(from).userId;
    return this.messages.send(sender, this.roomAt(group), `said-${this.nextId}`, text);
  }

  /** An rpc of somebody without a client. */
  asUser(username: string, type: string, data: JsonObject): object {
    return this.rpc(type, data, this.accounts.byName(username).userId);
  }

  /** Closes every socket of a user with a code. */
  kick(username: string, code: number, reason?: string): void {
    const { userId } = this.accounts.byName(username);
    for (const socket of this.attached.filter((s) => s.userId === userId)) {
      if (reason !== undefined)
        socket.send(JSON.stringify({ type: 'kicked', data: { reason, device: 'laptop' } }));
      socket.close(code);
    }
  }

  /** No token and no refresh token is good any more. */
  revokeAllTokens(): void {
    this.accounts.revokeAll();
  }

  accept(send: (frame: string) => void, close: (code: number) => void): ServerSession {
    const socket: Attached = { send, close, userId: undefined };
    this.attached.push(socket);
    return {
      receive: (frame) => this.receive(socket, frame),
      gone: () => {
        this.attached = this.attached.filter((s) => s !== socket);
        this.presence.gone(socket);
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
    if (route === 'DELETE /v1/users/me') return this.deleteMe(this.accounts.userOf(bearer), body);
    return this.accounts.rest(route, body, bearer);
  }

  private deleteMe(me: string, body: JsonObject): object {
    const atMs = this.clock.now() + 7 * 24 * 3_600_000;
    const answer = this.account.deleteMe(me, stringAt(body, 'password'), atMs);
    this.kick(this.accounts.byId(me).username, 4409, 'revoked');
    return answer;
  }

  private receive(socket: Attached, text: string): void {
    const frame = parseObject(text) ?? {};
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(stringAt(frame, 'id'))) {
      socket.close(4400);
      return;
    }
    const [type, id, data] = [stringAt(frame, 'type'), stringAt(frame, 'id'), objectAt(frame, 'data')];
    const answer = (message: object) => socket.send(JSON.stringify({ id, ...message }));
    if (type === 'ping') {
      answer({ type: 'pong', data: this.pong(data, socket.userId) });
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
      const result = this.presence.subscribe(type, data, socket) ?? this.rpc(type, data, socket.userId);
      if (fault?.kind === 'execute') throw new Refused(fault.code, fault.retryAfterMs);
      if (fault?.kind !== 'silent') answer({ type: 'ok', data: result });
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      answer({ type: 'error', error: { code: thrown.code, retry_after_ms: thrown.retryAfterMs } });
      if (type === 'auth') socket.close(4401);
    }
  }

  private authenticate(socket: Attached, token: string): object {
    socket.userId = this.accounts.userOf(token);
    return {
      user_id: socket.userId,
      device_id: '77',
      session_id: '1',
      epoch: this.epoch,
      server_time_ms: this.clock.now(),
      heartbeat_ms: 30_000,
      features: [],
      user_version: this.contacts.version(socket.userId),
    };
  }

  /** How what a client holds compares with what there is. */
  private pong(data: JsonObject, me: string | undefined): object {
    const time = { time_ms: this.clock.now() };
    if (me === undefined || data['heads'] === undefined) return time;
    const behind = Object.entries(objectAt(data, 'heads')).flatMap(([id, head]) => {
      const room = this.rooms.get(id);
      if (room === undefined || !Array.isArray(head)) return [];
      const { seq, change, read_seq: read } = this.view(room, me);
      return head[0] === seq && head[1] === change && head[2] === read ? [] : [id];
    });
    return { ...time, user_version: this.contacts.version(me), behind };
  }

  private rpc(type: string, data: JsonObject, me: string): object {
    switch (type) {
      case 'conversation.open':
        return { conversation: this.view(this.roomOf(me, stringAt(data, 'user_id')), me) };
      case 'conversation.get':
        return { conversation: this.view(this.room(data, me), me) };
      case 'conversation.list':
        return this.list(data, me);
      case 'conversation.mark_read':
        return this.markRead(data, me);
      case 'sync.pull': {
        const moved = this.sync.pull(data, me, this.rooms.values(), (room) => this.view(room, me));
        return { ...this.contacts.rpc(type, data, me), epoch: this.epoch, ...moved };
      }
      case 'conversation.mark_delivered': {
        const room = this.room(data, me);
        const seq = numberAt(data, 'seq');
        room.deliveredSeq.set(me, seq);
        this.sync.note(room, me);
        const mark = { conversation_id: room.id, user_id: me, seq };
        this.push((to) => to !== me && room.members.has(to), 'delivered', mark);
        return { delivered_seq: seq };
      }
      case 'message.send': {
        const text = stringAt(objectAt(objectAt(data, 'content'), 'text'), 'text');
        const room = this.room(data, me);
        this.groups.checkSend(room.id, me);
        const sent = this.messages.send(me, room, stringAt(data, 'client_msg_id'), text, data);
        return { message_id: sent.message_id, seq: sent.seq, time_ms: sent.time_ms };
      }
      case 'message.forward':
        return this.messages.forward(data, me, (id) => this.room({ conversation_id: id }, me));
      case 'conversation.update':
      case 'conversation.hide':
        this.settings.rpc(type, data, this.room(data, me), me);
        return { conversation: this.view(this.room(data, me), me) };
      default: {
        const answer =
          this.accounts.rpc(type, data) ??
          this.account.rpc(type, data, me) ??
          this.contacts.rpc(type, data, me) ??
          this.presence.rpc(type, data, me) ??
          this.groups.rpc(type, data, me) ??
          this.messages.rpc(type, data, this.room(data, me), me);
        if (answer === undefined) throw new Refused('not_found');
        return answer;
      }
    }
  }

  /** Pages of three, so that paging is always part of the test. */
  private list(data: JsonObject, me: string): object {
    const mine = [...this.rooms.values()].filter((r) => r.members.has(me) && !this.settings.of(r, me).hidden);
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

  /** A line of the server's own. */
  private line(room: Room, code: string, params: Readonly<Record<string, string>>, moves: Moves = {}): void {
    const line: Message = {
      message_id: String(this.nextId++),
      conversation_id: room.id,
      seq: room.messages.length + 1,
      client_msg_id: '',
      time_ms: this.clock.now(),
      content: { system: { code, params } },
      change: 0,
    };
    room.messages.push(line);
    const push = {
      conversation_id: room.id,
      seq: line.seq,
      change: room.changes.length,
      message: line,
      ...moves,
    };
    this.publish(room, 'message', push);
  }

  private groupLine(id: string, code: string, params: Readonly<Record<string, string>>, moves: Moves): void {
    const room = this.rooms.get(id) ?? emptyRoom(id, 'group', []);
    this.rooms.set(id, room);
    for (const userId of moves.join ?? []) {
      room.members.add(userId);
      room.left.delete(userId);
    }
    this.line(room, code, params, moves);
    for (const userId of moves.leave ?? []) {
      room.members.delete(userId);
      room.left.set(userId, room.messages.length);
    }
  }

  private publish(room: Room, type: string, data: object): void {
    this.sync.note(room);
    this.push((id) => room.members.has(id), type, data);
  }

  private push(to: (userId: string) => boolean, type: string, data: object): void {
    for (const socket of this.attached) {
      if (socket.userId !== undefined && to(socket.userId)) socket.send(JSON.stringify({ type, data }));
    }
  }

  private view(room: Room, me: string): Conversation {
    const direct = room.type === 'direct';
    const peer = [...room.members].find((m) => m !== me) ?? me;
    const read = room.readSeq.get(me) ?? 0;
    const seen = this.messages.seen(room, me);
    const last = seen.at(-1);
    return {
      conversation_id: room.id,
      type: room.type,
      title: direct ? (this.accounts.all.find((a) => a.userId === peer)?.username ?? '') : '',
      avatar: '',
      ...(direct
        ? {
            peer_user_id: peer,
            peer_read_seq: room.readSeq.get(peer) ?? 0,
            peer_delivered_seq: room.deliveredSeq.get(peer) ?? 0,
          }
        : {}),
      state: 'normal',
      seq: room.left.get(me) ?? room.messages.length,
      change: room.changes.length,
      floor_seq: 1,
      avatar_user_ids: [],
      read_seq: read,
      unread: seen.filter((m) => m.seq > read && m.sender_id !== undefined && m.sender_id !== me).length,
      ...(last === undefined ? {} : { last_message: last }),
      settings: this.settings.of(room, me),
      ...this.groups.view(room.id, me),
    };
  }

  private room(data: JsonObject, me: string): Room {
    const room = this.rooms.get(stringAt(data, 'conversation_id'));
    if (room === undefined || !(room.members.has(me) || room.left.has(me))) throw new Refused('not_found');
    return room;
  }

  private roomOf(a: string, b: string): Room {
    if (!this.accounts.all.some((x) => x.userId === b)) throw new Refused('not_found');
    const members = [a, b].sort();
    const key = `c${members.join('-')}`;
    let room = this.rooms.get(key);
    if (room === undefined) {
      room = emptyRoom(key, 'direct', members);
      this.rooms.set(key, room);
      this.sync.note(room);
    }
    return room;
  }
}
