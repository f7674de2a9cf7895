import type { ServerId } from "../../kit/ids.ts";
import type { Secret } from "../../kit/secret.ts";
import type { AttackReport, AttemptSeen } from "./attempt.ts";
import type { LeakCause } from "./leak-cause.ts";
import type { GrantSight, ServerSight } from "./server-sight.ts";

/** One who takes part in a run: a tenant, or an account of the run's own. */
export interface Party {
  /** For people: a tenant's slug. */
  readonly label: string;
  /** Name of its database and of its account. */
  readonly databaseName: string;
}

/** A party that a canary stands for. */
export interface Victim extends Party {
  /** What its canary row holds. */
  readonly token: string;
}

/** A party that acts with its own credentials. */
export interface Attacker extends Victim {
  readonly password: Secret;
}

/** What the run made for itself on a server. */
export interface Lab {
  /** Its planted leak leads to the bystander, and must be found. */
  readonly leaky: Attacker;
  /** Tries nothing by itself; victim where there is no other, and grantee of what must not be granted. */
  readonly bystander: Attacker;
  /** A role that none of the tenants has. */
  readonly role: string;
}

/** One tenant's attack. */
export interface AttackWish {
  readonly serverId: ServerId;
  readonly attacker: Attacker;
  /** By every route. */
  readonly main: Victim;
  /** By the routes that tell most; their canaries are planted. */
  readonly others: readonly Victim[];
  /** By those that need no canary. */
  readonly far: readonly Party[];
  /** Rights that it has by its own account outside of its database, to be tried where that does no harm. */
  readonly strange: readonly GrantSight[];
  readonly lab: Pick<Lab, "bystander" | "role">;
  /** A session of the bystander's, which nobody else may end. */
  readonly bystanderSession: number;
  /** Whether this session has been met before in the run; true once for each. */
  readonly isNewSession: (connectionId: number) => boolean;
  readonly signal: AbortSignal;
}

/** A row of a canary table. */
export interface CanaryRow {
  readonly id: number;
  readonly token: string;
}

/**
 * The servers, as far as an isolation run needs them. What it makes was remembered before by who calls it.
 * Methods throw ServerTrouble or QueueTimeout, or the signal's reason.
 */
export interface IsolationGround {
  /** What its admin sees: a number of statements that does not grow with the tenants. */
  look(serverId: ServerId, signal: AbortSignal): Promise<ServerSight>;
  /** Statements by which an admin would take a cause away, to be shown and not run; none where it takes more than that. */
  removal(cause: LeakCause): readonly string[];
  /** Makes two databases with accounts like tenants' and a role, and plants leaks from the leaky one to the bystander. */
  raise(serverId: ServerId, lab: Lab, signal: AbortSignal): Promise<void>;
  /** Databases of these in which something stands that has the canary's name and is not of a run. */
  occupied(serverId: ServerId, databases: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>>;
  /** Plants each one's canary. */
  plant(serverId: ServerId, victims: readonly Victim[], signal: AbortSignal): Promise<void>;
  /** The rows of each canary as its admin sees them; a canary that cannot be read is left out. */
  canaries(
    serverId: ServerId,
    databases: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, readonly CanaryRow[]>>;
  /** Tries everything. Trouble of this one attacker is part of the report. @throws only the signal's reason */
  attack(wish: AttackWish): Promise<AttackReport>;
  /** Keeps a session of this party open while `work` goes on; ends after the work has, also when the signal aborts. */
  hold<T>(
    serverId: ServerId,
    party: Attacker,
    signal: AbortSignal,
    work: (connectionId: number) => Promise<T>,
  ): Promise<T>;
  /** Leaves every kind of trace in sessions that the service lends to itself, and looks whether the next one finds any. */
  tryPool(serverId: ServerId, bystander: Victim, signal: AbortSignal): Promise<readonly AttemptSeen[]>;
}
