import type { TenantId } from "../../src/kit/ids.ts";
import { SecretBox } from "../../src/kit/secret-box.ts";
import { passwordPlace } from "../../src/tenants/admission.ts";
import type { BenchDatabase } from "./bench-database.ts";
import { type BenchService, encryptionKey } from "./bench-service.ts";

/** A job of the service ended otherwise than it should. */
export class JobNotDone extends Error {
  override readonly name = "JobNotDone";
}

/** A tenant as whoever wants to log in to its database needs it. */
export interface FleetTenant {
  readonly id: TenantId;
  readonly slug: string;
  readonly databaseName: string;
  readonly password: string;
}

interface JobAnswer {
  readonly id: string;
  readonly status: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly progress: { readonly done: number; readonly total: number | null };
}

const jobFields = "id status startedAt finishedAt progress { done total }";

/** A service and the tenants that it made. */
export class Fleet {
  constructor(
    readonly service: BenchService,
    private readonly database: BenchDatabase,
    /** Name of its registry's database. */
    readonly registry: string,
  ) {}

  /** Makes so many more tenants. @returns milliseconds that the job worked */
  async grow(count: number): Promise<number> {
    const { createTestTenants } = await this.service.client.data<{ createTestTenants: { job: JobAnswer | null } }>(
      `mutation ($count: Int!) { createTestTenants(input: { count: $count }) { job { ${jobFields} } userErrors { message } } }`,
      { count },
    );
    if (!createTestTenants.job) throw new JobNotDone(JSON.stringify(createTestTenants));
    return workedMs(await this.ended(createTestTenants.job.id));
  }

  /** Waits until a job has succeeded. @throws JobNotDone */
  async ended(id: string): Promise<JobAnswer> {
    for (;;) {
      const { job } = await this.service.client.data<{ job: JobAnswer }>(
        `query ($id: ID!) { job(id: $id) { ${jobFields} error { code message } } }`,
        { id },
      );
      if (job.status === "SUCCEEDED") return job;
      if (job.status === "FAILED" || job.status === "CANCELLED") throw new JobNotDone(JSON.stringify(job));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Every tenant that is ACTIVE, by slug. */
  async tenants(): Promise<readonly FleetTenant[]> {
    const box = new SecretBox([Buffer.from(encryptionKey, "base64")]);
    const rows = await this.database.rows<FleetTenant>(
      `SELECT id, slug, database_name AS databaseName, password FROM ${this.registry}.tenants WHERE status = 'ACTIVE' ORDER BY slug`,
    );
    return rows.map((row) => ({ ...row, password: box.open(row.password, passwordPlace(row.id)).reveal() }));
  }
}

/** Milliseconds between the start and the end of a job. */
function workedMs({ startedAt, finishedAt }: JobAnswer): number {
  return new Date(finishedAt ?? "").getTime() - new Date(startedAt ?? "").getTime();
}
