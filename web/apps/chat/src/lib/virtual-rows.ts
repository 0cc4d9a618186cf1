import { useVirtualizer } from '@tanstack/vue-virtual';
import { computed, type Ref } from 'vue';

export interface Rows<T> {
  /** The element that scrolls, once it is there. */
  readonly scroller: Readonly<Ref<HTMLElement | undefined>>;
  readonly items: Readonly<Ref<readonly T[]>>;
  readonly height: (item: T) => number;
  readonly key: (item: T) => string;
  /** Rows painted beyond each edge. */
  readonly overscan: number;
}

/** A list of which only the rows in view are painted. */
export function useVirtualRows<T>({ scroller, items, height, key, overscan }: Rows<T>) {
  const virtualizer = useVirtualizer(
    computed(() => ({
      count: items.value.length,
      getScrollElement: () => scroller.value ?? null,
      estimateSize: (index: number) => {
        const item = items.value[index];
        return item === undefined ? 0 : height(item);
      },
      getItemKey: (index: number) => {
        const item = items.value[index];
        return item === undefined ? index : key(item);
      },
      overscan,
    })),
  );
  const painted = computed(() =>
    virtualizer.value.getVirtualItems().flatMap(({ index, start }) => {
      const item = items.value[index];
      return item === undefined ? [] : [{ item, key: key(item), start }];
    }),
  );
  return { virtualizer, painted };
}
