import type { JobRunner } from "../../../src/jobs/job-runner.ts";
import { systemClock } from "../../../src/kit/clock.ts";
import { noFailpoints } from "../../../src/kit/failpoints.ts";
import { uuidv7Ids } from "../../../src/kit/ids.ts";
import { silentLogger } from "../../../src/kit/logger.ts";
import { MysqlServerStrains } from "../../../src/mysql/performance/mysql-server-strains.ts";
import { MysqlTenantLoads } from "../../../src/mysql/performance/mysql-tenant-loads.ts";
import { DrizzleScratchStore } from "../../../src/registry/servers/drizzle-scratch-store.ts";
import { DrizzleTestBaselineStore } from "../../../src/registry/test-runs/drizzle-test-baseline-store.ts";
import { RunComparisons } from "../../../src/test-runs/comparison/run-comparisons.ts";
import type { StrainSample } from "../../../src/test-runs/load/governor.ts";
import type { ProcessLook } from "../../../src/test-runs/load/load-watch.ts";
import {
  PerformanceTestJob,
  type PerformanceTestReach,
} from "../../../src/test-runs/performance/performance-test-job.ts";
import type { RatingBands } from "../../../src/test-runs/rating.ts";
import { ScopeCheck } from "../../../src/test-runs/scope-check.ts";
import { TestRunService } from "../../../src/test-runs/test-run-service.ts";
import { Fleet, type RealTenant } from "../fleet.ts";

/** Nothing is too slow: how quick this machine is just now is no matter of most tests. */
const patientBands: RatingBands = { excellent: 25, good: 50, fair: 100, slow: 60_000 };

/** A process that is never strained, unless the test says how. */
export function calmProcess(strain: Partial<StrainSample> = {}): ProcessLook {
  return { start: () => undefined, stop: () => undefined, look: () => ({ eventLoopDelayMs: 0, cpu: 0.1, ...strain }) };
}

/** A fleet whose tenants may be put under load. */
export class LoadFleet implements AsyncDisposable {
  readonly scratch: DrizzleScratchStore;
  readonly comparisons: RunComparisons;
  readonly loads: MysqlTenantLoads;

  private constructor(readonly fleet: Fleet) {
    const { db } = fleet.registry;
    this.scratch = new DrizzleScratchStore(db, systemClock);
    this.comparisons = new RunComparisons(fleet.runs, new DrizzleTestBaselineStore(db, systemClock, uuidv7Ids));
    this.loads = new MysqlTenantLoads(fleet.sessions);
  }

  static async open(): Promise<LoadFleet> {
    return new LoadFleet(await Fleet.open());
  }

  /** Tenants whose accounts may do what a tenant's account may. */
  async addTenants(prefix: string, count: number): Promise<readonly RealTenant[]> {
    const tenants = await this.fleet.addTenants(prefix, count);
    for (const { databaseName: name } of tenants) {
      await this.fleet.admin.query(`GRANT ALL ON ${name}.* TO '${name}'@'%'`);
    }
    return tenants;
  }

  handler(
    reach: Partial<PerformanceTestReach> = {},
    process: () => ProcessLook = () => calmProcess(),
    bands = patientBands,
  ): PerformanceTestJob {
    const { fleet } = this;
    const { runs, jobs, tenants, servers, secrets, sessions } = fleet;
    return new PerformanceTestJob(
      { runs, jobs, tenants, servers, scratch: this.scratch },
      { loads: this.loads, strains: new MysqlServerStrains(sessions, silentLogger), secrets, ...reach },
      { bands, ids: uuidv7Ids, baseline: this.comparisons, process, failpoints: noFailpoints },
    );
  }

  testRuns(runner: JobRunner, maxOperations = 1_500): TestRunService {
    const { runs, jobs, tenants, servers } = this.fleet;
    return new TestRunService(runs, jobs, new ScopeCheck(tenants, servers), uuidv7Ids, runner, { maxOperations });
  }

  /** Tables in the tenants' databases that are not the tenants' own. */
  async scratchTables(): Promise<readonly string[]> {
    const [rows] = await this.fleet.admin.query(
      `SELECT CONCAT(table_schema, '.', table_name) AS name FROM information_schema.tables
       WHERE table_name LIKE 'scratch%' AND table_schema IN (SELECT database_name FROM ${this.fleet.registry.database}.tenants)`,
    );
    return Array.isArray(rows) ? rows.map((row) => String(Reflect.get(row, "name"))) : [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.fleet[Symbol.asyncDispose]();
  }
}
