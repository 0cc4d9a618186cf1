import { onScopeDispose, readonly, type Ref, ref, watch } from 'vue';

/** Somebody who scrolls is about to see it. */
const MARGIN = '80px';

/** Whether an element can be seen, or nearly so. */
export function useInView(element: Readonly<Ref<Element | undefined>>): Readonly<Ref<boolean>> {
  const inView = ref(false);
  const observer = new IntersectionObserver(
    (entries) => {
      inView.value = entries.at(-1)?.isIntersecting === true;
    },
    { rootMargin: MARGIN },
  );
  watch(element, (now, before) => {
    if (before !== undefined) observer.unobserve(before);
    if (now !== undefined) observer.observe(now);
  });
  onScopeDispose(() => observer.disconnect());
  return readonly(inView);
}
