/** The moment from which all operations of a load are timed: when everybody is ready, or nobody waits any longer. */
export class StartSignal {
  readonly #seen = new WeakSet<object>();
  readonly everybodyReady: Promise<void>;
  readonly #begun: Promise<number>;
  #allReady: () => void = () => undefined;
  #begin: (atMs: number) => void = () => undefined;

  /** @param missing how many will say that they are ready */
  constructor(private missing: number) {
    this.everybodyReady = new Promise((resolve) => {
      this.#allReady = resolve;
    });
    this.#begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
    if (missing === 0) this.#allReady();
  }

  /** Says once that somebody is ready, and waits for the start. @returns its monotonic milliseconds */
  whenBegun(who: object): Promise<number> {
    if (!this.#seen.has(who)) {
      this.#seen.add(who);
      this.missing -= 1;
      if (this.missing === 0) this.#allReady();
    }
    return this.#begun;
  }

  begin(atMs: number): void {
    this.#begin(atMs);
  }
}
