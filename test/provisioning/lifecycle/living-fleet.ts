import { randomBytes, randomUUID } from "node:crypto";
import mysql from "mysql2/promise";
import { inject } from "vitest";
import { isFinal, type Job } from "../../../src/jobs/job.ts";
import { JobFeed } from "../../../src/jobs/job-feed.ts";
import { defaultRunnerOptions, JobRunner } from "../../../src/jobs/job-runner.ts";
import { JobService } from "../../../src/jobs/job-service.ts";
import type { Origin } from "../../../src/kit/actor.ts";
import { type Clock, systemClock } from "../../../src/kit/clock.ts";
import { type Failpoints, noFailpoints } from "../../../src/kit/failpoints.ts";
import { type JobId, type TenantId, uuidv7Ids } from "../../../src/kit/ids.ts";
import { silentLogger } from "../../../src/kit/logger.ts";
import { Secret } from "../../../src/kit/secret.ts";
import { SecretBox } from "../../../src/kit/secret-box.ts";
import { Baselines } from "../../../src/migrations/baselines.ts";
import { FolderTenantMigrator } from "../../../src/migrations/folder-tenant-migrator.ts";
import type { MigrationFolder } from "../../../src/migrations/migration-folder.ts";
import { MysqlBaselineSource } from "../../../src/mysql/migrations/mysql-baseline-source.ts";
import { MysqlTenantSchemas } from "../../../src/mysql/migrations/mysql-tenant-schemas.ts";
import { ScratchDatabases } from "../../../src/mysql/migrations/scratch-databases.ts";
import { MysqlServerSessions } from "../../../src/mysql/pools/mysql-server-sessions.ts";
import { MysqlTenantServers } from "../../../src/mysql/provisioning/mysql-tenant-servers.ts";
import { MysqlServerContact } from "../../../src/mysql/servers/mysql-server-contact.ts";
import { MigrateJob } from "../../../src/provisioning/fleet/migrate-job.ts";
import { SeedJob } from "../../../src/provisioning/fleet/seed-job.ts";
import { DeleteJob } from "../../../src/provisioning/lifecycle/delete-job.ts";
import { ResumeJob } from "../../../src/provisioning/lifecycle/resume-job.ts";
import { RotateJob } from "../../../src/provisioning/lifecycle/rotate-job.ts";
import { SuspendJob } from "../../../src/provisioning/lifecycle/suspend-job.ts";
import { ProvisionJob } from "../../../src/provisioning/provision-job.ts";
import { ServerStreams } from "../../../src/provisioning/server-streams.ts";
import { Sweep } from "../../../src/provisioning/sweep/sweep.ts";
import { TenantProvisioner } from "../../../src/provisioning/tenant-provisioner.ts";
import { DrizzleJobStore } from "../../../src/registry/jobs/drizzle-job-store.ts";
import { DrizzleScratchStore } from "../../../src/registry/servers/drizzle-scratch-store.ts";
import { DrizzleTenantLifecycleStore } from "../../../src/registry/tenants/drizzle-tenant-lifecycle-store.ts";
import { DrizzleTenantStore } from "../../../src/registry/tenants/drizzle-tenant-store.ts";
import { ServerService } from "../../../src/servers/server-service.ts";
import { newCredentials } from "../../../src/tenants/credentials.ts";
import { FleetService } from "../../../src/tenants/fleet-service.ts";
import { ProvisioningRetrier } from "../../../src/tenants/provisioning-retrier.ts";
import type { Tenant } from "../../../src/tenants/tenant.ts";
import { TenantLifecycleService } from "../../../src/tenants/tenant-lifecycle-service.ts";
import { TenantService } from "../../../src/tenants/tenant-service.ts";
import { aFolder } from "../../mysql/migrations/tenant-databases.ts";
import { openDrizzleWorld } from "../../registry/drizzle-world.ts";

export const origin: Origin = { actor: { id: "key-1", name: "tester", role: "ADMIN" }, requestId: "request-1" };
export const oneTable = { "0000_init": "CREATE TABLE notes (id int PRIMARY KEY AUTO_INCREMENT, text varchar(100));" };
const seedRow = "INSERT INTO notes (text) VALUES ('seeded');";

/** A registry and a server with tenants that live: every part real, with jobs that run when a test says so. */
export class LivingFleet {
  readonly sessions = new MysqlServerSessions({ connectionsPerServer: 16 });
  readonly secretBox = new SecretBox([randomBytes(32)]);
  readonly feed: JobFeed;
  readonly lifecycleStore: DrizzleTenantLifecycleStore;
  readonly tenantStore: DrizzleTenantStore;
  readonly lifecycle: TenantLifecycleService;
  readonly fleetWork: FleetService;
  readonly jobs: JobService;
  readonly #databases: string[] = [];
  #tenants: TenantService | undefined;

  private constructor(
    readonly world: Awaited<ReturnType<typeof openDrizzleWorld>>,
    readonly admin: mysql.Connection,
  ) {
    const runner = { wake: () => undefined, cancel: () => undefined };
    const { db } = world.registry;
    const changes = { publish: (change: (typeof world.changes)[number]) => void world.changes.push(change) };
    this.tenantStore = new DrizzleTenantStore(db, changes, systemClock, uuidv7Ids);
    this.lifecycleStore = new DrizzleTenantLifecycleStore(db, changes, systemClock, uuidv7Ids);
    this.feed = new JobFeed(world.jobs, systemClock, silentLogger);
    const { tenantStore: tenants, lifecycleStore: lifecycle } = this;
    this.lifecycle = new TenantLifecycleService({ lifecycle, tenants, ids: uuidv7Ids, runner });
    this.fleetWork = new FleetService({ tenants, servers: world.servers, jobs: world.jobs, ids: uuidv7Ids, runner });
    const retriers = [new ProvisioningRetrier(tenants, uuidv7Ids), this.lifecycle, this.fleetWork];
    this.jobs = new JobService(world.jobs, this.feed, runner, retriers);
  }

  static async open(): Promise<LivingFleet> {
    const opened = await openDrizzleWorld();
    const { db } = opened.registry;
    // By the real clock, as a service has them.
    const jobs = new DrizzleJobStore(db, systemClock, uuidv7Ids);
    const world = { ...opened, jobs, scratch: new DrizzleScratchStore(db, systemClock) };
    const admin = await mysql.createConnection({ uri: inject("serverUrl"), timezone: "Z" });
    const fleet = new LivingFleet(world, admin);
    const contact = new MysqlServerContact(fleet.sessions);
    const parts = { contact, ids: uuidv7Ids, clock: systemClock, logger: silentLogger };
    const servers = new ServerService({ store: world.servers, ...parts });
    await servers.register("default", new Secret(inject("serverUrl")), new AbortController().signal);
    fleet.#tenants = new TenantService({
      store: fleet.tenantStore,
      reads: fleet.tenantStore,
      servers,
      audit: world.audit,
      secretBox: fleet.secretBox,
      ids: uuidv7Ids,
      newCredentials,
      runner: { wake: () => undefined },
    });
    return fleet;
  }

  get tenants(): TenantService {
    if (!this.#tenants) throw new TypeError("The fleet is not open.");
    return this.#tenants;
  }

  /** Enters a tenant, and provisions it unless told otherwise. */
  async tenant(part: { readonly slug?: string; readonly provisioned?: boolean } = {}): Promise<Tenant> {
    const slug = part.slug ?? `t-${randomUUID()}`;
    const { tenant, job } = await this.tenants.create({ slug, name: slug, domains: [`${slug}.example`] }, origin);
    this.#databases.push(tenant.databaseName);
    if (part.provisioned === false) return tenant;
    await this.finish(job.id);
    return this.now(tenant.id);
  }

  /** The tenant as the registry has it. */
  async now(id: TenantId): Promise<Tenant> {
    const tenant = await this.tenantStore.find(id);
    if (!tenant) throw new TypeError("There is no such tenant.");
    return tenant;
  }

  migrator(folder: MigrationFolder = aFolder(oneTable, seedRow)): FolderTenantMigrator {
    const scratch = new ScratchDatabases(this.sessions, this.world.scratch, uuidv7Ids);
    const baselines = new Baselines(folder, new MysqlBaselineSource(scratch, uuidv7Ids), silentLogger);
    return new FolderTenantMigrator(folder, new MysqlTenantSchemas(this.sessions, systemClock, 1), baselines);
  }

  /** A process that works on jobs, as a restart would bring a new one. */
  runner(failpoints: Failpoints = noFailpoints, folder?: MigrationFolder): JobRunner {
    const { jobs } = this.world;
    const { tenantStore: tenants, lifecycleStore: lifecycle, secretBox } = this;
    const servers = new MysqlTenantServers(this.sessions);
    const migrator = this.migrator(folder);
    const provisioner = new TenantProvisioner({ servers, migrator, failpoints, logger: silentLogger });
    const streams = new ServerStreams(3);
    const one = { jobs, tenants, lifecycle, servers, secretBox, failpoints };
    const many = { jobs, tenants, lifecycle, migrator, failpoints, deadlineMs: 20_000 };
    const schemaChecksum = migrator.folderChecksum();
    const handlers = [
      new ProvisionJob({ jobs, tenants, provisioner, secretBox, streams, failpoints, schemaChecksum }),
      new SuspendJob(one),
      new ResumeJob(one),
      new RotateJob(one),
      new DeleteJob(one),
      new MigrateJob(many),
      new SeedJob(many),
    ];
    const parts = { store: jobs, feed: this.feed, clock: systemClock, logger: silentLogger, random: Math.random };
    const policy = { ...defaultRunnerOptions.policy, firstDelayMs: 1, maxDelayMs: 1, maxAttempts: 3 };
    return new JobRunner(handlers, parts, { ...defaultRunnerOptions, owner: randomUUID(), stopGraceMs: 2_000, policy });
  }

  /** Works until the job has ended. */
  async finish(id: JobId, runner: JobRunner = this.runner()): Promise<Job> {
    for (;;) {
      await runner.runOnce(new AbortController().signal);
      await runner.whenIdle();
      const job = await this.world.jobs.find(id);
      if (job && isFinal(job.status)) return job;
    }
  }

  /** Works on all that is due, until nothing is. */
  async workOnce(folder?: MigrationFolder): Promise<void> {
    const runner = this.runner(noFailpoints, folder);
    for (let quiet = false; !quiet; ) {
      await runner.runOnce(new AbortController().signal);
      quiet = runner.running === 0;
      await runner.whenIdle();
    }
  }

  /** Works on what is due; at the point, if it is passed, everything that is under way dies. */
  async workUntil(at: string, folder?: MigrationFolder): Promise<void> {
    const point = new HangingPoint(at);
    const runner = this.runner(point, folder);
    await runner.runOnce(new AbortController().signal);
    await Promise.race([point.reached, runner.whenIdle()]);
    const { edges } = await this.world.jobs.list({ statuses: ["RUNNING"] }, { limit: 100, direction: "FORWARD" });
    for (const { node } of edges) await this.world.passTime(node.id, 3_600_000);
    await this.world.jobs.returnLost(randomUUID());
    await runner.stop();
  }

  /** What the sweep does, without its patience. @returns how many */
  async takeUpStranded(): Promise<number> {
    const stranded = await this.lifecycleStore.stranded(100);
    const later: Clock = { ...systemClock, now: () => new Date(Date.now() + 86_400_000) };
    const { lifecycleStore: store, tenantStore: tenants, lifecycle } = this;
    const { jobs, servers } = this.world;
    const by = { ids: uuidv7Ids, clock: later, logger: silentLogger, runner: { wake: () => undefined } };
    const sweep = new Sweep({ store, tenants, lifecycle, jobs, servers, ...by });
    await sweep.runOnce(new AbortController().signal);
    return stranded.length;
  }

  /** A process that dies at a point: it stops there for ever, and its lease is lost. @param at name of the failpoint, `@nth` allowed */
  async crash(id: JobId, at: string, folder?: MigrationFolder): Promise<void> {
    const failpoints = new HangingPoint(at);
    const runner = this.runner(failpoints, folder);
    await runner.runOnce(new AbortController().signal);
    await Promise.race([failpoints.reached, runner.whenIdle().then(() => Promise.reject(new Error(`${at} not hit`)))]);
    // Its process is gone: whatever it would still write comes too late.
    await this.world.passTime(id, 3_600_000);
    await this.world.jobs.returnLost(randomUUID());
    await runner.stop();
  }

  /** What the API would give out. */
  async url(id: TenantId): Promise<string> {
    return (await this.tenants.reveal({ id }, origin)).url.reveal();
  }

  /** As the admin, with any SQL. */
  async sql(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    const [rows] = await this.admin.query<mysql.RowDataPacket[]>(sql, values);
    return rows;
  }

  /** Everything that names the tenant on its server. */
  async traces({ databaseName }: Tenant): Promise<readonly string[]> {
    const tables = ["global_priv", "db", "tables_priv", "columns_priv", "procs_priv", "proxies_priv", "roles_mapping"];
    const looks = tables.map((table) => `SELECT '${table}' AS place FROM mysql.${table} WHERE User = ?`);
    looks.push("SELECT 'SCHEMATA' FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?");
    looks.push("SELECT 'PROCESSLIST' FROM information_schema.PROCESSLIST WHERE USER = ?");
    const rows = await this.sql(
      looks.join(" UNION "),
      looks.map(() => databaseName),
    );
    return rows.map(({ place }) => String(place));
  }

  async close(): Promise<void> {
    for (const name of this.#databases) {
      await this.admin.query(`DROP DATABASE IF EXISTS ${name}`);
      for (const { Host } of await this.sql("SELECT Host FROM mysql.global_priv WHERE User = ?", [name])) {
        await this.admin.query(`DROP USER IF EXISTS '${name}'@'${String(Host)}'`);
      }
    }
    await this.admin.end();
    await this.sessions.close();
    await this.world.close();
  }
}

/** Lets nobody past the point of a name, or past its nth passing. */
class HangingPoint implements Failpoints {
  readonly reached: Promise<void>;
  #tell: () => void = () => undefined;
  #left: number;
  readonly #name: string | undefined;

  constructor(at: string) {
    const [name, nth = "1"] = at.split("@");
    this.#name = name;
    this.#left = Number(nth);
    this.reached = new Promise((resolve) => {
      this.#tell = resolve;
    });
  }

  armed(beginning: string): boolean {
    return this.#name?.startsWith(beginning) ?? false;
  }

  async hit(name: string, signal?: AbortSignal): Promise<void> {
    if (name !== this.#name) return;
    this.#left -= 1;
    if (this.#left !== 0) return;
    this.#tell();
    await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason), { once: true }));
  }
}

/** A session that came in as the tenant; undefined when it was refused, with the errno. */
export async function logIn(url: string): Promise<mysql.Connection | number> {
  try {
    return await mysql.createConnection(url);
  } catch (error) {
    const errno = typeof error === "object" && error !== null && "errno" in error ? error.errno : undefined;
    if (typeof errno !== "number") throw error;
    return errno;
  }
}

/** Whether a session still answers. */
export async function isAlive(connection: mysql.Connection): Promise<boolean> {
  return connection.query("SELECT 1").then(
    () => true,
    () => false,
  );
}
