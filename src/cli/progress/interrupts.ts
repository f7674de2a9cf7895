import { exitCodes } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";

/** Ctrl-C while work is under way: the first one asks for its end, the second one leaves at once. */
export class Interrupts {
  #count = 0;
  #first: (() => void) | undefined;
  readonly #release: () => void;

  private constructor(terminal: Terminal) {
    this.#release = terminal.onInterrupt(() => {
      this.#count += 1;
      if (this.#count === 1) return this.#first?.();
      // A bar, or the terminal's own ^C, stands in the line where the shell would go on.
      if (terminal.stderr.isTTY) terminal.stderr.write("\n");
      terminal.leave(exitCodes.interrupted);
    });
  }

  /** Listens while something is done. */
  static async during<Result>(terminal: Terminal, act: (interrupts: Interrupts) => Promise<Result>): Promise<Result> {
    const interrupts = new Interrupts(terminal);
    try {
      return await act(interrupts);
    } finally {
      interrupts.#release();
    }
  }

  /** Whether there was one. */
  get heard(): boolean {
    return this.#count > 0;
  }

  /** What the first one does; done at once if it came already. */
  onFirst(act: () => void): void {
    this.#first = act;
    if (this.heard) act();
  }
}
