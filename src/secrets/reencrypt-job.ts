import type { JobKind } from "../jobs/job.ts";
import type { JobContext, JobHandler, JobOutcome } from "../jobs/job-handler.ts";
import type { Failpoints } from "../kit/failpoints.ts";
import { type SecretBox, SecretUnreadable } from "../kit/secret-box.ts";
import { KeyUse } from "./key-use.ts";
import type { KeptSecret, ResealedSecret, SealedSecretStore } from "./sealed-secret-store.ts";

/** Rows that one transaction locks: some 30 ms, for which whoever changes one of these tenants waits. */
const pageSize = 100;
/** A secret that moves while it is read is met in the next round; what moves more often than this is a bug. */
const maxRounds = 3;

/** Secrets that cannot be opened and are logged one by one: with a lost key it may be all of them. */
const mostNamed = 20;

/** What {@link ReencryptJob} works with. */
export interface ReencryptParts {
  readonly secrets: SealedSecretStore;
  readonly secretBox: SecretBox;
  readonly failpoints: Failpoints;
  /** Absent: 100. */
  readonly pageSize?: number;
}

interface Tally {
  readonly total: number;
  done: number;
  failed: number;
}

/**
 * Seals every secret with the first key that was sealed with another one. A secret that somebody changes meanwhile is left to
 * them: they seal with the first key too. What cannot be opened stays as it is, and the end says so.
 */
export class ReencryptJob implements JobHandler {
  readonly kind: JobKind = "REENCRYPT_SECRETS";

  constructor(private readonly parts: ReencryptParts) {}

  async run(context: JobContext): Promise<JobOutcome> {
    const { secrets, secretBox } = this.parts;
    let use = new KeyUse(secretBox, await secrets.countByKey(context.signal));
    for (let round = 1; round <= maxRounds && use.elsewhere > 0; round += 1) {
      const tally: Tally = { total: use.total, done: use.current, failed: 0 };
      for (const vault of secrets.vaults) await this.#walk(context, vault, tally);
      use = new KeyUse(secretBox, await secrets.countByKey(context.signal));
      if (use.elsewhere <= tally.failed) break;
    }
    await context.flush();
    return use.outcome();
  }

  async #walk(context: JobContext, vault: string, tally: Tally): Promise<void> {
    const { secrets, failpoints, pageSize: limit = pageSize } = this.parts;
    for (let after: string | undefined; ; ) {
      context.signal.throwIfAborted();
      const page = await secrets.page(vault, after, limit);
      const resealed = this.#reseal(context, page, tally);
      if (resealed.length > 0) {
        await failpoints.hit("reencrypt:resealed", context.signal);
        await secrets.replace(context.lease, vault, resealed);
        await failpoints.hit("reencrypt:replaced", context.signal);
        tally.done += resealed.length;
      }
      const message = `${tally.done} of ${tally.total} secrets are sealed with the first key.`;
      context.report({ phase: "sealing", skipped: 0, ...clamped(tally), message });
      after = page.at(-1)?.place.ownerId;
      if (page.length < limit) return;
    }
  }

  /** Those of a page that were sealed with another key and can be opened, sealed anew. */
  #reseal({ logger }: JobContext, page: readonly KeptSecret[], tally: Tally): readonly ResealedSecret[] {
    const { secretBox } = this.parts;
    return page.flatMap((secret) => {
      const { sealed, place } = secret;
      if (secretBox.isCurrent(sealed)) return [];
      try {
        return [{ ...secret, resealed: secretBox.seal(secretBox.open(sealed, place), place) }];
      } catch (error) {
        if (!(error instanceof SecretUnreadable)) throw error;
        tally.failed += 1;
        if (tally.failed <= mostNamed) logger.error({ ...place, reason: error.message }, "secret cannot be opened");
        return [];
      }
    });
  }
}

/** Secrets that came or went since they were counted must not make more of the whole than all. */
function clamped({ total, done, failed }: Tally): Tally {
  const shownFailed = Math.min(failed, total);
  return { total, failed: shownFailed, done: Math.min(done, total - shownFailed) };
}
