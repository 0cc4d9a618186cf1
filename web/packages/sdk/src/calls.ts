import { Account, type AccountHost } from './account/account.ts';
import { Devices } from './account/devices.ts';
import { Conversations, type ConversationsHost } from './conversations/conversations.ts';
import { Groups, type GroupsHost } from './groups/groups.ts';
import { Messages, type MessagesHost } from './messages/messages.ts';
import { Contacts, type ContactsHost } from './people/contacts.ts';
import { PersonalData, type PersonalDataOptions } from './people/personal-data.ts';
import { Users, type UsersHost } from './people/users.ts';
import { Presences, type PresencesHost } from './presence/presences.ts';
import type { RequestOptions } from './transport/requests.ts';

/** What Calls needs of the client. */
export type CallsHost = ConversationsHost &
  MessagesHost &
  ContactsHost &
  GroupsHost &
  UsersHost &
  AccountHost &
  PresencesHost &
  PersonalDataOptions;

/** Everything that can be asked for and done, by topic. Made by the client. */
export class Calls {
  readonly conversations: Conversations;
  readonly messages: Messages;
  readonly contacts: Contacts;
  readonly groups: Groups;
  readonly users: Users;
  readonly account: Account;
  readonly devices: Devices;
  readonly presence: Presences;
  /** The end of the account, and a copy of everything that is kept about the user. */
  readonly personal: PersonalData;

  constructor(host: CallsHost) {
    this.conversations = new Conversations(host);
    this.messages = new Messages(host);
    this.contacts = new Contacts(host);
    this.groups = new Groups(host);
    this.users = new Users(host);
    this.account = new Account(host);
    this.devices = new Devices(host);
    this.presence = new Presences(host);
    this.personal = new PersonalData(host);
  }
}

/** The same client, for calls that end with a signal, or sooner or later than others. */
export function bounded(host: CallsHost, bounds: RequestOptions): Calls {
  return new Calls({
    ...host,
    request: (type, data, options) => host.request(type, data, { ...bounds, ...options }),
    rest: (method, path, request) => host.rest(method, path, { ...bounds, ...request }),
  });
}
