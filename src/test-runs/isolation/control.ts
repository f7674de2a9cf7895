import type { Ids } from "../../kit/ids.ts";
import { newPassword } from "../../tenants/credentials.ts";
import type { IsolationCheckKind } from "../test-run.ts";
import type { AttackReport } from "./attempt.ts";
import type { Attacker, Lab } from "./isolation-ground.ts";
import { judge } from "./isolation-judge.ts";
import { leaksOf } from "./leaks.ts";
import type { Books } from "./reach.ts";

/** What the leaks that a lab is raised with must show as. */
const expected: readonly IsolationCheckKind[] = ["GRANTS", "ROLES", "CROSS_READ", "CROSS_WRITE", "STORED_CODE"];

/** Names, passwords and tokens for the run's own accounts on one server; nothing is made yet. */
export function newLab(ids: Ids): Lab {
  const party = (label: string): Attacker => ({
    label,
    databaseName: scratchName(ids),
    password: newPassword(),
    token: ids.next<"Canary">(),
  });
  return {
    leaky: party("the run's own leaky account"),
    bystander: party("the run's bystander"),
    role: scratchName(ids),
  };
}

/** What is to be remembered of a lab before it is raised. */
export function namesOfLab({ leaky, bystander, role }: Lab): readonly string[] {
  return [leaky.databaseName, bystander.databaseName, role];
}

/** The planted leaks that an attack by the leaky account did not show. A test that misses one proves nothing of anybody. */
export function missedLeaks({ leaky }: Lab, report: AttackReport, books: Books): readonly IsolationCheckKind[] {
  const checks = judge({
    tenant: leaky,
    attempts: report.attempts,
    leaks: leaksOf(leaky.databaseName, books),
    labels: new Map(),
    detailed: false,
  });
  const found = new Set(checks.filter(({ verdict }) => verdict === "FAIL").map(({ kind }) => kind));
  return expected.filter((kind) => !found.has(kind));
}

function scratchName(ids: Ids): string {
  return `scratch${ids.next<"Scratch">().replaceAll("-", "").slice(-26)}`;
}
