import { isGeneratedName } from "../../tenants/credentials.ts";
import type { IsolationCause, IsolationCheckKind, UnexplainedReach } from "../test-run.ts";
import type { AttemptSeen } from "./attempt.ts";
import { explains, rightsOf } from "./cause-reach.ts";
import { remedyOf } from "./cause-remedy.ts";
import type { IsolationGround, Party } from "./isolation-ground.ts";
import { keyOfCause, type LeakCause, textOfCause } from "./leak-cause.ts";
import type { Leak } from "./leaks.ts";
import { type Books, covers, isEverybodys, onlyDatabase } from "./reach.ts";

/** Those that a cause leads to which are named. */
const named = 5;

/** Where a cause leads. */
type Target = Pick<IsolationCause, "leadsTo" | "more">;

/** What was found of one tenant, by cause. */
export interface FoundCauses {
  readonly causes: readonly IsolationCause[];
  readonly unexplained: readonly UnexplainedReach[];
}

/** Says what opens the ways that were found on one server, each cause once, and which ways none of them opens. */
export class CauseFinder {
  /** A right of everybody's is met with every tenant, and asks for the whole fleet once. */
  readonly #targets = new Map<string, Target>();

  /** @param fleet every ACTIVE tenant of the server @param labels by database */
  constructor(
    private readonly books: Books,
    private readonly fleet: readonly Party[],
    private readonly labels: ReadonlyMap<string, string>,
    private readonly ground: Pick<IsolationGround, "removal">,
  ) {}

  /** @param own the tenant's database */
  find(own: string, leaks: readonly Leak[], attempts: readonly AttemptSeen[]): FoundCauses {
    const groups = new Map<string, Leak[]>();
    for (const leak of leaks) {
      const key = keyOfCause(leak.cause);
      const group = groups.get(key);
      if (group) group.push(leak);
      else groups.set(key, [leak]);
    }
    const reached = attempts.filter(({ outcome }) => outcome === "REACHED");
    const causes = [...groups].flatMap(([key, group]) => {
      const cause = merged(group.map((leak) => leak.cause));
      return cause ? [{ key, group, cause }] : [];
    });
    return {
      causes: causes.map(({ key, group, cause }) => this.#cause(own, key, cause, group, reached)),
      unexplained: this.#unexplained(
        reached.filter((attempt) => !causes.some(({ cause }) => explains(cause, attempt, this.books))),
      ),
    };
  }

  #cause(
    own: string,
    key: string,
    cause: LeakCause,
    leaks: readonly Leak[],
    reached: readonly AttemptSeen[],
  ): IsolationCause {
    const through = reached.filter((attempt) => explains(cause, attempt, this.books));
    const shows = new Set<IsolationCheckKind>([...leaks, ...through].map(({ check }) => check));
    const inward = cause.what === "ACCOUNT" || cause.what === "PASSWORD";
    return {
      key,
      text: textOfCause(cause, this.books),
      remedy: remedyOf(cause, this.ground.removal(cause)),
      sure: leaks.some(({ certainty }) => certainty === "SURE"),
      inward,
      ...this.#target(own, key, cause),
      shows: [...shows].sort(),
    };
  }

  #target(own: string, key: string, cause: LeakCause): Target {
    const known = this.#targets.get(key);
    if (known) return known;
    const rights = rightsOf(cause, this.books);
    const target = rights.some(({ level }) => level === "GLOBAL")
      ? ({ leadsTo: "ALL", more: 0 } as const)
      : this.#listed(this.#databases(own, cause));
    this.#targets.set(key, target);
    return target;
  }

  #databases(own: string, cause: LeakCause): ReadonlySet<string> {
    const found = new Set<string>();
    if (cause.what === "CODE" && cause.code.database === own) for (const name of cause.code.mentions) found.add(name);
    if (cause.what === "TABLE") for (const name of cause.table.mentions) found.add(name);
    for (const grant of rightsOf(cause, this.books)) {
      if (grant.level === "PROXY") found.add(grant.object.slice(0, grant.object.lastIndexOf("@")));
      const only = onlyDatabase(grant);
      if (only !== undefined) found.add(only);
      else for (const { databaseName } of this.fleet) if (covers(grant, databaseName)) found.add(databaseName);
    }
    // What is its own is no way out, but everybody's right on it is one for the others.
    if (cause.what !== "GRANT" || !isEverybodys(cause.grant)) found.delete(own);
    return new Set([...found].filter(isGeneratedName));
  }

  #listed(databases: ReadonlySet<string>): Target {
    const leadsTo = [...databases].map((name) => this.labels.get(name) ?? name);
    return { leadsTo: leadsTo.slice(0, named), more: Math.max(0, leadsTo.length - named) };
  }

  #unexplained(attempts: readonly AttemptSeen[]): readonly UnexplainedReach[] {
    const first = new Map<IsolationCheckKind, AttemptSeen>();
    for (const attempt of attempts) if (!first.has(attempt.check)) first.set(attempt.check, attempt);
    return [...first.values()].map(({ check, route, victim }) => ({
      check,
      route,
      victim: victim === undefined ? undefined : (this.labels.get(victim) ?? victim),
    }));
  }
}

/** A server keeps a grant in several rows: what they say together. */
function merged(causes: readonly LeakCause[]): LeakCause | undefined {
  const [first] = causes;
  if (first?.what !== "GRANT") return first;
  const privileges = causes.flatMap((cause) => (cause.what === "GRANT" ? cause.grant.privileges : []));
  return { what: "GRANT", grant: { ...first.grant, privileges: [...new Set(privileges)] } };
}
