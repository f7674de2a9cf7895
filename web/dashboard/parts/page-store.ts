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
  /** Grows with each beginning; who finds another one than his own has been overtaken. */
  #generation = 0;
  #busy = false;
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

  /** So many rows are in sight, from the first one: loads page after page until there are so many, or no more. */
  async loadTo(count: number): Promise<void> {
    this.#wanted = count;
    // What is under way goes on until there are so many.
    if (this.#busy) return;
    const begun = this.#state.rows.length > 0 || !this.#state.hasMore;
    if (begun && !this.#lacks(this.#state.rows.length)) return;
    this.#busy = true;
    this.#change({ loading: begun ? "MORE" : "FIRST", failed: false });
    await this.#loadOn(++this.#generation);
  }

  /** Reads anew as much as is in sight; the old rows stay until all of it has come. */
  async reload(): Promise<void> {
    this.#busy = true;
    this.#change({ loading: this.#state.rows.length > 0 ? "MORE" : "FIRST", failed: false });
    await this.#readAnew(++this.#generation);
  }

  /** Reads the first page anew: rows that are known change, and new ones come in front. */
  async refreshHead(): Promise<void> {
    if (this.#busy) return;
    if (this.#state.rows.length === 0) return this.reload();
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

  /** Takes out rows, and counts them off the total. @returns how many */
  drop(leaves: (row: Row) => boolean): number {
    const rows = this.#state.rows.filter((row) => !leaves(row));
    const dropped = this.#state.rows.length - rows.length;
    const { total } = this.#state;
    if (dropped > 0) this.#change({ rows, total: total === undefined ? undefined : total - dropped });
    return dropped;
  }

  #lacks(loaded: number): boolean {
    return this.#state.hasMore && loaded < this.#wanted;
  }

  async #loadOn(generation: number): Promise<void> {
    for (;;) {
      const page = await this.load(this.#cursor);
      if (generation !== this.#generation) return;
      if (!page) return this.#rest({ loading: "IDLE", failed: true });
      this.#cursor = page.endCursor ?? this.#cursor;
      // The rows may have changed while the page was on its way.
      const rows = [...this.#state.rows, ...page.rows];
      const news = { rows, total: page.total ?? this.#state.total, hasMore: page.hasNext };
      if (!page.hasNext || rows.length >= this.#wanted) return this.#rest({ ...news, loading: "IDLE" });
      this.#change({ ...news, loading: "MORE" });
    }
  }

  async #readAnew(generation: number): Promise<void> {
    const rows: Row[] = [];
    let cursor: string | undefined;
    let total: number | undefined;
    for (;;) {
      const page = await this.load(cursor);
      if (generation !== this.#generation) return;
      if (!page) return this.#rest({ loading: "IDLE", failed: true });
      rows.push(...page.rows);
      cursor = page.endCursor ?? cursor;
      total ??= page.total;
      if (page.hasNext && rows.length < this.#wanted) continue;
      this.#cursor = cursor;
      return this.#rest({ rows, total, hasMore: page.hasNext, loading: "IDLE" });
    }
  }

  #rest(part: Partial<PageSnapshot<Row>>): void {
    this.#busy = false;
    this.#change(part);
  }

  #change(part: Partial<PageSnapshot<Row>>): void {
    this.#state = { ...this.#state, addedInFront: 0, ...part };
    for (const listener of this.#listeners) listener();
  }
}
