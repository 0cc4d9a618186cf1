import type { Clock } from '../clock.ts';
import { type ErrorCode } from '../errors.ts';
import { type JsonObject, stringAt } from '../json.ts';

export interface Account {
  readonly userId: string;
  readonly username: string;
  nickname: string;
  version: number;
  password: string;
  email?: string;
}

/** A request is answered with a code. */
export class Refused extends Error {
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, retryAfterMs?: number) {
    super(code);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Accounts and their tokens in memory: part of ServerDouble. */
export class AccountsDouble {
  accessTokenMs = 900_000;
  refreshes = 0;
  readonly all: Account[] = [];
  /** Codes that were sent, by purpose and target. */
  readonly codes = new Map<string, string>();
  private readonly clock: Clock;
  private readonly nextId: () => number;
  private readonly tokens = new Map<string, { userId: string; untilMs: number }>();
  private readonly refreshTokens = new Map<string, string>();

  constructor(clock: Clock, nextId: () => number) {
    this.clock = clock;
    this.nextId = nextId;
  }

  /** Undefined for rpcs that are none of these. */
  rpc(type: string, data: JsonObject): object | undefined {
    switch (type) {
      case 'user.search':
        return { items: this.all.filter((a) => a.username === stringAt(data, 'q')).map(profile) };
      case 'user.get':
        return { user: profile(this.byId(stringAt(data, 'user_id'))) };
      case 'user.batch': {
        const ids = Array.isArray(data['user_ids']) ? data['user_ids'] : [];
        return { items: this.all.filter((a) => ids.includes(a.userId)).map(profile) };
      }
      default:
        return undefined;
    }
  }

  /** Requests without a socket. */
  rest(route: string, body: JsonObject, bearer: string): object {
    switch (route) {
      case 'GET /v1/auth/options':
        return { registration: 'open', password_min_length: 8, code_targets: [] };
      case 'POST /v1/auth/register':
        return this.register(stringAt(body, 'username'), stringAt(body, 'password'));
      case 'POST /v1/auth/login':
        return this.login(stringAt(body, 'account'), stringAt(body, 'password'));
      case 'POST /v1/auth/send_code':
        return this.sendCode(stringAt(body, 'target'), stringAt(body, 'purpose'));
      case 'POST /v1/auth/login_by_code':
        return this.loginByCode(stringAt(body, 'account'), stringAt(body, 'code'));
      case 'POST /v1/auth/reset_password':
        return this.resetPassword(body);
      case 'POST /v1/auth/refresh':
        return this.refresh(stringAt(body, 'refresh_token'));
      default:
        this.userOf(bearer);
        return {};
    }
  }

  byId(userId: string): Account {
    const account = this.all.find((a) => a.userId === userId);
    if (account === undefined) throw new Refused('not_found');
    return account;
  }

  byName(username: string): Account {
    const account = this.all.find((a) => a.username === username);
    if (account === undefined) throw new Error(`nobody is called ${username}`);
    return account;
  }

  /** No token and no refresh token is good any more. */
  revokeAll(): void {
    this.tokens.clear();
    this.refreshTokens.clear();
  }

  private register(username: string, password: string): object {
    if (this.all.some((a) => a.username === username)) throw new Refused('already_exists');
    this.all.push({ userId: String(this.nextId()), username, nickname: username, version: 1, password });
    return this.login(username, password);
  }

  private login(username: string, password: string): object {
    const account = this.all.find((a) => a.username === username);
    if (account?.password !== password) throw new Refused('wrong_credentials');
    return this.enter(account);
  }

  sendCode(target: string, purpose: string): object {
    this.codes.set(`${purpose} ${target}`, String(100_000 + this.nextId()));
    return { expires_in_ms: 300_000, resend_after_ms: 60_000 };
  }

  private loginByCode(target: string, code: string): object {
    return this.enter(this.withCode('login', target, code));
  }

  private resetPassword(body: JsonObject): object {
    const account = this.withCode('reset_password', stringAt(body, 'target'), stringAt(body, 'code'));
    account.password = stringAt(body, 'new_password');
    this.revokeAll();
    return {};
  }

  /** Whose target it is; the code is used up. */
  private withCode(purpose: string, target: string, code: string): Account {
    const account = this.all.find((a) => a.email === target);
    const key = `${purpose} ${target}`;
    if (account === undefined || code === '' || this.codes.get(key) !== code)
      throw new Refused('code_invalid');
    this.codes.delete(key);
    return account;
  }

  private enter(account: Account): object {
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
    const access = `access-${this.nextId()}`;
    const refresh = `refresh-${this.nextId()}`;
    this.tokens.set(access, { userId, untilMs: this.clock.now() + this.accessTokenMs });
    this.refreshTokens.set(refresh, userId);
    return { access_token: access, refresh_token: refresh, expires_in_ms: this.accessTokenMs };
  }

  userOf(token: string): string {
    const known = this.tokens.get(token);
    if (known === undefined) throw new Refused('unauthenticated');
    if (known.untilMs < this.clock.now()) throw new Refused('token_expired');
    return known.userId;
  }
}

export function profile(account: Account): object {
  return {
    user_id: account.userId,
    username: account.username,
    nickname: account.nickname,
    avatar: '',
    signature: '',
    gender: '',
    region: '',
    version: account.version,
  };
}
