import { type IsolationCheck, type IsolationCheckKind, isolationCheckKinds, type Verdict } from "../test-run.ts";
import type { AttackTrouble, AttemptSeen } from "./attempt.ts";
import type { Party } from "./isolation-ground.ts";
import type { Leak } from "./leaks.ts";

/** What there is to judge a tenant by. */
export interface Case {
  readonly tenant: Party;
  /** Its own attempts, what others tried to become it, and what was looked at. */
  readonly attempts: readonly AttemptSeen[];
  readonly leaks: readonly Leak[];
  readonly trouble?: AttackTrouble | undefined;
  /** Labels by database, for the evidence. */
  readonly labels: ReadonlyMap<string, string>;
  readonly detailed: boolean;
}

/** Sentences that the evidence of one check holds. */
const sentences = 5;

/** Sides of which only a denial by the server proves anything; of the others a look does. */
const needsDenial: ReadonlySet<IsolationCheckKind> = new Set([
  "SCHEMA",
  "GRANTS",
  "ROLES",
  "ACCOUNT",
  "CROSS_READ",
  "CROSS_WRITE",
  "STORED_CODE",
  "VISIBILITY",
]);

/** Each kind of check once: FAIL where anything got through, INCONCLUSIVE where something could not be tried, else PASS. */
export function judge(file: Case): readonly IsolationCheck[] {
  return isolationCheckKinds.map((kind) => {
    const attempts = file.attempts.filter(({ check }) => check === kind);
    const leaks = file.leaks.filter(({ check }) => check === kind);
    return { kind, ...judgeOne(kind, attempts, leaks, file) };
  });
}

/** FAIL if any check failed, else INCONCLUSIVE if any is, else PASS. */
export function verdictOfChecks(checks: readonly IsolationCheck[]): Verdict {
  const verdicts = new Set(checks.map(({ verdict }) => verdict));
  if (verdicts.has("FAIL")) return "FAIL";
  return verdicts.has("INCONCLUSIVE") ? "INCONCLUSIVE" : "PASS";
}

function judgeOne(
  kind: IsolationCheckKind,
  attempts: readonly AttemptSeen[],
  leaks: readonly Leak[],
  file: Case,
): Omit<IsolationCheck, "kind"> {
  const reached = attempts.filter(({ outcome }) => outcome === "REACHED");
  const sure = leaks.filter(({ certainty }) => certainty === "SURE");
  const subject = nameOf(file.tenant.databaseName, file);
  if (reached.length + sure.length > 0) {
    const said = [
      ...reached.map((attempt) => reachText(attempt, file)),
      ...sure.map(({ text }) => `${subject}: ${text}`),
    ];
    return { verdict: "FAIL", evidence: joined(said, file.detailed) };
  }
  const open = [
    ...(file.trouble ? [`${file.trouble.code}: ${file.trouble.message}`] : []),
    ...attempts.filter(({ outcome }) => outcome === "UNEXPECTED").map((attempt) => unexpectedText(attempt)),
    ...leaks.map(({ text }) => `${subject}: ${text}`),
  ];
  if (open.length > 0) return { verdict: "INCONCLUSIVE", evidence: joined(open, file.detailed) };
  const denied = attempts.filter(({ outcome }) => outcome === "DENIED");
  if (attempts.length === 0 || (needsDenial.has(kind) && denied.length === 0)) {
    return { verdict: "INCONCLUSIVE", evidence: "Nothing could be tried." };
  }
  return { verdict: "PASS", evidence: passText(attempts, denied, file) };
}

function reachText({ check, route, statement, victim, seen }: AttemptSeen, file: Case): string {
  const tenant = nameOf(file.tenant.databaseName, file);
  const shown = seen === undefined ? "" : ` (${seen})`;
  // A log-in is held against who was logged in as.
  if (check === "ACCOUNT" && victim === file.tenant.databaseName)
    return `Somebody got in as ${tenant} by ${route}${shown}.`;
  if (check === "DATA" || check === "SESSION_STATE") return `${tenant}: ${route}: ${seen ?? statement}.`;
  const target = victim === undefined ? " beyond its own" : ` ${nameOf(victim, file)}`;
  return `${tenant} reached${target} by ${route}: ${statement}${shown}.`;
}

function unexpectedText({ route, statement, seen, errno }: AttemptSeen): string {
  return `By ${route} came an unexpected answer${errno === undefined ? "" : ` (error ${errno})`}: ${statement}: ${seen ?? ""}`;
}

function passText(attempts: readonly AttemptSeen[], denied: readonly AttemptSeen[], file: Case): string {
  const looks = attempts.length - denied.length;
  const counts = [
    ...(denied.length > 0
      ? [`${denied.length} ${denied.length === 1 ? "attempt" : "attempts"} denied by the server (${errnos(denied)})`]
      : []),
    ...(looks > 0 ? [`${looks} ${looks === 1 ? "look" : "looks"} showed nothing of others`] : []),
  ].join(", ");
  if (!file.detailed) return `${counts}.`;
  const each = attempts.map(
    ({ statement, errno, outcome }) =>
      `${statement} → ${errno === undefined ? outcome.toLowerCase() : `error ${errno}`}`,
  );
  return `${counts}:\n${each.join("\n")}`;
}

/** `1044 ×3, 1142 ×12` */
function errnos(denied: readonly AttemptSeen[]): string {
  const counts = new Map<number, number>();
  for (const { errno = 0 } of denied) counts.set(errno, (counts.get(errno) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([errno, count]) => `${errno} ×${count}`)
    .join(", ");
}

function joined(said: readonly string[], detailed: boolean): string {
  const shown = detailed ? said : said.slice(0, sentences);
  const more = said.length - shown.length;
  return [...shown, ...(more > 0 ? [`And ${more} more.`] : [])].join(detailed ? "\n" : " ");
}

function nameOf(databaseName: string, { labels }: Case): string {
  const label = labels.get(databaseName);
  return label === undefined ? databaseName : `${label} (${databaseName})`;
}
