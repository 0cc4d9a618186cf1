import { nextTick, onScopeDispose, readonly, ref } from 'vue';

/** How long a message shines that was gone to. */
const FLASH_MS = 1_500;

/** The key of the message that shines. */
export function useFlash() {
  const key = ref<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Begins anew for the same one, too. */
  async function flash(of: string): Promise<void> {
    clearTimeout(timer);
    key.value = undefined;
    await nextTick();
    key.value = of;
    timer = setTimeout(() => {
      key.value = undefined;
    }, FLASH_MS);
  }

  onScopeDispose(() => clearTimeout(timer));
  return { flashing: readonly(key), flash };
}
