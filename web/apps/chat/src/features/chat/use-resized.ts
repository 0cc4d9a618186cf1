import { onMounted, onScopeDispose, type Ref } from 'vue';

/** Runs when an element has got another size. */
export function useResized(element: Readonly<Ref<HTMLElement | undefined>>, run: () => void): void {
  const observer = new ResizeObserver(run);
  onMounted(() => {
    if (element.value !== undefined) observer.observe(element.value);
  });
  onScopeDispose(() => observer.disconnect());
}
