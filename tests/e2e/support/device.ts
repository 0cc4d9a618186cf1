import type {
  Contact,
  ContactRequest,
  Conversation,
  ConversationSettings,
  PullResponse,
  UserEvent,
  UserEventPush,
} from '@hongyan/sdk';

import { type Base, call, type Person } from './people.ts';

/** What one device holds, as plain data that can be compared. */
export interface Holding {
  readonly contacts: readonly Contact[];
  readonly requests: readonly ContactRequest[];
  readonly blocked: readonly string[];
  /** Of groups they are in. */
  readonly groups: readonly string[];
  readonly conversations: readonly Conversation[];
  /** By conversation. */
  readonly settings: Readonly<Record<string, ConversationSettings>>;
}

const NOTHING_SET: ConversationSettings = {
  pinned: false,
  muted: false,
  marked_unread: false,
  hidden: false,
  draft: '',
};

/**
 * One device of somebody, by the rules of docs/protocol.md alone: user events replace what they name, pulled conversations
 * replace what is held of them.
 */
export class Device {
  private readonly contacts = new Map<string, Contact>();
  private readonly requests = new Map<string, ContactRequest>();
  private readonly blocked = new Set<string>();
  private readonly groups = new Set<string>();
  private readonly conversations = new Map<string, Conversation>();
  private readonly settings = new Map<string, ConversationSettings>();
  private since = '';
  private version = 0;
  private readonly server: Base;
  private readonly person: Person;

  constructor(server: Base, person: Person) {
    this.server = server;
    this.person = person;
  }

  /** Takes everything that is new since the last time. */
  async pull(): Promise<PullResponse> {
    const request = { since: this.since, user_version: this.version, limit: 1000 };
    const answer = await call<PullResponse>(this.server, this.person, 'POST', '/v1/sync', request);
    if (answer.next_cursor !== undefined) throw new Error('more conversations than a test makes');
    if (answer.reset !== undefined) throw new Error('more has happened than user events tell');
    for (const event of answer.user_events) this.take(event);
    for (const one of answer.conversations) this.conversations.set(one.conversation_id, one);
    for (const one of answer.gone) this.conversations.delete(one.conversation_id);
    this.since = answer.since;
    this.version = answer.user_version;
    return answer;
  }

  /** A user event, pulled or pushed. */
  take(event: UserEvent | UserEventPush): void {
    const { contact, contact_request, block, group, conversation } = event.state;
    if (contact !== undefined) put(this.contacts, contact.user_id, contact, contact.state !== 'removed');
    if (contact_request !== undefined) {
      this.requests.set(contact_request.contact_request_id, contact_request);
    }
    if (block !== undefined) keep(this.blocked, block.user_id, block.blocked);
    if (group !== undefined) keep(this.groups, group.group_id, group.joined);
    if (conversation !== undefined) {
      const { conversation_id: id, pinned, muted, marked_unread, draft } = conversation;
      this.settings.set(id, { ...NOTHING_SET, pinned, muted, marked_unread, draft });
    }
  }

  get holding(): Holding {
    const conversations = [...this.conversations.values()].sort(by((one) => one.conversation_id));
    const settings = Object.fromEntries(
      conversations.map(({ conversation_id: id, settings: told }) => [
        id,
        // An event says up to which message a conversation is hidden, not whether it still is.
        { ...(this.settings.get(id) ?? NOTHING_SET), hidden: told?.hidden ?? false },
      ]),
    );
    return {
      contacts: [...this.contacts.values()].sort(by((one) => one.user_id)),
      requests: [...this.requests.values()].sort(by((one) => one.contact_request_id)),
      blocked: [...this.blocked].sort(),
      groups: [...this.groups].sort(),
      conversations,
      settings,
    };
  }
}

function put<T>(map: Map<string, T>, key: string, value: T, there: boolean): void {
  if (there) map.set(key, value);
  else map.delete(key);
}

function keep(set: Set<string>, key: string, there: boolean): void {
  if (there) set.add(key);
  else set.delete(key);
}

export function by<T>(key: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => key(a).localeCompare(key(b));
}
