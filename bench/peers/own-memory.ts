import { buildApiSchema } from "../../src/graphql/schema.ts";
import { HttpServer } from "../../src/http/http-server.ts";
import { RateLimits } from "../../src/http/limits/rate-limiter.ts";
import { systemClock } from "../../src/kit/clock.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { ApiMeter } from "../../src/metrics/api-meter.ts";
import { memoryContexts } from "../support/memory-services.ts";

// Our own server with all that it does for a request, over tenants in memory. Environment: KEY, which it takes; COMPILES, false for none;
// LIMITS, false for neither rates nor metrics, and for everybody let in. Says "listening <url>".

const actor = { id: "bench", name: "bench", role: "ADMIN" } as const;
const limits = process.env.LIMITS !== "false";
const server = new HttpServer({
  schema: buildApiSchema(),
  validationRules: [],
  compiles: process.env.COMPILES !== "false",
  contextFor: memoryContexts(),
  authenticate: async (secret) => (!limits || secret === process.env.KEY ? actor : undefined),
  rates: limits ? new RateLimits(1_000_000, systemClock) : undefined,
  meter: limits ? new ApiMeter(systemClock) : undefined,
  pagesDir: "/nowhere",
  readiness: async () => true,
  host: "127.0.0.1",
  port: 0,
  logger: silentLogger,
});
process.stdout.write(`listening ${await server.listen()}/graphql\n`);
