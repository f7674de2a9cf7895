import { ApolloServer, HeaderMap } from "@apollo/server";
import { ApolloServerPluginCacheControlDisabled } from "@apollo/server/plugin/disabled";
import { fastify } from "fastify";
import type { GraphqlContext } from "../../src/graphql/graphql-context.ts";
import { buildApiSchema } from "../../src/graphql/schema.ts";
import { memoryContexts } from "../support/memory-services.ts";

// Our own schema and resolvers over tenants in memory, behind the same Fastify and Apollo, and nothing else: no keys, no limits, no
// deadlines, no metrics. Says "listening <url>".

const contextFor = memoryContexts();
const actor = { id: "bench", name: "bench", role: "ADMIN" } as const;
const client = { signal: new AbortController().signal };
const apollo = new ApolloServer<GraphqlContext>({
  schema: buildApiSchema(),
  plugins: [ApolloServerPluginCacheControlDisabled()],
});
await apollo.start();
const app = fastify();
app.post("/graphql", async (request, reply) => {
  const headers = new HeaderMap([["content-type", request.headers["content-type"] ?? ""]]);
  const context = contextFor({ origin: { actor, requestId: request.id }, live: false, client });
  const { body, ...answer } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: "POST", headers, search: "", body: request.body },
    context: () => Promise.resolve(context),
  });
  for (const [name, value] of answer.headers) reply.header(name, value);
  return reply.code(answer.status ?? 200).send(body.kind === "complete" ? body.string : "");
});
process.stdout.write(`listening ${await app.listen({ host: "127.0.0.1", port: 0 })}/graphql\n`);
