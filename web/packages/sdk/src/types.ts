// The JSON shapes of proto/hongyan/v1 are generated; here are the names that only this package gives.

import type { Content } from './generated/api.ts';

export type * from './generated/api.ts';

export type UserId = string;
export type DeviceId = string;
export type ConversationId = string;
/** 1 to 64 of [A-Za-z0-9_-], chosen by the sender, the same in every retry for ever. */
export type ClientMsgId = string;
/** Place of a message in its conversation: dense, from 1. */
export type Seq = number;

/** What a client may send: merged forwards come only from message.forward. */
export type SendableContent = Exclude<Content, { readonly merged: unknown }>;
