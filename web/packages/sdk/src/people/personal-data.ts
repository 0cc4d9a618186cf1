import type { RestHost, RpcHost } from '../hosts.ts';
import { numberAt } from '../json.ts';
import type { Export, Me, RpcTypes } from '../types.ts';

export interface PersonalDataOptions extends RestHost, RpcHost {
  /** The user's own profile is another one now. */
  readonly changed: (user: Me) => void;
  /** Asks for what signs this device out as well. */
  readonly leave: <T>(ask: () => Promise<T>) => Promise<T>;
  /** The session is over. */
  readonly left: (deletesAtMs: number) => Promise<void>;
}

/** What people do with all that is theirs: take it with them, or end it. Owned by the client. */
export class PersonalData {
  private readonly options: PersonalDataOptions;

  constructor(options: PersonalDataOptions) {
    this.options = options;
  }

  /**
   * Ends the account, unless that is undone before the time that is answered. Signs all devices out, this one as well, and
   * wipes what was stored. Over REST: a socket closes before its answer.
   */
  async deleteAccount(password: string): Promise<number> {
    const { rest, leave, left } = this.options;
    const answer = await leave(() => rest('DELETE', '/v1/users/me', { body: { password } }));
    const deletesAtMs = numberAt(answer, 'deletes_at_ms');
    await left(deletesAtMs);
    return deletesAtMs;
  }

  /** The account stays. */
  async cancelDeletion(): Promise<Me> {
    const { user } = await this.options.request('user.cancel_deletion', {});
    this.options.changed(user);
    return user;
  }

  /** Begins a copy of everything that is kept about the user; answers the one that is being written, if one is. */
  async beginExport(password: string): Promise<Export> {
    return (await this.options.request('user.export', { password })).export;
  }

  /** How far the last one has got. */
  async lastExport(): Promise<Export> {
    return (await this.options.request('user.get_export', {})).export;
  }

  /** The parts of one that is ready: together a file of JSON Lines. */
  async *exportParts(id: string): AsyncGenerator<string> {
    let offset: number | undefined = 0;
    while (offset !== undefined) {
      const part: RpcTypes['user.read_export']['response'] = await this.options.request('user.read_export', {
        export_id: id,
        offset,
      });
      yield part.text;
      offset = part.next_offset;
    }
  }
}
