interface Written<T> {
  readonly count: number;
  readonly note: T;
}

/**
 * What a database may not have yet. A database answers some milliseconds later; localStorage has taken what it was given
 * when the call returns, also for a tab that is closed at once. Where there is none, nothing is noted.
 */
export class Notes<T> {
  private readonly prefix: string;
  private readonly storage: Storage | undefined;
  /** Tells a note from an earlier one that says the same. */
  private count = 0;

  /** `of`: whose they are and what they tell, in names of no others'. */
  constructor(of: string, storage: Storage | undefined = ownStorage()) {
    this.prefix = `${of}.`;
    this.storage = storage;
  }

  /** Answers what `delete` takes for this very note. */
  put(key: string, note: T): string {
    const text = JSON.stringify({ count: (this.count += 1), note } satisfies Written<T>);
    try {
      this.storage?.setItem(this.prefix + key, text);
    } catch {
      // Full: the database has it soon, and what stood here is older.
      this.delete(key);
    }
    return text;
  }

  /** `only`: what `put` answered; a later note stays. */
  delete(key: string, only?: string): void {
    const { storage } = this;
    if (only === undefined || storage?.getItem(this.prefix + key) === only)
      storage?.removeItem(this.prefix + key);
  }

  get(key: string): T | undefined {
    return this.read(this.prefix + key);
  }

  all(): T[] {
    return this.keys().flatMap((key) => this.read(key) ?? []);
  }

  clear(): void {
    for (const key of this.keys()) this.storage?.removeItem(key);
  }

  private read(key: string): T | undefined {
    try {
      return (JSON.parse(this.storage?.getItem(key) ?? '') as Partial<Written<T>>).note;
    } catch {
      // Nothing of ours.
      return undefined;
    }
  }

  private keys(): string[] {
    const { storage } = this;
    if (storage === undefined) return [];
    const all = Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '');
    return all.filter((key) => key.startsWith(this.prefix));
  }
}

/** A worker and Node have none, and a browser may refuse it. */
function ownStorage(): Storage | undefined {
  try {
    return typeof localStorage === 'undefined' ? undefined : localStorage;
  } catch {
    return undefined;
  }
}
