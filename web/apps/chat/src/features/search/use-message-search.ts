import type { Message } from '@hongyan/sdk';
import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import { useClient } from '../../app/client.ts';

/** Somebody who goes on typing is not searched for yet. */
const TYPING_MS = 100;

/** What was said on this device and has what is typed in it; in one conversation or in all. */
export function useMessageSearch(typed: () => string, conversationId?: string) {
  const client = useClient();
  const found = shallowRef<readonly Message[]>([]);
  /** What was found belongs to this; empty while nobody looks for anything. */
  const foundFor = ref('');
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function search(text: string): Promise<void> {
    const messages = await client.messages.search(text, conversationId);
    // What was typed meanwhile is not what this answers.
    if (typed().trim() !== text) return;
    found.value = messages;
    foundFor.value = text;
  }

  watch(
    () => typed().trim(),
    (text) => {
      clearTimeout(timer);
      if (text === '') {
        found.value = [];
        foundFor.value = '';
      } else {
        timer = setTimeout(() => void search(text), TYPING_MS);
      }
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));

  return { found, foundFor };
}
