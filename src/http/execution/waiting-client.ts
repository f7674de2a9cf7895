import type { ServerResponse } from "node:http";
import { DeadlineExceeded } from "../../kit/deadline.ts";

/** Somebody who waits for an answer: how long, and whether they still do. */
export class WaitingClient {
  #gone: AbortController | undefined;
  #reason: unknown;

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
  answer<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      // First, so that nothing is left running should it throw at once.
      const answer = work();
      const timer = setTimeout(() => reject(this.#expire()), this.ms);
      answer.then(
        (value) => {
          clearTimeout(timer);
          resolve(value);
        },
        (error: unknown) => {
          clearTimeout(timer);
          reject(error);
        },
      );
    });
  }

  #expire(): DeadlineExceeded {
    const reason = new DeadlineExceeded(`The request took longer than ${this.ms} ms.`);
    this.#reason = reason;
    this.#gone?.abort(reason);
    return reason;
  }

  readonly #onClose = (): void => {
    // Every answered request closes too; an abort that nobody needs makes an error object each time.
    if (!this.response.writableFinished) this.#gone?.abort();
  };
}
