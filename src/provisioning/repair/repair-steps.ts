import type { Migration } from "../../migrations/migration.ts";
import type { MigrationFolder } from "../../migrations/migration-folder.ts";
import type { TenantMigrator } from "../../migrations/tenant-migrator.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import { accountInvariant } from "../account-invariant.ts";
import { databaseInvariant } from "../database-invariant.ts";
import type { Finding, Remedy } from "../finding.ts";
import type { TenantCorrection } from "../findings/finding-store.ts";
import { grantsInvariant } from "../grants-invariant.ts";
import type { ExpectedTenant } from "../invariant.ts";
import { markerInvariant } from "../marker-invariant.ts";
import type { TenantProvisioner } from "../tenant-provisioner.ts";
import type { TenantServer, TenantServers } from "../tenant-server.ts";
import type { SchemaSight } from "../validation/schema-inspector.ts";
import type { ServerSurvey } from "../validation/server-survey.ts";
import { losesData } from "./repair-plan.ts";
import type { SchemaMender } from "./schema-mender.ts";

const mendDeadlineMs = 120_000;

/** What repairs are made with: the very invariants that provisioning ensures, the migrator, and what adds missing parts. */
export interface StepParts {
  readonly servers: Pick<TenantServers, "work">;
  readonly provisioner: Pick<TenantProvisioner, "provision">;
  readonly migrator: Pick<TenantMigrator, "migrate" | "latestVersion">;
  readonly folder: MigrationFolder;
  readonly mender: SchemaMender;
}

/** One tenant that is being repaired, as it was seen last. */
export interface Patient {
  readonly tenant: Tenant;
  readonly expected: ExpectedTenant;
  readonly survey: ServerSurvey;
  readonly schema?: SchemaSight | undefined;
}

/** What came of one step: what the registry must be told, and what could not be done. */
export interface StepEnd {
  readonly correction?: TenantCorrection;
  /** By the finding's object. */
  readonly refusals?: ReadonlyMap<string, string>;
}

/** Does about findings of one remedy what is to be done. Every step may be repeated. */
export class RepairSteps {
  constructor(private readonly parts: StepParts) {}

  /** @throws ServerTrouble, refusals of the invariants, what the migrator throws, and the signal's reason */
  async take(remedy: Remedy, findings: readonly Finding[], patient: Patient, signal: AbortSignal): Promise<StepEnd> {
    switch (remedy) {
      case "DATABASE":
        return this.#database(findings, patient, signal);
      case "ACCOUNT":
        return this.#account(findings, patient, signal);
      case "GRANTS":
        return this.#grants(findings, patient, signal);
      case "SCHEMA":
        return this.#schema(findings, patient, signal);
      case "MIGRATIONS":
        return this.#migrate(patient, signal);
      case "VERSION":
        return { correction: versionOf(findings) };
      case "STATUS":
        return { correction: { status: "ACTIVE", statusReason: undefined } };
      case "RESUME":
        return this.#resume(patient, signal);
    }
  }

  async #database(findings: readonly Finding[], patient: Patient, signal: AbortSignal): Promise<StepEnd> {
    const { expected, survey } = patient;
    const isLost = findings.some(({ kind }) => kind === "MISSING_DATABASE");
    await this.#on(patient, signal, async (server) => {
      // That what it held is lost was confirmed, or there was nothing.
      await databaseInvariant.ensure({ ...expected, isNew: true }, server, survey.snapshot);
      if (isLost) await markerInvariant.ensure(expected, server);
    });
    return isLost ? this.#migrate(patient, signal) : {};
  }

  /** Sessions that were opened with another password, or in spite of a lock, outlive the change. */
  async #account(findings: readonly Finding[], patient: Patient, signal: AbortSignal): Promise<StepEnd> {
    const { expected } = patient;
    const outlived = findings.some(({ kind }) => kind === "CREDENTIALS_MISMATCH" || kind === "STATUS_INCONSISTENT");
    await this.#on(patient, signal, async (server) => {
      await accountInvariant.ensure(expected, server);
      if (outlived) await server.endSessions(expected.databaseName);
    });
    return {};
  }

  async #grants(findings: readonly Finding[], patient: Patient, signal: AbortSignal): Promise<StepEnd> {
    const { expected, survey } = patient;
    const outlived = findings.some(({ kind }) => kind === "EXCESS_GRANTS");
    await this.#on(patient, signal, async (server) => {
      await grantsInvariant.ensure(expected, server, survey.snapshot);
      if (outlived) await server.endSessions(expected.databaseName);
    });
    return {};
  }

  /** An empty database is filled like a new one; of any other, what is missing is added. */
  async #schema(findings: readonly Finding[], patient: Patient, signal: AbortSignal): Promise<StepEnd> {
    const { tenant, expected, survey, schema } = patient;
    const reading = schema?.reading;
    const objects = survey.contents.get(tenant.databaseName)?.objects ?? 0;
    if (!reading || (reading.fresh && objects === 0)) {
      // Only what was confirmed, or never was, brings a database back as an empty one.
      if (!findings.some(losesData)) return {};
      await this.#on(patient, signal, (server) => markerInvariant.ensure(expected, server));
      return this.#migrate(patient, signal);
    }
    const applied: readonly Migration[] = this.parts.folder.migrations.filter(({ tag }) =>
      reading.applied.includes(tag),
    );
    const patience = { signal, deadlineMs: mendDeadlineMs };
    return { refusals: await this.parts.mender.mend(targetOf(tenant), applied, findings, patience) };
  }

  async #migrate({ tenant }: Patient, signal: AbortSignal): Promise<StepEnd> {
    const { to } = await this.parts.migrator.migrate(targetOf(tenant), signal);
    return { correction: { schemaVersion: to, schemaChecksum: this.parts.folder.checksum } };
  }

  async #resume({ tenant, expected }: Patient, signal: AbortSignal): Promise<StepEnd> {
    const schemaVersion = await this.parts.provisioner.provision(tenant, expected.password, signal);
    const { checksum: schemaChecksum } = this.parts.folder;
    return { correction: { status: "ACTIVE", statusReason: undefined, schemaVersion, schemaChecksum } };
  }

  #on(patient: Patient, signal: AbortSignal, work: (server: TenantServer) => Promise<void>): Promise<void> {
    return this.parts.servers.work(patient.tenant.serverId, signal, work);
  }
}

function targetOf({ id, serverId, databaseName }: Tenant) {
  return { tenantId: id, serverId, databaseName };
}

/** What is applied is known, but not whether it is the folder's whole. */
function versionOf(findings: readonly Finding[]): TenantCorrection {
  const seen = findings.find(({ remedy }) => remedy === "VERSION")?.expected;
  return { schemaVersion: seen === "none" ? undefined : seen, schemaChecksum: undefined };
}
