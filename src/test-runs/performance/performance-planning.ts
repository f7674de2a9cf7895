import type { JobError } from "../../jobs/job.ts";
import type { JobContext } from "../../jobs/job-handler.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import { DomainError } from "../../kit/domain-error.ts";
import type { ServerId, TenantId } from "../../kit/ids.ts";
import type { Secret } from "../../kit/secret.ts";
import type { SealedSecret, SecretBox } from "../../kit/secret-box.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { TenantFilter, TenantStore } from "../../tenants/tenant-store.ts";
import type { SharedTarget } from "../load/load-generator.ts";
import type { TenantLoads } from "../load/tenant-load.ts";
import { spreadSample } from "../sampling.ts";
import type { TestBudget, TestCoverage, TestRun } from "../test-run.ts";
import type { TestRunStore } from "../test-run-store.ts";
import { TestScopes } from "../test-scope.ts";
import { limited, shareSessions, tenantsWanted } from "./load-plan.ts";
import type { PerformanceTestOptions } from "./performance-test-options.ts";
import type { ScratchTables } from "./scratch-tables.ts";
import { type SelectionCandidate, selectTenants } from "./tenant-selection.ts";

/** Tenants whose sizes are asked for at most: whoever asks for those of a whole fleet makes its server suffer. */
const mostCandidates = 60;

/** The label of tenants that are there to be tested. */
const forTests: TenantFilter = { labels: [{ key: "test", value: "true" }] };

/** What a run will do, as it is stored with the run before any work begins. */
export interface PerformancePlan {
  readonly budget: TestBudget;
  readonly coverage: TestCoverage;
  readonly targets: readonly SharedTarget[];
}

/** What planning reads and writes in the registry. */
export interface PlanningStores {
  readonly runs: Pick<TestRunStore, "plan">;
  readonly jobs: Pick<JobStore, "addItems" | "settleItems" | "itemCounts" | "pendingItems">;
  readonly tenants: Pick<TenantStore, "findMany" | "scan" | "count" | "busyWith" | "healthOf" | "passwordsOf">;
}

interface Pool {
  readonly filter: TenantFilter;
  readonly name: string;
  /** Nobody said which tenants, and none of them is for testing. */
  readonly open: boolean;
}

/** Chooses tenants, deals users out to them and names their scratch tables. */
export class PerformancePlanning {
  readonly #scopes: TestScopes;

  constructor(
    private readonly stores: PlanningStores,
    private readonly loads: Pick<TenantLoads, "placesOn" | "sizesOf">,
    private readonly scratch: Pick<ScratchTables, "name">,
    private readonly secrets: SecretBox,
  ) {
    this.#scopes = new TestScopes(stores.tenants, stores.jobs);
  }

  /** A run that was planned before a crash keeps its tenants. @throws LeaseLost, or the signal's reason */
  async plan(context: JobContext, run: TestRun, options: PerformanceTestOptions): Promise<PerformancePlan> {
    const { lease, signal } = context;
    const scope = await this.#scope(context, run, options);
    const tenants = await this.#tenants(run);
    const users = run.budget.maxConcurrency;
    const shares = shareSessions(users, tenants, (serverId) => this.loads.placesOn(serverId));
    const shared = tenants.flatMap((tenant, at) => {
      const sessions = shares.sessions[at] ?? 0;
      return sessions > 0 ? [{ tenant, sessions }] : [];
    });
    const message = "There was no connection left for this tenant on its server.";
    const error = { code: "NO_CONNECTIONS", message, retryable: true };
    await this.#leaveOut(
      context,
      tenants.filter((_, at) => shares.sessions[at] === 0),
      error,
    );
    const sessions = shared.reduce((sum, share) => sum + share.sessions, 0);
    const budget: TestBudget = {
      ...limited(
        run.budget,
        ...(tenants.length < scope.inScope ? (["MAX_TENANTS"] as const) : []),
        ...(shares.cut ? (["CONNECTIONS"] as const) : []),
      ),
      maxConcurrency: Math.max(1, sessions),
      explanation: scope.explanation,
    };
    const coverage = { tenantsInScope: scope.inScope, tenantsTested: 0 };
    signal.throwIfAborted();
    await this.stores.runs.plan(lease, budget, coverage);
    return { budget, coverage, targets: await this.#targets(context, run, shared) };
  }

  async #scope(context: JobContext, run: TestRun, options: PerformanceTestOptions) {
    const { total } = await this.stores.jobs.itemCounts(run.id);
    if (options.fixedScope || run.budget.explanation) {
      const explanation = run.budget.explanation ?? [`The ${total} tenants that an earlier run did not finish.`];
      await this.#scopes.skipBusy(context.lease, await this.stores.jobs.pendingItems(run.id, 1_000));
      return { inScope: Math.max(total, run.budget.explanation ? run.coverage.tenantsInScope : 0), explanation };
    }
    const pool = await this.#pool(options);
    const wanted = tenantsWanted(options, run.budget.maxConcurrency, pool.open);
    let explanation: readonly string[] = [];
    const { inScope } = await this.#scopes.freeze(
      context.lease,
      { filter: pool.filter },
      run.id,
      context.signal,
      async (active) => {
        const selection = await this.#select(context, spreadSample(active, mostCandidates, run.id), wanted, {
          size: active.length,
          name: pool.name,
        });
        explanation = selection.explanation;
        return selection.chosen.map(({ id }) => id);
      },
    );
    return { inScope, explanation };
  }

  async #pool({ filter }: PerformanceTestOptions): Promise<Pool> {
    if (Object.values(filter).some((value) => value !== undefined)) {
      return { filter, name: "ACTIVE tenants that match the filter", open: false };
    }
    const test: TenantFilter = { ...forTests, statuses: ["ACTIVE"] };
    if ((await this.stores.tenants.count(test, 1)) > 0) {
      return { filter: test, name: "ACTIVE tenants with the label test=true", open: false };
    }
    return { filter: {}, name: "ACTIVE tenants, because none carries the label test=true", open: true };
  }

  async #select(
    context: JobContext,
    ids: readonly TenantId[],
    wanted: number,
    pool: { readonly size: number; readonly name: string },
  ) {
    const { tenants } = this.stores;
    const found = await tenants.findMany(ids);
    const [sizes, health] = await Promise.all([this.#sizes(context, found), tenants.healthOf(ids)]);
    const latency = new Map(health.map(({ tenantId, latencyMs }) => [tenantId, latencyMs]));
    const candidates: readonly (SelectionCandidate & { readonly id: TenantId })[] = found.map(
      ({ id, serverId, databaseName }) => ({
        id,
        serverId,
        bytes: sizes.get(databaseName),
        latencyMs: latency.get(id),
      }),
    );
    return selectTenants(candidates, wanted, pool);
  }

  /** Of servers that do not say, nothing is known; the choice is made without. */
  async #sizes({ signal, logger }: JobContext, tenants: readonly Tenant[]): Promise<ReadonlyMap<string, number>> {
    const sizes = new Map<string, number>();
    for (const serverId of serversOf(tenants)) {
      const names = tenants.filter((tenant) => tenant.serverId === serverId).map(({ databaseName }) => databaseName);
      try {
        for (const [name, bytes] of await this.loads.sizesOf(serverId, names, signal)) sizes.set(name, bytes);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof DomainError)) throw error;
        logger.warn({ serverId, err: error }, "tenants chosen without their sizes");
      }
    }
    return sizes;
  }

  async #tenants(run: TestRun): Promise<readonly Tenant[]> {
    const ids = await this.stores.jobs.pendingItems(run.id, run.budget.maxConcurrency);
    const byId = new Map((await this.stores.tenants.findMany(ids)).map((tenant) => [tenant.id, tenant]));
    return ids.flatMap((id) => byId.get(id) ?? []).filter(({ status }) => status === "ACTIVE");
  }

  async #leaveOut({ lease }: JobContext, tenants: readonly Tenant[], error: JobError): Promise<void> {
    if (tenants.length === 0) return;
    await this.stores.jobs.settleItems(
      lease,
      tenants.map(({ id }) => ({ tenantId: id, status: "SKIPPED", durationMs: 0, error })),
    );
  }

  /** One credential that cannot be read must not keep the others from being tested. */
  async #open(context: JobContext, tenant: Tenant, sealed: SealedSecret): Promise<Secret | undefined> {
    try {
      return this.secrets.open(sealed, { ownerId: tenant.id, field: "password" });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const { code, message, retryable } = error;
      await this.#leaveOut(context, [tenant], { code, message, retryable });
      return undefined;
    }
  }

  async #targets(
    context: JobContext,
    run: TestRun,
    shared: readonly { readonly tenant: Tenant; readonly sessions: number }[],
  ): Promise<readonly SharedTarget[]> {
    const passwords = await this.stores.tenants.passwordsOf(shared.map(({ tenant }) => tenant.id));
    const targets: SharedTarget[] = [];
    for (const serverId of serversOf(shared.map(({ tenant }) => tenant))) {
      const own = shared.filter(({ tenant }) => tenant.serverId === serverId);
      const names = own.map(({ tenant }) => tenant.databaseName);
      const tables = await this.scratch.name(run.id, serverId, names);
      for (const [at, { tenant, sessions }] of own.entries()) {
        const sealed = passwords.get(tenant.id);
        const table = tables[at]?.table;
        if (sealed === undefined || table === undefined) continue;
        const password = await this.#open(context, tenant, sealed);
        if (!password) continue;
        const { id: tenantId, databaseName } = tenant;
        targets.push({ tenantId, serverId, databaseName, password, table, sessions });
      }
    }
    return targets;
  }
}

function serversOf(tenants: readonly Tenant[]): readonly ServerId[] {
  return [...new Set(tenants.map(({ serverId }) => serverId))].sort();
}
