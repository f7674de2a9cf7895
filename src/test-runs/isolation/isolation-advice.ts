import { type Group, GroupGatherer, groupOf, tenantsText } from "../tenant-group.ts";
import type { IsolationCheckKind, IsolationTestResult } from "../test-run.ts";

/** What to do about each side of a broken isolation; most urgent first. */
const remedies: ReadonlyMap<IsolationCheckKind, string> = new Map([
  [
    "CROSS_READ",
    "they read other tenants' rows. Take the rights away that the evidence names, and treat the data as seen.",
  ],
  ["CROSS_WRITE", "they can change what is other tenants'. Take the rights away, and look for changes that were made."],
  ["DATA", "what was planted in their databases did not stay as it was. Find out who writes there."],
  ["ACCOUNT", "others can become them. Rotate their credentials, and drop the account rows that the evidence names."],
  ["GRANTS", "they have rights beyond their own database. Validate and repair them: repair revokes what is too much."],
  ["ROLES", "they hold roles. Revoke them, and what PUBLIC has."],
  [
    "STORED_CODE",
    "code with somebody else's rights carries data across. Drop it, or make the tenant's account its definer.",
  ],
  ["SCHEMA", "tables reach into other databases. Drop the foreign keys, merges and links that the evidence names."],
  ["SESSION_STATE", "connections hand something on. Stop the service, and report it: this is a bug of its pools."],
  [
    "VISIBILITY",
    "they see others' names, sessions or statements. Take PROCESS and rights on the server's own tables away.",
  ],
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

/** Gathers advice from results, in any number of batches. */
export class IsolationAdvice {
  readonly #failures = new Map<string, GroupGatherer>();
  readonly #unknown = new Map<string, GroupGatherer>();

  /** @param slug for people; the tenant's id where it is gone */
  add(result: IsolationTestResult, slug: string): void {
    for (const { kind, verdict } of result.checks) if (verdict === "FAIL") groupOf(this.#failures, kind).add(slug);
    if (result.verdict === "INCONCLUSIVE") groupOf(this.#unknown, result.errorCode ?? "INCONCLUSIVE").add(slug);
  }

  /** Most urgent first; empty when there is nothing to say. */
  recommendations({ notReached, cutShort, leftOut }: IsolationAdviceContext): readonly string[] {
    const failures = [...remedies].flatMap(([kind, remedy]) => said(kind, this.#failures.get(kind)?.group(), remedy));
    const unknown = [...this.#unknown]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([code, gatherer]) =>
        said(code, gatherer.group(), reasons.get(code) ?? "see the evidence of each check."),
      );
    return [...failures, ...unknown, ...aboutCoverage(notReached, cutShort, leftOut)];
  }
}

function said(word: string, group: Group | undefined, remedy: string): readonly string[] {
  return group ? [`${word}: ${tenantsText(group)}: ${remedy}`] : [];
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
