import type {
  AcceptContactResponse,
  Contact,
  ContactRequest,
  ListContactRequestsResponse,
  ListContactsResponse,
  RequestContactResponse,
  UserEventPush,
} from '@hongyan/sdk';

import { type Base, call, type Person } from './people.ts';
import type { Socket } from './socket.ts';

export function ask(
  server: Base,
  from: Person,
  to: Person,
  more: { readonly message?: string; readonly remark?: string } = {},
): Promise<RequestContactResponse> {
  return call(server, from, 'POST', '/v1/contacts/requests', {
    user_id: to.userId,
    source: 'search',
    ...more,
  });
}

export function accept(server: Base, person: Person, request: string): Promise<AcceptContactResponse> {
  return call(server, person, 'POST', `/v1/contacts/requests/${request}/accept`, {});
}

/** Two who are asked and have accepted; answers the id of their 1:1. */
export async function befriend(server: Base, from: Person, to: Person): Promise<string> {
  const { request } = await ask(server, from, to);
  return (await accept(server, to, request?.contact_request_id ?? '')).conversation_id;
}

export async function contactsOf(server: Base, person: Person): Promise<readonly Contact[]> {
  return (await call<ListContactsResponse>(server, person, 'GET', '/v1/contacts?limit=200')).items;
}

export async function requestsOf(
  server: Base,
  person: Person,
  direction: 'received' | 'sent',
): Promise<readonly ContactRequest[]> {
  const path = `/v1/contacts/requests?direction=${direction}`;
  return (await call<ListContactRequestsResponse>(server, person, 'GET', path)).items;
}

/** The next user event of this kind that the test has not seen yet. */
export async function eventOf<K extends keyof UserEventPush['state']>(
  socket: Socket,
  kind: K,
  where: (state: NonNullable<UserEventPush['state'][K]>) => boolean = () => true,
): Promise<NonNullable<UserEventPush['state'][K]>> {
  const push = await socket.push<UserEventPush>('user_event', (one) => {
    const state = one.state[kind];
    return one.kind === kind && state !== undefined && where(state);
  });
  const state = push.state[kind];
  if (state === undefined) throw new Error(`an event ${kind} without a state`);
  return state;
}
