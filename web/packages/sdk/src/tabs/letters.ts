import { isObject, numberAt, optionalString, stringAt } from '../json.ts';

/** What the tabs of an account say to each other. A socket is named by the tab that opened it; frames are as on the wire. */
export type Letter =
  /** The leader has a connection: who has none may come. */
  | { readonly kind: 'leads'; readonly leader: string }
  | { readonly kind: 'open'; readonly socket: string }
  | { readonly kind: 'opened'; readonly socket: string; readonly leader: string }
  | { readonly kind: 'request'; readonly socket: string; readonly text: string }
  | { readonly kind: 'answer'; readonly socket: string; readonly text: string }
  | { readonly kind: 'push'; readonly text: string }
  | { readonly kind: 'close'; readonly socket: string }
  /** Without a socket: all of them. */
  | { readonly kind: 'closed'; readonly code: number; readonly socket?: string };

/** A letter as it came; undefined when it is none, as from another version of this page. */
export function letterOf(data: unknown): Letter | undefined {
  if (!isObject(data)) return undefined;
  const socket = stringAt(data, 'socket');
  const text = stringAt(data, 'text');
  const leader = stringAt(data, 'leader');
  const kind = stringAt(data, 'kind');
  switch (kind) {
    case 'leads':
      return { kind, leader };
    case 'open':
    case 'close':
      return { kind, socket };
    case 'opened':
      return { kind, socket, leader };
    case 'request':
    case 'answer':
      return { kind, socket, text };
    case 'push':
      return { kind, text };
    case 'closed': {
      const named = optionalString(data, 'socket');
      return { kind, code: numberAt(data, 'code'), ...(named === undefined ? {} : { socket: named }) };
    }
    default:
      return undefined;
  }
}
