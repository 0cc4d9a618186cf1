import type { ErrorCode } from '@hongyan/sdk';
import { readonly, ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { problemText } from './problem-text.ts';

/** One command at a time, with what went wrong in words. `special`: see problemText. */
export function useAction(special: Partial<Record<ErrorCode, string>> = {}) {
  const { t } = useI18n();
  const busy = ref(false);
  const problem = ref<string>();

  /** Answers whether it succeeded; a second one while it runs is not begun. */
  async function run(action: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    problem.value = undefined;
    try {
      await action();
      return true;
    } catch (thrown) {
      problem.value = problemText(t, thrown, special);
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { busy: readonly(busy), problem: readonly(problem), run };
}
