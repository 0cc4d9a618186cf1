import { type JsonObject, stringAt } from '../json.ts';
import type { Settings, UpdateSettingsRequest } from '../types.ts';
import { type AccountsDouble, profile, Refused } from './accounts-double.ts';

const AT_FIRST: Settings = {
  find_me: 'everyone',
  add_me: 'everyone',
  see_last_seen: 'everyone',
  read_receipts: true,
  notifications: { enabled: true, preview: true },
};

/** Settings and targets of each user's own, in memory: part of ServerDouble. */
export class AccountDouble {
  private readonly accounts: AccountsDouble;
  private readonly tell: (userId: string, key: string, state: object) => void;
  /** What the moderators were told. */
  readonly reports: JsonObject[] = [];
  private readonly settings = new Map<string, Settings>();

  constructor(accounts: AccountsDouble, tell: (userId: string, key: string, state: object) => void) {
    this.accounts = accounts;
    this.tell = tell;
  }

  /** Undefined for rpcs that are none of these. */
  rpc(type: string, data: JsonObject, me: string): object | undefined {
    switch (type) {
      case 'user.settings':
        return { settings: this.settings.get(me) ?? AT_FIRST };
      case 'user.update_settings':
        return this.update(data, me);
      case 'user.report':
        this.reports.push({ ...data, by: me });
        return { report_id: String(this.reports.length) };
      case 'user.send_code':
        return this.accounts.sendCode(stringAt(data, 'target'), `change ${me}`);
      case 'user.change_email':
        return this.changeEmail(data, me);
      default:
        return undefined;
    }
  }

  private update({ notifications, ...rest }: UpdateSettingsRequest, me: string): object {
    const before = this.settings.get(me) ?? AT_FIRST;
    const settings = { ...before, ...rest, notifications: { ...before.notifications, ...notifications } };
    this.settings.set(me, settings);
    this.tell(me, '', { settings });
    return { settings };
  }

  private changeEmail(data: JsonObject, me: string): object {
    const account = this.accounts.byId(me);
    const email = stringAt(data, 'value');
    if (account.password !== stringAt(data, 'password')) throw new Refused('wrong_credentials');
    if (this.accounts.codes.get(`change ${me} ${email}`) !== stringAt(data, 'code'))
      throw new Refused('code_invalid');
    account.email = email;
    const own = { must_change_password: false, role: 'user', birthday: '', email, email_verified: true };
    return { user: { ...profile(account), ...own } };
  }
}
