import type { Clock } from '../clock.ts';
import { asImError, ImError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { isObject, numberAt, optionalString, stringAt, stringsAt } from '../json.ts';
import type { HttpMethod, RestClient, RestRequest } from '../transport/rest.ts';
import type {
  AuthOptionsResponse,
  CaptchaOptions,
  CodePurpose,
  DeviceId,
  DeviceInfo,
  LoginByCodeRequest,
  LoginRequest,
  Me,
  RegisterRequest,
  SendCodeResponse,
  SessionKind,
} from '../types.ts';
import type { SavedSession, SessionVault } from './saved-session.ts';

export interface SessionOptions {
  readonly rest: RestClient;
  readonly clock: Clock;
  readonly vault: SessionVault;
  readonly kind: SessionKind;
  readonly device: DeviceInfo;
  /** The server does not renew the session any more. */
  readonly onOver: () => void;
}

/** A token this close to its end is not used for a new request. */
const EXPIRY_MARGIN_MS = 20_000;

/**
 * The session of one client: who is logged in, the access token (in memory only), its renewal. Owned by the
 * client for its whole life. Any number of callers may need a token at once; one refresh serves them all.
 */
export class Session {
  private readonly options: SessionOptions;
  private saved: SavedSession | undefined;
  private accessToken: string | undefined;
  private expiresAtMs = 0;
  private refreshing: Promise<string> | undefined;

  constructor(options: SessionOptions) {
    this.options = options;
  }

  /** The logged-in user; undefined when nobody is. */
  get user(): Me | undefined {
    return this.saved?.user;
  }

  get deviceId(): string | undefined {
    return this.saved?.deviceId;
  }

  /** What the server asks of registrations and logins. No session needed. */
  async authOptions(): Promise<AuthOptionsResponse> {
    const answer = await this.options.rest.call('GET', '/v1/auth/options');
    const captcha = isObject(answer.captcha) ? answer.captcha : undefined;
    return {
      registration: (optionalString(answer, 'registration') ??
        'closed') as AuthOptionsResponse['registration'],
      password_min_length: numberAt(answer, 'password_min_length'),
      code_targets: stringsAt(answer, 'code_targets') as AuthOptionsResponse['code_targets'][number][],
      ...(captcha === undefined
        ? {}
        : {
            captcha: {
              kind: stringAt(captcha, 'kind') as CaptchaOptions['kind'],
              site_key: stringAt(captcha, 'site_key'),
              script_url: stringAt(captcha, 'script_url'),
            },
          }),
    };
  }

  async register(request: RegisterRequest): Promise<Me> {
    return this.enter('/v1/auth/register', request, request.username);
  }

  async login(request: LoginRequest): Promise<Me> {
    return this.enter('/v1/auth/login', request, request.account);
  }

  /**
   * Sends a code to an e-mail address or phone number; answered alike whether an account has it. Where this machine knows
   * the account, nobody else can use the code or spend its tries. `captcha`: the token of one that was solved, where
   * `authOptions()` names one.
   */
  async sendCode(target: string, purpose: CodePurpose, captcha?: string): Promise<SendCodeResponse> {
    const body = { target, purpose, ...this.deviceOf(target), ...(captcha === undefined ? {} : { captcha }) };
    const answer = await this.options.rest.call('POST', '/v1/auth/send_code', { body });
    return {
      expires_in_ms: numberAt(answer, 'expires_in_ms'),
      resend_after_ms: numberAt(answer, 'resend_after_ms'),
    };
  }

  async loginByCode(request: LoginByCodeRequest): Promise<Me> {
    return this.enter('/v1/auth/login_by_code', request, request.account);
  }

  /** All devices of the account are signed out by this. */
  async resetPassword(target: string, code: string, newPassword: string): Promise<void> {
    const body = { target, code, new_password: newPassword, ...this.deviceOf(target) };
    await this.options.rest.call('POST', '/v1/auth/reset_password', { body });
  }

  /** Takes up the saved session without asking the server; its first answer decides whether it still holds. */
  restore(): Me | undefined {
    this.saved = this.options.vault.load();
    return this.saved?.user;
  }

  /**
   * An access token that is not expired. `fresh`: not the one in memory, it was refused.
   * Rejects with kind `auth` when the session is over, with `network` when the server cannot be reached.
   */
  async token(fresh: boolean): Promise<string> {
    const usable =
      this.accessToken !== undefined && this.options.clock.now() < this.expiresAtMs - EXPIRY_MARGIN_MS;
    if (usable && !fresh && this.accessToken !== undefined) return this.accessToken;
    this.refreshing ??= this.refresh()
      .catch((thrown: unknown) => {
        if (asImError(thrown).kind === 'auth' && this.saved !== undefined) this.options.onOver();
        throw thrown;
      })
      .finally(() => {
        this.refreshing = undefined;
      });
    return this.refreshing;
  }

  /** A REST call with the session's token; renews it once when the server does not take it. */
  async call(method: HttpMethod, path: string, request: RestRequest = {}): Promise<JsonObject> {
    const token = await this.token(false);
    try {
      return await this.options.rest.call(method, path, { ...request, token });
    } catch (thrown) {
      if (asImError(thrown).kind !== 'auth') throw thrown;
      // Another caller may have renewed it meanwhile.
      const renewed = await this.token(this.accessToken === token);
      return this.options.rest.call(method, path, { ...request, token: renewed });
    }
  }

  /** Ends the session at the server. The local one is ended by `forget`, whatever the server said. */
  async logout(): Promise<void> {
    await this.call('POST', '/v1/auth/logout', { body: {} });
  }

  /** Other devices are signed out by this; this one stays. */
  async changePassword(oldPassword: string, newPassword: string): Promise<void> {
    const body = { old_password: oldPassword, new_password: newPassword };
    await this.call('POST', '/v1/auth/change_password', { body });
    if (this.saved !== undefined) this.setUser({ ...this.saved.user, must_change_password: false });
  }

  /** A newer copy of one's own profile. */
  setUser(user: Me): void {
    if (this.saved === undefined) return;
    this.saved = { ...this.saved, user };
    this.options.vault.save(this.saved);
  }

  /** Drops everything that could be used to continue. */
  forget(): void {
    const mine = this.saved?.user.user_id;
    this.saved = undefined;
    this.accessToken = undefined;
    this.expiresAtMs = 0;
    // Another tab may have logged in as somebody else since.
    if (this.options.vault.load()?.user.user_id === mine) this.options.vault.clear();
  }

  /** What this machine was for the account before. */
  private deviceOf(account: string): { readonly device_id?: DeviceId } {
    const known = this.options.vault.lastDevice(account);
    return known === undefined ? {} : { device_id: known };
  }

  private async enter(
    path: string,
    request: RegisterRequest | LoginRequest | LoginByCodeRequest,
    account: string,
  ): Promise<Me> {
    const { kind, device } = this.options;
    const answer = await this.options.rest.call('POST', path, {
      body: {
        session: kind,
        device: { ...device, ...this.deviceOf(account) },
        ...request,
      },
    });
    const user = answer['user'];
    if (!isObject(user)) throw new ImError('internal', { message: 'the answer names no user' });
    this.saved = { user: user as unknown as Me, deviceId: stringAt(answer, 'device_id') };
    this.take(answer);
    return this.saved.user;
  }

  private async refresh(): Promise<string> {
    const before = this.saved;
    if (before === undefined) throw new ImError('unauthenticated');
    const body = before.refreshToken === undefined ? {} : { refresh_token: before.refreshToken };
    const answer = await this.options.rest.call('POST', '/v1/auth/refresh', { body });
    if (this.saved?.user.user_id !== before.user.user_id) {
      throw new ImError('unauthenticated', { message: 'logged out meanwhile' });
    }
    const owner = stringAt(answer, 'user_id');
    // The browser's one cookie may belong to another account by now, logged in from another tab.
    if (owner !== before.user.user_id) throw new ImError('unauthenticated', { message: 'another account' });
    return this.take(answer);
  }

  private take(answer: JsonObject): string {
    const token = stringAt(answer, 'access_token');
    const refreshToken = optionalString(answer, 'refresh_token');
    this.accessToken = token;
    this.expiresAtMs = this.options.clock.now() + numberAt(answer, 'expires_in_ms');
    if (this.saved !== undefined) {
      if (refreshToken !== undefined) this.saved = { ...this.saved, refreshToken };
      this.options.vault.save(this.saved);
    }
    return token;
  }
}
