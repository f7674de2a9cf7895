import { randomUUID } from "node:crypto";
import type { Job } from "../../../src/jobs/job.ts";
import { defaultRunnerOptions, JobRunner } from "../../../src/jobs/job-runner.ts";
import { systemClock } from "../../../src/kit/clock.ts";
import { noFailpoints } from "../../../src/kit/failpoints.ts";
import { type TenantId, uuidv7Ids } from "../../../src/kit/ids.ts";
import { silentLogger } from "../../../src/kit/logger.ts";
import { ExpectedSchemas } from "../../../src/migrations/expected-schemas.ts";
import type { MigrationFolder } from "../../../src/migrations/migration-folder.ts";
import { MysqlSchemaSource } from "../../../src/mysql/migrations/mysql-schema-source.ts";
import { MysqlTenantSchemas } from "../../../src/mysql/migrations/mysql-tenant-schemas.ts";
import { ScratchDatabases } from "../../../src/mysql/migrations/scratch-databases.ts";
import { MysqlSchemaMender } from "../../../src/mysql/provisioning/mysql-schema-mender.ts";
import { MysqlServerSurveys } from "../../../src/mysql/provisioning/mysql-server-surveys.ts";
import { MysqlTenantServers } from "../../../src/mysql/provisioning/mysql-tenant-servers.ts";
import { FindingService } from "../../../src/provisioning/findings/finding-service.ts";
import type { RecordedFinding } from "../../../src/provisioning/findings/finding-store.ts";
import { RepairJob } from "../../../src/provisioning/repair/repair-job.ts";
import { RepairSteps } from "../../../src/provisioning/repair/repair-steps.ts";
import { TenantRepairer } from "../../../src/provisioning/repair/tenant-repairer.ts";
import { ServerStreams } from "../../../src/provisioning/server-streams.ts";
import { TenantProvisioner } from "../../../src/provisioning/tenant-provisioner.ts";
import { FleetLook } from "../../../src/provisioning/validation/fleet-look.ts";
import { SchemaInspector } from "../../../src/provisioning/validation/schema-inspector.ts";
import { TenantJudging } from "../../../src/provisioning/validation/tenant-judging.ts";
import { ValidateJob } from "../../../src/provisioning/validation/validate-job.ts";
import { DrizzleFindingStore } from "../../../src/registry/findings/drizzle-finding-store.ts";
import type { Tenant } from "../../../src/tenants/tenant.ts";
import type { TenantFilter } from "../../../src/tenants/tenant-store.ts";
import { aFolder } from "../../mysql/migrations/tenant-databases.ts";
import { countingSessions } from "../../support/counting-sessions.ts";
import { LivingFleet, origin } from "../lifecycle/living-fleet.ts";

export const files = {
  "0000_init": `
CREATE TABLE people (
  id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  email varchar(120) NOT NULL,
  name varchar(80) NOT NULL DEFAULT 'nobody',
  CONSTRAINT people_email UNIQUE (email),
  KEY people_name (name(20))
);
--> statement-breakpoint
CREATE TABLE notes (
  id int NOT NULL AUTO_INCREMENT PRIMARY KEY,
  person_id bigint unsigned NOT NULL,
  text varchar(100),
  at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  KEY notes_person (person_id),
  CONSTRAINT notes_person_fk FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
);`,
  "0001_tags": `
CREATE TABLE tags (name varchar(40) NOT NULL PRIMARY KEY);
--> statement-breakpoint
ALTER TABLE notes ADD COLUMN pinned tinyint NOT NULL DEFAULT 0;
--> statement-breakpoint
CREATE VIEW pinned_notes AS SELECT id, text FROM notes WHERE pinned = 1;`,
};

const later = { "0002_colors": "ALTER TABLE tags ADD COLUMN color char(7) NOT NULL DEFAULT '#000000';" };

export const folder = aFolder(files);
export const newerFolder = aFolder({ ...files, ...later });

/** What a test sees of a finding. */
export type Shown = Pick<RecordedFinding, "kind" | "object" | "outcome">;

/** A living fleet with validation and repair, every part real. */
export class CaredFleet {
  readonly store: DrizzleFindingStore;
  readonly service: FindingService;
  /** Statements that surveys sent, in order. */
  readonly statements: string[] = [];

  private constructor(readonly fleet: LivingFleet) {
    const { world, tenantStore: tenants } = fleet;
    const changes = { publish: (change: (typeof world.changes)[number]) => void world.changes.push(change) };
    this.store = new DrizzleFindingStore(world.registry.db, changes, systemClock, uuidv7Ids);
    const runner = { wake: () => undefined };
    const { jobs, servers } = world;
    this.service = new FindingService({ findings: this.store, tenants, jobs, servers, ids: uuidv7Ids, runner });
  }

  static async open(): Promise<CaredFleet> {
    return new CaredFleet(await LivingFleet.open());
  }

  /** Enters a tenant and provisions it with {@link folder}. */
  async tenant(slug?: string): Promise<Tenant> {
    const entered = await this.fleet.tenant({ provisioned: false, ...(slug === undefined ? {} : { slug }) });
    const [job] = (await this.fleet.world.jobs.list({ tenantId: entered.id }, { limit: 1, direction: "FORWARD" }))
      .edges;
    if (job) await this.fleet.finish(job.node.id, this.fleet.runner(undefined, folder));
    return this.fleet.now(entered.id);
  }

  /** A process that validates and repairs. */
  runner(current: MigrationFolder = folder): JobRunner {
    const { world, sessions, secretBox, tenantStore: tenants } = this.fleet;
    const { jobs, servers } = world;
    const findings = this.store;
    const scratch = new ScratchDatabases(sessions, world.scratch, uuidv7Ids);
    const source = new MysqlSchemaSource(sessions, scratch);
    const schemas = new MysqlTenantSchemas(sessions, systemClock, 1);
    const engineOf = async () => "MARIADB" as const;
    const surveys = new MysqlServerSurveys(countingSessions(sessions, this.statements), engineOf);
    const inspector = new SchemaInspector({
      folder: current,
      schemas,
      source,
      surveys,
      expected: new ExpectedSchemas(current, source),
    });
    const look = new FleetLook(surveys, findings);
    const judging = new TenantJudging({
      tenants,
      secretBox,
      inspector,
      latestVersion: () => current.migrations.at(-1)?.tag,
    });
    const tenantServers = new MysqlTenantServers(sessions);
    const migrator = this.fleet.migrator(current);
    const provisioner = new TenantProvisioner({
      servers: tenantServers,
      migrator,
      failpoints: noFailpoints,
      logger: silentLogger,
    });
    const mender = new MysqlSchemaMender(sessions, scratch);
    const steps = new RepairSteps({ servers: tenantServers, provisioner, migrator, folder: current, mender });
    const repairer = new TenantRepairer({ tenants, look, judging, steps, failpoints: noFailpoints });
    const round = { jobs, tenants, servers, findings, look, judging, failpoints: noFailpoints };
    const handlers = [new ValidateJob(round), new RepairJob({ ...round, repairer, streams: new ServerStreams(2) })];
    const parts = { store: jobs, feed: this.fleet.feed, clock: systemClock, logger: silentLogger, random: Math.random };
    const policy = { ...defaultRunnerOptions.policy, firstDelayMs: 1, maxDelayMs: 1, maxAttempts: 2 };
    return new JobRunner(handlers, parts, { ...defaultRunnerOptions, owner: randomUUID(), policy });
  }

  async validate(filter: TenantFilter = {}, current?: MigrationFolder): Promise<Job> {
    const job = await this.service.validate(filter, origin);
    return this.fleet.finish(job.id, this.runner(current));
  }

  async repair(
    filter: TenantFilter,
    manner: { readonly dryRun?: boolean; readonly confirmDataLoss?: boolean } = {},
    current?: MigrationFolder,
  ): Promise<Job> {
    const job = await this.service.repair({ filter, ...manner }, origin);
    return this.fleet.finish(job.id, this.runner(current));
  }

  /** What the API does for retryJob. */
  async retry(job: Job): Promise<Job> {
    return this.service.retry(job, await this.fleet.world.jobs.unfinishedItems(job.id), origin);
  }

  /** What a job wrote down, in order of kind and object. */
  async found(job: Job): Promise<readonly RecordedFinding[]> {
    const page = await this.store.ofJob(job.id, {}, { limit: 100, direction: "FORWARD" });
    const all = page.edges.map(({ node }) => node);
    return all.toSorted((a, b) => (`${a.kind} ${a.object}` < `${b.kind} ${b.object}` ? -1 : 1));
  }

  /** The same, in short. */
  async shown(job: Job): Promise<readonly Shown[]> {
    return (await this.found(job)).map(({ kind, object, outcome }) => ({ kind, object, outcome }));
  }

  async openOf(id: TenantId): Promise<readonly Shown[]> {
    return (await this.store.openOf([id])).map(({ kind, object, outcome }) => ({ kind, object, outcome }));
  }

  sql(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    return this.fleet.sql(sql, values);
  }

  close(): Promise<void> {
    return this.fleet.close();
  }
}
