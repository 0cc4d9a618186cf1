import { defineStore } from 'pinia';
import { ref } from 'vue';

/** Whether the server has a newer client than this page. Written only by the watch for one. */
export const useUpdates = defineStore('updates', () => {
  const available = ref(false);
  let take: (() => void) | undefined;

  /** There is one; `how` goes over to it. */
  function found(how: () => void): void {
    take = how;
    available.value = true;
  }

  const apply = (): void => take?.();

  return { available, found, apply };
});
