/** One page of a list, as connections of the API answer it. */
export interface ListPage<Row> {
  readonly rows: readonly Row[];
  readonly endCursor: string | undefined;
  readonly hasNext: boolean;
  /** Known with the first page, where it was asked for. 10,001 means more than 10,000. */
  readonly total?: number | undefined;
}

export interface PageSnapshot<Row> {
  readonly rows: readonly Row[];
  readonly total: number | undefined;
  readonly hasMore: boolean;
  /** `FIRST` until the first page has come, `IDLE` when nothing is asked for. */
  readonly loading: "FIRST" | "MORE" | "IDLE";
  /** The last question failed; scrolling on, or `reload`, asks again. */
  readonly failed: boolean;
  /** Rows that came in front of the others with the last change. */
  readonly addedInFront: number;
}

/** The rows of a long list as far as they were scrolled to, page by page. */
export class PageStore<Row> {
  readonly #listeners = new Set<() => void>();
  #wanted = 1;
  #cursor: string | undefined;
  #generation = 0;
  #state: PageSnapshot<Row> = {
    rows: [],
    total: undefined,
    hasMore: true,
    loading: "FIRST",
    failed: false,
    addedInFront: 0,
  };

  /** @param load a page; undefined when it could not be had. The first one says the total. */
  constructor(
    private readonly load: (after: string | undefined) => Promise<ListPage<Row> | undefined>,
    private readonly idOf: (row: Row) => string,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly current = (): PageSnapshot<Row> => this.#state;

  /** Loads page after page until there are so many rows, or no more. */
  async loadTo(count: number): Promise<void> {
    this.#wanted = Math.max(this.#wanted, count);
    const begun = this.#state.rows.length > 0 || !this.#state.hasMore;
    if (this.#state.loading === "MORE" || (begun && !this.#lacks(this.#state.rows.length))) return;
    const generation = ++this.#generation;
    this.#change({ loading: begun ? "MORE" : "FIRST", failed: false });
    await this.#loadOn(generation, [...this.#state.rows], this.#cursor);
  }

  /** Reads anew what was loaded; the old rows stay until all of it has come. */
  async reload(): Promise<void> {
    const generation = ++this.#generation;
    this.#wanted = Math.max(1, Math.min(this.#wanted, this.#state.rows.length));
    this.#change({ loading: this.#state.rows.length > 0 ? "MORE" : "FIRST", failed: false });
    await this.#loadOn(generation, [], undefined, true);
  }

  /** Reads the first page anew: rows that are known change, and new ones come in front. */
  async refreshHead(): Promise<void> {
    if (this.#state.loading !== "IDLE" || this.#state.rows.length === 0) return this.reload();
    const generation = this.#generation;
    const page = await this.load(undefined);
    if (!page || generation !== this.#generation) return;
    const known = new Set(this.#state.rows.map(this.idOf));
    const firstKnown = page.rows.findIndex((row) => known.has(this.idOf(row)));
    // A whole page of strangers: what lies between is not known.
    if (firstKnown < 0) return this.reload();
    const fresh = new Map(page.rows.map((row) => [this.idOf(row), row]));
    const added = page.rows.slice(0, firstKnown);
    const rows = [...added, ...this.#state.rows.map((row) => fresh.get(this.idOf(row)) ?? row)];
    this.#change({ rows, total: page.total ?? this.#state.total, addedInFront: added.length });
  }

  /** Puts rows in the place of those with their ids. @returns the ids that are not in the list */
  patch(changed: readonly Row[]): readonly string[] {
    const fresh = new Map(changed.map((row) => [this.idOf(row), row]));
    const rows = this.#state.rows.map((row) => {
      const id = this.idOf(row);
      const found = fresh.get(id);
      if (found) fresh.delete(id);
      return found ?? row;
    });
    if (fresh.size < changed.length) this.#change({ rows });
    return [...fresh.keys()];
  }

  #lacks(loaded: number): boolean {
    return this.#state.hasMore && loaded < this.#wanted;
  }

  async #loadOn(generation: number, rows: Row[], from: string | undefined, anew = false): Promise<void> {
    let cursor = from;
    let total = this.#state.total;
    for (;;) {
      const page = await this.load(cursor);
      if (generation !== this.#generation) return;
      if (!page) return this.#change({ loading: "IDLE", failed: true });
      rows.push(...page.rows);
      cursor = page.endCursor ?? cursor;
      total = page.total ?? total;
      const done = !page.hasNext || rows.length >= this.#wanted;
      if (!done && anew) continue;
      this.#cursor = cursor;
      this.#change({ rows: [...rows], total, hasMore: page.hasNext, loading: done ? "IDLE" : "MORE" });
      if (done) return;
    }
  }

  #change(part: Partial<PageSnapshot<Row>>): void {
    this.#state = { ...this.#state, addedInFront: 0, ...part };
    for (const listener of this.#listeners) listener();
  }
}
