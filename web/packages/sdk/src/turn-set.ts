/** Collects what changes in one turn of the event loop, and tells it once. */
export class TurnSet<T> {
  private readonly tell: (items: ReadonlySet<T>) => void;
  private readonly items = new Set<T>();

  constructor(tell: (items: ReadonlySet<T>) => void) {
    this.tell = tell;
  }

  add(item: T): void {
    this.items.add(item);
    if (this.items.size > 1) return;
    queueMicrotask(() => {
      const items = new Set(this.items);
      this.items.clear();
      this.tell(items);
    });
  }
}
