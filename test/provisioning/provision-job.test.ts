import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Job, JobItem } from "../../src/jobs/job.ts";
import type { JobContext } from "../../src/jobs/job-handler.ts";
import { systemClock } from "../../src/kit/clock.ts";
import { DomainError } from "../../src/kit/domain-error.ts";
import { noFailpoints } from "../../src/kit/failpoints.ts";
import { type ServerId, type TenantId, uuidv7Ids } from "../../src/kit/ids.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { SecretBox } from "../../src/kit/secret-box.ts";
import { OwnershipMismatch } from "../../src/provisioning/database-invariant.ts";
import { ProvisionJob } from "../../src/provisioning/provision-job.ts";
import { ServerStreams } from "../../src/provisioning/server-streams.ts";
import { ServerTrouble } from "../../src/servers/server-trouble.ts";
import { passwordPlace } from "../../src/tenants/admission.ts";
import { newCredentials } from "../../src/tenants/credentials.ts";
import type { Tenant, TenantStatus } from "../../src/tenants/tenant.ts";

type Provision = (tenant: Tenant) => Promise<string | undefined>;

/** A job over tenants in memory, as far as its handler can see the registry. */
class Bench {
  readonly server = uuidv7Ids.next<"DatabaseServer">();
  readonly secretBox = new SecretBox([randomBytes(32)]);
  readonly tenants = new Map<TenantId, Tenant>();
  readonly items: JobItem[] = [];
  readonly attempts: string[] = [];
  readonly reports: string[] = [];
  readonly proofs: string[] = [];
  readonly stop = new AbortController();
  /** What provisioning a tenant does; by default it works. */
  provision: Provision = async () => "0003_add_invoices";
  /** What the look at the end finds; by default that all is well. */
  prove: (slug: string) => Promise<void> = () => Promise.resolve();
  most = 0;
  #running = 0;

  add(slug: string, serverId: ServerId = this.server, status: TenantStatus = "PROVISIONING"): Tenant {
    const id = uuidv7Ids.next<"Tenant">();
    const at = new Date();
    const { databaseName } = newCredentials();
    const rest = { name: slug, databaseName, seed: false, generation: 1, createdAt: at, updatedAt: at };
    const tenant: Tenant = { id, slug, status, serverId, ...rest };
    this.tenants.set(id, tenant);
    this.items.push({ tenantId: id, status: "PENDING", durationMs: 0 });
    return tenant;
  }

  statuses(): Record<string, TenantStatus> {
    return Object.fromEntries([...this.tenants.values()].map(({ slug, status }) => [slug, status]));
  }

  get handler(): ProvisionJob {
    const { tenants, items, secretBox } = this;
    const become = (id: TenantId, change: Partial<Tenant>, item: JobItem) => {
      const tenant = tenants.get(id);
      if (tenant?.status !== "PROVISIONING") throw new TypeError("not PROVISIONING");
      const changed = { ...tenant, ...change };
      tenants.set(id, changed);
      this.#settle(item);
      return changed;
    };
    return new ProvisionJob({
      secretBox,
      failpoints: noFailpoints,
      streams: new ServerStreams(2),
      provisioner: {
        make: (tenant) => this.#watched(tenant),
        prove: async ({ slug }) => {
          this.proofs.push(slug);
          await this.prove(slug);
        },
      },
      jobs: {
        pendingItems: async (_id, limit, after) => {
          const from = after ? items.findIndex(({ tenantId }) => tenantId === after) + 1 : 0;
          const pending = items.slice(from).filter(({ status }) => status === "PENDING");
          return pending.slice(0, limit).map(({ tenantId }) => tenantId);
        },
        itemCounts: async () => {
          const count = (status: JobItem["status"]) => items.filter((item) => item.status === status).length;
          const [pending, succeeded] = [count("PENDING"), count("SUCCEEDED")];
          return { total: items.length, pending, succeeded, failed: count("FAILED"), skipped: count("SKIPPED") };
        },
        settleItems: async (_lease, settled) => {
          for (const item of settled) this.#settle(item);
        },
      },
      tenants: {
        findMany: async (ids) => ids.flatMap((id) => tenants.get(id) ?? []),
        passwordsOf: async (ids) =>
          new Map(ids.map((id) => [id, secretBox.seal(newCredentials().password, passwordPlace(id))])),
        activate: async (_lease, id, schemaVersion, durationMs) =>
          become(id, { status: "ACTIVE", schemaVersion }, { tenantId: id, status: "SUCCEEDED", durationMs }),
        fail: async (_lease, id, error, durationMs) =>
          become(
            id,
            { status: "FAILED", statusReason: `${error.code}: ${error.message}` },
            { tenantId: id, status: "FAILED", durationMs, error },
          ),
        giveUp: async (_lease, ids, error) => {
          for (const tenantId of ids) {
            const isLeft = tenants.get(tenantId)?.status === "PROVISIONING";
            const status = isLeft ? "FAILED" : "SKIPPED";
            if (isLeft) become(tenantId, { status: "FAILED" }, { tenantId, status, durationMs: 0, error });
            else this.#settle({ tenantId, status, durationMs: 0, error });
          }
        },
      },
    });
  }

  get context(): JobContext {
    const actor = { id: "key", name: "key", role: "ADMIN" as const };
    const id = uuidv7Ids.next<"Job">();
    const progress = { phase: "queued", total: 0, done: 0, failed: 0, skipped: 0, percent: 0 };
    const job: Job = {
      ...{ id, kind: "PROVISION_TENANTS", status: "RUNNING", input: {}, requestedBy: actor, progress },
      ...{ attempts: 1, lastSequence: 1, createdAt: new Date() },
    };
    return {
      job,
      lease: { jobId: id, owner: "me", fence: 1 },
      signal: this.stop.signal,
      clock: { ...systemClock, sleep: () => Promise.resolve() },
      logger: silentLogger,
      report: ({ done, failed, skipped, total }) => {
        this.reports.push(`${done}+${failed}+${skipped}/${total}`);
      },
      flush: () => Promise.resolve(),
    };
  }

  async #watched(tenant: Tenant): Promise<string | undefined> {
    this.attempts.push(tenant.slug);
    this.#running += 1;
    this.most = Math.max(this.most, this.#running);
    try {
      await new Promise((resolve) => setImmediate(resolve));
      return await this.provision(tenant);
    } finally {
      this.#running -= 1;
    }
  }

  #settle(item: JobItem): void {
    const at = this.items.findIndex(({ tenantId, status }) => tenantId === item.tenantId && status === "PENDING");
    if (at >= 0) this.items[at] = item;
  }
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

const unreachable = new ServerTrouble("UNREACHABLE", "The database server did not answer.");

describe("a provisioning job", () => {
  it("makes every tenant ACTIVE, at most as many at a time as there are streams, and reports each", async () => {
    const bench = new Bench();
    for (let n = 1; n <= 7; n += 1) bench.add(`t${n}`);
    expect(await bench.handler.run(bench.context)).toMatchObject({
      status: "SUCCEEDED",
      message: "7 of 7 tenants are ready.",
    });
    expect(new Set(Object.values(bench.statuses()))).toEqual(new Set(["ACTIVE"]));
    expect(bench.most).toBe(2);
    expect(bench.reports.at(-1)).toBe("7+0+0/7");
  });

  it("gives its stream to the next tenant while one is proved", async () => {
    const bench = new Bench();
    for (const slug of ["a", "b", "c"]) bench.add(slug);
    let lastMade: () => void = () => undefined;
    const made = new Promise<void>((resolve) => {
      lastMade = resolve;
    });
    bench.provision = async ({ slug }) => {
      if (slug === "c") lastMade();
      return "0000";
    };
    bench.prove = () => made;
    expect(await bench.handler.run(bench.context)).toMatchObject({ status: "SUCCEEDED" });
    expect(bench.proofs.toSorted()).toEqual(["a", "b", "c"]);
  });

  it("keeps a tenant that does not prove to be right from becoming ACTIVE", async () => {
    const bench = new Bench();
    bench.add("a");
    bench.prove = async () => {
      throw new OwnershipMismatch("The database that the account reaches does not belong to the tenant.");
    };
    expect(await bench.handler.run(bench.context)).toMatchObject({ status: "FAILED" });
    expect(bench.statuses()).toEqual({ a: "FAILED" });
  });

  it("goes on past a tenant that is refused, and says how many failed", async () => {
    const bench = new Bench();
    for (const slug of ["a", "b", "c"]) bench.add(slug);
    bench.provision = async ({ slug }) => {
      if (slug === "b") throw new OwnershipMismatch("The database belongs to another tenant.");
      return "0000";
    };
    expect(await bench.handler.run(bench.context)).toMatchObject({
      status: "FAILED",
      error: { code: "PARTIAL_FAILURE", message: "1 of 3 tenants failed." },
    });
    expect(bench.statuses()).toEqual({ a: "ACTIVE", b: "FAILED", c: "ACTIVE" });
    expect([...bench.tenants.values()][1]?.statusReason).toBe(
      "OWNERSHIP_MISMATCH: The database belongs to another tenant.",
    );
  });

  it("leaves a server that is out of reach alone, serves the others, and comes back for the rest", async () => {
    const bench = new Bench();
    const dead = uuidv7Ids.next<"DatabaseServer">();
    for (let n = 1; n <= 6; n += 1) bench.add(`dead${n}`, dead);
    bench.add("alive");
    bench.provision = async ({ serverId }) => {
      if (serverId === dead) throw unreachable;
      return "0000";
    };
    expect(await failureOf(bench.handler.run(bench.context))).toBe(unreachable);
    expect(bench.statuses()).toMatchObject({ alive: "ACTIVE", dead1: "PROVISIONING", dead6: "PROVISIONING" });
    expect(bench.attempts.filter((slug) => slug.startsWith("dead")).length).toBeLessThanOrEqual(2);

    bench.provision = async () => "0000";
    expect(await bench.handler.run(bench.context)).toMatchObject({ status: "SUCCEEDED" });
    expect(bench.attempts.filter((slug) => slug === "alive")).toHaveLength(1);
  });

  it("tries a deadlock again by itself", async () => {
    const bench = new Bench();
    bench.add("a");
    bench.provision = async () => {
      if (bench.attempts.length < 3) throw new ServerTrouble("DEADLOCK", "The statement lost a deadlock.");
      return "0000";
    };
    expect(await bench.handler.run(bench.context)).toMatchObject({ status: "SUCCEEDED" });
    expect(bench.attempts).toHaveLength(3);
  });

  it("does not touch a tenant that is being deleted, and counts one that was ready", async () => {
    const bench = new Bench();
    bench.add("gone", bench.server, "DELETING");
    bench.add("ready", bench.server, "ACTIVE");
    expect(await bench.handler.run(bench.context)).toMatchObject({ status: "SUCCEEDED" });
    expect(bench.attempts).toEqual([]);
    expect(bench.items.map(({ status }) => status)).toEqual(["SKIPPED", "SUCCEEDED"]);
    expect(bench.reports.at(-1)).toBe("1+0+1/2");
  });

  it("stops with its signal's reason and leaves what was not reached PROVISIONING", async () => {
    const bench = new Bench();
    for (let n = 1; n <= 5; n += 1) bench.add(`t${n}`);
    const reason = new TypeError("enough");
    bench.provision = async () => {
      bench.stop.abort(reason);
      throw unreachable;
    };
    expect(await failureOf(bench.handler.run(bench.context))).toBe(reason);
    expect(new Set(Object.values(bench.statuses()))).toEqual(new Set(["PROVISIONING"]));
  });

  it("lets a bug through, so that the job ends by it", async () => {
    const bench = new Bench();
    bench.add("a");
    const bug = new TypeError("bug");
    bench.provision = async () => {
      throw bug;
    };
    expect(await failureOf(bench.handler.run(bench.context))).toBe(bug);
    expect(bug).not.toBeInstanceOf(DomainError);
  });

  it("that is given up leaves nobody PROVISIONING: each is FAILED with the job's reason", async () => {
    const bench = new Bench();
    for (let n = 1; n <= 450; n += 1) bench.add(`t${n}`);
    bench.add("ready", bench.server, "ACTIVE");
    const error = { code: "CANCELLED", message: "The job was cancelled.", retryable: true };
    await bench.handler.abandon(bench.context, error);
    expect(bench.items.filter(({ status }) => status === "FAILED")).toHaveLength(450);
    expect(bench.statuses()).toMatchObject({ t1: "FAILED", t450: "FAILED", ready: "ACTIVE" });
    expect(bench.items.filter(({ status }) => status === "PENDING")).toEqual([]);
  });
});
