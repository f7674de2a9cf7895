import type { ServerResponse } from "node:http";
import { DeadlineExceeded } from "../../kit/deadline.ts";

/** Somebody who waits for an answer: how long, and whether they still do. */
export class WaitingClient {
  #gone: AbortController | undefined;
  #reason: unknown;
  #stop: (reason: DeadlineExceeded) => void = () => undefined;

  /** @param ms how long the answer may take */
  constructor(
    private readonly response: ServerResponse,
    private readonly ms: number,
  ) {}

  /** Aborts when nobody waits any more. Made when somebody asks for it: most answers are there at once. */
  get signal(): AbortSignal {
    if (!this.#gone) {
      this.#gone = new AbortController();
      if (this.#reason !== undefined) this.#gone.abort(this.#reason);
      else if (this.response.destroyed) this.#onClose();
      else this.response.once("close", this.#onClose);
    }
    return this.#gone.signal;
  }

  /** The answer, if it comes in time; what goes on without it can hear so from the signal. @throws DeadlineExceeded */
  async answer<T>(work: () => Promise<T>): Promise<T> {
    const late = new Promise<never>((_, reject) => {
      this.#stop = reject;
    });
    const timer = setTimeout(() => this.#expire(), this.ms);
    try {
      return await Promise.race([work(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #expire(): void {
    const reason = new DeadlineExceeded(`The request took longer than ${this.ms} ms.`);
    this.#reason = reason;
    this.#gone?.abort(reason);
    this.#stop(reason);
  }

  readonly #onClose = (): void => {
    // Every answered request closes too; an abort that nobody needs makes an error object each time.
    if (!this.response.writableFinished) this.#gone?.abort();
  };
}
