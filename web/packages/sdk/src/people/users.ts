import type { RpcHost } from '../hosts.ts';
import type { Me, UpdateMeRequest, User, UserId, UserName } from '../types.ts';
import type { ContactBook } from './book.ts';
import type { Directory } from './directory.ts';

/** What Users needs of the client. */
export interface UsersHost extends RpcHost {
  /** Of the logged-in user; undefined while nobody is. */
  readonly session: () => { readonly book: ContactBook; readonly directory: Directory } | undefined;
  /** The user's own profile is another one. */
  readonly changed: (user: Me) => void;
}

/** Profiles: of others, and one's own. Commands reject with an ImError. */
export class Users {
  private readonly host: UsersHost;

  constructor(host: UsersHost) {
    this.host = host;
  }

  /** By the exact username, in any case, then by nickname as far as the server lets it. */
  async search(q: string): Promise<readonly User[]> {
    return (await this.host.request('user.search', { q })).items;
  }

  async get(userId: UserId): Promise<User> {
    const { user } = await this.host.request('user.get', { user_id: userId });
    this.host.session()?.book.learn(user);
    return user;
  }

  /**
   * What somebody calls themselves, as far as it is known; if it is not, it is asked for and told by
   * `names:changed`.
   */
  named(userId: UserId): UserName | undefined {
    return this.host.session()?.directory.get(userId);
  }

  async updateMe(change: UpdateMeRequest): Promise<Me> {
    const { user } = await this.host.request('user.update_me', change);
    this.host.changed(user);
    return user;
  }
}
