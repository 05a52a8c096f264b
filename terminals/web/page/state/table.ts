/**
 * Rows of a service as a query told them, kept up to date by its events. Each row knows as of which record it is, so
 * that an event is never applied to a row that has it already: a list of several pages is of several instants.
 */
export class Table<T> {
  private readonly rows = new Map<string, { at: bigint; value: T }>();

  values(): T[] {
    return [...this.rows.values()].map((row) => row.value);
  }

  get(key: string): T | undefined {
    return this.rows.get(key)?.value;
  }

  /** A row as of a record, unless a later state of it is here. */
  put(key: string, at: bigint, value: T): void {
    const before = this.rows.get(key);
    if (before === undefined || before.at <= at) this.rows.set(key, { at, value });
  }

  /** What a record changes; `change` gives undefined where the row leaves the list. */
  change(key: string, at: bigint, change: (before: T) => T | undefined): void {
    const row = this.rows.get(key);
    if (row === undefined || row.at >= at) return;
    const value = change(row.value);
    if (value === undefined) this.rows.delete(key);
    else this.rows.set(key, { at, value });
  }
}
