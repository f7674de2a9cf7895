import type { Job, JobKind } from "../jobs/job.ts";
import type { JobRetrier } from "../jobs/job-retrier.ts";
import type { JobStore } from "../jobs/job-store.ts";
import type { Origin } from "../kit/actor.ts";
import type { Ids, JobId } from "../kit/ids.ts";
import type { Logger } from "../kit/logger.ts";
import type { SecretBox } from "../kit/secret-box.ts";
import { KeyUse } from "./key-use.ts";
import type { SealedSecretStore } from "./sealed-secret-store.ts";

/** Who acts when a key was put before the others. */
const ownOrigin: Origin = {
  actor: { id: "tenantry:keys", name: "key rotation", role: "ADMIN" },
  requestId: "key rotation",
};

/** What {@link ReencryptionService} works with. */
export interface ReencryptionParts {
  readonly secrets: Pick<SealedSecretStore, "countByKey">;
  readonly secretBox: SecretBox;
  readonly jobs: Pick<JobStore, "enqueue" | "list">;
  readonly ids: Ids;
  readonly runner: { wake(): void };
  readonly logger: Logger;
}

/** Enters the job that seals secrets with the first key; also by itself, once after a start that has brought a new one. */
export class ReencryptionService implements JobRetrier {
  readonly kinds: readonly JobKind[] = ["REENCRYPT_SECRETS"];
  #looked = false;
  /** The end of the entering before, so that two that come at once enter one job. */
  #entering: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: ReencryptionParts) {}

  /** Enters the job; where one is under way, it is that one. */
  reencrypt(origin: Origin): Promise<Job> {
    return this.#inTurn(() => this.#enter("reencryptSecrets", origin));
  }

  retry(_job: Job, _tenantIds: readonly [], origin: Origin): Promise<Job> {
    return this.#inTurn(() => this.#enter("retryJob", origin));
  }

  /** Looks, once in a process' life, with which keys secrets are sealed, and sees to it that they will be with the first. */
  async runOnce(signal: AbortSignal): Promise<void> {
    if (this.#looked) return;
    const { secrets, secretBox, logger } = this.parts;
    const use = new KeyUse(secretBox, await secrets.countByKey(signal));
    if (use.resealable > 0) {
      const job = await this.reencrypt(ownOrigin);
      logger.info(
        { jobId: job.id, secrets: use.resealable, keyId: secretBox.currentKeyId },
        "secrets will be resealed",
      );
    }
    const { missingKeys } = use;
    if (Object.keys(missingKeys).length > 0) logger.error({ missingKeys }, "keys of sealed secrets are not configured");
    this.#looked = true;
  }

  async #enter(action: string, origin: Origin): Promise<Job> {
    const { jobs, ids, runner } = this.parts;
    const open = { kinds: this.kinds, statuses: ["QUEUED", "RUNNING"] as const };
    const [present] = (await jobs.list(open, { limit: 1, direction: "FORWARD" })).edges;
    if (present) return present.node;
    const id: JobId = ids.next<"Job">();
    const kind = "REENCRYPT_SECRETS";
    const job = await jobs.enqueue({ id, kind, action, input: {}, requestedBy: origin.actor, items: [] }, origin);
    runner.wake();
    return job;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#entering.then(work);
    this.#entering = turn.catch(() => undefined);
    return turn;
  }
}
