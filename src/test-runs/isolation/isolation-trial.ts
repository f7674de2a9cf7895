import { forEachBounded, QueueTimeout } from "../../kit/concurrency.ts";
import type { Failpoints } from "../../kit/failpoints.ts";
import type { ServerId } from "../../kit/ids.ts";
import type { Logger } from "../../kit/logger.ts";
import { canaryIn } from "../../servers/canary.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";
import type { AttackReport, AttackTrouble, AttemptSeen } from "./attempt.ts";
import type { CauseFinder } from "./cause-finder.ts";
import type { Footprint } from "./footprint.ts";
import type { Attacker, CanaryRow, IsolationGround, Lab, Party } from "./isolation-ground.ts";
import { isolationConcurrency } from "./isolation-test-options.ts";
import type { Books } from "./reach.ts";
import { ledTo, victimsOf } from "./victims.ts";

/** What all attacks on one server share. */
export interface TrialScene {
  readonly serverId: ServerId;
  readonly lab: Lab;
  readonly books: Books;
  readonly causes: CauseFinder;
  readonly bystanderSession: number;
  /** Every ACTIVE tenant of the server, in the scope or not. */
  readonly fleet: readonly Party[];
  /** Labels by database, for the evidence. */
  readonly labels: ReadonlyMap<string, string>;
  readonly isNewSession: (connectionId: number) => boolean;
  /** Decides who attacks whom beyond the neighbours. */
  readonly seed: string;
}

/** What a trial works with. */
export interface TrialParts {
  readonly ground: IsolationGround;
  readonly footprint: Footprint;
  readonly failpoints: Failpoints;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Still lives for a moment when `signal` has aborted: for clearing up. */
  readonly clearing: AbortSignal;
}

/** What a trial found out of one tenant. */
export interface Finding {
  readonly attempts: readonly AttemptSeen[];
  readonly trouble?: AttackTrouble | undefined;
  readonly durationMs: number;
}

const occupied: AttackTrouble = {
  code: "CANARY_IN_THE_WAY",
  message: "Its database holds something of the name that the run's canary would have.",
};

/** Some tenants of one server, each attacking the next: canaries are planted, everything is tried, and the canaries are taken away. */
export class IsolationTrial {
  constructor(
    private readonly scene: TrialScene,
    private readonly parts: TrialParts,
  ) {}

  /** @returns by database name @throws ServerTrouble, QueueTimeout, what the registry throws, or the signal's reason */
  async run(tenants: readonly Attacker[]): Promise<ReadonlyMap<string, Finding>> {
    if (tenants.length === 0) return new Map();
    const { serverId } = this.scene;
    const { ground, footprint, signal, clearing } = this.parts;
    const names = tenants.map(({ databaseName }) => databaseName);
    const taken = await ground.occupied(serverId, names, signal);
    const free = tenants.filter(({ databaseName }) => !taken.has(databaseName));
    const findings = new Map<string, Finding>();
    for (const name of taken) findings.set(name, { attempts: [], trouble: occupied, durationMs: 0 });
    if (free.length === 0) return findings;
    const canaries = free.map(({ databaseName }) => canaryIn(databaseName));
    await footprint.remember(serverId, canaries);
    try {
      for (const [name, finding] of await this.#attackEachOther(free)) findings.set(name, finding);
    } finally {
      if (!clearing.aborted) await footprint.clear(serverId, canaries, clearing);
    }
    return findings;
  }

  async #attackEachOther(tenants: readonly Attacker[]): Promise<ReadonlyMap<string, Finding>> {
    const { serverId, lab } = this.scene;
    const { ground, failpoints, signal } = this.parts;
    await ground.plant(serverId, tenants, signal);
    await failpoints.hit("isolation:planted", signal);
    // Who is alone attacks the run's own account, and is attacked by it.
    const ring = tenants.length > 1 ? tenants : [...tenants, lab.bystander];
    const reports = new Map<string, AttackReport>();
    await forEachBounded(ring.keys(), isolationConcurrency, signal, async (at) => {
      const report = await this.#attack(ring, at);
      const attacker = ring[at];
      if (attacker && report) reports.set(attacker.databaseName, report);
    });
    await failpoints.hit("isolation:attacked", signal);
    const rows = await ground.canaries(
      serverId,
      tenants.map(({ databaseName }) => databaseName),
      signal,
    );
    return new Map(tenants.map((tenant) => [tenant.databaseName, findingOf(tenant, reports, rows)]));
  }

  async #attack(ring: readonly Attacker[], at: number): Promise<AttackReport | undefined> {
    const { serverId, lab, books, fleet, bystanderSession, isNewSession, seed } = this.scene;
    const { ground, logger, signal } = this.parts;
    const attacker = ring[at];
    const victims = victimsOf(ring, at, fleet, seed);
    if (!attacker || !victims) return undefined;
    const { main, others } = victims;
    const strange = books.strangeTo(attacker.databaseName);
    const known = new Set([attacker, main, ...others, ...victims.far].map(({ databaseName }) => databaseName));
    const far = [...victims.far, ...ledTo([...strange, ...books.everybodys], fleet, known)];
    const wish = { serverId, attacker, main, others, far, strange, lab, bystanderSession, isNewSession, signal };
    try {
      return await ground.attack(wish);
    } catch (error) {
      signal.throwIfAborted();
      // One broken tenant, or a bug that it brings to light, must not stop the run for all others.
      logger.error({ database: attacker.databaseName, err: error }, "isolation attack failed by a bug");
      const trouble = { code: "INTERNAL", message: "An internal error stopped the attack." };
      return { attempts: [], logins: [], trouble, durationMs: 0 };
    }
  }
}

function findingOf(
  tenant: Attacker,
  reports: ReadonlyMap<string, AttackReport>,
  rows: ReadonlyMap<string, readonly CanaryRow[]>,
): Finding {
  const own = reports.get(tenant.databaseName);
  const logins = [...reports.values()].flatMap((report) =>
    report.logins.filter(({ victim }) => victim === tenant.databaseName),
  );
  const attempts = [...(own?.attempts ?? []), ...logins, lookAtCanary(tenant, rows.get(tenant.databaseName))];
  return { attempts, trouble: own?.trouble, durationMs: own?.durationMs ?? 0 };
}

/** The admin's look at what became of the tenant's canary while the others tried. */
function lookAtCanary(tenant: Attacker, rows: readonly CanaryRow[] | undefined): AttemptSeen {
  const look = { check: "DATA", route: "what others did to its canary", statement: "(the canary's rows)" } as const;
  if (!rows) return { ...look, outcome: "UNEXPECTED", seen: "the canary is not there any more" };
  const exact = rows.length === 1 && rows[0]?.id === 1 && rows[0].token === tenant.token;
  return exact
    ? { ...look, outcome: "CLEAN" }
    : { ...look, outcome: "REACHED", seen: "its canary is not as it was planted" };
}

/** Trouble with a server, which says nothing of its tenants. */
export function isServerTrouble(error: unknown): error is ServerTrouble | QueueTimeout {
  return error instanceof ServerTrouble || error instanceof QueueTimeout;
}
