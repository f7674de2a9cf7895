import { type Failure, NotReachable, Refused, UsageFailure } from "../failure.ts";

/** Whether what was asked may have happened although no good answer came. */
export type Reached = "NOT_DONE" | "UNKNOWN";

/** A request without a good answer. */
export interface Trouble {
  readonly failure: Failure;
  readonly reached: Reached;
  /** Whether the same may go well in a moment. */
  readonly passing: boolean;
  /** How long to wait at least, if the service said so. */
  readonly waitMs?: number | undefined;
}

export interface GraphqlError {
  readonly message: string;
  readonly extensions?: { readonly code?: unknown; readonly retryable?: unknown; readonly retryAfter?: unknown };
}

const notSent: ReadonlySet<string> = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** What a request means that got no answer at all. */
export function troubleOfNetwork(url: string, error: unknown): Trouble {
  const code = networkCodeOf(error);
  const start = url.startsWith("http://127.0.0.1") ? " Is it running? `npm start` starts it." : "";
  const failure = new NotReachable(`The service at ${url} cannot be reached (${code}).${start}`, { cause: error });
  return { failure, reached: notSent.has(code) ? "NOT_DONE" : "UNKNOWN", passing: true };
}

/** What an answer means that is not from GraphQL's own execution. */
export function troubleOfStatus(url: string, status: number, retryAfter: string | null): Trouble {
  const failure = new Refused(`HTTP_${status}`, `${url} answered ${status}, and not as tenantry does.`);
  const waitMs = retryAfter === null ? undefined : Number(retryAfter) * 1_000 || undefined;
  return { failure, reached: "UNKNOWN", passing: [429, 502, 503, 504].includes(status), waitMs };
}

/** What errors of the service mean. */
export function troubleOfErrors(errors: readonly GraphqlError[]): Trouble {
  const [first] = errors;
  const code = String(first?.extensions?.code ?? "INTERNAL_SERVER_ERROR");
  const message = errors.map((error) => error.message).join("\n");
  const limited = code === "RATE_LIMITED";
  return {
    failure: failureOf(code, message),
    reached: limited || code === "UNAUTHENTICATED" ? "NOT_DONE" : "UNKNOWN",
    passing: limited || first?.extensions?.retryable === true,
    waitMs: limited ? (Number(first?.extensions?.retryAfter) || 1) * 1_000 : undefined,
  };
}

function failureOf(code: string, message: string): Failure {
  if (code === "UNAUTHENTICATED") {
    return new Refused(
      code,
      "The service does not know this API key. Set TENANTRY_API_KEY, or name a file with --key-file.",
    );
  }
  if (code === "BAD_USER_INPUT" || code === "NOT_FOUND") return new UsageFailure(`${message} (${code})`);
  return new Refused(code, `${message} (${code})`);
}

function networkCodeOf(error: unknown): string {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if ("code" in inner && typeof inner.code === "string") return inner.code;
    if (inner.name === "TimeoutError") return "TIMEOUT";
    if (inner instanceof AggregateError) return networkCodeOf(inner.errors[0]);
  }
  return "NETWORK";
}
