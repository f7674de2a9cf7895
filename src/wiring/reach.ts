import type { Config } from "../config.ts";
import type { ServerId } from "../kit/ids.ts";
import { Baselines } from "../migrations/baselines.ts";
import { ExpectedSchemas } from "../migrations/expected-schemas.ts";
import { FolderTenantMigrator } from "../migrations/folder-tenant-migrator.ts";
import { readMigrationFolder } from "../migrations/migration-folder.ts";
import { MysqlIsolationGround } from "../mysql/isolation/mysql-isolation-ground.ts";
import { MysqlServerLoad } from "../mysql/metrics/mysql-server-load.ts";
import { MysqlBaselineSource } from "../mysql/migrations/mysql-baseline-source.ts";
import { MysqlSchemaSource } from "../mysql/migrations/mysql-schema-source.ts";
import { MysqlTenantSchemas } from "../mysql/migrations/mysql-tenant-schemas.ts";
import { ScratchDatabases } from "../mysql/migrations/scratch-databases.ts";
import { MysqlServerStrains } from "../mysql/performance/mysql-server-strains.ts";
import { MysqlTenantLoads } from "../mysql/performance/mysql-tenant-loads.ts";
import { MysqlServerSessions } from "../mysql/pools/mysql-server-sessions.ts";
import { MysqlSchemaMender } from "../mysql/provisioning/mysql-schema-mender.ts";
import { MysqlServerSurveys } from "../mysql/provisioning/mysql-server-surveys.ts";
import { MysqlTenantServers } from "../mysql/provisioning/mysql-tenant-servers.ts";
import { MysqlScratchRemover } from "../mysql/servers/mysql-scratch-remover.ts";
import { MysqlServerContact } from "../mysql/servers/mysql-server-contact.ts";
import { MysqlServerReachability } from "../mysql/test-runs/mysql-server-reachability.ts";
import { MysqlTenantLogin } from "../mysql/test-runs/mysql-tenant-login.ts";
import { SchemaInspector } from "../provisioning/validation/schema-inspector.ts";
import type { DatabaseEngine } from "../servers/database-server.ts";
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
  const scratch = new ScratchDatabases(sessions, stores.scratch, ids);
  const schemas = new MysqlTenantSchemas(sessions, clock);
  const schemaSource = new MysqlSchemaSource(sessions, scratch);
  const surveys = new MysqlServerSurveys(sessions, engines(stores));
  const baselines = new Baselines(folder, new MysqlBaselineSource(scratch, ids), logger);
  const migrator = new FolderTenantMigrator(folder, schemas, baselines, {
    deadlineMs: config.migrationDeadlineMs + graceMs,
    ...(failpoints.armed("migration:") && {
      failpoint: (name: string) => failpoints.hit(name.replace(".", ":")),
    }),
  });
  return {
    sessions,
    close: async () => {
      await baselines.close();
      await sessions.close();
    },
    migrator,
    surveys,
    inspector: new SchemaInspector({
      folder,
      schemas,
      source: schemaSource,
      surveys,
      expected: new ExpectedSchemas(folder, schemaSource),
    }),
    mender: new MysqlSchemaMender(sessions, scratch),
    tenantServers: new MysqlTenantServers(sessions),
    login: new MysqlTenantLogin(sessions),
    loads: new MysqlServerLoad(sessions),
    tenantLoads: new MysqlTenantLoads(sessions),
    strains: new MysqlServerStrains(sessions, logger),
    reachability: new MysqlServerReachability(sessions, logger),
    scratchRemover: new MysqlScratchRemover(sessions),
    isolation: new MysqlIsolationGround(sessions, engines(stores)),
    servers: new ServerService({
      store: stores.servers,
      contact: new MysqlServerContact(sessions),
      ids,
      clock,
      logger,
    }),
  };
}

/** What each server is, as far as the registry knows. */
function engines({ servers }: Stores): (id: ServerId) => Promise<DatabaseEngine> {
  return async (id) => (await servers.findMany([id]))[0]?.engine ?? "MARIADB";
}
