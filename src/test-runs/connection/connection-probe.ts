import type { Clock } from "../../kit/clock.ts";
import type { Logger } from "../../kit/logger.ts";
import type { SealedSecret, SecretBox } from "../../kit/secret-box.ts";
import { type RatingBands, rateLatency } from "../rating.ts";
import type { ConnectionTestResult, ProbedTenant } from "../test-run.ts";
import {
  type ConnectionFailure,
  failureOf,
  isSilence,
  mismatchOf,
  serverGone,
  tenantSilence,
} from "./connection-failure.ts";
import type { ServerGate } from "./server-gate.ts";
import type { LoginSight, TenantLogin } from "./tenant-login.ts";

/** What the probes of one run share. */
export interface ProbeRun {
  readonly gate: ServerGate;
  /** Attempts beyond the first. */
  readonly retries: number;
  /** Milliseconds for one tenant, all its attempts and the pauses between them together. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

interface Attempts {
  readonly startedAtMs: number;
  made: number;
  lastFailure: ConnectionFailure | undefined;
}

/** Milliseconds before the second attempt, doubling from there, and the most before any. */
const pauses = { first: 100, most: 2_000 } as const;

/** With less time than this left, another attempt would say more about the deadline than about the tenant. */
const leastAttemptMs = 50;

/** Logs in to one tenant's database as the tenant, and says how that went. */
export class ConnectionProbe {
  /** @param random 0..1 */
  constructor(
    private readonly login: TenantLogin,
    private readonly secrets: SecretBox,
    private readonly bands: RatingBands,
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {}

  /** @param password as the registry keeps it @throws only the signal's reason */
  async probe(tenant: ProbedTenant, password: SealedSecret, run: ProbeRun): Promise<ConnectionTestResult> {
    const attempts: Attempts = { startedAtMs: this.clock.monotonicMs(), made: 0, lastFailure: undefined };
    for (;;) {
      if (run.gate.isGone(tenant.serverId)) return this.#failed(tenant, attempts, serverGone);
      const seen = await this.#attempt(tenant, password, run, attempts);
      if (!isFailure(seen)) return this.#passed(tenant, attempts, seen);
      if (!seen.again || attempts.made > run.retries) return this.#failed(tenant, attempts, seen);
      const pauseMs = Math.min(pauses.most, pauses.first * 2 ** (attempts.made - 1)) * (0.5 + this.random() / 2);
      if (this.#elapsed(attempts) + pauseMs + leastAttemptMs > run.timeoutMs)
        return this.#failed(tenant, attempts, seen);
      attempts.lastFailure = seen;
      await this.clock.sleep(pauseMs, run.signal);
    }
  }

  async #attempt(
    tenant: ProbedTenant,
    sealed: SealedSecret,
    run: ProbeRun,
    attempts: Attempts,
  ): Promise<LoginSight | ConnectionFailure> {
    const { signal } = run;
    const { serverId, databaseName } = tenant;
    attempts.made += 1;
    const timeoutMs = Math.max(leastAttemptMs, Math.ceil(run.timeoutMs - this.#elapsed(attempts)));
    try {
      const password = this.secrets.open(sealed, { ownerId: tenant.id, field: "password" });
      const seen = await this.login.logIn({ serverId, databaseName, password, timeoutMs, signal });
      return mismatchOf(tenant, seen) ?? seen;
    } catch (error) {
      signal.throwIfAborted();
      const elapsedMs = this.#elapsed(attempts);
      if (isSilence(error)) {
        return (await run.gate.answers(serverId)) ? tenantSilence(elapsedMs, run.timeoutMs) : serverGone;
      }
      const failure = failureOf(error);
      if (failure) return failure;
      // One broken tenant, or a bug that it brings to light, must not stop the run for all others.
      run.logger.error({ tenantId: tenant.id, err: error }, "connection probe failed by a bug");
      return {
        verdict: "INCONCLUSIVE",
        code: "INTERNAL",
        message: "An internal error stopped the probe.",
        again: false,
      };
    }
  }

  #passed(tenant: ProbedTenant, attempts: Attempts, seen: LoginSight): ConnectionTestResult {
    const { lastFailure, made } = attempts;
    return {
      kind: "CONNECTION",
      tenantId: tenant.id,
      verdict: "PASS",
      durationMs: this.#elapsed(attempts),
      message: lastFailure && `Succeeded at attempt ${made}, after: ${lastFailure.message}`,
      attempts: made,
      ...timesOf(seen),
      rating: rateLatency(seen.connectMs + seen.queryMs, this.bands),
    };
  }

  #failed(tenant: ProbedTenant, attempts: Attempts, failure: ConnectionFailure): ConnectionTestResult {
    return {
      kind: "CONNECTION",
      tenantId: tenant.id,
      verdict: failure.verdict,
      durationMs: this.#elapsed(attempts),
      errorCode: failure.code,
      message: failure.message,
      attempts: attempts.made,
      ...(failure.seen && timesOf(failure.seen)),
      rating: failure.verdict === "FAIL" ? "CRITICAL" : undefined,
    };
  }

  #elapsed(attempts: Attempts): number {
    return rounded(this.clock.monotonicMs() - attempts.startedAtMs);
  }
}

function isFailure(seen: LoginSight | ConnectionFailure): seen is ConnectionFailure {
  return "verdict" in seen;
}

function timesOf(seen: LoginSight): Pick<ConnectionTestResult, "connectMs" | "queryMs" | "serverVersion"> {
  const { connectMs, queryMs, serverVersion } = seen;
  return { connectMs: rounded(connectMs), queryMs: rounded(queryMs), serverVersion };
}

/** To microseconds. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
