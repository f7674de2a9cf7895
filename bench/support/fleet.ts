import { forEachBounded } from "../../src/kit/concurrency.ts";
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
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

const jobFields = "id status createdAt finishedAt";

/** A service and the tenants that it made. */
export class Fleet {
  constructor(
    readonly service: BenchService,
    private readonly database: BenchDatabase,
    /** Name of its registry's database. */
    readonly registry: string,
  ) {}

  /** Makes so many more tenants. @returns milliseconds from the job's entry to its end */
  async grow(count: number): Promise<number> {
    return this.ended(await this.begin(count));
  }

  /** Enters so many more tenants. @returns the job that makes them */
  async begin(count: number): Promise<string> {
    const { createTestTenants } = await this.service.client.data<{ createTestTenants: { job: { id: string } | null } }>(
      "mutation ($count: Int!) { createTestTenants(input: { count: $count }) { job { id } userErrors { message } } }",
      { count },
    );
    if (!createTestTenants.job) throw new JobNotDone(JSON.stringify(createTestTenants));
    return createTestTenants.job.id;
  }

  /**
   * Waits until a job has succeeded. It is asked for seldom: asking must not cost what is measured.
   * @returns milliseconds from its entry to its end @throws JobNotDone
   */
  async ended(id: string, everyMs = 100): Promise<number> {
    for (;;) {
      const { job } = await this.service.client.data<{ job: JobAnswer }>(
        `query ($id: ID!) { job(id: $id) { ${jobFields} error { code message } } }`,
        { id },
      );
      if (job.status === "SUCCEEDED")
        return new Date(job.finishedAt ?? "").getTime() - new Date(job.createdAt).getTime();
      if (job.status === "FAILED" || job.status === "CANCELLED") throw new JobNotDone(JSON.stringify(job));
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  /** Drops what its tenants have on the server: figures that look at a whole server shall not find them. */
  async drop(): Promise<void> {
    const rows = await this.database.rows<{ name: string }>(
      `SELECT database_name AS name FROM ${this.registry}.tenants`,
    );
    await forEachBounded(rows, 4, new AbortController().signal, async ({ name }) => {
      await this.database.rows(`DROP DATABASE IF EXISTS ${name}`);
      await this.database.rows(`DROP USER IF EXISTS '${name}'@'%'`);
    });
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
