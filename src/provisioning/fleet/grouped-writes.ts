/** Writes one after the other, and what comes meanwhile in one write together: under load few writes serve many. */
export class GroupedWrites<One> {
  #waiting: One[] = [];
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(private readonly write: (together: readonly One[]) => Promise<void>) {}

  /** @returns when it is written @throws what its write throws */
  add(one: One): Promise<void> {
    this.#waiting.push(one);
    this.#next ??= this.#after(this.#last);
    return this.#next;
  }

  async #after(last: Promise<void>): Promise<void> {
    // Those who were in that write have heard of its failure.
    await last.catch(() => undefined);
    this.#next = undefined;
    this.#last = this.write(this.#waiting.splice(0));
    await this.#last;
  }
}
