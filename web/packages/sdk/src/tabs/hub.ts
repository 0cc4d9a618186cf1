import type { Clock } from '../clock.ts';
import {
  isObject,
  type JsonObject,
  numberAt,
  objectAt,
  optionalString,
  parseObject,
  stringAt,
  stringsAt,
} from '../json.ts';
import type { Letter } from './letters.ts';

/** The id of a request of another tab, in the alphabet of the protocol: whose it is, and its own id. */
const RELAYED = /^t-([A-Za-z0-9]+)-(.+)$/;
/** The tab's own subscriptions stand under no name. */
const OWN = '';
/** As many people as the server follows for one socket. */
const MAX_FOLLOWED = 200;
const FOLLOWS = '"presence.subscribe"';
/** What concerns the hub also while there is no other tab: answers that came too late for one are among it. */
const TELLS = /"(ready"|user_event"|user_version"|t-)/;
/** What one of the other tabs may have on the wire, of what the server allows the socket. */
const SHARE = 4;
/** A close that a tab has to hear of as it was: its session has ended. Everything else means to come again. */
const FINAL: readonly number[] = [4403, 4409];
const ABNORMAL = 1006;

export interface HubOptions {
  readonly leader: string;
  readonly clock: Clock;
  readonly post: (letter: Letter) => void;
}

/**
 * The leader's side of a shared connection: takes the requests of the other tabs to the one real socket, under ids of
 * their own, and hands them their answers and every push. To the other tabs it looks like the server: it welcomes them
 * with the `ready` it had itself, brought up to date. Owned by Tabs.
 */
export class Hub {
  private readonly options: HubOptions;
  private readonly sockets = new Set<string>();
  /** Whom each socket follows: the server follows one list a connection, so it gets all of them together. */
  private readonly followed = new Map<string, readonly string[]>();
  private send: ((text: string) => void) | undefined;
  private ready: { readonly data: JsonObject; readonly atMs: number } | undefined;
  private userVersion = 0;

  constructor(options: HubOptions) {
    this.options = options;
  }

  /** A frame of the server's. Answers whether it is for this tab. */
  received(text: string, send: (text: string) => void): boolean {
    // With a single tab nothing is read twice that it need not be.
    if (this.sockets.size === 0 && !TELLS.test(text)) return true;
    const frame = parseObject(text);
    if (frame === undefined) return true;
    const id = optionalString(frame, 'id');
    const relayed = RELAYED.exec(id ?? '');
    if (relayed !== null) {
      const [, socket = '', own = ''] = relayed;
      this.answer(socket, { ...frame, id: own });
      return false;
    }
    const data = objectAt(frame, 'data');
    if (stringAt(frame, 'type') === 'ready') this.becomeReady(data, send);
    else if (id === undefined) this.push(text, stringAt(frame, 'type'), data);
    return true;
  }

  /** A frame of this tab's, as it goes to the server. */
  own(text: string): string {
    if (!text.includes(FOLLOWS)) return text;
    const frame = parseObject(text);
    return frame === undefined ? text : JSON.stringify(this.together(OWN, frame));
  }

  /** The real connection is gone. */
  lost(code: number): void {
    this.forget();
    this.options.post({ kind: 'closed', code: FINAL.includes(code) ? code : ABNORMAL });
  }

  /** Another tab leads now: nobody listens to this one any more. */
  forget(): void {
    this.send = undefined;
    this.ready = undefined;
    this.sockets.clear();
    this.followed.clear();
  }

  /** From another tab. */
  take(letter: Letter): void {
    if (letter.kind === 'open') {
      const { socket } = letter;
      if (this.ready === undefined) this.options.post({ kind: 'closed', socket, code: ABNORMAL });
      else this.options.post({ kind: 'opened', socket, leader: this.options.leader });
    } else if (letter.kind === 'close') {
      this.sockets.delete(letter.socket);
      this.followed.delete(letter.socket);
    } else if (letter.kind === 'request') {
      this.request(letter.socket, letter.text);
    }
  }

  private request(socket: string, text: string): void {
    const frame = parseObject(text);
    if (frame === undefined) return;
    if (this.ready === undefined || this.send === undefined) {
      this.options.post({ kind: 'closed', socket, code: ABNORMAL });
    } else if (stringAt(frame, 'type') === 'auth') {
      this.sockets.add(socket);
      this.answer(socket, { type: 'ready', id: stringAt(frame, 'id'), data: this.welcome(this.ready) });
    } else if (this.sockets.has(socket)) {
      const { id, ...rest } = this.together(socket, frame);
      this.send(JSON.stringify({ ...rest, id: `t-${socket}-${String(id)}` }));
    }
  }

  private becomeReady(data: JsonObject, send: (text: string) => void): void {
    this.send = send;
    this.ready = { data, atMs: this.options.clock.now() };
    this.userVersion = numberAt(data, 'user_version');
    this.options.post({ kind: 'leads', leader: this.options.leader });
  }

  private push(text: string, type: string, data: JsonObject): void {
    const version = type === 'user_event' ? numberAt(data, 'version') : numberAt(data, 'user_version');
    this.userVersion = Math.max(this.userVersion, version);
    if (this.sockets.size > 0) this.options.post({ kind: 'push', text });
  }

  /** The `ready` of the real socket as it would be now. */
  private welcome(ready: { readonly data: JsonObject; readonly atMs: number }): JsonObject {
    const passedMs = this.options.clock.now() - ready.atMs;
    const limits = objectAt(ready.data, 'limits');
    const outstanding = Math.floor(numberAt(limits, 'max_outstanding') / SHARE);
    return {
      ...ready.data,
      server_time_ms: numberAt(ready.data, 'server_time_ms') + passedMs,
      user_version: this.userVersion,
      limits: { ...limits, ...(outstanding > 0 ? { max_outstanding: outstanding } : {}) },
    };
  }

  private answer(socket: string, frame: JsonObject): void {
    this.options.post({ kind: 'answer', socket, text: JSON.stringify(frame) });
  }

  /** The frame as it is, but for whom to follow: that is everybody whom any of the tabs follows. */
  private together(socket: string, frame: JsonObject): JsonObject {
    if (frame['type'] !== 'presence.subscribe' || !isObject(frame['data'])) return frame;
    this.followed.set(socket, stringsAt(frame['data'], 'user_ids'));
    const others = [...this.followed].flatMap(([name, ids]) => (name === socket ? [] : ids));
    const all = [...new Set([...(this.followed.get(socket) ?? []), ...others])];
    return { ...frame, data: { ...frame['data'], user_ids: all.slice(0, MAX_FOLLOWED) } };
  }
}
