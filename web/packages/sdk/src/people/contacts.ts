import type { RpcHost } from '../hosts.ts';
import type {
  Contact,
  ContactRequest,
  ConversationId,
  RequestContactRequest,
  UpdateContactRequest,
  UserId,
} from '../types.ts';
import type { UserEvents } from '../sync/user-events.ts';
import type { BookState, ContactBook } from './book.ts';
import type { Person } from './person.ts';

/** What Contacts needs of the client. */
export interface ContactsHost extends RpcHost {
  /** Of the logged-in user; undefined while nobody is. */
  readonly session: () => { readonly book: ContactBook; readonly userEvents: UserEvents } | undefined;
}

/** What has come of asking somebody. */
export type Asked =
  | { readonly state: 'asked'; readonly request: ContactRequest }
  | ({ readonly state: 'friends' } & Friendship);

export interface Friendship {
  readonly contact: Contact;
  /** Their 1:1. */
  readonly conversationId: ConversationId;
}

/**
 * The people of the user's lists, and what can be done with them. Commands reject with an ImError and need a
 * connection; what they change comes by `contacts:changed`, here and on every other device.
 */
export class Contacts {
  private readonly host: ContactsHost;

  constructor(host: ContactsHost) {
    this.host = host;
  }

  /** Whether the lists are known: `loading` and `error` only as long as nothing could be had. */
  get state(): BookState {
    return this.host.session()?.book.state ?? 'loading';
  }

  /** Everybody who is a contact, was asked or has asked, or is blocked, in no order. */
  list(): Person[] {
    return this.host.session()?.book.all() ?? [];
  }

  get(userId: UserId): Person | undefined {
    return this.host.session()?.book.get(userId);
  }

  /** Tries again at once after `error`. */
  retry(): void {
    const session = this.host.session();
    session?.book.retrying();
    session?.userEvents.retry();
  }

  /** Reads the lists again, at most once a minute: a nickname changes without anybody being told. */
  async refresh(): Promise<void> {
    await this.host.session()?.userEvents.refresh();
  }

  /** Asks somebody; friends at once when they have asked too, or still have the user on their list. */
  async request(ask: RequestContactRequest): Promise<Asked> {
    const {
      request,
      contact,
      conversation_id: conversationId,
    } = await this.host.request('contact.request', ask);
    if (contact !== undefined && conversationId !== undefined)
      return { state: 'friends', contact, conversationId };
    return { state: 'asked', request: request as ContactRequest };
  }

  /** A repeat is harmless. */
  async accept(requestId: string, remark = ''): Promise<Friendship> {
    const answer = await this.host.request('contact.accept', { contact_request_id: requestId, remark });
    return { contact: answer.contact, conversationId: answer.conversation_id };
  }

  async reject(requestId: string): Promise<void> {
    await this.host.request('contact.reject', { contact_request_id: requestId });
  }

  /** Rejects it and blocks who has sent it. */
  async blockRequest(requestId: string): Promise<void> {
    await this.host.request('contact.block_request', { contact_request_id: requestId });
  }

  /** What is left out stays; an empty remark or list clears it. */
  async update(userId: UserId, change: Omit<UpdateContactRequest, 'user_id'>): Promise<void> {
    await this.host.request('contact.update', { user_id: userId, ...change });
  }

  /** One-sided, and neither can write to the other any more. A repeat changes nothing. */
  async remove(userId: UserId): Promise<void> {
    await this.host.request('contact.delete', { user_id: userId });
  }

  async block(userId: UserId): Promise<void> {
    await this.host.request('contact.block', { user_id: userId });
  }

  async unblock(userId: UserId): Promise<void> {
    await this.host.request('contact.unblock', { user_id: userId });
  }
}
