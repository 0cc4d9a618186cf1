import { randomBytes, randomUUID } from 'node:crypto';

import type { Conversation, LoginResponse, Message, SendResponse } from '@hongyan/sdk';

import { type Answer, http } from './http.ts';
import { Socket } from './socket.ts';

/** The part of a server that helpers need. */
export interface Base {
  readonly url: string;
}

/** Somebody logged in on one device with a token session. */
export interface Person {
  readonly userId: string;
  readonly username: string;
  readonly password: string;
  readonly deviceId: string;
  readonly access: string;
  readonly refresh: string;
}

let people = 0;

/** A username nobody has yet. */
export function freshName(prefix = 'user'): string {
  people += 1;
  return `${prefix}_${people}_${randomBytes(3).toString('hex')}`;
}

export function freshId(): string {
  return randomUUID();
}

export async function register(server: Base, prefix = 'user'): Promise<Person> {
  const username = freshName(prefix);
  const password = `pass-${randomBytes(9).toString('hex')}`;
  const answer = await http<LoginResponse>(server.url, 'POST', '/v1/auth/register', {
    body: { username, password, device: { name: 'first', platform: 'cli' } },
  });
  return personOf(answer.data, username, password);
}

export function tryLogin(
  server: Base,
  account: string,
  password: string,
  device: { device_id?: string; name?: string } = {},
): Promise<Answer<LoginResponse>> {
  return http<LoginResponse>(server.url, 'POST', '/v1/auth/login', {
    body: { account, password, device: { name: 'another', platform: 'cli', ...device } },
  });
}

/** The same person on another device. */
export async function login(server: Base, person: Pick<Person, 'username' | 'password'>): Promise<Person> {
  const answer = await tryLogin(server, person.username, person.password);
  return personOf(answer.data, person.username, person.password);
}

function personOf(answer: LoginResponse, username: string, password: string): Person {
  return {
    userId: answer.user.user_id,
    username,
    password,
    deviceId: answer.device_id,
    access: answer.access_token,
    refresh: answer.refresh_token ?? '',
  };
}

/** An authenticated socket of this person's device. */
export function connect(server: Base, person: Person, protocol?: string): Promise<Socket> {
  return Socket.ready(server.url, person.access, protocol);
}

/** A successful REST call of this person. */
export async function call<T>(
  server: Base,
  person: Person,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  return (await http<T>(server.url, method, path, { token: person.access, body })).data;
}

/** Id of the 1:1 of two people. */
export async function direct(server: Base, from: Person, to: Person): Promise<string> {
  const opened = await call<{ conversation: Conversation }>(server, from, 'POST', '/v1/conversations', {
    user_id: to.userId,
  });
  return opened.conversation.conversation_id;
}

/** The data of a `message.send` of a text. */
export function textMessage(conversation: string, text: string, clientMsgId = freshId()): object {
  return { conversation_id: conversation, client_msg_id: clientMsgId, content: { text: { text } } };
}

export function say(socket: Socket, conversation: string, text: string, id?: string): Promise<SendResponse> {
  return socket.call<SendResponse>('message.send', textMessage(conversation, text, id));
}

/** The whole history of a conversation, by pages. */
export async function history(
  server: Base,
  person: Person,
  conversation: string,
  after = 0,
): Promise<Message[]> {
  const messages: Message[] = [];
  for (let more = true; more;) {
    const from = messages.at(-1)?.seq ?? after;
    const page = await call<{ items: Message[]; has_more_after: boolean }>(
      server,
      person,
      'GET',
      `/v1/conversations/${conversation}/messages?after=${from}&limit=100`,
    );
    messages.push(...page.items);
    more = page.has_more_after && page.items.length > 0;
  }
  return messages;
}
