import { Account } from './account/account.ts';
import type { ActiveSession } from './active.ts';
import { BrowserVault, MemoryVault, type SessionVault } from './auth/saved-session.ts';
import { Session } from './auth/session.ts';
import { systemClock, type TimerHandle } from './clock.ts';
import type { ClientEvents, ClientOptions, ClientState, SessionEnd } from './client-types.ts';
import { Conversations } from './conversations/conversations.ts';
import { Emitter } from './emitter.ts';
import { ImError } from './errors.ts';
import { Groups } from './groups/groups.ts';
import type { JsonObject } from './json.ts';
import { Messages } from './messages/messages.ts';
import { Contacts } from './people/contacts.ts';
import { PersonalData } from './people/personal-data.ts';
import type { ConnectionState } from './transport/connection.ts';
import { defaultEnvironment } from './transport/environment.ts';
import type { RequestOptions } from './transport/requests.ts';
import { type HttpMethod, RestClient, type RestRequest } from './transport/rest.ts';
import type {
  AuthOptionsResponse,
  CodePurpose,
  ConversationId,
  Device,
  DeviceId,
  LoginByCodeRequest,
  LoginRequest,
  Me,
  RegisterRequest,
  RpcTypes,
  RpcType,
  SendCodeResponse,
  Seq,
  UpdateMeRequest,
  User,
  UserId,
  UserName,
} from './types.ts';

/** How long the end of a session waits for what was stored to be wiped; the wipe goes on by itself. */
const WIPE_PATIENCE_MS = 3_000;

/** A client of one server; at most one user is logged in at a time. Make it with `createClient`. */
export class Client extends Emitter<ClientEvents> {
  private readonly options: Required<Omit<ClientOptions, 'vault' | 'WebSocket'>> &
    Pick<ClientOptions, 'WebSocket'>;
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
  sendCode(target: string, purpose: CodePurpose): Promise<SendCodeResponse> {
    return this.session.sendCode(target, purpose);
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
    this.leaving = true;
    // An unreachable server must not keep anybody logged in on this machine.
    await this.session.logout().catch(() => undefined);
    this.leaving = false;
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

  readonly conversations = new Conversations({
    session: () => this.active,
    request: (type, data, options) => this.request(type, data, options),
  });

  readonly messages = new Messages({
    session: () => this.active,
    request: (type, data, options) => this.request(type, data, options),
  });

  readonly receipts = {
    /** Somebody has looked: everything up to and including `seq` has been read. Shown at once, sent coalesced. */
    markRead: (conversation: ConversationId, seq: Seq): void => this.active?.read(conversation, seq),
  };

  readonly contacts = new Contacts({
    session: () => this.active,
    request: (type, data, options) => this.request(type, data, options),
  });

  readonly groups = new Groups({
    session: () => this.active,
    request: (type, data, options) => this.request(type, data, options),
  });

  readonly users = {
    /** By the exact username, in any case, then by nickname as far as the server lets it. */
    search: async (q: string): Promise<readonly User[]> => (await this.request('user.search', { q })).items,
    get: async (userId: UserId): Promise<User> => {
      const { user } = await this.request('user.get', { user_id: userId });
      this.active?.book.learn(user);
      return user;
    },
    /**
     * What somebody calls themselves, as far as it is known; if it is not, it is asked for and told by
     * `names:changed`.
     */
    named: (userId: UserId): UserName | undefined => this.active?.directory.get(userId),
    updateMe: async (change: UpdateMeRequest): Promise<Me> => {
      const { user } = await this.request('user.update_me', change);
      this.setUser(user);
      return user;
    },
  };

  readonly account = new Account({
    request: (type, data, options) => this.request(type, data, options),
    changed: (user) => this.setUser(user),
    settled: (settings) => this.emit('settings:changed', settings),
  });

  /** Over REST: works while the socket is down, too. */
  readonly devices = {
    list: async (): Promise<Device[]> => {
      const answer = await this.rest('GET', '/v1/auth/devices');
      return (answer['items'] as Device[] | undefined) ?? [];
    },
    /** Its sockets close at once. */
    revoke: async (id: DeviceId): Promise<void> => {
      await this.rest('DELETE', `/v1/auth/devices/${encodeURIComponent(id)}`);
    },
    revokeOthers: async (): Promise<void> => {
      await this.rest('POST', '/v1/auth/revoke_others', { body: {} });
    },
  };

  /** The end of the account, and a copy of everything that is kept about the user. */
  readonly personal = new PersonalData({
    rest: (method, path, request) => this.rest(method, path, request),
    request: (type, data, options) => this.request(type, data, options),
    changed: (user) => {
      this.session.setUser(user);
      this.emit('session:changed', user);
    },
  });

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
    active.on('settings', (settings) => this.emit('settings:changed', settings));
    active.groups.on('changed', (ids) => this.emit('groups:changed', ids));
    active.directory.on('changed', (ids) => this.emit('names:changed', ids));
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
