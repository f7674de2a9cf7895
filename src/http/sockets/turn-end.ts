/** Something that is to be done at the end of a turn. */
export interface Due {
  flush(): void;
}

/** How many are done before everybody else has a turn: a write to a socket takes some ten microseconds. */
const atOnce = 256;

/** The end of the event loop's present turn: what belongs to one socket until then is written together. */
export class TurnEnd {
  #due: Due[] = [];
  #awaited: Promise<void> | undefined;
  readonly #run = () => {
    const now = this.#due.splice(0, atOnce);
    if (this.#due.length > 0) setImmediate(this.#run);
    for (const one of now) this.#flush(one);
  };

  /** @param failed is told what a flush met, which is not the affair of those behind it */
  constructor(private readonly failed: (error: unknown) => void) {}

  /** Flushes it when the turn ends. */
  add(one: Due): void {
    if (this.#due.push(one) === 1) setImmediate(this.#run);
  }

  #flush(one: Due): void {
    try {
      one.flush();
    } catch (error) {
      this.failed(error);
    }
  }

  /** Resolves when the turn has ended; the same for all who wait. */
  reached(): Promise<void> {
    this.#awaited ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#awaited = undefined;
        resolve();
      });
    });
    return this.#awaited;
  }
}
