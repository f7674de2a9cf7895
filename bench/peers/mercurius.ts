import { fastify } from "fastify";
import mercurius from "mercurius";
import { buildApiSchema } from "../../src/graphql/schema.ts";
import { memoryContexts } from "../support/memory-services.ts";

// Our own schema and resolvers over tenants in memory, served by mercurius with graphql-jit as it comes: no keys, no limits.
// Says "listening <url>".

const contextFor = memoryContexts();
const actor = { id: "bench", name: "bench", role: "ADMIN" } as const;
const app = fastify();
await app.register(mercurius, {
  schema: buildApiSchema(),
  jit: 1,
  context: ({ id: requestId }) =>
    contextFor({ origin: { actor, requestId }, live: false, client: new AbortController() }),
});
const url = await app.listen({ port: 0, host: "127.0.0.1" });
process.stdout.write(`listening ${url}/graphql\n`);
