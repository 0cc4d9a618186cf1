// Who is here and who types, out of JSON from outside, read with the same care as decode.ts.

import {
  isObject,
  type JsonObject,
  numberAt,
  objectsAt,
  optionalNumber,
  optionalString,
  stringAt,
} from '../json.ts';
import type { Presence, TypingPush } from '../types.ts';

/** Whoever has no id is left out; a state that is not known is no `online`. */
export function decodePresences(from: JsonObject): Presence[] {
  return objectsAt(from, 'items').flatMap((item): Presence[] => {
    const id = stringAt(item, 'user_id');
    if (id === '') return [];
    if (optionalString(item, 'state') === 'online') return [{ user_id: id, state: 'online' }];
    const seen = optionalNumber(item, 'last_seen_ms');
    return [{ user_id: id, state: 'offline', ...(seen === undefined ? {} : { last_seen_ms: seen }) }];
  });
}

/** Undefined when it does not say who, or where. */
export function decodeTyping(from: unknown): TypingPush | undefined {
  if (!isObject(from)) return undefined;
  const [conversation, user] = [stringAt(from, 'conversation_id'), stringAt(from, 'user_id')];
  if (conversation === '' || user === '') return undefined;
  return { conversation_id: conversation, user_id: user, until_ms: numberAt(from, 'until_ms') };
}
