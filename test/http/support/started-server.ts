import { onTestFinished } from "vitest";
import { createContext } from "../../../src/graphql/graphql-context.ts";
import { buildApiSchema } from "../../../src/graphql/schema.ts";
import { HttpServer, type HttpServerOptions } from "../../../src/http/http-server.ts";
import type { Actor, Role } from "../../../src/kit/actor.ts";
import { type Logger, silentLogger } from "../../../src/kit/logger.ts";
import { ApiClient } from "../../support/client.ts";
import { type GivenServices, stubServices } from "../../support/stub-services.ts";

const schema = buildApiSchema();

/** The key that each role's caller uses. */
export const keys: Readonly<Record<Role, string>> = {
  VIEWER: "viewer-0123456789",
  OPERATOR: "operator-0123456789",
  ADMIN: "admin-0123456789",
};

export function actorWith(role: Role): Actor {
  return { id: "01920000-0000-7000-8000-000000000001", name: role.toLowerCase(), role };
}

interface Started {
  readonly url: string;
  readonly server: HttpServer<object>;
  client(role?: Role): ApiClient;
}

/** A server on a port of its own that is stopped when the test ends. */
export async function startedServer(
  given: GivenServices = {},
  options: Partial<HttpServerOptions<object>> = {},
): Promise<Started> {
  const services = stubServices(given);
  const server = new HttpServer<object>({
    schema,
    validationRules: [],
    contextFor: (request) => createContext(services, request),
    authenticate: async (secret) => {
      const [role] = (["VIEWER", "OPERATOR", "ADMIN"] as const).filter((each) => keys[each] === secret);
      return role && actorWith(role);
    },
    host: "127.0.0.1",
    port: 0,
    pagesDir: "/nowhere",
    logger: silentLogger,
    readiness: async () => true,
    ...options,
  });
  const url = await server.listen();
  const clients: ApiClient[] = [];
  onTestFinished(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await server.stop();
  });
  return {
    url,
    server,
    client: (role = "ADMIN") => {
      const client = new ApiClient(url, keys[role]);
      clients.push(client);
      return client;
    },
  };
}

/** A logger that keeps what was logged as an error. */
export function recordingLogger(): Logger & { readonly errors: { readonly data: object; readonly event: string }[] } {
  const errors: { data: object; event: string }[] = [];
  const logger = {
    ...silentLogger,
    errors,
    error: (data: object, event: string) => errors.push({ data, event }),
    child: () => logger,
  };
  return logger;
}
