import type { JobItem, JobItemCounts } from "../../jobs/job.ts";
import type { JobContext } from "../../jobs/job-handler.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import type { Failpoints } from "../../kit/failpoints.ts";
import type { Ids, ServerId, TenantId } from "../../kit/ids.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";
import { RunProgress } from "../run-progress.ts";
import type { IsolationTestResult, TestRunDetail } from "../test-run.ts";
import type { TestRunStore } from "../test-run-store.ts";
import type { VerdictTally } from "../verdict-tally.ts";
import type { AttackTrouble, AttemptSeen } from "./attempt.ts";
import { CauseFinder } from "./cause-finder.ts";
import { missedLeaks, namesOfLab, newLab } from "./control.ts";
import type { Footprint } from "./footprint.ts";
import type { Attacker, IsolationGround, Party } from "./isolation-ground.ts";
import { judge } from "./isolation-judge.ts";
import { resultOf } from "./isolation-result.ts";
import { type Finding, IsolationTrial, isServerTrouble, type TrialScene } from "./isolation-trial.ts";
import { leaksOf } from "./leaks.ts";
import { Books } from "./reach.ts";

/** Tenants whose canaries are planted at a time: few enough to be taken away in a moment. */
const chunkLength = 25;

/** A tenant that is to be tested. */
export interface Subject extends Attacker {
  readonly id: TenantId;
  /** Of its row when it was read. */
  readonly generation: number;
}

/** The tenants of one server. */
export interface ServerGroup {
  readonly serverId: ServerId;
  readonly subjects: readonly Subject[];
  /** Every ACTIVE tenant of the server. */
  readonly fleet: readonly Party[];
}

/** What the testing works with. */
export interface IsolationTestingParts {
  readonly runs: Pick<TestRunStore, "addResults">;
  readonly jobs: Pick<JobStore, "settleItems">;
  readonly tenants: Pick<TenantStore, "busyWith" | "findMany">;
  readonly ground: IsolationGround;
  readonly footprint: Footprint;
  readonly ids: Ids;
  readonly failpoints: Failpoints;
  /** Still lives for a moment when the job's signal has aborted: for clearing up. */
  readonly clearing: AbortSignal;
  readonly detailed: boolean;
}

/** Tests the tenants of one server after the other, and writes down and reports what was found. */
export class IsolationTesting {
  readonly #sessions = new Set<string>();
  readonly #progress: RunProgress;

  /** @param start where an earlier start of the same run left off */
  constructor(
    private readonly context: JobContext,
    private readonly parts: IsolationTestingParts,
    start: { readonly figures: VerdictTally; readonly items: JobItemCounts },
  ) {
    this.#progress = new RunProgress(context, start);
  }

  /** @throws LeaseLost, RegistryUnavailable, or the signal's reason */
  async test(group: ServerGroup): Promise<void> {
    this.#progress.report();
    const left = new Map(group.subjects.map((subject) => [subject.id, subject]));
    let books: Books | undefined;
    try {
      await this.#withLab(group, async (scene, trouble) => {
        books = scene.books;
        const pool = trouble
          ? []
          : await this.parts.ground.tryPool(group.serverId, scene.lab.bystander, this.context.signal);
        for (const chunk of chunks(trouble ? [] : group.subjects)) {
          await this.#testChunk(chunk, scene, pool);
          for (const { id } of chunk) left.delete(id);
        }
        if (trouble) await this.#giveUp(left, group, scene.books, trouble);
      });
    } catch (error) {
      this.context.signal.throwIfAborted();
      if (!isServerTrouble(error)) throw error;
      this.context.logger.warn({ serverId: group.serverId, err: error }, "isolation test met trouble with a server");
      await this.#giveUp(left, group, books, { code: error.code, message: error.message });
    }
  }

  /** Settles tenants that cannot be tested. @throws LeaseLost */
  async skip(items: readonly JobItem[]): Promise<void> {
    if (items.length === 0) return;
    await this.parts.jobs.settleItems(this.context.lease, items);
    this.#progress.skip(items.length);
  }

  /** Settles tenants about which nothing can be found out. @throws LeaseLost */
  async inconclusive(ids: readonly TenantId[], trouble: AttackTrouble): Promise<void> {
    const tenant = { label: "", databaseName: "" };
    const checks = judge({ tenant, attempts: [], leaks: [], trouble, labels: new Map(), detailed: false });
    await this.#add(ids.map((tenantId) => resultOf(tenantId, checks, trouble, 0)));
  }

  /** The live figures, with the results that were not named before. */
  takeDetail(): TestRunDetail {
    return this.#progress.takeDetail();
  }

  async #testChunk(chunk: readonly Subject[], scene: TrialScene, pool: readonly AttemptSeen[]): Promise<void> {
    const busy = await this.parts.tenants.busyWith(chunk.map(({ id }) => id));
    const idle = chunk.filter(({ id }) => !busy.has(id));
    const findings = await new IsolationTrial(scene, { ...this.parts, ...this.context }).run(idle);
    const results = idle.map((subject) => this.#result(subject, findings.get(subject.databaseName), scene, pool));
    const open = results.filter(({ verdict }) => verdict === "INCONCLUSIVE").map(({ tenantId }) => tenantId);
    const changed = await this.#changedOf(idle.filter(({ id }) => open.includes(id)));
    await this.#add(results.filter(({ tenantId }) => !changed.has(tenantId)));
    await this.skip([...busy.keys(), ...changed].map(busyItem));
  }

  /** Those that somebody changes, or has changed since they were read: what could not be tried with them says nothing. */
  async #changedOf(subjects: readonly Subject[]): Promise<ReadonlySet<TenantId>> {
    if (subjects.length === 0) return new Set();
    const ids = subjects.map(({ id }) => id);
    const busy = await this.parts.tenants.busyWith(ids);
    const now = new Map((await this.parts.tenants.findMany(ids)).map(({ id, generation }) => [id, generation]));
    const changed = subjects.filter(({ id, generation }) => busy.has(id) || now.get(id) !== generation);
    return new Set(changed.map(({ id }) => id));
  }

  /** Raises the lab, and lets it find its own leak, before anything is said of a tenant. */
  async #withLab(
    { serverId, fleet }: ServerGroup,
    work: (scene: TrialScene, trouble: AttackTrouble | undefined) => Promise<void>,
  ): Promise<void> {
    const { ground, footprint, ids, failpoints, clearing } = this.parts;
    const { signal, job } = this.context;
    const lab = newLab(ids);
    await footprint.remember(serverId, namesOfLab(lab));
    try {
      await ground.raise(serverId, lab, signal);
      await failpoints.hit("isolation:lab", signal);
      const books = new Books(await ground.look(serverId, signal));
      await ground.hold(serverId, lab.bystander, signal, async (bystanderSession) => {
        const isNewSession = (id: number) => this.#isNew(`${serverId}:${id}`);
        const labels = labelsOf([...fleet, lab.bystander]);
        const causes = new CauseFinder(books, fleet, labels, ground);
        const scene = { serverId, lab, books, causes, bystanderSession, fleet, labels, isNewSession, seed: job.id };
        await work(scene, await this.#control(scene));
      });
    } finally {
      if (!clearing.aborted) await footprint.clear(serverId, namesOfLab(lab), clearing);
    }
  }

  /** @returns why nothing can be said of anybody, if the planted leaks were not all found */
  async #control(scene: TrialScene): Promise<AttackTrouble | undefined> {
    const { lab, serverId, books, bystanderSession, isNewSession } = scene;
    const { signal } = this.context;
    const report = await this.parts.ground.attack({
      ...{ serverId, attacker: lab.leaky, main: lab.bystander, others: [], far: [], strange: [] },
      ...{ lab, bystanderSession, isNewSession, signal },
    });
    const missed = missedLeaks(lab, report, books);
    if (missed.length === 0) return undefined;
    const why = report.trouble === undefined ? "" : ` ${report.trouble.message}`;
    return {
      code: "CONTROL_NOT_FOUND",
      message: `The run did not find the leaks that it had planted itself (${missed.join(", ")}), so that it could prove nothing.${why}`,
    };
  }

  #isNew(session: string): boolean {
    if (this.#sessions.has(session)) return false;
    this.#sessions.add(session);
    return true;
  }

  #result(
    subject: Subject,
    finding: Finding | undefined,
    { books, labels, causes }: TrialScene,
    pool: readonly AttemptSeen[],
  ): IsolationTestResult {
    const { trouble, durationMs = 0 } = finding ?? {};
    const attempts = [...(finding?.attempts ?? []), ...pool];
    const leaks = leaksOf(subject.databaseName, books);
    const checks = judge({ tenant: subject, attempts, leaks, trouble, labels, detailed: this.parts.detailed });
    return resultOf(subject.id, checks, trouble, durationMs, causes.find(subject.databaseName, leaks, attempts));
  }

  /** What the books say counts also where nothing could be tried, unless the run cannot be trusted. */
  async #giveUp(
    left: ReadonlyMap<TenantId, Subject>,
    { fleet }: ServerGroup,
    books: Books | undefined,
    trouble: AttackTrouble,
  ): Promise<void> {
    const labels = labelsOf(fleet);
    const trusted = trouble.code === "CONTROL_NOT_FOUND" ? undefined : books;
    const causes = trusted && new CauseFinder(trusted, fleet, labels, this.parts.ground);
    for (const chunk of chunks([...left.values()])) {
      await this.#store(chunk, (tenant) => {
        const leaks = trusted ? leaksOf(tenant.databaseName, trusted) : [];
        const checks = judge({ tenant, attempts: [], leaks, trouble, labels, detailed: this.parts.detailed });
        return resultOf(tenant.id, checks, trouble, 0, causes?.find(tenant.databaseName, leaks, []));
      });
    }
  }

  async #store(subjects: readonly Subject[], judged: (subject: Subject) => IsolationTestResult): Promise<void> {
    await this.#add(subjects.map(judged));
  }

  async #add(results: readonly IsolationTestResult[]): Promise<void> {
    if (results.length === 0) return;
    await this.parts.runs.addResults(this.context.lease, results);
    this.#progress.add(results);
  }
}

function busyItem(tenantId: TenantId): JobItem {
  const error = { code: "TENANT_BUSY", message: "Another job was changing this tenant.", retryable: true };
  return { tenantId, status: "SKIPPED", durationMs: 0, error };
}

function labelsOf(parties: readonly Party[]): ReadonlyMap<string, string> {
  return new Map(parties.map(({ databaseName, label }) => [databaseName, label]));
}

function* chunks(subjects: readonly Subject[]): Generator<readonly Subject[]> {
  for (let at = 0; at < subjects.length; at += chunkLength) yield subjects.slice(at, at + chunkLength);
}
