import type { ApiKeyService } from "./access/api-key-service.ts";
import type { Config } from "./config.ts";
import { DataDirLock } from "./embedded/data-dir-lock.ts";
import { KeyFiles } from "./embedded/key-files.ts";
import { systemClock } from "./kit/clock.ts";
import { type Failpoints, noFailpoints } from "./kit/failpoints.ts";
import { uuidv7Ids } from "./kit/ids.ts";
import type { Logger } from "./kit/logger.ts";
import { Outage } from "./kit/outage.ts";
import type { Secret } from "./kit/secret.ts";
import { Teardown } from "./kit/teardown.ts";
import { isAway } from "./registry/registry-trouble.ts";
import { startAccess } from "./wiring/access.ts";
import { openDatabases } from "./wiring/databases.ts";
import { createEdge } from "./wiring/edge.ts";
import { startMetrics } from "./wiring/metrics.ts";
import { createReach } from "./wiring/reach.ts";
import { startSchedules } from "./wiring/schedules.ts";
import { startReencryption } from "./wiring/secrets.ts";
import { createServices } from "./wiring/services.ts";
import { createStores } from "./wiring/stores.ts";
import type { Tools } from "./wiring/tools.ts";
import { createWork } from "./wiring/work.ts";

/** The name of the server that configuration gives. */
const firstServer = "default";

/** The running service. */
export interface App {
  /** Where it listens, without a path: `http://host:port`. */
  readonly url: string;
  /** The ADMIN API key, when this start has made it. */
  readonly firstAdminKey?: Secret;
  /** Aborts when another process has taken the registry over: the service must stop at once. */
  readonly lost: AbortSignal;
  /** Ends everything in order. Calling it twice is harmless. */
  stop(): Promise<void>;
}

/** What {@link startApp} is given beside its configuration. */
export interface AppOptions {
  /** Folder of package.json, below which migrations and built pages lie. */
  readonly packageRoot: string;
  readonly logger: Logger;
  /** Gives the start up. */
  readonly signal: AbortSignal;
  readonly failpoints?: Failpoints | undefined;
}

/**
 * Puts the service together and starts it. What was started is stopped again when a later step fails.
 * @throws StartRefused, DomainError, or the signal's reason
 */
export async function startApp(config: Config, options: AppOptions): Promise<App> {
  const started = new Teardown();
  try {
    return await assemble(config, options, started);
  } catch (error) {
    await started.run();
    throw error;
  }
}

async function assemble(config: Config, options: AppOptions, started: Teardown): Promise<App> {
  const { packageRoot, signal } = options;
  const clock = systemClock;
  const outage = new Outage("registry", isAway, clock, options.logger);
  const { logger } = outage;
  const tools: Tools = {
    clock,
    ids: uuidv7Ids,
    logger,
    failpoints: options.failpoints ?? noFailpoints,
  };
  const lock = await DataDirLock.take(config.dataDir);
  started.defer(() => lock.release());
  const answered = () => outage.answered();
  const databases = await openDatabases({ config, packageRoot, clock, logger, answered, signal, started });
  const { registry, secretBox, owner } = databases;
  const stores = createStores(registry.db, clock, tools.ids, tools.failpoints);
  const reach = await createReach(config, stores, tools);
  started.defer(() => reach.close());
  await reach.servers.register(firstServer, databases.serverUrl, signal);
  const work = createWork(config, { stores, reach, secretBox, owner }, tools);
  started.defer(() => work.stop());
  await work.start();
  const access = startAccess(config, stores, tools, started);
  const metrics = startMetrics({ stores, reach }, tools, started);
  const reencryption = startReencryption({ stores, work, secretBox }, tools, started);
  const services = createServices(config, { stores, reach, work, metrics, access, secretBox, reencryption }, tools);
  startSchedules(stores, services, tools, started);
  let open = false;
  // Whoever is told "ready" may use the first key at once.
  const readiness = async () => open && (await registry.db.ping());
  const server = await createEdge(config, { services, access, metrics, packageRoot, readiness }, tools);
  started.defer(() => server.stop());
  const url = await server.listen();
  // Last, because it is shown only once: a start that fails must not have used it up.
  const firstAdminKey = await firstKey(config, access.keys);
  open = true;
  return { url, ...(firstAdminKey && { firstAdminKey }), lost: registry.lost, stop: () => started.run() };
}

/** @returns the key when this start has made it; it is kept beside the data, for the command line of the same machine */
function firstKey(config: Config, keys: ApiKeyService): Promise<Secret | undefined> {
  const files = new KeyFiles(config.dataDir);
  return keys.ensureAdminKey(config.adminKey, (made) => files.saveAdminKey(made));
}
