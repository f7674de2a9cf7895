import type { Config } from "../config.ts";
import { Baselines } from "../migrations/baselines.ts";
import { FolderTenantMigrator } from "../migrations/folder-tenant-migrator.ts";
import { readMigrationFolder } from "../migrations/migration-folder.ts";
import { MysqlServerLoad } from "../mysql/metrics/mysql-server-load.ts";
import { MysqlBaselineSource } from "../mysql/migrations/mysql-baseline-source.ts";
import { MysqlTenantSchemas } from "../mysql/migrations/mysql-tenant-schemas.ts";
import { ScratchDatabases } from "../mysql/migrations/scratch-databases.ts";
import { MysqlServerSessions } from "../mysql/pools/mysql-server-sessions.ts";
import { MysqlTenantServers } from "../mysql/provisioning/mysql-tenant-servers.ts";
import { MysqlServerContact } from "../mysql/servers/mysql-server-contact.ts";
import { MysqlServerReachability } from "../mysql/test-runs/mysql-server-reachability.ts";
import { MysqlTenantLogin } from "../mysql/test-runs/mysql-tenant-login.ts";
import { ServerService } from "../servers/server-service.ts";
import type { Stores } from "./stores.ts";
import type { Tools } from "./tools.ts";

/** What a job's own deadline is shorter by than that of the connection, which cannot tell a slow statement from a silent server. */
const graceMs = 10_000;

/** Every way to the tenant servers. */
export type Reach = Awaited<ReturnType<typeof createReach>>;

/** Reads the tenants' migrations, and connects to nothing yet. @throws DomainError for an unusable folder */
export async function createReach(config: Config, stores: Stores, tools: Tools) {
  const { clock, ids, logger, failpoints } = tools;
  const sessions = new MysqlServerSessions({ connectionsPerServer: config.serverConnections });
  const folder = await readMigrationFolder(config.tenantMigrations);
  const source = new MysqlBaselineSource(new ScratchDatabases(sessions, stores.scratch, ids), ids);
  const migrator = new FolderTenantMigrator(
    folder,
    new MysqlTenantSchemas(sessions, clock),
    new Baselines(folder, source, logger),
    { deadlineMs: config.migrationDeadlineMs + graceMs, failpoint: (name) => failpoints.hit(name.replace(".", ":")) },
  );
  return {
    sessions,
    migrator,
    tenantServers: new MysqlTenantServers(sessions),
    login: new MysqlTenantLogin(sessions),
    loads: new MysqlServerLoad(sessions),
    reachability: new MysqlServerReachability(sessions, logger),
    servers: new ServerService({
      store: stores.servers,
      contact: new MysqlServerContact(sessions),
      ids,
      clock,
      logger,
    }),
  };
}
