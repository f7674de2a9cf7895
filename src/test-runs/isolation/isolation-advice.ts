import { GroupGatherer, groupOf, tenantsText } from "../tenant-group.ts";
import type { IsolationCause, IsolationCheckKind, IsolationTestResult, UnexplainedReach } from "../test-run.ts";

/** Causes that a run's advice names; somebody who has more of them has one reason for most. */
const mostCauses = 50;

/** What to do about what got through although the server's books show nothing that lets it; most urgent first. */
const unexplained: ReadonlyMap<IsolationCheckKind, string> = new Map([
  ["CROSS_READ", "Find out what lets it through, and treat the data as seen."],
  ["CROSS_WRITE", "Find out what lets it through, and look for changes that were made."],
  ["DATA", "Find out who writes to the tenant's database."],
  [
    "ACCOUNT",
    "Mend it by repairTenants (CREDENTIALS_MISMATCH), which leaves one way to log in; where it still gets in, by rotateTenantCredentials.",
  ],
  ["GRANTS", "Look at what the account may do."],
  ["ROLES", "Look at the account's roles, and at what PUBLIC has."],
  ["STORED_CODE", "Look at what the account may store, and where."],
  ["SCHEMA", "Look at what the account may do in other databases."],
  ["SESSION_STATE", "Stop the service, and report it: this is a bug of its pools."],
  ["VISIBILITY", "Look at what the account may see of the server."],
]);

/** What to do about each reason for knowing nothing, by its code. */
const reasons: ReadonlyMap<string, string> = new Map([
  [
    "CONTROL_NOT_FOUND",
    "the run missed a leak of its own, so that nothing it says would count. Look into the service's log.",
  ],
  ["UNREACHABLE", "their server did not answer. Test again when it does."],
  ["WRONG_CREDENTIALS", "they could not log in themselves. Validate and repair them, then test again."],
  ["ACCOUNT_LOCKED", "their accounts are locked although they are ACTIVE. Validate and repair them, then test again."],
  ["CANARY_IN_THE_WAY", "a table of theirs has the name of the run's canary (tenantry_canary). Have it renamed."],
  ["SECRET_UNREADABLE", "their stored credentials cannot be decrypted. Configure the key that they were sealed with."],
]);

/** What else is known of a run when it gives advice. */
export interface IsolationAdviceContext {
  /** Tenants that were in scope and not reached. */
  readonly notReached: number;
  /** How the run ended before its time, as a sentence's end. */
  readonly cutShort: string | undefined;
  /** Tenants that could have been tested and were left out by maxTenants. */
  readonly leftOut: number;
}

/** A cause with all the tenants on whose side it was met. */
interface MetCause {
  readonly cause: IsolationCause;
  readonly tenants: GroupGatherer;
  readonly shows: Set<IsolationCheckKind>;
}

/** Gathers advice from results, in any number of batches: each cause once, and beside it only what no cause explains. */
export class IsolationAdvice {
  readonly #causes = new Map<string, MetCause>();
  readonly #unexplained = new Map<IsolationCheckKind, { readonly first: string; count: number }>();
  readonly #unknown = new Map<string, GroupGatherer>();
  #causesLeftOut = 0;

  /** @param slug for people; the tenant's id where it is gone */
  add(result: IsolationTestResult, slug: string): void {
    for (const cause of result.causes ?? []) this.#meet(cause, slug);
    for (const reach of result.unexplained ?? []) this.#wonder(reach, slug);
    const open = result.causes?.some(({ sure }) => !sure) ?? false;
    if (result.verdict === "INCONCLUSIVE" && !open) {
      groupOf(this.#unknown, result.errorCode ?? "INCONCLUSIVE").add(slug);
    }
  }

  /** Most urgent first; empty when there is nothing to say. */
  recommendations({ notReached, cutShort, leftOut }: IsolationAdviceContext): readonly string[] {
    const causes = [...this.#causes.values()].sort((a, b) => urgencyOf(a) - urgencyOf(b)).map(causeText);
    const more = this.#causesLeftOut;
    const wonders = [...unexplained].flatMap(([kind, remedy]) => this.#wonderText(kind, remedy));
    const unknown = [...this.#unknown]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, gatherer]) => {
        const reason = reasons.get(code) ?? "see the evidence of each check.";
        return `${code}: ${tenantsText(gatherer.group())}: ${reason}`;
      });
    return [
      ...causes,
      ...(more > 0 ? [`And others, met ${more} times: see the results of the tenants that failed.`] : []),
      ...wonders,
      ...unknown,
      ...aboutCoverage(notReached, cutShort, leftOut),
    ];
  }

  #meet(cause: IsolationCause, slug: string): void {
    const known = this.#causes.get(cause.key);
    if (!known && this.#causes.size === mostCauses) {
      this.#causesLeftOut += 1;
      return;
    }
    const met = known ?? { cause, tenants: new GroupGatherer(), shows: new Set<IsolationCheckKind>() };
    this.#causes.set(cause.key, met);
    const isEnd = cause.leadsTo !== "ALL" && cause.leadsTo.length === 1 && cause.leadsTo[0] === slug;
    if (!isEnd) met.tenants.add(slug);
    for (const kind of cause.shows) met.shows.add(kind);
  }

  #wonder({ check, route, victim }: UnexplainedReach, slug: string): void {
    const known = this.#unexplained.get(check);
    if (known) known.count += 1;
    else this.#unexplained.set(check, { first: reachText(check, route, victim, slug), count: 1 });
  }

  #wonderText(kind: IsolationCheckKind, remedy: string): readonly string[] {
    const met = this.#unexplained.get(kind);
    if (!met) return [];
    const others = met.count === 1 ? "" : ` (and ${met.count - 1} more tenants alike)`;
    return [`${kind}: ${met.first}${others}, and the server's books show nothing that opens this way. ${remedy}`];
  }
}

function reachText(check: IsolationCheckKind, route: string, victim: string | undefined, slug: string): string {
  if (check === "DATA" || check === "SESSION_STATE") return `${slug} failed by ${route}`;
  if (check === "ACCOUNT" && victim === slug) return `somebody got in as ${slug} by ${route}`;
  return `${slug} reached ${victim ?? "beyond its own"} by ${route}`;
}

/** What can be read was perhaps read; the sooner it ends the better. */
function urgencyOf({ cause, shows }: MetCause): number {
  if (shows.has("CROSS_READ") || shows.has("CROSS_WRITE")) return 0;
  return cause.sure ? 1 : 2;
}

/** `ada reaches bob because 'tnta'@'%' has SELECT on tntb.*. Mend it by …` */
function causeText({ cause, tenants, shows }: MetCause): string {
  const group = tenants.group();
  const who = group.count === 0 ? "Whoever comes" : group.count === 1 ? (group.slugs[0] ?? "") : tenantsText(group);
  const one = group.count <= 1;
  const seen = shows.has("CROSS_READ") ? " Treat what could be read as seen." : "";
  const changed = shows.has("CROSS_WRITE") ? " Look for changes that were made." : "";
  return `${who} ${consequence(cause, one)} because ${cause.text}. ${cause.remedy}${seen}${changed}`;
}

function consequence({ leadsTo, more, inward, sure }: IsolationCause, one: boolean): string {
  const open = `${one ? "is" : "are"} open to others`;
  if (!sure) return "may reach others";
  const ends = leadsTo === "ALL" ? `every tenant of ${one ? "its" : "their"} server` : leadsTo.join(", ");
  if (ends === "") return inward ? open : `${one ? "is" : "are"} not isolated`;
  const reaches = `${one ? "reaches" : "reach"} ${ends}${more > 0 ? ` and ${more} more` : ""}`;
  return inward ? `${open} and ${reaches}` : reaches;
}

function aboutCoverage(notReached: number, cutShort: string | undefined, leftOut: number): readonly string[] {
  const why = cutShort === undefined ? "" : ` because ${cutShort}`;
  return [
    ...(notReached > 0 || cutShort !== undefined
      ? [`The run did not reach ${notReached} tenants${why}. Retry its job to test the rest.`]
      : []),
    ...(leftOut > 0
      ? [
          `${leftOut} tenants were left out by maxTenants: of them nothing is known. Run it without maxTenants now and then.`,
        ]
      : []),
  ];
}
