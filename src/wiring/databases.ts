import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { EmbeddedMariaDb } from "../embedded/embedded-mariadb.ts";
import { KeyFiles } from "../embedded/key-files.ts";
import { findMariaDb } from "../embedded/mariadb-installation.ts";
import type { Clock } from "../kit/clock.ts";
import type { Logger } from "../kit/logger.ts";
import { Secret } from "../kit/secret.ts";
import { SecretBox } from "../kit/secret-box.ts";
import type { Teardown } from "../kit/teardown.ts";
import { openRegistry, type Registry } from "../registry/open-registry.ts";

/** What everything else stands on. */
export interface Databases {
  readonly registry: Registry;
  /** Admin URL of the first tenant server. */
  readonly serverUrl: Secret;
  readonly secretBox: SecretBox;
  /** This process, new with each start; jobs' leases and the registry's name it. */
  readonly owner: string;
}

export interface DatabaseOptions {
  readonly config: Config;
  /** Folder of package.json. */
  readonly packageRoot: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The registry answered. */
  readonly answered: () => void;
  readonly signal: AbortSignal;
  readonly started: Teardown;
}

/** Starts the private MariaDB where none was configured, and opens the registry. @throws StartRefused, DomainError */
export async function openDatabases(options: DatabaseOptions): Promise<Databases> {
  const { config, clock, logger, started } = options;
  const secretBox = await sealWith(config);
  const urls = config.registryUrl
    ? { registry: config.registryUrl, server: config.registryUrl }
    : await embedded(options);
  const owner = `${hostname()
    .slice(0, 20)
    .replace(/[^\w-]/g, "-")}:${randomUUID()}`;
  const registry = await openRegistry({
    url: urls.registry,
    owner,
    migrations: join(options.packageRoot, "drizzle", "registry"),
    clock,
    logger,
    answered: options.answered,
    connections: config.registryConnections,
  });
  started.defer(() => registry.close());
  return { registry, serverUrl: config.serverUrl ?? urls.server, secretBox, owner };
}

async function embedded({ config, logger, signal, started }: DatabaseOptions) {
  const binary = config.mariadbd ?? (await findMariaDb(config.dataDir));
  const database = await EmbeddedMariaDb.start({ dataDir: config.dataDir, binary, logger, signal });
  started.defer(() => database.stop());
  const registry = new URL(database.url.reveal());
  registry.pathname = "/tenantry";
  return { registry: new Secret(registry.href), server: database.url };
}

async function sealWith(config: Config): Promise<SecretBox> {
  if (config.encryptionKeys) return new SecretBox(config.encryptionKeys.map(bytesOf));
  const databaseExists = await EmbeddedMariaDb.exists(config.dataDir);
  return new SecretBox([bytesOf(await new KeyFiles(config.dataDir).encryptionKey(databaseExists))]);
}

function bytesOf(key: Secret): Buffer {
  return Buffer.from(key.reveal(), "base64");
}
