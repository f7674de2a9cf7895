import { randomBytes, randomUUID } from "node:crypto";
import mysql, { type Connection, type RowDataPacket } from "mysql2/promise";
import { JobFeed } from "../../../src/jobs/job-feed.ts";
import { JobRescuer } from "../../../src/jobs/job-rescuer.ts";
import { defaultRunnerOptions, JobRunner } from "../../../src/jobs/job-runner.ts";
import { JobService } from "../../../src/jobs/job-service.ts";
import { systemClock } from "../../../src/kit/clock.ts";
import { type Failpoints, noFailpoints } from "../../../src/kit/failpoints.ts";
import { type JobId, type ServerId, type TenantId, uuidv7Ids } from "../../../src/kit/ids.ts";
import { silentLogger } from "../../../src/kit/logger.ts";
import { Secret } from "../../../src/kit/secret.ts";
import { SecretBox } from "../../../src/kit/secret-box.ts";
import { MysqlIsolationGround } from "../../../src/mysql/isolation/mysql-isolation-ground.ts";
import { createJournalSql } from "../../../src/mysql/migrations/journal-table.ts";
import { MysqlServerSessions } from "../../../src/mysql/pools/mysql-server-sessions.ts";
import { MysqlScratchRemover } from "../../../src/mysql/servers/mysql-scratch-remover.ts";
import { DrizzleJobStore } from "../../../src/registry/jobs/drizzle-job-store.ts";
import { DrizzleScratchStore } from "../../../src/registry/servers/drizzle-scratch-store.ts";
import { DrizzleServerStore } from "../../../src/registry/servers/drizzle-server-store.ts";
import { DrizzleTenantStore } from "../../../src/registry/tenants/drizzle-tenant-store.ts";
import { DrizzleTestRunStore } from "../../../src/registry/test-runs/drizzle-test-run-store.ts";
import { tenantMaxUserConnections, tenantPrivileges } from "../../../src/servers/account-recipe.ts";
import type { IsolationGround } from "../../../src/test-runs/isolation/isolation-ground.ts";
import { IsolationTestJob } from "../../../src/test-runs/isolation/isolation-test-job.ts";
import type { IsolationTestInput } from "../../../src/test-runs/isolation/isolation-test-options.ts";
import { ScopeCheck } from "../../../src/test-runs/scope-check.ts";
import type { IsolationCheck, IsolationTestResult, TestRun } from "../../../src/test-runs/test-run.ts";
import { TestRunService } from "../../../src/test-runs/test-run-service.ts";
import { go, origin } from "../../jobs/workshop.ts";
import { aServer } from "../../support/builders.ts";
import { type FreshRegistry, freshRegistry } from "../../support/registry.ts";

/** A tenant as the service makes it. */
export interface WholeTenant {
  readonly id: TenantId;
  readonly slug: string;
  readonly databaseName: string;
  readonly password: string;
}

/** What a run says of one tenant, by its slug. */
export type Reports = ReadonlyMap<string, IsolationTestResult>;

/** A registry with whole tenants on a server, and what an isolation test needs. Removes what it made. */
export class IsolationWorld implements AsyncDisposable {
  readonly serverId: ServerId = uuidv7Ids.next();
  readonly secrets = new SecretBox([randomBytes(32)]);
  readonly sessions = new MysqlServerSessions();
  readonly jobs: DrizzleJobStore;
  readonly runs: DrizzleTestRunStore;
  readonly tenants: DrizzleTenantStore;
  readonly scratch: DrizzleScratchStore;
  readonly servers: DrizzleServerStore;
  readonly feed: JobFeed;
  readonly remover = new MysqlScratchRemover(this.sessions);
  readonly #made: WholeTenant[] = [];
  readonly #undo: string[] = [];

  private constructor(
    readonly registry: FreshRegistry,
    readonly serverUrl: string,
    readonly admin: Connection,
    readonly registryAdmin: Connection,
  ) {
    const { db } = registry;
    this.jobs = new DrizzleJobStore(db, systemClock, uuidv7Ids);
    this.runs = new DrizzleTestRunStore(db, systemClock, uuidv7Ids);
    this.tenants = new DrizzleTenantStore(db, { publish: () => undefined }, systemClock, uuidv7Ids);
    this.scratch = new DrizzleScratchStore(db, systemClock);
    this.servers = new DrizzleServerStore(db);
    this.feed = new JobFeed(this.jobs, systemClock, silentLogger);
  }

  static async open(serverUrl: string): Promise<IsolationWorld> {
    const registry = await freshRegistry();
    const admin = await mysql.createConnection({ uri: serverUrl, multipleStatements: true });
    const world = new IsolationWorld(registry, serverUrl, admin, await mysql.createConnection(registry.url));
    const { host, port } = world.sessions.attach(world.serverId, new Secret(serverUrl));
    world.sessions.fitTo(world.serverId, 160);
    await world.servers.ensure(aServer({ id: world.serverId, name: "default", host, port }));
    return world;
  }

  /** Whole tenants, called by these slugs. */
  async addTenants(...slugs: readonly string[]): Promise<readonly WholeTenant[]> {
    const added: WholeTenant[] = [];
    for (const slug of slugs) added.push(await this.#add(slug));
    return added;
  }

  /** Does something by hand on the server, and undoes it at the end. */
  async byHand(sql: string, undo?: string): Promise<void> {
    if (undo !== undefined) this.#undo.unshift(undo);
    await this.admin.query(sql);
  }

  ground(): IsolationGround {
    return new MysqlIsolationGround(this.sessions, async () => "MARIADB");
  }

  handler(more: { readonly ground?: IsolationGround; readonly failpoints?: Failpoints } = {}): IsolationTestJob {
    const { runs, jobs, tenants, scratch, remover, secrets } = this;
    return new IsolationTestJob(
      { runs, jobs, tenants, scratch },
      { ground: more.ground ?? this.ground(), remover, secrets },
      { clock: systemClock, ids: uuidv7Ids, failpoints: more.failpoints ?? noFailpoints },
    );
  }

  runner(handler = this.handler()): JobRunner {
    const policy = { ...defaultRunnerOptions.policy, firstDelayMs: 0, maxDelayMs: 0 };
    const parts = { store: this.jobs, feed: this.feed, clock: systemClock, logger: silentLogger, random: () => 0 };
    return new JobRunner([handler], parts, { ...defaultRunnerOptions, owner: randomUUID(), policy });
  }

  rescuer(owner: string, runner: JobRunner): JobRescuer {
    return new JobRescuer(this.jobs, this.feed, runner, owner, { clock: systemClock, logger: silentLogger });
  }

  service(runner: JobRunner): TestRunService {
    return new TestRunService(this.runs, this.jobs, new ScopeCheck(this.tenants, this.servers), uuidv7Ids, runner);
  }

  jobService(runner: JobRunner): JobService {
    return new JobService(this.jobs, this.feed, runner, [this.service(runner)]);
  }

  /** Runs a test to its end. */
  async test(input: IsolationTestInput = {}, runner = this.runner()): Promise<{ run: TestRun; reports: Reports }> {
    const { id } = await this.service(runner).startIsolationTest(input, origin);
    await runner.runOnce(go);
    await runner.whenIdle();
    return { run: await this.run(id), reports: await this.reports(id) };
  }

  async run(id: JobId): Promise<TestRun> {
    const run = await this.runs.find(id);
    if (!run) throw new Error("The run is gone.");
    return run;
  }

  async reports(id: JobId): Promise<Reports> {
    const reports = new Map<string, IsolationTestResult>();
    for await (const results of this.runs.allResults(id, 100)) {
      for (const result of results) {
        if (result.kind !== "ISOLATION") throw new Error(`This is a result of kind ${result.kind}.`);
        const tenant = await this.tenants.find(result.tenantId);
        reports.set(tenant?.slug ?? "", result);
      }
    }
    return reports;
  }

  /** Everything there is on the server: databases, accounts, roles, rights, tables, code, and what the registry remembers of it. */
  async everything(): Promise<string> {
    const parts: string[] = [];
    for (const sql of dumped) {
      const [rows] = await this.admin.query<RowDataPacket[]>(sql);
      parts.push(sql, ...rows.map((row) => JSON.stringify(row)));
    }
    const [remembered] = await this.registryAdmin.query<RowDataPacket[]>("SELECT name FROM scratch_objects");
    return [...parts, JSON.stringify(remembered)].join("\n");
  }

  /** Takes the tenants away, here and in the registry, and what was done by hand. */
  async clear(): Promise<void> {
    for (const sql of this.#undo.splice(0)) await this.admin.query(sql);
    for (const { databaseName } of this.#made.splice(0)) {
      await this.admin.query(`DROP DATABASE IF EXISTS ${databaseName}; DROP USER IF EXISTS '${databaseName}'@'%'`);
    }
    await this.registryAdmin.query("DELETE FROM tenants");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sessions.close();
    await this.clear();
    await this.admin.end();
    await this.registryAdmin.end();
    await this.registry.close();
  }

  async #add(slug: string): Promise<WholeTenant> {
    const id = uuidv7Ids.next<"Tenant">();
    const tenant = { id, slug, databaseName: `tnt${randomBytes(10).toString("hex")}`, password: randomUUID() };
    const sealed = this.secrets.seal(new Secret(tenant.password), { ownerId: id, field: "password" });
    await this.registryAdmin.query(
      `INSERT INTO tenants (id, slug, name, status, server_id, database_name, password, seed, generation, created_at, updated_at)
       VALUES (?, ?, ?, 'ACTIVE', ?, ?, ?, 0, 1, NOW(3), NOW(3))`,
      [id, slug, slug, this.serverId, tenant.databaseName, sealed],
    );
    this.#made.push(tenant);
    const name = tenant.databaseName;
    await this.admin.query(
      `CREATE DATABASE ${name} CHARACTER SET utf8mb4; USE ${name}; ${createJournalSql};
       INSERT INTO tenantry_journal (tenant_id, migration, statement) VALUES ('${id}', '', 0);
       CREATE TABLE invoices (id INT PRIMARY KEY, total INT) ENGINE=InnoDB; INSERT INTO invoices VALUES (1, 100);
       CREATE USER '${name}'@'%' IDENTIFIED BY '${tenant.password}' WITH MAX_USER_CONNECTIONS ${tenantMaxUserConnections};
       GRANT ${tenantPrivileges.join(", ")} ON ${name}.* TO '${name}'@'%'; USE mysql`,
    );
    return tenant;
  }
}

/** The kinds that failed, of each tenant that did not pass. */
export function failures(reports: Reports): Record<string, readonly string[]> {
  const failed = [...reports].filter(([, { verdict }]) => verdict !== "PASS");
  return Object.fromEntries(
    failed.map(([slug, { checks, verdict }]) => [
      slug,
      checks
        .filter((check) => check.verdict === "FAIL")
        .map(({ kind }) => kind as string)
        .concat(verdict === "FAIL" ? [] : [verdict]),
    ]),
  );
}

/** One check of a tenant. */
export function checkOf(reports: Reports, slug: string, kind: IsolationCheck["kind"]): IsolationCheck {
  const check = reports.get(slug)?.checks.find((one) => one.kind === kind);
  if (!check) throw new Error(`Nothing is said of ${kind} of ${slug}.`);
  return check;
}

const dumped = [
  "SELECT * FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME",
  "SELECT User, Host, Priv FROM mysql.global_priv ORDER BY User, Host",
  "SELECT * FROM mysql.db ORDER BY User, Host, Db",
  "SELECT Host, Db, User, Table_name, Table_priv, Column_priv FROM mysql.tables_priv ORDER BY Db, User, Table_name",
  "SELECT * FROM mysql.columns_priv ORDER BY Db, User, Table_name",
  "SELECT Db, User, Routine_name, Proc_priv FROM mysql.procs_priv ORDER BY Db, User, Routine_name",
  "SELECT * FROM mysql.roles_mapping ORDER BY User, Role",
  "SELECT Host, User, Proxied_user FROM mysql.proxies_priv ORDER BY User",
  "SELECT * FROM mysql.servers",
  "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES ORDER BY 1, 2",
  "SELECT ROUTINE_SCHEMA, ROUTINE_NAME FROM information_schema.ROUTINES ORDER BY 1, 2",
  "SELECT TRIGGER_SCHEMA, TRIGGER_NAME FROM information_schema.TRIGGERS ORDER BY 1, 2",
  "SELECT EVENT_SCHEMA, EVENT_NAME FROM information_schema.EVENTS ORDER BY 1, 2",
];
