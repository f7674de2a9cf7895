import type { Ids } from "../../kit/ids.ts";
import { newPassword } from "../../tenants/credentials.ts";
import type { AttackReport } from "./attempt.ts";
import type { Attacker, Lab } from "./isolation-ground.ts";
import { leaksOf } from "./leaks.ts";
import type { Books } from "./reach.ts";

/** How the leaks that a lab is raised with must show: in the server's books, and by what the leaky account gets done. */
const expected = {
  books: ["GRANTS", "ROLES", "STORED_CODE"],
  attempts: ["ROLES", "CROSS_READ", "CROSS_WRITE", "STORED_CODE"],
} as const;

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

/** The planted leaks that were not found, where they should have been. A test that misses one proves nothing of anybody. */
export function missedLeaks({ leaky }: Lab, report: AttackReport, books: Books): readonly string[] {
  const inBooks = new Set(leaksOf(leaky.databaseName, books).map(({ check }) => check));
  const reached = new Set(report.attempts.filter(({ outcome }) => outcome === "REACHED").map(({ check }) => check));
  return [
    ...expected.books.filter((kind) => !inBooks.has(kind)).map((kind) => `${kind} in the server's books`),
    ...expected.attempts.filter((kind) => !reached.has(kind)).map((kind) => `${kind} by its attempts`),
  ];
}

function scratchName(ids: Ids): string {
  return `scratch${ids.next<"Scratch">().replaceAll("-", "").slice(-26)}`;
}
