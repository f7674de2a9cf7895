import { createServer } from "node:http";
import { useServer as serve } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import { createContext } from "../../src/graphql/graphql-context.ts";
import { buildApiSchema } from "../../src/graphql/schema.ts";
import { stubServices } from "../../test/support/stub-services.ts";
import { plainSchema } from "../support/plain-schema.ts";
import { ToldJob } from "../support/told-job.ts";

// graphql-ws as it comes, over the same job in memory as own-sockets. Environment: SCHEMA, "ours" or "plain". Says
// "listening <url>"; standard input as ToldJob takes it.

const job = new ToldJob();
const services = stubServices({ jobEvents: job.feed });
const origin = { actor: { id: "bench", name: "bench", role: "ADMIN" }, requestId: "" } as const;
const server = createServer().listen(0, "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  process.stdout.write(`listening ws://127.0.0.1:${port}/graphql\n`);
});
const schema = process.env.SCHEMA === "ours" ? buildApiSchema() : plainSchema();
const context = () => createContext(services, { origin, live: true, client: new AbortController() });
serve({ schema, context }, new WebSocketServer({ server, path: "/graphql" }));
await job.listen();
