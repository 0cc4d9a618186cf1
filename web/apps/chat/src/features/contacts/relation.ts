import { type Person, requestAt } from '@hongyan/sdk';

/**
 * What somebody is to the user, the most telling first: `received` and `sent` are requests that can still be
 * answered.
 */
export type Relation = 'me' | 'blocked' | 'friend' | 'received' | 'sent' | 'none';

export function relationOf(
  userId: string,
  me: string | undefined,
  person: Person | undefined,
  nowMs: number,
): Relation {
  if (userId === me) return 'me';
  if (person === undefined) return 'none';
  if (person.blocked) return 'blocked';
  if (person.contact !== undefined) return 'friend';
  if (person.received !== undefined && requestAt(person.received, nowMs).state === 'pending')
    return 'received';
  if (person.sent !== undefined && requestAt(person.sent, nowMs).state === 'pending') return 'sent';
  return 'none';
}
