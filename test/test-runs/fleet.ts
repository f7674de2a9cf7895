import { randomBytes, randomUUID } from "node:crypto";
import mysql, { type Connection } from "mysql2/promise";
import { inject } from "vitest";
import { JobFeed } from "../../src/jobs/job-feed.ts";
import type { JobHandler } from "../../src/jobs/job-handler.ts";
import { JobRescuer } from "../../src/jobs/job-rescuer.ts";
import { defaultRunnerOptions, JobRunner, type RunnerOptions } from "../../src/jobs/job-runner.ts";
import { JobService } from "../../src/jobs/job-service.ts";
import { systemClock } from "../../src/kit/clock.ts";
import { type ServerId, type TenantId, uuidv7Ids } from "../../src/kit/ids.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { Secret } from "../../src/kit/secret.ts";
import { SecretBox } from "../../src/kit/secret-box.ts";
import { createJournalSql } from "../../src/mysql/migrations/journal-table.ts";
import { MysqlServerSessions } from "../../src/mysql/pools/mysql-server-sessions.ts";
import { MysqlServerReachability } from "../../src/mysql/test-runs/mysql-server-reachability.ts";
import { MysqlTenantLogin } from "../../src/mysql/test-runs/mysql-tenant-login.ts";
import { DrizzleJobStore } from "../../src/registry/jobs/drizzle-job-store.ts";
import { DrizzleServerStore } from "../../src/registry/servers/drizzle-server-store.ts";
import { DrizzleTenantStore } from "../../src/registry/tenants/drizzle-tenant-store.ts";
import { DrizzleTestRunStore } from "../../src/registry/test-runs/drizzle-test-run-store.ts";
import type { TenantStatus } from "../../src/tenants/tenant.ts";
import { ConnectionTestJob } from "../../src/test-runs/connection/connection-test-job.ts";
import type { TenantLogin } from "../../src/test-runs/connection/tenant-login.ts";
import { defaultRatingBands } from "../../src/test-runs/rating.ts";
import { ScopeCheck } from "../../src/test-runs/scope-check.ts";
import { TestRunService } from "../../src/test-runs/test-run-service.ts";
import { type FreshRegistry, freshRegistry } from "../support/registry.ts";

/** A tenant that really is on the server. */
export interface RealTenant {
  readonly id: TenantId;
  readonly slug: string;
  readonly databaseName: string;
  readonly password: string;
}

/** A registry with tenants on the run's real server, and what a connection test needs. Removes what it made. */
export class Fleet implements AsyncDisposable {
  readonly serverId: ServerId = uuidv7Ids.next();
  readonly secrets = new SecretBox([randomBytes(32)]);
  readonly sessions = new MysqlServerSessions();
  readonly jobs: DrizzleJobStore;
  readonly runs: DrizzleTestRunStore;
  readonly tenants: DrizzleTenantStore;
  readonly servers: DrizzleServerStore;
  readonly feed: JobFeed;
  readonly #made: RealTenant[] = [];

  private constructor(
    readonly registry: FreshRegistry,
    readonly admin: Connection,
  ) {
    const { db } = registry;
    this.jobs = new DrizzleJobStore(db, systemClock, uuidv7Ids);
    this.runs = new DrizzleTestRunStore(db, systemClock, uuidv7Ids);
    this.tenants = new DrizzleTenantStore(db, { publish: () => undefined }, systemClock, uuidv7Ids);
    this.servers = new DrizzleServerStore(db);
    this.feed = new JobFeed(this.jobs, systemClock, silentLogger);
  }

  static async open(): Promise<Fleet> {
    const registry = await freshRegistry();
    const fleet = new Fleet(
      registry,
      await mysql.createConnection({ uri: inject("serverUrl"), multipleStatements: true }),
    );
    const { host, port } = fleet.sessions.attach(fleet.serverId, new Secret(inject("serverUrl")));
    fleet.sessions.fitTo(fleet.serverId, 160);
    await fleet.servers.ensure({
      id: fleet.serverId,
      name: "default",
      engine: "MARIADB",
      host,
      port,
      status: "ONLINE",
      warmPoolTarget: 0,
    });
    return fleet;
  }

  /** Tenants with database, account and ownership marker, called `<prefix>-00` and so on. */
  async addTenants(prefix: string, count: number): Promise<readonly RealTenant[]> {
    const added: RealTenant[] = [];
    for (let n = 0; n < count; n += 1) {
      const tenant = await this.register(`${prefix}-${String(n).padStart(2, "0")}`);
      const { id, databaseName: name, password } = tenant;
      await this.admin.query(
        `CREATE DATABASE ${name} CHARACTER SET utf8mb4; USE ${name}; ${createJournalSql};
         INSERT INTO tenantry_journal (tenant_id, migration, statement) VALUES ('${id}', '', 0);
         CREATE USER '${name}'@'%' IDENTIFIED BY '${password}'; GRANT SELECT, INSERT ON ${name}.* TO '${name}'@'%'`,
      );
      added.push(tenant);
    }
    return added;
  }

  /** Only the registry's row. */
  async register(slug: string, status: TenantStatus = "ACTIVE", serverId = this.serverId): Promise<RealTenant> {
    const id = uuidv7Ids.next<"Tenant">();
    const tenant = { id, slug, databaseName: `tnt${randomBytes(10).toString("hex")}`, password: randomUUID() };
    const sealed = this.secrets.seal(new Secret(tenant.password), { ownerId: id, field: "password" });
    await this.admin.query(
      `INSERT INTO ${this.registry.database}.tenants
       (id, slug, name, status, server_id, database_name, password, seed, generation, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0, 1, NOW(3), NOW(3))`,
      [id, slug, slug, status, serverId, tenant.databaseName, sealed],
    );
    this.#made.push(tenant);
    return tenant;
  }

  handler(login: TenantLogin = new MysqlTenantLogin(this.sessions)): ConnectionTestJob {
    const reachability = new MysqlServerReachability(this.sessions, silentLogger);
    const by = { bands: defaultRatingBands, clock: systemClock, random: () => 0.5 };
    return new ConnectionTestJob(this, { login, reachability, secrets: this.secrets }, by);
  }

  runner(handler: JobHandler = this.handler(), more: Partial<RunnerOptions> = {}, clock = systemClock): JobRunner {
    const policy = { ...defaultRunnerOptions.policy, firstDelayMs: 0, maxDelayMs: 0 };
    const parts = { store: this.jobs, feed: this.feed, clock, logger: silentLogger, random: () => 0 };
    return new JobRunner([handler], parts, { ...defaultRunnerOptions, owner: randomUUID(), policy, ...more });
  }

  rescuer(owner: string, runner: JobRunner): JobRescuer {
    return new JobRescuer(this.jobs, this.feed, runner, owner, { clock: systemClock, logger: silentLogger });
  }

  testRuns(runner: JobRunner): TestRunService {
    return new TestRunService(this.runs, this.jobs, new ScopeCheck(this.tenants, this.servers), uuidv7Ids, runner);
  }

  jobService(runner: JobRunner): JobService {
    return new JobService(this.jobs, this.feed, runner, [this.testRuns(runner)]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sessions.close();
    for (const { databaseName } of this.#made) {
      await this.admin.query(`DROP DATABASE IF EXISTS ${databaseName}; DROP USER IF EXISTS '${databaseName}'@'%'`);
    }
    await this.admin.end();
    await this.registry.close();
  }
}
