import type { Conversation, GroupRole, Row } from '@hongyan/sdk';
import { outranks } from '../groups/rights.ts';

/** As the server is shipped; one that is set up otherwise refuses, and its refusal is shown. */
export const RECALL_WINDOW_MS = 2 * 60_000;
export const EDIT_WINDOW_MS = 15 * 60_000;

export type MessageAction =
  | 'copy'
  | 'quote'
  | 'forward'
  | 'select'
  | 'edit'
  | 'pin'
  | 'unpin'
  | 'receipts'
  | 'reactions'
  | 'recall'
  | 'report'
  | 'delete';

/** Where a message stands, for the user. */
export interface MessagePlace {
  readonly conversation: Conversation;
  readonly me: string | undefined;
  /** There is a text box. */
  readonly mayWrite: boolean;
  /** In the group, of who has sent it; undefined while it is not known. */
  readonly senderRole: GroupRole | undefined;
  /** By the server's clock. */
  readonly nowMs: number;
}

/** What the user may do with a message, in the order of the menu. What is not in it is not offered. */
export function actionsOn(row: Row, place: MessagePlace): MessageAction[] {
  const actions: MessageAction[] = [];
  const text = row.content?.text !== undefined;
  const alive = isAlive(row);
  if (text) actions.push('copy');
  if (alive && place.mayWrite) actions.push('quote');
  if (alive && (text || row.content?.merged !== undefined)) actions.push('forward', 'select');
  if (isEditable(row, place)) actions.push('edit');
  if (alive && mayPin(place.conversation)) actions.push(row.pinned ? 'unpin' : 'pin');
  if (alive && tellsReaders(row, place)) actions.push('receipts');
  if (row.reactions.length > 0) actions.push('reactions');
  if (alive && mayRecall(row, place)) actions.push('recall');
  if (alive && !isOwn(row, place)) actions.push('report');
  if (row.seq !== undefined && row.senderId !== '') actions.push('delete');
  return actions;
}

/** Whether the user takes part in what is said there: only then may anything be done to it. */
export function mayReact(row: Row, { conversation }: MessagePlace): boolean {
  return isAlive(row) && takesPart(conversation);
}

/** In a 1:1 it stands below the message. */
function tellsReaders(row: Row, place: MessagePlace): boolean {
  return isOwn(row, place) && place.conversation.type === 'group' && takesPart(place.conversation);
}

/** One's own text, as long as its window is open. */
export function isEditable(row: Row, place: MessagePlace | undefined): boolean {
  if (place === undefined || !isAlive(row) || row.content?.text === undefined) return false;
  return place.mayWrite && isOwn(row, place) && age(row, place) < EDIT_WINDOW_MS;
}

export function mayPin(conversation: Conversation): boolean {
  if (!takesPart(conversation)) return false;
  return conversation.type !== 'group' || conversation.my_role !== 'member';
}

function mayRecall(row: Row, place: MessagePlace): boolean {
  const { conversation, senderRole } = place;
  if (!takesPart(conversation)) return false;
  if (isOwn(row, place)) return age(row, place) < RECALL_WINDOW_MS;
  return senderRole !== undefined && outranks(conversation.my_role, senderRole);
}

function takesPart(conversation: Conversation): boolean {
  if (conversation.state !== 'normal') return false;
  return conversation.type !== 'group' || conversation.my_role !== undefined;
}

/** At the server, by a person, and not recalled. */
export function isAlive(row: Row): boolean {
  return row.seq !== undefined && row.senderId !== '' && row.recalled === undefined;
}

function isOwn(row: Row, { me }: MessagePlace): boolean {
  return row.senderId === me;
}

function age(row: Row, { nowMs }: MessagePlace): number {
  return nowMs - row.timeMs;
}
