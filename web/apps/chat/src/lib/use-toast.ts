import { onScopeDispose, readonly, ref } from 'vue';

const SHOWN_MS = 4_000;

/** A word about what has just been done, or could not be, that goes away by itself. */
export function useToast() {
  const text = ref('');
  let timer: ReturnType<typeof setTimeout> | undefined;

  function show(said: string): void {
    clearTimeout(timer);
    text.value = said;
    timer = setTimeout(() => {
      text.value = '';
    }, SHOWN_MS);
  }

  onScopeDispose(() => clearTimeout(timer));
  return { text: readonly(text), show };
}
