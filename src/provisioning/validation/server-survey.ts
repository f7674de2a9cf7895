import type { ServerId } from "../../kit/ids.ts";
import type { ServerSnapshot } from "../server-snapshot.ts";
import type { TenantPlace } from "../tenant-server.ts";

/** What a database's journal says, in short. */
export interface JournalSeen {
  /** By the marker; undefined: there is none. */
  readonly owner?: string | undefined;
  /** MD5 over the migrations' rows as {@link digestOfJournal} has them; those of equal journals are equal. */
  readonly digest: string;
}

/** Code that is stored in a database. */
export interface StoredCode {
  /** E.g. `TRIGGER`. */
  readonly what: string;
  readonly name: string;
}

/** What a database holds, in short. */
export interface ContentsSeen {
  /** Over all that a comparison of schemas looks at: those of databases with the same structure are equal. */
  readonly print: string;
  /** Tables and views, the journal apart. */
  readonly objects: number;
  /** UNREADABLE: there is such a table, but not one that we made. */
  readonly journal: "NONE" | "UNREADABLE" | JournalSeen;
  /** What runs with the rights of another account than that of the database's name. */
  readonly strangersCode: readonly StoredCode[];
}

/** What a server showed at one time, by a few statements for all databases together. */
export interface ServerSurvey {
  readonly snapshot: ServerSnapshot;
  /** By database; one that holds nothing at all is missing. */
  readonly contents: ReadonlyMap<string, ContentsSeen>;
}

/** Settings of a server that bear on the safety of its tenants. */
export interface ServerSettings {
  /** Name of the service's own account, whose rights on tenants' databases are no finding. */
  readonly adminName: string;
  readonly localInfile: boolean;
  /** Files may be read and written anywhere on the server's machine. */
  readonly filesAnywhere: boolean;
  /** GRANT makes accounts without a password; undefined: such a server cannot. */
  readonly autoCreatesUsers: boolean | undefined;
  /** Engines that reach other servers or files, enabled. */
  readonly reachingEngines: readonly string[];
  readonly anonymousAccounts: number;
  /** Global rights that PUBLIC or an anonymous account has. */
  readonly everybodyHasGlobals: boolean;
  /** Rights that the service's account lacks for its work. */
  readonly missingRights: readonly string[];
}

/** Looks at whole servers. The statements sent do not grow with the tenants. */
export interface ServerSurveys {
  /** Answers within seconds, or not at all. @throws ServerTrouble, QueueTimeout, or the signal's reason */
  settings(serverId: ServerId, signal: AbortSignal): Promise<ServerSettings>;
  /** All databases and accounts of the service's kind. @throws as `settings` */
  all(serverId: ServerId, signal: AbortSignal): Promise<ServerSurvey>;
  /** The same of these databases, and the accounts of their names; at least one. @throws as `settings` */
  some(serverId: ServerId, names: readonly [string, ...string[]], signal: AbortSignal): Promise<ServerSurvey>;
  /** The same of one tenant. @throws as `settings` */
  one(place: TenantPlace, signal: AbortSignal): Promise<ServerSurvey>;
}
