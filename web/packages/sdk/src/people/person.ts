import type { Contact, ContactRequest, User, UserId } from '../types.ts';

/** Somebody whom the user's own lists name: the public profile, and all that is between the two. */
export interface Person {
  readonly user_id: UserId;
  /** Absent until the server has told it, and of accounts that are gone. */
  readonly profile?: User;
  /** On the user's list of contacts; never of the state `removed`. */
  readonly contact?: Contact;
  /** The user blocks them. */
  readonly blocked: boolean;
  /** What they have asked. */
  readonly received?: ContactRequest;
  /** What they were asked. */
  readonly sent?: ContactRequest;
}

/** One that nothing is known of. */
export function stranger(userId: UserId): Person {
  return { user_id: userId, blocked: false };
}

/** Whether any of the user's lists names them. */
export function isNamed(person: Person): boolean {
  return (
    person.contact !== undefined ||
    person.blocked ||
    person.received !== undefined ||
    person.sent !== undefined
  );
}

/** A request as it stands at this time: the server tells nobody when one has come to its end. */
export function requestAt(request: ContactRequest, nowMs: number): ContactRequest {
  const over = request.state === 'pending' && request.expires_ms <= nowMs;
  return over ? { ...request, state: 'expired' } : request;
}
