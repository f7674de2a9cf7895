import { randomBytes, randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import type { Job } from "../../src/jobs/job.ts";
import { JobFeed } from "../../src/jobs/job-feed.ts";
import { defaultRunnerOptions, JobRunner } from "../../src/jobs/job-runner.ts";
import { systemClock } from "../../src/kit/clock.ts";
import { type Failpoints, noFailpoints } from "../../src/kit/failpoints.ts";
import { type JobId, type TenantId, uuidv7Ids } from "../../src/kit/ids.ts";
import { type Logger, silentLogger } from "../../src/kit/logger.ts";
import { Secret } from "../../src/kit/secret.ts";
import { SecretBox } from "../../src/kit/secret-box.ts";
import { DrizzleJobStore } from "../../src/registry/jobs/drizzle-job-store.ts";
import { DrizzleSealedSecretStore } from "../../src/registry/secrets/drizzle-sealed-secret-store.ts";
import { pendingPasswords } from "../../src/registry/tables/pending-passwords.ts";
import { tenants } from "../../src/registry/tables/tenants.ts";
import { DrizzleTenantStore } from "../../src/registry/tenants/drizzle-tenant-store.ts";
import { ReencryptJob } from "../../src/secrets/reencrypt-job.ts";
import { ReencryptionService } from "../../src/secrets/reencryption-service.ts";
import type { SealedSecretStore } from "../../src/secrets/sealed-secret-store.ts";
import { passwordPlace, pendingPasswordPlace } from "../../src/tenants/admission.ts";
import { aNewTenant, anAdmission, anId } from "../support/builders.ts";
import { type FreshRegistry, freshRegistry } from "../support/registry.ts";

export const [oldKey, newKey, lostKey] = [randomBytes(32), randomBytes(32), randomBytes(32)] as const;
/** Before the rotation, after it, and without the old key too early. */
export const oldBox = new SecretBox([oldKey]);
export const bothBox = new SecretBox([newKey, oldKey]);
export const newBox = new SecretBox([newKey]);
export const lostBox = new SecretBox([lostKey]);

/** A registry with sealed secrets, and what seals them anew. Two secrets to a page, so that a handful is several pages. */
export class SealedFleet implements AsyncDisposable {
  readonly store: DrizzleSealedSecretStore;
  readonly jobs: DrizzleJobStore;
  readonly #tenants: DrizzleTenantStore;

  private constructor(readonly registry: FreshRegistry) {
    this.store = new DrizzleSealedSecretStore(registry.db, 3);
    this.jobs = new DrizzleJobStore(registry.db, systemClock, uuidv7Ids);
    this.#tenants = new DrizzleTenantStore(registry.db, { publish: () => undefined }, systemClock, uuidv7Ids);
  }

  static async open(): Promise<SealedFleet> {
    return new SealedFleet(await freshRegistry());
  }

  /** Tenants whose passwords are sealed by a box. */
  async add(count: number, box = oldBox): Promise<readonly TenantId[]> {
    const added = Array.from({ length: count }, () => {
      const id = anId<"Tenant">();
      return aNewTenant({ id, password: box.seal(new Secret(`password of ${id}`), passwordPlace(id)) });
    });
    await this.#tenants.admit(anAdmission(added));
    return added.map(({ id }) => id);
  }

  /** A password that is being set. */
  async addPending(tenantId: TenantId, box = oldBox): Promise<void> {
    const password = box.seal(new Secret(`pending of ${tenantId}`), pendingPasswordPlace(tenantId));
    await this.registry.db.orm.insert(pendingPasswords).values({ tenantId, password, createdAt: new Date() });
  }

  async put(id: TenantId, password: string): Promise<void> {
    await this.registry.db.orm.update(tenants).set({ password }).where(eq(tenants.id, id));
  }

  async password(id: TenantId, box: SecretBox): Promise<string> {
    const [row] = await this.registry.db.orm.select().from(tenants).where(eq(tenants.id, id));
    return box.open(row?.password ?? "", passwordPlace(id)).reveal();
  }

  async pending(id: TenantId, box: SecretBox): Promise<string> {
    const [row] = await this.registry.db.orm.select().from(pendingPasswords).where(eq(pendingPasswords.tenantId, id));
    return box.open(row?.password ?? "", pendingPasswordPlace(id)).reveal();
  }

  /** A service as a start of the process makes it. */
  service(box: SecretBox, logger: Logger = silentLogger): ReencryptionService {
    const runner = { wake: () => undefined };
    return new ReencryptionService({
      secrets: this.store,
      secretBox: box,
      jobs: this.jobs,
      ids: uuidv7Ids,
      runner,
      logger,
    });
  }

  job(box: SecretBox, more: { store?: SealedSecretStore; failpoints?: Failpoints } = {}): ReencryptJob {
    const { store = this.store, failpoints = noFailpoints } = more;
    return new ReencryptJob({ secrets: store, secretBox: box, failpoints, pageSize: 2 });
  }

  /** A process that works on what is due. */
  runner(handler: ReencryptJob): JobRunner {
    const feed = new JobFeed(this.jobs, systemClock, silentLogger);
    const parts = { store: this.jobs, feed, clock: systemClock, logger: silentLogger, random: () => 0 };
    return new JobRunner([handler], parts, { ...defaultRunnerOptions, owner: randomUUID() });
  }

  /** Works on what is due. @returns the job as it is then */
  async work(id: JobId, handler: ReencryptJob): Promise<Job> {
    const runner = this.runner(handler);
    await runner.runOnce(new AbortController().signal);
    await runner.whenIdle();
    return this.#find(id);
  }

  /** A process that dies at a point, at its second passing: its lease is lost. */
  async crash(box: SecretBox, at: string): Promise<void> {
    let passings = 0;
    let reached: () => void = () => undefined;
    const there = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const failpoints: Failpoints = {
      armed: (beginning) => at.startsWith(beginning),
      hit: async (name, signal) => {
        if (name !== at) return;
        passings += 1;
        if (passings !== 2) return;
        reached();
        await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
      },
    };
    const runner = this.runner(this.job(box, { failpoints }));
    await runner.runOnce(new AbortController().signal);
    await there;
    await this.jobs.returnLost(randomUUID());
    await runner.stop();
  }

  async #find(id: JobId): Promise<Job> {
    const job = await this.jobs.find(id);
    if (!job) throw new TypeError("The job is gone.");
    return job;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.registry.close();
  }
}
