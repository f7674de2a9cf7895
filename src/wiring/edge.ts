import { join } from "node:path";
import type { Config } from "../config.ts";
import { createContext, type GraphqlContext } from "../graphql/graphql-context.ts";
import { buildApiSchema } from "../graphql/schema.ts";
import type { Services } from "../graphql/services.ts";
import { HttpServer } from "../http/http-server.ts";
import { type Access, edgeRules } from "./access.ts";
import type { Metrics } from "./metrics.ts";
import type { Tools } from "./tools.ts";

/** What the edge is made of. */
export interface EdgeParts {
  readonly services: Services;
  readonly access: Access;
  readonly metrics: Metrics;
  /** Folder of package.json. */
  readonly packageRoot: string;
  readiness(): Promise<boolean>;
}

/** Serves all that the API may call, over HTTP and WebSocket. It is not listening yet. @throws StartRefused */
export async function createEdge(config: Config, parts: EdgeParts, tools: Tools): Promise<HttpServer<GraphqlContext>> {
  const { services, access, metrics, packageRoot } = parts;
  return new HttpServer({
    schema: buildApiSchema(),
    validationRules: [],
    ...(await edgeRules(config, tools)),
    contextFor: (request) => createContext(services, request),
    authenticate: (secret) => access.authenticate(secret),
    meter: metrics.api,
    metricsText: metrics.page,
    pagesDir: join(packageRoot, "dist"),
    readiness: () => parts.readiness(),
    host: config.host,
    port: config.port,
    logger: tools.logger,
  });
}
