import { type ExitCode, exitCodes } from "../exit-code.ts";
import { Failure, Refused } from "../failure.ts";
import { type GraphqlError, troubleOfErrors } from "./request-outcome.ts";

/** Closes after which the same would only be refused again: a wrong key, a message that is not understood. */
const finalCloses: ReadonlySet<number> = new Set([4400, 4401, 4403, 4406, 4409]);

/** A subscription ended before its time. */
export class StreamBroken extends Failure {
  readonly exitCode: ExitCode = exitCodes.refused;

  private constructor(
    /** Whether another socket may go on where this one ended. */
    readonly passing: boolean,
    /** What to tell people if nothing goes on. */
    readonly failure: Failure,
  ) {
    super(failure.message);
  }

  /** @param error what graphql-ws met: a list of errors, a close, or an error of the socket */
  static by(error: unknown): StreamBroken {
    if (Array.isArray(error)) return StreamBroken.#byErrors(error);
    const code = typeof error === "object" && error !== null && "code" in error ? Number(error.code) : Number.NaN;
    const what = Number.isNaN(code) ? "lost" : `closed with ${code}`;
    if (code === 4403 || code === 4401) {
      return new StreamBroken(
        false,
        new Refused("UNAUTHENTICATED", "The service does not know this API key any more."),
      );
    }
    return new StreamBroken(!finalCloses.has(code), new Refused("CONNECTION_LOST", `The connection was ${what}.`));
  }

  static #byErrors(errors: readonly GraphqlError[]): StreamBroken {
    const { failure, passing } = troubleOfErrors(errors);
    return new StreamBroken(passing, failure);
  }
}
