import type { FastifyReply, FastifyRequest } from "fastify";
import type { Actor } from "../kit/actor.ts";
import { bearerSecret } from "./bearer.ts";
import { errorBody } from "./error-presenter.ts";
import type { RateLimits } from "./limits/rate-limiter.ts";

/** Lets nobody in without a key or a token, and nobody too often. */
export class Doorkeeper {
  constructor(
    private readonly authenticate: (secret: string) => Promise<Actor | undefined>,
    private readonly rates: RateLimits | undefined,
  ) {}

  /** Who sends a request, which costs a point; undefined: nobody that we know. @throws RateLimited */
  async admit(request: FastifyRequest): Promise<Actor | undefined> {
    const secret = bearerSecret(request.headers.authorization);
    const actor = secret === undefined ? undefined : await this.authenticate(secret);
    if (actor) this.rates?.takeForKey(actor.id, 1);
    else this.rates?.takeForAddress(request.ip);
    return actor;
  }

  /** Tells somebody whom we do not know what is missing. */
  refuse(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    return reply
      .code(401)
      .header("www-authenticate", "Bearer")
      .send(errorBody("UNAUTHENTICATED", "Send a valid API key or token: Authorization: Bearer <key>.", request.id));
  }
}
