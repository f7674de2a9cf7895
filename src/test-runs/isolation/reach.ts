import { tenantAccountHost, tenantPrivileges } from "../../servers/account-recipe.ts";
import { patternMatches } from "../../servers/database-pattern.ts";
import type { AccountSight, GrantSight, ServerSight, TableSight } from "./server-sight.ts";

const recipe: ReadonlySet<string> = new Set(tenantPrivileges);

/** Whether the grant is everybody's: of PUBLIC, or on databases to the account without a name, which a server adds to any account's own. */
export function isEverybodys({ holder }: Pick<GrantSight, "holder">): boolean {
  return holder === "" || holder === "PUBLIC";
}

/** The database's name where a grant means that database alone; undefined for a pattern that means more. */
export function onlyDatabase({ database }: Pick<GrantSight, "database">): string | undefined {
  const plain = database.replace(/\\([%_])/g, "");
  return /[%_]/.test(plain) ? undefined : database.replace(/\\([%_])/g, "$1");
}

/** Privileges by the grant beyond what a tenant's account has on its own database; undefined: none. */
export function excessOf(grant: GrantSight, own: string): readonly string[] | undefined {
  const home = grant.level !== "GLOBAL" && grant.level !== "PROXY" && onlyDatabase(grant) === own;
  const privileges = home ? grant.privileges.filter((privilege) => !recipe.has(privilege)) : grant.privileges;
  return privileges.length === 0 ? undefined : privileges;
}

/** Where the privileges of the grant count, as text that follows them: ` on tntb.*`. */
export function objectOf({ level, database, object }: GrantSight): string {
  switch (level) {
    case "GLOBAL":
      return " on *.*";
    case "DATABASE":
      return ` on ${database}.*`;
    case "PROXY":
      return ` for ${object}`;
    case "ROLE":
      return ` ${object}`;
    default:
      return ` on ${level === "TABLE" ? "" : `${level.toLowerCase()} `}${database}.${object}`;
  }
}

/** Whether the grant covers something in this database. */
export function covers(grant: GrantSight, database: string): boolean {
  if (grant.level === "GLOBAL") return true;
  if (grant.level === "DATABASE") return patternMatches(grant.database, database);
  return grant.level !== "ROLE" && grant.level !== "PROXY" && grant.database === database;
}

/** What a server's books say of each account, found quickly however many there are. */
export class Books {
  readonly #byHolder: ReadonlyMap<string, readonly GrantSight[]>;
  readonly #byName: ReadonlyMap<string, readonly AccountSight[]>;
  readonly #byCredential: ReadonlyMap<string, readonly AccountSight[]>;
  readonly #tables: ReadonlyMap<string, readonly TableSight[]>;
  readonly everybodys: readonly GrantSight[];

  constructor(readonly sight: ServerSight) {
    this.#byHolder = grouped(sight.grants, ({ holder }) => holder);
    this.#byName = grouped(sight.accounts, ({ name }) => name);
    this.#byCredential = grouped(sight.accounts, ({ credential }) => credential ?? "");
    this.#tables = grouped(sight.tables, ({ database }) => database);
    this.everybodys = sight.grants.filter(isEverybodys);
  }

  /** Every host row of the name. */
  accountsOf(name: string): readonly AccountSight[] {
    return this.#byName.get(name) ?? [];
  }

  /** Accounts of other names with the same password. */
  sharersOf({ name, credential }: AccountSight): readonly AccountSight[] {
    if (credential === undefined) return [];
    return (this.#byCredential.get(credential) ?? []).filter((other) => other.name !== name);
  }

  /** Accounts that the same password opens, itself among them. */
  openedAs({ credential }: AccountSight): readonly AccountSight[] {
    return credential === undefined ? [] : (this.#byCredential.get(credential) ?? []);
  }

  /** Tables in the database that reach beyond it. */
  tablesIn(database: string): readonly TableSight[] {
    return this.#tables.get(database) ?? [];
  }

  /** Of every host row of the name. */
  grantsOf(name: string): readonly GrantSight[] {
    return this.#byHolder.get(name) ?? [];
  }

  /** Those of a role, and of the roles that it has in turn. */
  grantsByRole(role: string, met: ReadonlySet<string> = new Set()): readonly GrantSight[] {
    if (met.has(role)) return [];
    const known = new Set([...met, role]);
    // MySQL's roles have a host.
    const [name = role] = this.#byHolder.has(role) ? [role] : role.split("@");
    return this.grantsOf(name).flatMap((grant) =>
      grant.level === "ROLE" ? this.grantsByRole(grant.object, known) : [grant],
    );
  }

  /** Rights of the tenant's account outside of its database, for trying them. */
  strangeTo(own: string): readonly GrantSight[] {
    return this.grantsOf(own).filter((grant) => grant.host === tenantAccountHost && onlyDatabase(grant) !== own);
  }

  /** Whether this definer may do more than the owner of the database. `user@host`; one that does not exist may do nothing. */
  definerHasMore(definer: string, own: string): boolean {
    const at = definer.lastIndexOf("@");
    const [name, host] = at < 0 ? [definer, ""] : [definer.slice(0, at), definer.slice(at + 1)];
    if (!this.accountsOf(name).some((account) => account.host === host)) return false;
    return this.grantsOf(name).some((grant) => grant.host === host && excessOf(grant, own) !== undefined);
  }
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
