import type { IncomingMessage } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import { errorBody } from "./error-presenter.ts";

const preflightHoldsS = 600;

/** Which sites' pages may use the API from a browser: the service's own, and those that are allowed. */
export class Origins {
  readonly #allowed: ReadonlySet<string>;

  constructor(allowed: readonly string[] = []) {
    this.#allowed = new Set(allowed);
  }

  /** Whether a request may come in: it names no origin, our own, or an allowed one. */
  admits({ headers }: IncomingMessage): boolean {
    const { origin, host } = headers;
    if (origin === undefined) return true;
    return this.#allowed.has(origin) || (URL.canParse(origin) && new URL(origin).host === host);
  }

  /** Lets the pages of allowed sites read the answer. */
  mark(request: FastifyRequest, reply: FastifyReply): void {
    if (this.#allowed.size > 0) reply.header("vary", "Origin");
    const { origin } = request.headers;
    if (origin === undefined || !this.#allowed.has(origin)) return;
    reply.headers({
      "access-control-allow-origin": origin,
      "access-control-expose-headers": "x-request-id, retry-after",
    });
  }

  /** Answers the question that a browser asks before a page of another site may send something. */
  preflight(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    if (!this.#allowed.has(request.headers.origin ?? ""))
      return reply.code(403).send(errorBody("FORBIDDEN_ORIGIN", "This origin is not allowed.", request.id));
    return reply
      .code(204)
      .headers({
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-headers": "authorization, content-type",
        "access-control-max-age": String(preflightHoldsS),
      })
      .send();
  }
}
