import type { Message } from '../types.ts';
import type { Verdict } from './store.ts';

/** Those of a list that are wanted, and whether that is enough. */
export function takeWanted(
  messages: readonly Message[],
  wanted: (message: Message) => Verdict,
): { readonly taken: Message[]; readonly stopped: boolean } {
  const taken: Message[] = [];
  for (const message of messages) {
    const verdict = wanted(message);
    if (verdict === 'stop') return { taken, stopped: true };
    if (verdict === 'take') taken.push(message);
  }
  return { taken, stopped: false };
}
