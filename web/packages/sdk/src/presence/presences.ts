import type { RpcHost } from '../hosts.ts';
import type { ConversationId, GroupPresenceResponse, Presence, UserId } from '../types.ts';
import type { PresenceBook } from './presence-book.ts';
import type { TypingBook } from './typing-book.ts';

/** What Presences needs of the client. */
export interface PresencesHost extends RpcHost {
  /** Of the logged-in user; undefined while nobody is. */
  readonly session: () => { readonly presence: PresenceBook; readonly typing: TypingBook } | undefined;
}

/** Who is here, and who types: hints of now, told by `presence:changed` and `typing:changed`. */
export class Presences {
  private readonly host: PresencesHost;

  constructor(host: PresencesHost) {
    this.host = host;
  }

  /** Of somebody who is followed; undefined while it is not known, and always without a connection. */
  get(userId: UserId): Presence | undefined {
    return this.host.session()?.presence.get(userId);
  }

  /** Keeps it known until the answered function is called, over reconnects too. */
  follow(userId: UserId): () => void {
    return this.host.session()?.presence.follow(userId) ?? (() => undefined);
  }

  /** Who of a group is here now. Rejects with an ImError. */
  inGroup(id: ConversationId): Promise<GroupPresenceResponse> {
    return this.host.request('group.presence', { group_id: id });
  }

  /** Who else types in a conversation, whoever began first comes first. */
  typingIn(id: ConversationId): readonly UserId[] {
    return this.host.session()?.typing.in(id) ?? [];
  }

  /** The user has typed, or there is nothing to be sent any more. Told to the others as often as is of use. */
  tellTyping(id: ConversationId, typing: boolean): void {
    this.host.session()?.typing.tell(id, typing);
  }
}
