import type { Config } from "./config.ts";
import { DataDirLock } from "./embedded/data-dir-lock.ts";
import { EmbeddedMariaDb } from "./embedded/embedded-mariadb.ts";
import { findMariaDb } from "./embedded/mariadb-installation.ts";
import type { Logger } from "./kit/logger.ts";
import type { Secret } from "./kit/secret.ts";
import { Teardown } from "./kit/teardown.ts";

/** The running service. */
export interface App {
  /** Where it listens, without a path: `http://host:port`. */
  readonly url: string;
  /** The ADMIN API key, when this start has made it. */
  readonly firstAdminKey?: Secret;
  /** Ends everything in order. Calling it twice is harmless. */
  stop(): Promise<void>;
}

/**
 * Puts the service together and starts it. What was started is stopped again when a later step fails.
 * @throws StartRefused, DomainError, or the signal's reason
 */
export async function startApp(config: Config, logger: Logger, signal: AbortSignal): Promise<App> {
  const started = new Teardown();
  try {
    const lock = await DataDirLock.take(config.dataDir);
    started.defer(() => lock.release());
    if (!config.registryUrl) {
      const binary = config.mariadbd ?? (await findMariaDb(config.dataDir));
      const database = await EmbeddedMariaDb.start({ dataDir: config.dataDir, binary, logger, signal });
      started.defer(() => database.stop());
    }
    return { url: `http://${config.host}:${config.port}`, stop: () => started.run() };
  } catch (error) {
    await started.run();
    throw error;
  }
}
