import { onScopeDispose, readonly, type Ref, ref } from 'vue';

/** Whether a media query holds, live. */
export function useMedia(query: string): Readonly<Ref<boolean>> {
  const list = window.matchMedia(query);
  const matches = ref(list.matches);
  const change = (event: MediaQueryListEvent) => {
    matches.value = event.matches;
  };
  list.addEventListener('change', change);
  onScopeDispose(() => list.removeEventListener('change', change));
  return readonly(matches);
}
