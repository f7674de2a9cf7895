import { DomainError } from "../kit/domain-error.ts";
import { RateLimited } from "./limits/rate-limiter.ts";

/** A body that is not taken. */
export class BodyRefused extends Error {
  override readonly name = "BodyRefused";
  constructor(
    readonly status: 400 | 415,
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** An error before any GraphQL, as a client sees it. */
export interface RequestError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Whether the same request may succeed a moment later. */
  readonly retryable?: boolean;
  /** Seconds after which it may. */
  readonly retryAfterS?: number;
}

const byFastifyCode: Readonly<Record<string, RequestError>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, code: "BAD_REQUEST", message: "The body is not valid JSON." },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, code: "BAD_REQUEST", message: "The body is empty." },
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, code: "PAYLOAD_TOO_LARGE", message: "The body is larger than 256 KB." },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: "UNSUPPORTED_MEDIA_TYPE",
    message: "The content type must be application/json.",
  },
};

/** What a client is told of an error outside of GraphQL; undefined for a bug, of which it is told nothing. */
export function toRequestError(error: unknown): RequestError | undefined {
  if (error instanceof BodyRefused) return { status: error.status, code: error.code, message: error.message };
  if (error instanceof DomainError) {
    const { code, message, retryable } = error;
    if (error instanceof RateLimited) return { status: 429, code, message, retryable, retryAfterS: error.retryAfterS };
    return { status: retryable ? 503 : 400, code, message, retryable };
  }
  if (!(error instanceof Error)) return undefined;
  const known = "code" in error && typeof error.code === "string" ? byFastifyCode[error.code] : undefined;
  if (known) return known;
  const status = "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500;
  return status >= 400 && status < 500
    ? { status, code: "BAD_REQUEST", message: "The request is malformed." }
    : undefined;
}
