import type { Message, UserId } from '../types.ts';

/** Whether a message of somebody else names the user, or everybody. */
export function isNamed({ sender_id: sender, content, mentions }: Message, me: UserId): boolean {
  const params = content?.system?.params;
  // A notice for all is a line of the server's own that counts as one.
  if (params !== undefined) return params['notify_all'] === 'true' && params['by'] !== me;
  return sender !== me && (mentions?.all === true || mentions?.user_ids.includes(me) === true);
}
