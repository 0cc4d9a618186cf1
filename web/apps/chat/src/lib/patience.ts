import { onScopeDispose, readonly, type Ref, ref } from 'vue';

/** What comes sooner than this needs no skeleton: it would only flicker. */
const SKELETON_AFTER_MS = 150;

/** False until somebody has waited long enough to be shown that there is something to wait for. */
export function usePatience(): Readonly<Ref<boolean>> {
  const over = ref(false);
  const timer = setTimeout(() => {
    over.value = true;
  }, SKELETON_AFTER_MS);
  onScopeDispose(() => clearTimeout(timer));
  return readonly(over);
}
