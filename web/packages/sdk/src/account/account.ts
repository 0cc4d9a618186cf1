import type { RpcHost } from '../hosts.ts';
import type { ChangeEmailRequest, Me, SendCodeResponse, Settings, UpdateSettingsRequest } from '../types.ts';

/** What Account needs of the client. */
export interface AccountHost extends RpcHost {
  /** The profile is another one. */
  readonly changed: (user: Me) => void;
  /** The settings are known, or others. */
  readonly settled: (settings: Settings) => void;
}

/** An e-mail address or phone number of one's own, the code that was sent to it, and the password. */
export type OwnTarget = ChangeEmailRequest;

/** The user's own account: settings that hold on all devices, and what it can be reached by. Rejects with an ImError. */
export class Account {
  private readonly host: AccountHost;

  constructor(host: AccountHost) {
    this.host = host;
  }

  /** What another device changes afterwards is told by `settings:changed`. */
  async settings(): Promise<Settings> {
    return (await this.host.request('user.settings', {})).settings;
  }

  async updateSettings(change: UpdateSettingsRequest): Promise<Settings> {
    const { settings } = await this.host.request('user.update_settings', change);
    this.host.settled(settings);
    return settings;
  }

  /** Sends a code to what the user wants to have. */
  sendCode(target: string): Promise<SendCodeResponse> {
    return this.host.request('user.send_code', { target });
  }

  async changeEmail(target: OwnTarget): Promise<Me> {
    return this.took((await this.host.request('user.change_email', target)).user);
  }

  async changePhone(target: OwnTarget): Promise<Me> {
    return this.took((await this.host.request('user.change_phone', target)).user);
  }

  private took(user: Me): Me {
    this.host.changed(user);
    return user;
  }
}
