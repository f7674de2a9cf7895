import { createContext } from "../../src/graphql/graphql-context.ts";
import { buildApiSchema } from "../../src/graphql/schema.ts";
import { HttpServer } from "../../src/http/http-server.ts";
import { RateLimits } from "../../src/http/limits/rate-limiter.ts";
import { systemClock } from "../../src/kit/clock.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { ApiMeter } from "../../src/metrics/api-meter.ts";
import { stubServices } from "../../test/support/stub-services.ts";
import { ToldJob } from "../support/told-job.ts";

// Our own server with all that it does for a subscription, over a job in memory. Environment: KEY, which it takes. Says
// "listening <url>"; standard input as ToldJob takes it.

const actor = { id: "bench", name: "bench", role: "ADMIN" } as const;
const job = new ToldJob();
const services = stubServices({ jobEvents: job.feed });
const server = new HttpServer({
  schema: buildApiSchema(),
  validationRules: [],
  compiles: true,
  contextFor: (request) => createContext(services, request),
  authenticate: async (secret) => (secret === process.env.KEY ? actor : undefined),
  rates: new RateLimits(1_000_000, systemClock),
  meter: new ApiMeter(systemClock),
  pagesDir: "/nowhere",
  readiness: async () => true,
  host: "127.0.0.1",
  port: 0,
  logger: silentLogger,
});
const url = await server.listen();
process.stdout.write(`listening ${url.replace(/^http/, "ws")}/graphql\n`);
await job.listen();
