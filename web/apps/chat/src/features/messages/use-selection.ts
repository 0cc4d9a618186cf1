import type { Row, Seq } from '@hongyan/sdk';
import { computed, shallowRef } from 'vue';
import { isAlive } from './message-actions.ts';

/** As many as can be sent on at once. */
const MOST = 100;

/** Several messages of the open chat, chosen one by one or in a row. */
export function useSelection(rows: () => readonly Row[]) {
  /** Undefined while nothing is being chosen. */
  const seqs = shallowRef<ReadonlySet<Seq>>();
  /** Where a row of them begins. */
  let anchor: Seq | undefined;

  const selecting = computed(() => seqs.value !== undefined);
  /** In their order, without what was recalled or deleted meanwhile. */
  const selected = computed(() => rows().filter((row) => isSelectable(row) && isSelected(row)));

  function isSelectable(row: Row): boolean {
    return isAlive(row) && (row.content?.text ?? row.content?.merged) !== undefined;
  }

  function isSelected({ seq }: Row): boolean {
    return seq !== undefined && seqs.value?.has(seq) === true;
  }

  function begin({ seq }: Row): void {
    if (seq === undefined) return;
    seqs.value = new Set([seq]);
    anchor = seq;
  }

  /** `inRow`: everything from the last one on. */
  function toggle(row: Row, inRow = false): void {
    const { seq } = row;
    if (seq === undefined || seqs.value === undefined || !isSelectable(row)) return;
    const chosen = new Set(selected.value.flatMap((one) => one.seq ?? []));
    const wanted = inRow && anchor !== undefined ? seqsBetween(anchor, seq) : [seq];
    if (!inRow && chosen.has(seq)) chosen.delete(seq);
    else for (const one of wanted) if (chosen.size < MOST) chosen.add(one);
    anchor = seq;
    seqs.value = chosen;
  }

  function seqsBetween(one: Seq, other: Seq): Seq[] {
    const [lo, hi] = [Math.min(one, other), Math.max(one, other)];
    return rows().flatMap((row) => {
      const { seq } = row;
      return seq !== undefined && seq >= lo && seq <= hi && isSelectable(row) ? seq : [];
    });
  }

  function end(): void {
    seqs.value = undefined;
    anchor = undefined;
  }

  return { selecting, selected, isSelectable, isSelected, begin, toggle, end };
}
