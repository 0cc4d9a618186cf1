import type { ActiveSession } from './active.ts';
import { BrowserVault, MemoryVault, type SessionVault } from './auth/saved-session.ts';
import { Session } from './auth/session.ts';
import { bounded, Calls, type CallsHost } from './calls.ts';
import { systemClock, type TimerHandle } from './clock.ts';
import type { ClientEvents, ClientOptions, ClientState, SessionEnd } from './client-types.ts';
import { Emitter } from './emitter.ts';
import { ImError } from './errors.ts';
import type { JsonObject } from './json.ts';
import { browserTabs } from './tabs/platform.ts';
import type { ConnectionState } from './transport/connection.ts';
import { defaultEnvironment } from './transport/environment.ts';
import type { RequestOptions } from './transport/requests.ts';
import { type HttpMethod, RestClient, type RestRequest } from './transport/rest.ts';
import type {
  AuthOptionsResponse,
  CodePurpose,
  ConversationId,
  DeletionEvent,
  DeviceId,
  LoginByCodeRequest,
  LoginRequest,
  Me,
  RegisterRequest,
  ReportReason,
  ReportTarget,
  RpcTypes,
  RpcType,
  SendCodeResponse,
  Seq,
  UserId,
} from './types.ts';
import { without } from './without.ts';

/** How long the end of a session waits for what was stored to be wiped; the wipe goes on by itself. */
const WIPE_PATIENCE_MS = 3_000;

/** A client of one server; at most one user is logged in at a time. Make it with `createClient`. */
export class Client extends Emitter<ClientEvents> {
  private readonly options: Required<Omit<ClientOptions, 'vault' | 'WebSocket' | 'tabs'>> &
    Pick<ClientOptions, 'WebSocket'> & { readonly tabs: ClientOptions['tabs'] };
  private readonly vault: SessionVault;
  private readonly api: RestClient;
  private readonly session: Session;
  private active: ActiveSession | undefined;
  private current: ClientState = 'stopped';
  private unwatchVault: (() => void) | undefined;
  /** The user logs out: that the server ends the session on its side is no news. */
  private leaving = false;

  constructor(options: ClientOptions) {
    super();
    this.options = {
      url: options.url.replace(/\/+$/, ''),
      store: options.store ?? 'memory',
      session: options.session ?? 'token',
      device: options.device ?? { name: 'hongyan-sdk', platform: 'cli' },
      ...(options.WebSocket === undefined ? {} : { WebSocket: options.WebSocket }),
      fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
      environment: options.environment ?? defaultEnvironment(),
      // Without what is kept in common there is nothing to be one client of.
      tabs: options.tabs === undefined && options.store === 'indexeddb' ? browserTabs() : options.tabs,
    };
    const { url, clock, session, device } = this.options;
    this.vault = options.vault ?? (session === 'cookie' ? new BrowserVault() : new MemoryVault());
    this.api = new RestClient({
      baseUrl: url,
      fetch: this.options.fetch,
      clock,
      cookies: session === 'cookie',
    });
    this.session = new Session({
      rest: this.api,
      clock,
      vault: this.vault,
      kind: session,
      device,
      onOver: () => void this.end({ reason: 'expired', atMs: clock.now() }, 'keep'),
    });
  }

  get state(): ClientState {
    return this.current;
  }

  /** The logged-in user. */
  get user(): Me | undefined {
    return this.session.user;
  }

  get deviceId(): DeviceId | undefined {
    return this.session.deviceId;
  }

  /** Of the socket: tells when the next attempt is made. */
  get connection(): ConnectionState {
    return this.active?.connection.state ?? { name: 'stopped' };
  }

  /** Of the tabs that share a connection, this one has it; a client without others always does. */
  get leads(): boolean {
    return this.active?.tabs?.leads ?? true;
  }

  /** The server's clock, as far as known. */
  serverNow(): number {
    return this.active?.serverNow() ?? this.options.clock.now();
  }

  /** What the server asks of logins and registrations. */
  authOptions(): Promise<AuthOptionsResponse> {
    return this.session.authOptions();
  }

  /** Creates an account, logs in and connects. */
  async register(request: RegisterRequest): Promise<Me> {
    return this.begin(await this.session.register(request));
  }

  /** Logs in and connects, unless the password must be changed first (`changePassword` then connects). */
  async login(request: LoginRequest): Promise<Me> {
    return this.begin(await this.session.login(request));
  }

  /** Sends a code to an e-mail address or phone number; answered alike whether an account has it. */
  sendCode(target: string, purpose: CodePurpose, captcha?: string): Promise<SendCodeResponse> {
    return this.session.sendCode(target, purpose, captcha);
  }

  /** Logs in by a code that was sent for it, and connects. */
  async loginByCode(request: LoginByCodeRequest): Promise<Me> {
    return this.begin(await this.session.loginByCode(request));
  }

  /** Sets a new password by a code that was sent for it, and signs out all devices of the account. */
  resetPassword(target: string, code: string, newPassword: string): Promise<void> {
    return this.session.resetPassword(target, code, newPassword);
  }

  /**
   * Takes up the session this machine remembers and connects. Needs no network: what is stored can be painted when
   * it resolves. Answers undefined when there is none; an ended one is told by `session:ended`.
   */
  async restore(): Promise<Me | undefined> {
    const user = this.session.restore();
    return user === undefined ? undefined : this.begin(user);
  }

  /** Ends the session here and, when it can be reached, at the server; wipes what was stored. */
  async logout(): Promise<void> {
    // An unreachable server must not keep anybody logged in on this machine.
    await this.whileLeaving(() => this.session.logout()).catch(() => undefined);
    await this.end({ reason: 'logged_out', atMs: this.options.clock.now() }, 'destroy');
  }

  /** Signs out all other devices of the user. */
  async changePassword(oldPassword: string, newPassword: string): Promise<void> {
    await this.session.changePassword(oldPassword, newPassword);
    this.active?.connect();
    if (this.session.user !== undefined) this.emit('session:changed', this.session.user);
  }

  /** Stops without logging out; the session and the stored data stay. */
  async close(): Promise<void> {
    const active = this.active;
    this.active = undefined;
    this.unwatchVault?.();
    this.setState('stopped');
    await active?.stop('keep');
  }

  /** Ends the wait between two attempts to connect. */
  retryNow(): void {
    this.active?.connection.retryNow();
  }

  /** Any rpc over the socket, as it is on the wire. Waits for the connection up to the deadline. */
  async request<T extends RpcType>(
    type: T,
    data: RpcTypes[T]['request'],
    options?: RequestOptions,
  ): Promise<RpcTypes[T]['response']> {
    const answer = await this.need().connection.request(type, data, options);
    return answer;
  }

  /** Any REST call with the session's token, as it is on the wire. */
  rest(method: HttpMethod, path: string, request: Omit<RestRequest, 'token'> = {}): Promise<JsonObject> {
    return this.session.call(method, path, request);
  }

  private readonly host: CallsHost = {
    session: () => this.active,
    request: (type, data, options) => this.request(type, data, options),
    rest: (method, path, request) => this.rest(method, path, request),
    changed: (user) => this.setUser(user),
    settled: (settings) => this.emit('settings:changed', settings),
    leave: (ask) => this.leaveBy(ask),
    left: (deletesAtMs) => {
      const end = { reason: 'deleting', atMs: this.options.clock.now(), deletesAtMs } as const;
      return this.end(end, 'destroy');
    },
  };
  private readonly calls = new Calls(this.host);

  readonly conversations = this.calls.conversations;
  readonly messages = this.calls.messages;
  readonly contacts = this.calls.contacts;
  readonly groups = this.calls.groups;
  readonly users = this.calls.users;
  readonly account = this.calls.account;
  readonly devices = this.calls.devices;
  readonly presence = this.calls.presence;
  readonly personal = this.calls.personal;

  readonly receipts = {
    /** Somebody has looked: everything up to and including `seq` has been read. Shown at once, sent coalesced. */
    markRead: (conversation: ConversationId, seq: Seq): void => this.active?.read(conversation, seq),
  };

  /** The same calls, each of which ends when the signal does, or has another deadline: `bound({ signal }).users.search(…)`. */
  bound(options: RequestOptions): Calls {
    return bounded(this.host, options);
  }

  /** Tells the moderators. A repeat while the report is open changes nothing. */
  async report(target: ReportTarget, reason: ReportReason, text = ''): Promise<void> {
    await this.request('user.report', { target, reason, text });
  }

  private need(): ActiveSession {
    if (this.active === undefined) throw new ImError('unauthenticated', { message: 'nobody is logged in' });
    return this.active;
  }

  private async begin(user: Me): Promise<Me> {
    await this.active?.stop('keep');
    const active = await this.makeActive(user.user_id);
    this.active = active;
    this.wire(active);
    await active.start();
    this.unwatchVault?.();
    this.unwatchVault = this.vault.onClearedElsewhere(() => {
      void this.end({ reason: 'logged_out', atMs: this.options.clock.now() }, 'destroy');
    });
    this.emit('session:changed', user);
    if (this.active === active && !user.must_change_password) active.connect();
    return user;
  }

  private async makeActive(me: UserId): Promise<ActiveSession> {
    const { openSession } = await import('./open-session.ts');
    return openSession({
      ...this.options,
      me,
      token: (fresh) => this.session.token(fresh),
      storageFailed: () => this.emit('storage:failed'),
    });
  }

  private wire(active: ActiveSession): void {
    active.connection.on('state', (state) => {
      if (this.active === active) this.setState(stateOf(state));
    });
    active.on('synced', () => this.setState('online'));
    active.tabs?.on('leads', (leads) => this.emit('leads', leads));
    active.on('refused', (refusal) => {
      // An expired session may be taken up by the same user: unsent messages wait for that.
      const data = refusal.reason === 'expired' ? 'keep' : 'destroy';
      void this.end({ ...refusal, atMs: this.options.clock.now() }, data);
    });
    active.engine.on('conversations', (ids) => this.emit('conversations:changed', ids));
    active.on('conversation', (id) => this.emit('conversations:changed', new Set([id])));
    active.engine.on('messages', (id, messages) => {
      this.emit('messages:changed', id);
      for (const message of messages) this.emit('message', message);
    });
    active.engine.on('changed', (id, changes) => {
      this.emit('messages:changed', id);
      for (const { message } of changes) this.emit('message:changed', message);
    });
    active.engine.on('hidden', (id) => this.emit('messages:changed', id));
    active.engine.on('reset', (id) => {
      if (id !== undefined) this.emit('messages:changed', id);
    });
    active.engine.on('read', (push) => this.emit('read', push));
    active.on('deletion', (deletion) => this.setDeletion(deletion));
    active.on('export', (copy) => this.emit('export:changed', copy));
    active.on('settings', (settings) => this.emit('settings:changed', settings));
    active.groups.on('changed', (ids) => this.emit('groups:changed', ids));
    active.directory.on('changed', (ids) => this.emit('names:changed', ids));
    active.presence.on('changed', (ids) => this.emit('presence:changed', ids));
    active.typing.on('changed', (id) => this.emit('typing:changed', id));
    active.book.on('changed', (ids) => this.emit('contacts:changed', ids));
    active.outbox.on('changed', (id) => {
      this.emit('messages:changed', id);
      this.emit('conversations:changed', new Set([id]));
    });
  }

  private async end(end: SessionEnd, data: 'keep' | 'destroy'): Promise<void> {
    if (this.leaving) return;
    const active = this.active;
    this.active = undefined;
    this.unwatchVault?.();
    this.session.forget();
    this.setState(end.reason === 'logged_out' ? 'stopped' : 'kicked');
    if (active === undefined) return;
    // Another tab that does not let go of the database must not keep anybody from the login page.
    const { clock } = this.options;
    let timer: TimerHandle | undefined;
    const patience = new Promise<void>((done) => {
      timer = clock.setTimeout(done, WIPE_PATIENCE_MS);
    });
    await Promise.race([active.stop(data), patience]);
    clock.clearTimeout(timer);
    this.emit('session:ended', end);
  }

  /** The server signs the device out before it answers: that is no end of its own. */
  private async whileLeaving<T>(ask: () => Promise<T>): Promise<T> {
    this.leaving = true;
    try {
      return await ask();
    } finally {
      this.leaving = false;
    }
  }

  /** For good, once it is answered. */
  private async leaveBy<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await this.whileLeaving(ask);
    } catch (thrown) {
      // The answer was lost, but the server has signed this device out.
      if (this.connection.name === 'stopped')
        void this.end({ reason: 'revoked', atMs: this.options.clock.now() }, 'destroy');
      throw thrown;
    }
  }

  private setDeletion(deletion: DeletionEvent): void {
    const me = this.session.user;
    if (me !== undefined) this.setUser({ ...without(me, 'deletes_at_ms'), ...deletion });
  }

  private setUser(user: Me): void {
    this.session.setUser(user);
    this.emit('session:changed', user);
  }

  private setState(state: ClientState): void {
    if (state === this.current) return;
    this.current = state;
    this.emit('state', state);
  }
}

/** A client that is not connected yet: `login`, `register` or `restore` it. */
export function createClient(options: ClientOptions): Client {
  return new Client(options);
}

function stateOf(state: ConnectionState): ClientState {
  switch (state.name) {
    case 'stopped':
      return 'stopped';
    case 'connecting':
      return 'connecting';
    case 'ready':
      return 'syncing';
    case 'waiting':
      return 'offline';
  }
}
