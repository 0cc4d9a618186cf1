export { type Client, createClient } from './client.ts';
export type { Calls } from './calls.ts';
export type { ClientEvents, ClientOptions, ClientState, SessionEnd } from './client-types.ts';
export type { Account, OwnTarget } from './account/account.ts';
export { BrowserVault, MemoryVault, type SavedSession, type SessionVault } from './auth/saved-session.ts';
export { type Clock, systemClock, type TimerHandle } from './clock.ts';
export type { Conversations } from './conversations/conversations.ts';
export { settingsOf, unreadIn, type UnreadTotal } from './domain/conversation-settings.ts';
export { isNamed } from './domain/mentions.ts';
export type { MessageChange } from './domain/message-state.ts';
export type { LoadState, MessageWindow, Reached, Row } from './domain/message-window.ts';
export type { PinBoard } from './domain/pin-board.ts';
export { asImError, type ErrorCode, errorCodes, type ErrorKind, ImError, isErrorCode } from './errors.ts';
export type { GroupView } from './groups/group-book.ts';
export type { Brought, Groups } from './groups/groups.ts';
export type { ForwardOptions, Messages } from './messages/messages.ts';
export type { Asked, Contacts, Friendship } from './people/contacts.ts';
export type { BookState } from './people/book.ts';
export { type Person, requestAt } from './people/person.ts';
export type { Presences } from './presence/presences.ts';
export { randomId as newMessageId } from './ids.ts';
export type { PendingMessage, SendHandle } from './outbox/outbox.ts';
export { databaseName, IndexedDbStore } from './store/indexeddb-store.ts';
export { MemoryStore } from './store/memory-store.ts';
export type {
  CacheUpdate,
  HiddenMessages,
  OutboxItem,
  Store,
  StoredConversation,
  StoredDraft,
  StoredState,
  StoreFactory,
  Verdict,
} from './store/store.ts';
export type { TabChannel, TabLocks, TabPlatform } from './tabs/platform.ts';
export type { ConnectionState } from './transport/connection.ts';
export { browserEnvironment, type Environment, headlessEnvironment } from './transport/environment.ts';
export type { RequestOptions } from './transport/requests.ts';
export type { HttpMethod, RestRequest } from './transport/rest.ts';
export type { WebSocketConstructor, WebSocketLike } from './transport/websocket.ts';
export { routes } from './generated/api.ts';
export type * from './types.ts';
