import type { Clock } from "../../kit/clock.ts";
import type { Secret } from "../../kit/secret.ts";
import { type Failure, NotReachable } from "../failure.ts";
import type { TypedDocumentString } from "../gql/graphql.ts";
import {
  type GraphqlError,
  type Trouble,
  troubleOfErrors,
  troubleOfNetwork,
  troubleOfStatus,
} from "./request-outcome.ts";

/** A document whose result and variables the compiler knows. */
export type Document<Result, Variables> = TypedDocumentString<Result, Variables>;

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A service that went away is waited for as long as a restart takes. */
const patienceMs = 30_000;
const answerWithinMs = 60_000;
const firstWaitMs = 250;
const longestWaitMs = 4_000;

/** The API over HTTP. */
export class ApiClient {
  /** Whether the service has answered anything yet: one that never has is not there, one that has will come back. */
  #met = false;

  constructor(
    /** Without a slash at its end. */
    readonly url: string,
    readonly key: Secret,
    private readonly clock: Clock,
    private readonly fetch: Fetch = globalThis.fetch,
  ) {}

  /** Asks a query; repeated after trouble that passes. @throws Failure */
  ask<Result, Variables extends object>(document: Document<Result, Variables>, variables: Variables): Promise<Result> {
    return this.#send(document, variables, true);
  }

  /**
   * Sends a mutation. One that is `repeatable` does no more when it is sent twice, so it is repeated also after a lost answer.
   * @throws Failure
   */
  async change<Result, Variables extends object>(
    document: Document<Result, Variables>,
    variables: Variables,
    repeatable: boolean,
  ): Promise<Result> {
    return this.#send(document, variables, repeatable);
  }

  async #send<Result>(document: Document<Result, never>, variables: object, repeatable: boolean): Promise<Result> {
    const body = JSON.stringify({ query: document.toString(), variables });
    const startedMs = this.clock.monotonicMs();
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
      const answer = await this.#post<Result>(body);
      if ("data" in answer) return answer.data;
      const safe = answer.reached === "NOT_DONE" || repeatable;
      const pauseMs = Math.max(waitMs, answer.waitMs ?? 0);
      const left = startedMs + patienceMs - this.clock.monotonicMs();
      const hopeless = answer.failure instanceof NotReachable && !this.#met;
      if (!answer.passing || !safe || hopeless || pauseMs > left) throw lost(answer, safe);
      await this.clock.sleep(pauseMs);
    }
  }

  async #post<Result>(body: string): Promise<{ readonly data: Result } | Trouble> {
    let response: Response;
    let text: string;
    try {
      response = await this.fetch(`${this.url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${this.key.reveal()}` },
        body,
        // A key is not carried to wherever a stranger points.
        redirect: "manual",
        signal: AbortSignal.timeout(answerWithinMs),
      });
      text = await response.text();
    } catch (error) {
      return troubleOfNetwork(this.url, error);
    }
    this.#met = true;
    const answer = parsed<Result>(text);
    if (answer?.errors && answer.errors.length > 0) return troubleOfErrors(answer.errors);
    if (answer?.data) return { data: answer.data };
    return troubleOfStatus(this.url, response.status, response.headers.get("retry-after"));
  }
}

interface Answer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly GraphqlError[];
}

function parsed<Result>(text: string): Answer<Result> | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === "object" && answer !== null ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** The failure; says so where nobody knows whether it was done. */
function lost({ failure, reached, passing }: Trouble, safe: boolean): Failure {
  if (safe || reached !== "UNKNOWN" || !passing) return failure;
  const advice = "The answer was lost, so it may have been done: look with `tenantry jobs list` before doing it again.";
  return new NotReachable(`${failure.message} ${advice}`, { cause: failure });
}
