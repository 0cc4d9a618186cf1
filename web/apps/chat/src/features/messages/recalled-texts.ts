import { shallowReactive } from 'vue';

/** How long one's own recalled text can be taken up again. */
const KEPT_MS = 5 * 60_000;

interface Kept {
  readonly text: string;
  readonly recalledMs: number;
}

/** What the user has recalled on this page, for as long as it lives: the server keeps nothing of it. */
const kept = shallowReactive(new Map<string, Kept>());

export function keepRecalled(conversationId: string, seq: number, text: string, nowMs: number): void {
  kept.set(`${conversationId}/${seq}`, { text, recalledMs: nowMs });
}

/** Undefined when it is not known, or too long ago. */
export function recalledText(conversationId: string, seq: number, nowMs: number): string | undefined {
  const found = kept.get(`${conversationId}/${seq}`);
  return found === undefined || nowMs - found.recalledMs > KEPT_MS ? undefined : found.text;
}
