import { ApiKeyIssuer } from "../access/api-key-issuer.ts";
import { ApiKeyService } from "../access/api-key-service.ts";
import { AuditService } from "../access/audit-service.ts";
import { RefusedAttempts } from "../access/refused-attempts.ts";
import type { Config } from "../config.ts";
import { readManifests } from "../http/documents/document-manifest.ts";
import { TrustedDocuments } from "../http/documents/trusted-documents.ts";
import { RateLimits } from "../http/limits/rate-limiter.ts";
import { RemoteKeys } from "../http/tokens/remote-keys.ts";
import { looksLikeToken, TokenCallers } from "../http/tokens/token-callers.ts";
import { Loop } from "../kit/loop.ts";
import type { Teardown } from "../kit/teardown.ts";
import type { Stores } from "./stores.ts";
import type { Tools } from "./tools.ts";

/** Who gets in, who gave out the keys, and who did what. */
export type Access = ReturnType<typeof startAccess>;

/** How often is looked whether it is time to write down what was only counted. */
const attemptsMs = 5_000;

/** @param started ends what it starts */
export function startAccess(config: Config, stores: Stores, tools: Tools, started: Teardown) {
  const { clock, ids } = tools;
  const keys = new ApiKeyService(stores.apiKeys, clock, ids);
  const tokens = tokenCallers(config, tools);
  return {
    keys,
    /** Who an API key or a token belongs to; undefined: nobody. @throws DomainError when that cannot be found out now */
    authenticate: (secret: string) =>
      tokens && looksLikeToken(secret) ? tokens.authenticate(secret) : keys.authenticate(secret),
    issuer: new ApiKeyIssuer(stores.apiKeys, clock, ids, () => keys.forget()),
    audit: new AuditService(stores.auditTrail, refusedAttempts(stores, tools, started)),
  };
}

function refusedAttempts(stores: Stores, { clock, logger }: Tools, started: Teardown): RefusedAttempts {
  const attempts = new RefusedAttempts(stores.audit, clock);
  const loop = new Loop(
    "refused attempts",
    () => attempts.runOnce(),
    () => attemptsMs,
    clock,
    logger,
  );
  started.defer(async () => {
    await loop.stop();
    await attempts.close();
  });
  loop.start();
  return attempts;
}

/** @returns undefined where no tokens are taken */
function tokenCallers(config: Config, { clock, logger }: Tools): TokenCallers | undefined {
  const { jwtJwksUrl, jwtIssuer: issuer, jwtAudience: audience } = config;
  if (jwtJwksUrl === undefined || issuer === undefined || audience === undefined) return undefined;
  const { jwtAlgorithms: algorithms, jwtRoleClaim: roleClaim, jwtRoles: roles } = config;
  const { find } = new RemoteKeys(jwtJwksUrl, clock, logger);
  return new TokenCallers({ issuer, audience, algorithms, roleClaim, roles }, find, clock, logger);
}

/** How the edge treats callers, the same over HTTP and WebSocket. @throws StartRefused for manifests that are not usable */
export async function edgeRules(config: Config, { clock }: Tools) {
  const { rateLimit, corsOrigins, nodeEnv, trustedDocuments = [], trustedDocumentsOnly } = config;
  return {
    compiles: config.compileQueries,
    documents: new TrustedDocuments(await readManifests(trustedDocuments), trustedDocumentsOnly),
    rates: new RateLimits(rateLimit, clock),
    allowedOrigins: corsOrigins,
    suggestions: nodeEnv !== "production",
    clock,
  };
}
