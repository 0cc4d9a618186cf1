import { type JsonObject, numberAt, stringAt } from '../json.ts';
import type { Export, Settings, UpdateSettingsRequest } from '../types.ts';
import { type AccountsDouble, profile, Refused } from './accounts-double.ts';

const AT_FIRST: Settings = {
  find_me: 'everyone',
  add_me: 'everyone',
  see_last_seen: 'everyone',
  read_receipts: true,
  notifications: { enabled: true, preview: true },
};

/** A line of an export. */
const LINE = '{"message":{}}\n';

/** Settings and targets of each user's own, reports, exports and ends, in memory: part of ServerDouble. */
export class AccountDouble {
  private readonly accounts: AccountsDouble;
  private readonly tell: (userId: string, key: string, state: object) => void;
  /** What the moderators were told. */
  readonly reports: JsonObject[] = [];
  /** When accounts are deleted. */
  readonly deletesAtMs = new Map<string, number>();
  private readonly exports = new Map<string, Export>();
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
      case 'user.cancel_deletion':
        this.deletesAtMs.delete(me);
        this.tell(me, '', { deletion: {} });
        return { user: this.own(me) };
      case 'user.export':
        return this.beginExport(data, me);
      case 'user.get_export':
        return { export: this.exportOf(me) };
      case 'user.read_export':
        return this.readExport(data, me);
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
    this.checkPassword(me, stringAt(data, 'password'));
    if (this.accounts.codes.get(`change ${me} ${email}`) !== stringAt(data, 'code'))
      throw new Refused('code_invalid');
    account.email = email;
    return { user: this.own(me) };
  }

  /** The account is to be deleted. Signing its devices out is up to the caller. */
  deleteMe(me: string, password: string, atMs: number): object {
    this.checkPassword(me, password);
    this.deletesAtMs.set(me, atMs);
    return { deletes_at_ms: atMs };
  }

  /** The copy that was begun is finished, in as many lines. */
  finishExport(me: string, lines: number): void {
    const size = lines * LINE.length;
    this.putExport(me, { ...this.exportOf(me), state: 'ready', expires_ms: 1, lines, size });
  }

  private own(me: string): object {
    const account = this.accounts.byId(me);
    const { email } = account;
    return {
      ...profile(account),
      must_change_password: false,
      role: 'user',
      birthday: '',
      ...(email === undefined ? {} : { email, email_verified: true }),
    };
  }

  private checkPassword(me: string, password: string): void {
    if (this.accounts.byId(me).password !== password) throw new Refused('wrong_credentials');
  }

  private beginExport(data: JsonObject, me: string): object {
    this.checkPassword(me, stringAt(data, 'password'));
    const begun: Export = { export_id: '1', state: 'running', time_ms: 1, size: 0, lines: 0 };
    return { export: this.putExport(me, begun) };
  }

  private exportOf(me: string): Export {
    const found = this.exports.get(me);
    if (found === undefined) throw new Refused('not_found');
    return found;
  }

  private putExport(me: string, copy: Export): Export {
    this.exports.set(me, copy);
    this.tell(me, copy.export_id, { data_export: copy });
    return copy;
  }

  /** A line at a time. */
  private readExport(data: JsonObject, me: string): object {
    const { size } = this.exportOf(me);
    const next = numberAt(data, 'offset') + LINE.length;
    return { text: LINE, ...(next < size ? { next_offset: next } : {}) };
  }
}
