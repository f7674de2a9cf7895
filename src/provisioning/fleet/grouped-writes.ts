/**
 * Writes one after the other, and what comes meanwhile in one write together: under load few writes serve many. Between two writes
 * it may also wait for more to come.
 */
export class GroupedWrites<One> {
  #waiting: One[] = [];
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();
  #hurry: () => void = () => undefined;

  /** @param pause what is waited for after a write; absent: nothing */
  constructor(
    private readonly write: (together: readonly One[]) => Promise<void>,
    private readonly pause?: (() => Promise<void>) | undefined,
  ) {}

  /** @param last none is about to come: it need not be waited for @returns when it is written @throws what its write throws */
  add(one: One, last = true): Promise<void> {
    this.#waiting.push(one);
    this.#next ??= this.#after(this.#last);
    if (last) this.#hurry();
    return this.#next;
  }

  async #after(last: Promise<void>): Promise<void> {
    const hurried = new Promise<void>((resolve) => {
      this.#hurry = resolve;
    });
    // Those who were in that write have heard of its failure.
    await last.catch(() => undefined);
    if (this.pause) await Promise.race([hurried, this.pause()]);
    this.#next = undefined;
    this.#last = this.write(this.#waiting.splice(0));
    await this.#last;
  }
}
