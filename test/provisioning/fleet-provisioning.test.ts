import { randomBytes, randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { isFinal } from "../../src/jobs/job.ts";
import { JobFeed } from "../../src/jobs/job-feed.ts";
import { defaultRunnerOptions, JobRunner } from "../../src/jobs/job-runner.ts";
import type { Origin } from "../../src/kit/actor.ts";
import { systemClock } from "../../src/kit/clock.ts";
import { type Failpoints, noFailpoints, parseFailpoints } from "../../src/kit/failpoints.ts";
import { type JobId, uuidv7Ids } from "../../src/kit/ids.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { Secret } from "../../src/kit/secret.ts";
import { SecretBox } from "../../src/kit/secret-box.ts";
import { Baselines } from "../../src/migrations/baselines.ts";
import { FolderTenantMigrator } from "../../src/migrations/folder-tenant-migrator.ts";
import { readMigrationFolder } from "../../src/migrations/migration-folder.ts";
import { MysqlBaselineSource } from "../../src/mysql/migrations/mysql-baseline-source.ts";
import { MysqlTenantSchemas } from "../../src/mysql/migrations/mysql-tenant-schemas.ts";
import { ScratchDatabases } from "../../src/mysql/migrations/scratch-databases.ts";
import { MysqlServerSessions } from "../../src/mysql/pools/mysql-server-sessions.ts";
import { MysqlTenantServers } from "../../src/mysql/provisioning/mysql-tenant-servers.ts";
import { MysqlServerContact } from "../../src/mysql/servers/mysql-server-contact.ts";
import { ProvisionJob } from "../../src/provisioning/provision-job.ts";
import { ServerStreams } from "../../src/provisioning/server-streams.ts";
import { TenantProvisioner } from "../../src/provisioning/tenant-provisioner.ts";
import { ServerService } from "../../src/servers/server-service.ts";
import { newCredentials } from "../../src/tenants/credentials.ts";
import { TenantService } from "../../src/tenants/tenant-service.ts";
import { openDrizzleWorld } from "../registry/drizzle-world.ts";

const origin: Origin = { actor: { id: "key-1", name: "tester", role: "ADMIN" }, requestId: "request-1" };
const migrations = fileURLToPath(new URL("../../drizzle/tenant", import.meta.url));

/** The whole way from a wish to a tenant, every part of it real. */
class Fleet {
  readonly sessions = new MysqlServerSessions();
  readonly secretBox = new SecretBox([randomBytes(32)]);

  private constructor(
    readonly world: Awaited<ReturnType<typeof openDrizzleWorld>>,
    readonly migrator: (sessions: MysqlServerSessions) => FolderTenantMigrator,
  ) {}

  static async open(): Promise<Fleet> {
    const world = await openDrizzleWorld();
    const folder = await readMigrationFolder(migrations);
    return new Fleet(world, (sessions) => {
      const scratch = new ScratchDatabases(sessions, world.scratch, uuidv7Ids);
      const baselines = new Baselines(folder, new MysqlBaselineSource(scratch, uuidv7Ids), silentLogger);
      return new FolderTenantMigrator(folder, new MysqlTenantSchemas(sessions, systemClock), baselines);
    });
  }

  async start(): Promise<TenantService> {
    const contact = new MysqlServerContact(this.sessions);
    const parts = { contact, ids: uuidv7Ids, clock: systemClock, logger: silentLogger };
    const servers = new ServerService({ store: this.world.servers, ...parts });
    await servers.register("default", new Secret(inject("serverUrl")), new AbortController().signal);
    const { tenants: store, audit } = this.world;
    const runner = { wake: () => undefined };
    return new TenantService({
      store,
      reads: store,
      servers,
      audit,
      secretBox: this.secretBox,
      ids: uuidv7Ids,
      newCredentials,
      runner,
    });
  }

  /** A process that works on jobs, as a restart would bring a new one. */
  runner(failpoints: Failpoints = noFailpoints): JobRunner {
    const { jobs, tenants } = this.world;
    const servers = new MysqlTenantServers(this.sessions);
    const migrator = this.migrator(this.sessions);
    const provisioner = new TenantProvisioner({ servers, migrator, failpoints, logger: silentLogger });
    const streams = new ServerStreams(3);
    const handler = new ProvisionJob({ jobs, tenants, provisioner, secretBox: this.secretBox, streams, failpoints });
    const feed = new JobFeed(jobs, systemClock, silentLogger);
    const parts = { store: jobs, feed, clock: systemClock, logger: silentLogger, random: Math.random };
    return new JobRunner([handler], parts, { ...defaultRunnerOptions, owner: randomUUID(), stopGraceMs: 2_000 });
  }

  /** Works until the job has ended. */
  async finish(runner: JobRunner, id: JobId) {
    for (;;) {
      await runner.runOnce(new AbortController().signal);
      await runner.whenIdle();
      const job = await this.world.jobs.find(id);
      if (job && isFinal(job.status)) return job;
    }
  }

  sql<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.world.servers.list().then(([server]) => {
      if (!server) throw new TypeError("There is no server.");
      return this.sessions.withAdmin({ serverId: server.id, deadlineMs: 10_000 }, (s) => s.query<Row>(sql, values));
    });
  }

  async close(): Promise<void> {
    for (const { databaseName } of await this.world.tenants.scan({}, 1_000)) {
      await this.sql(`DROP DATABASE IF EXISTS ${databaseName}`);
      await this.sql(`DROP USER IF EXISTS '${databaseName}'@'%'`);
    }
    await this.sessions.close();
    await this.world.close();
  }
}

let fleet: Fleet;
beforeEach(async () => {
  fleet = await Fleet.open();
});
afterEach(() => fleet.close());

describe("a fleet of test tenants", () => {
  it("is ACTIVE when its job has ended, and each tenant reaches its own seeded database by its own password", async () => {
    const service = await fleet.start();
    const { tenants, job } = await service.createTest({ count: 9, seed: true }, origin);
    expect(await fleet.finish(fleet.runner(), job.id)).toMatchObject({
      status: "SUCCEEDED",
      progress: { total: 9, done: 9, failed: 0, percent: 100 },
    });
    for (const tenant of await service.findMany(tenants.map(({ id }) => id))) {
      expect(tenant).toMatchObject({ status: "ACTIVE", schemaVersion: "0003_add_invoices" });
      const { database, password } = await service.reveal({ id: tenant.id }, origin);
      const wish = { serverId: tenant.serverId, deadlineMs: 5_000, databaseName: database, password };
      const tables = await fleet.sessions.withTenant(wish, (session) => session.query("SHOW TABLES"));
      expect(tables.length).toBeGreaterThan(10);
    }
  });

  it("is finished by another process after the first one stopped in the middle", async () => {
    const service = await fleet.start();
    const { tenants, job } = await service.createTest({ count: 6 }, origin);
    const first = fleet.runner(parseFailpoints("provision:migrated=hang@3", () => undefined));
    await first.runOnce(new AbortController().signal);
    const succeeded = async () => (await fleet.world.jobs.itemCounts(job.id)).succeeded;
    await expect.poll(succeeded, { timeout: 20_000 }).toBe(5);
    await first.stop();
    expect(await fleet.world.jobs.find(job.id)).toMatchObject({ status: "QUEUED" });
    expect(await fleet.finish(fleet.runner(), job.id)).toMatchObject({ status: "SUCCEEDED", progress: { done: 6 } });
    const found = await service.findMany(tenants.map(({ id }) => id));
    expect(found.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => "ACTIVE"));
  });

  it("that met a bug is FAILED with a reason, and retried to the same end", async () => {
    const service = await fleet.start();
    const { tenant, job } = await service.create({ slug: `t-${randomUUID()}`, name: "A tenant" }, origin);
    const buggy = fleet.runner(parseFailpoints("provision:grants=throw", () => undefined));
    expect(await fleet.finish(buggy, job.id)).toMatchObject({ status: "FAILED", error: { code: "INTERNAL" } });
    expect(await service.find(tenant.id)).toMatchObject({
      status: "FAILED",
      statusReason: expect.stringMatching(/^INTERNAL: /),
    });
    const retried = await service.retry(tenant.id, origin);
    expect(await fleet.finish(fleet.runner(), retried.job.id)).toMatchObject({ status: "SUCCEEDED" });
    expect(await service.find(tenant.id)).toMatchObject({ status: "ACTIVE" });
  });
});
