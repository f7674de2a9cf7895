import { ApiKeyIssuer } from "../access/api-key-issuer.ts";
import { ApiKeyService } from "../access/api-key-service.ts";
import { AuditService } from "../access/audit-service.ts";
import type { Config } from "../config.ts";
import { readManifests } from "../http/documents/document-manifest.ts";
import { TrustedDocuments } from "../http/documents/trusted-documents.ts";
import { RateLimits } from "../http/limits/rate-limiter.ts";
import type { Stores } from "./stores.ts";
import type { Tools } from "./tools.ts";

/** Who gets in, who gave out the keys, and who did what. */
export type Access = ReturnType<typeof createAccess>;

export function createAccess(stores: Stores, { clock, ids }: Tools) {
  const keys = new ApiKeyService(stores.apiKeys, clock, ids);
  return {
    keys,
    /** Who a secret belongs to; undefined: nobody. */
    authenticate: (secret: string) => keys.authenticate(secret),
    issuer: new ApiKeyIssuer(stores.apiKeys, clock, ids, () => keys.forget()),
    audit: new AuditService(stores.audit, stores.auditTrail),
  };
}

/** How the edge treats callers, the same over HTTP and WebSocket. @throws StartRefused for manifests that are not usable */
export async function edgeRules(config: Config, { clock }: Tools) {
  const { rateLimit, corsOrigins, nodeEnv, trustedDocuments = [], trustedDocumentsOnly } = config;
  return {
    documents: new TrustedDocuments(await readManifests(trustedDocuments), trustedDocumentsOnly),
    rates: new RateLimits(rateLimit, clock),
    allowedOrigins: corsOrigins,
    suggestions: nodeEnv !== "production",
    clock,
  };
}
