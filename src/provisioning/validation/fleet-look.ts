import type { JobError } from "../../jobs/job.ts";
import { DeadlineExceeded } from "../../kit/deadline.ts";
import type { DatabaseServer } from "../../servers/database-server.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";
import type { Finding } from "../finding.ts";
import type { FindingStore, NameOwner } from "../findings/finding-store.ts";
import { lookWithNames } from "../findings/server-names.ts";
import type { StrangerGrant } from "../server-snapshot.ts";
import type { TenantPlace } from "../tenant-server.ts";
import { orphanFindings, strangeNames } from "./orphan-findings.ts";
import type { ServerSurvey, ServerSurveys } from "./server-survey.ts";
import { settingFindings } from "./setting-findings.ts";

/** A server that was looked at. */
export interface SeenServer {
  readonly server: DatabaseServer;
  readonly survey: ServerSurvey;
  /** What concerns it as a whole. */
  readonly findings: readonly Finding[];
}

/** A server of whose tenants nothing can be said, and why. */
export interface UnseenServer {
  readonly server: DatabaseServer;
  readonly finding: Finding;
  /** For the items of its tenants. */
  readonly error: JobError;
}

/** Looks at whole servers, and says what concerns each as a whole. */
export class FleetLook {
  constructor(
    private readonly surveys: ServerSurveys,
    private readonly names: Pick<FindingStore, "namesOn" | "reservedNamesOn" | "ownersOf">,
  ) {}

  /** @throws QueueTimeout, RegistryUnavailable, or the signal's reason */
  async at(server: DatabaseServer, signal: AbortSignal): Promise<SeenServer | UnseenServer> {
    try {
      const settings = await this.surveys.settings(server.id, signal);
      const { seen: survey, names } = await lookWithNames(this.names, server.id, () =>
        this.surveys.all(server.id, signal),
      );
      const suspicion = suspicionOf(server, survey, names.given);
      if (suspicion) return suspicion;
      const owners = await this.names.ownersOf(strangeNames(survey, names.all));
      const byName = new Map(owners.map((owner) => [owner.databaseName, owner]));
      const tenants = new Set([...names.all, ...owners.filter(isAlive).map(({ databaseName }) => databaseName)]);
      return {
        server,
        survey: withoutTenants(survey, tenants),
        findings: [...settingFindings(server.name, settings, survey), ...orphanFindings(survey, names.all, byName)],
      };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ServerTrouble) && !(error instanceof DeadlineExceeded)) throw error;
      return unreachable(server, error);
    }
  }

  /** Looks at one tenant alone. @throws ServerTrouble, QueueTimeout, RegistryUnavailable, or the signal's reason */
  async closelyAt(place: TenantPlace, signal: AbortSignal): Promise<ServerSurvey> {
    const survey = await this.surveys.one(place, signal);
    const owners = await this.names.ownersOf(strangeNames(survey, new Set([place.databaseName])));
    return withoutTenants(survey, new Set(owners.filter(isAlive).map(({ databaseName }) => databaseName)));
  }
}

/** What a server that does not answer means. */
export function unreachable(server: DatabaseServer, error: ServerTrouble | DeadlineExceeded): UnseenServer {
  const refused = error.code === "ACCESS_DENIED" || error.code === "QUERY_FAILED";
  const message = refused
    ? `The service may not look at the server: nothing can be said of its tenants. ${error.message}`
    : "The server does not answer: nothing can be said of its tenants.";
  const finding: Finding = { kind: "UNREACHABLE", severity: "CRITICAL", object: server.name, message };
  return { server, finding, error: { code: "UNREACHABLE", message, retryable: true } };
}

/**
 * Whether this may be another server than the one that the registry means, or one that was restored without its data. A
 * single tenant whose account is still there has rather lost its database.
 */
function suspicionOf(
  server: DatabaseServer,
  { snapshot }: ServerSurvey,
  given: readonly NameOwner[],
): UnseenServer | undefined {
  const expected = given.filter(
    ({ status, wasReady }) => wasReady && status !== "PROVISIONING" && status !== "DELETING",
  );
  if (expected.length === 0) return undefined;
  if (expected.some(({ databaseName }) => snapshot.databases.has(databaseName))) return undefined;
  if (expected.length === 1 && expected.some(({ databaseName }) => snapshot.accounts.has(databaseName)))
    return undefined;
  const message =
    "None of the databases that must be on the server is there. It may be another server, or one that was restored: nothing is said of its tenants, and nothing is repaired.";
  const finding: Finding = {
    kind: "MISSING_DATABASE",
    severity: "CRITICAL",
    object: server.name,
    message,
    expected: `${expected.length} databases`,
    actual: "0 databases",
  };
  return { server, finding, error: { code: "SUSPICIOUS_SERVER", message, retryable: true } };
}

/** What a tenant's account has on another's database is told of that account's tenant, once. */
function withoutTenants(survey: ServerSurvey, tenants: ReadonlySet<string>): ServerSurvey {
  const strangers = new Map<string, readonly StrangerGrant[]>();
  for (const [name, grants] of survey.snapshot.strangers) {
    strangers.set(
      name,
      grants.filter(({ holder }) => !tenants.has(holder)),
    );
  }
  return { ...survey, snapshot: { ...survey.snapshot, strangers } };
}

function isAlive({ status }: NameOwner): boolean {
  return status !== "DELETED";
}
