/** How many stand in a row of the panel. */
export const COLUMNS = 8;

/**
 * Where a key leads from one of the emojis, which stand in sections with rows of their own. `sizes`: how many each
 * section has. Undefined for a key that leads nowhere.
 */
export function moveInGrid(key: string, sizes: readonly number[], at: number): number | undefined {
  const rows = rowsOf(sizes);
  const here = rows.findIndex((row) => at >= row.from && at <= row.to);
  const row = rows[here];
  if (row === undefined) return undefined;
  const column = at - row.from;
  const inRow = (of: (typeof rows)[number] | undefined) =>
    of === undefined ? at : Math.min(of.from + column, of.to);
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, at - 1);
    case 'ArrowRight':
      return Math.min(rows.at(-1)?.to ?? 0, at + 1);
    case 'ArrowUp':
      return inRow(rows[here - 1]);
    case 'ArrowDown':
      return inRow(rows[here + 1]);
    case 'Home':
      return row.from;
    case 'End':
      return row.to;
    default:
      return undefined;
  }
}

function rowsOf(sizes: readonly number[]): { readonly from: number; readonly to: number }[] {
  let from = 0;
  return sizes.flatMap((size) => {
    const start = from;
    from += size;
    return Array.from({ length: Math.ceil(size / COLUMNS) }, (_, row) => ({
      from: start + row * COLUMNS,
      to: Math.min(start + (row + 1) * COLUMNS, from) - 1,
    }));
  });
}
