import type { Attacker, Party } from "../../test-runs/isolation/isolation-ground.ts";
import type { IsolationCheckKind } from "../../test-runs/test-run.ts";
import { quoteName } from "../pools/identifiers.ts";

/** One statement to be tried. That it succeeds means that it reached, unless `rowsReach` says that it takes rows. */
export interface AttemptSpec extends AttemptDetails {
  readonly check: IsolationCheckKind;
  readonly route: string;
  readonly sql: string;
  readonly victim?: string | undefined;
}

/** What else there is to know of an attempt. */
export interface AttemptDetails {
  /** Errnos that come only after the check of rights was passed: what was to be dropped is not there, and the like. */
  readonly reachedBy?: readonly number[] | undefined;
  /** It succeeds for everybody, and reaches when it brings a row. */
  readonly rowsReach?: boolean | undefined;
  /** It changes rows: it runs in a transaction that is rolled back. */
  readonly changesRows?: boolean | undefined;
  /** Takes back, as the same account, what it did. */
  readonly undo?: string | undefined;
}

/** Who the attempts are about. */
export interface Cast {
  readonly attacker: Attacker;
  readonly bystander: Party;
  readonly role: string;
  readonly bystanderSession: number;
}

/** Route, statement, and what else there is to know. */
export type Route = readonly [route: string, sql: string, details?: AttemptDetails];

/** Attempts of one kind. @param victim whom they are aimed at; undefined: nobody in particular */
export function specsOf(
  check: IsolationCheckKind,
  victim: string | undefined,
  routes: readonly Route[],
): readonly AttemptSpec[] {
  return routes.map(([route, sql, details]) => ({ check, route, sql, victim, ...details }));
}

/** `database.table`, quoted. @throws UnsafeIdentifier */
export function at(database: string, table: string): string {
  return `${quoteName(database)}.${quoteName(table)}`;
}

/** There is no such table: to be dropped, or to be used. */
export const noSuchTable = { toDrop: 1051, toUse: 1146 } as const;
/** What FILE allows is stopped by secure_file_priv (1290), or by the folder that is not there. */
export const stoppedFile: readonly number[] = [1290, 1, 2, 13, 29];
/** A file that nobody can have. */
export const noFile = "'/tenantry-no-such-folder/canary'";
