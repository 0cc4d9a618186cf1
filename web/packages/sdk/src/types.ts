// The JSON shapes of proto/hongyan/v1: ids are strings of digits, other integers numbers, enums lower_snake
// strings, times Unix milliseconds UTC. Fields that may be absent are optional here too.

export type UserId = string;
export type DeviceId = string;
export type ConversationId = string;
export type MessageId = string;
/** 1 to 64 of [A-Za-z0-9_-], chosen by the sender, the same in every retry for ever. */
export type ClientMsgId = string;
/** Place of a message in its conversation: dense, from 1. */
export type Seq = number;

export type Platform = 'web' | 'ios' | 'android' | 'windows' | 'macos' | 'linux' | 'cli' | 'bot';
export type SessionKind = 'token' | 'cookie';
export type Registration = 'open' | 'invite' | 'closed';
export type AccountRole = 'user' | 'admin';
export type ConversationType = 'direct' | 'group' | 'self' | 'system' | 'channel';
export type ConversationLifeState = 'normal' | 'disabled' | 'dissolved';
export type KickReason = 'revoked' | 'replaced' | 'disabled' | 'password_changed' | 'expired';

export interface DeviceInfo {
  readonly device_id?: DeviceId;
  readonly name: string;
  readonly platform: Platform;
}

export interface Device {
  readonly device_id: DeviceId;
  readonly name: string;
  readonly platform: Platform;
  readonly ip: string;
  readonly last_active_ms: number;
  readonly current: boolean;
}

export interface User {
  readonly user_id: UserId;
  readonly username: string;
  readonly nickname: string;
  readonly avatar: string;
  readonly signature: string;
  readonly gender: string;
  readonly region: string;
  readonly version: number;
  readonly deleted?: boolean;
}

export interface Me extends User {
  readonly phone?: string;
  readonly phone_verified?: boolean;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly birthday: string;
  readonly must_change_password: boolean;
  readonly role: AccountRole;
}

export interface TextContent {
  readonly text: string;
}

/** Exactly one kind; a kind this client does not know leaves all the known ones unset. */
export interface Content {
  readonly text?: TextContent;
}

export interface Message {
  readonly message_id: MessageId;
  readonly conversation_id: ConversationId;
  readonly seq: Seq;
  readonly sender_id: UserId;
  readonly client_msg_id: ClientMsgId;
  readonly time_ms: number;
  readonly content?: Content;
  readonly change: number;
}

export interface Conversation {
  readonly conversation_id: ConversationId;
  readonly type: ConversationType;
  readonly title: string;
  readonly avatar: string;
  readonly peer_user_id?: UserId;
  readonly state: ConversationLifeState;
  readonly seq: Seq;
  readonly change: number;
  readonly floor_seq: Seq;
  readonly read_seq: Seq;
  readonly peer_read_seq?: Seq;
  readonly unread: number;
  readonly last_message?: Message;
}

export interface Head {
  readonly seq: Seq;
  readonly change: number;
}

export interface AuthOptions {
  readonly registration: Registration;
  readonly password_min_length: number;
}

export interface RegisterRequest {
  readonly username: string;
  readonly password: string;
  readonly nickname?: string;
  readonly device?: DeviceInfo;
  readonly session?: SessionKind;
  readonly remember?: boolean;
}

export interface LoginRequest {
  readonly account: string;
  readonly password: string;
  readonly device?: DeviceInfo;
  readonly session?: SessionKind;
  readonly remember?: boolean;
}

export interface LoginResponse {
  readonly user: Me;
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly expires_in_ms: number;
  readonly device_id: DeviceId;
}

export interface RefreshResponse {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly expires_in_ms: number;
  readonly device_id: DeviceId;
  readonly user_id: UserId;
}

export interface SendRequest {
  readonly conversation_id: ConversationId;
  readonly client_msg_id: ClientMsgId;
  readonly content: Content;
  readonly read_seq?: Seq;
}

export interface SendResponse {
  readonly message_id: MessageId;
  readonly seq: Seq;
  readonly time_ms: number;
}

export interface ListMessagesRequest {
  readonly conversation_id: ConversationId;
  readonly before?: Seq;
  readonly after?: Seq;
  readonly around?: Seq;
  readonly limit?: number;
}

export interface ListMessagesResponse {
  readonly items: readonly Message[];
  readonly from_seq: Seq;
  readonly to_seq: Seq;
  readonly has_more_before: boolean;
  readonly has_more_after: boolean;
  readonly head: Head;
  readonly floor_seq: Seq;
}

export interface UpdateMeRequest {
  readonly nickname?: string;
  readonly signature?: string;
  readonly gender?: string;
  readonly region?: string;
  readonly birthday?: string;
}

export interface Limits {
  readonly max_content_bytes: number;
  readonly max_frame_bytes: number;
  readonly max_outstanding: number;
}

export interface ReadyFrame {
  readonly user_id: UserId;
  readonly device_id: DeviceId;
  readonly session_id: string;
  readonly epoch: string;
  readonly server_time_ms: number;
  readonly heartbeat_ms: number;
  readonly limits?: Limits;
  readonly features: readonly string[];
}

export interface MessagePush {
  readonly conversation_id: ConversationId;
  readonly seq: Seq;
  readonly change: number;
  readonly message: Message;
}

export interface ReadPush {
  readonly conversation_id: ConversationId;
  readonly user_id: UserId;
  readonly seq: Seq;
}

export interface GapPush {
  readonly conversations: readonly { conversation_id: ConversationId; seq: Seq; change: number }[];
  readonly all?: boolean;
}

export interface KickedPush {
  readonly reason: KickReason;
  readonly device?: string;
}

/**
 * The rpcs of this version by their WebSocket type. `ping` and `auth` are control frames of the transport and
 * are not called through `client.request`.
 */
export interface Rpcs {
  'auth.options': { request: Record<string, never>; response: AuthOptions };
  'auth.logout': { request: Record<string, never>; response: Record<string, never> };
  'auth.list_devices': { request: Record<string, never>; response: { items: Device[] } };
  'auth.revoke_device': { request: { device_id: DeviceId }; response: Record<string, never> };
  'auth.revoke_others': { request: Record<string, never>; response: { revoked: number } };
  'auth.change_password': {
    request: { old_password: string; new_password: string };
    response: Record<string, never>;
  };
  'user.me': { request: Record<string, never>; response: { user: Me } };
  'user.update_me': { request: UpdateMeRequest; response: { user: Me } };
  'user.get': { request: { user_id: UserId }; response: { user: User } };
  'user.search': { request: { q: string }; response: { items: User[] } };
  'conversation.list': {
    request: { limit?: number; cursor?: string };
    response: { items: Conversation[]; next_cursor?: string };
  };
  'conversation.get': {
    request: { conversation_id: ConversationId };
    response: { conversation: Conversation };
  };
  'conversation.open': { request: { user_id: UserId }; response: { conversation: Conversation } };
  'conversation.mark_read': {
    request: { conversation_id: ConversationId; seq: Seq };
    response: { read_seq: Seq };
  };
  'message.send': { request: SendRequest; response: SendResponse };
  'message.list': { request: ListMessagesRequest; response: ListMessagesResponse };
}

export type RpcType = keyof Rpcs;
