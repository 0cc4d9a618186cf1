import { computed, onMounted, onScopeDispose, shallowRef } from 'vue';
import type { ListRow } from '../../stores/conversations.ts';

const idOf = (row: ListRow): string => row.conversation.conversation_id;

/** The rows as they are shown: none moves while one of them is pressed, so that the click meets the one it was meant for. */
export function useSteadyRows(rows: () => readonly ListRow[]) {
  const held = shallowRef<readonly string[]>();

  const shown = computed(() => {
    if (held.value === undefined) return rows();
    const byId = new Map(rows().map((row) => [idOf(row), row]));
    return held.value.flatMap((id) => byId.get(id) ?? []);
  });

  function hold(): void {
    held.value = rows().map(idOf);
  }

  /** After the click, which follows. */
  function release(): void {
    if (held.value !== undefined) setTimeout(() => (held.value = undefined));
  }

  const ENDS = ['pointerup', 'pointercancel', 'dragend'] as const;
  onMounted(() => ENDS.forEach((type) => window.addEventListener(type, release)));
  onScopeDispose(() => ENDS.forEach((type) => window.removeEventListener(type, release)));

  return { shown, hold };
}
