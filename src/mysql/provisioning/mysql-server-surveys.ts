import type { ServerId } from "../../kit/ids.ts";
import type { ServerSnapshot } from "../../provisioning/server-snapshot.ts";
import type { CensusSource } from "../../provisioning/sweep/census.ts";
import type { TenantPlace } from "../../provisioning/tenant-server.ts";
import type {
  ContentsSeen,
  ServerSettings,
  ServerSurvey,
  ServerSurveys,
} from "../../provisioning/validation/server-survey.ts";
import type { DatabaseEngine } from "../../servers/database-server.ts";
import type { ServerSessions } from "../pools/server-sessions.ts";
import { accountDialect } from "./account-dialect.ts";
import { lookAtViews } from "./code-look.ts";
import { databasesIn, lookAtOddJournals, lookAtTables, lookInside, toContents, withJournal } from "./contents-look.ts";
import type { MeantNames } from "./meant-names.ts";
import { lookAt } from "./server-look.ts";
import { lookAtSettings } from "./settings-look.ts";

/** Whether a server answers at all is known by then. */
const settingsDeadlineMs = 5_000;
/** Two thousand tenants take some seconds on a machine that is busy. */
const allDeadlineMs = 120_000;
const oneDeadlineMs = 30_000;

/**
 * Surveys through the admin's sessions: one statement for the settings, seven for everything else, one less where there are no
 * views.
 */
export class MysqlServerSurveys implements ServerSurveys, CensusSource {
  /** @param engineOf known without asking the server */
  constructor(
    private readonly sessions: ServerSessions,
    private readonly engineOf: (serverId: ServerId) => Promise<DatabaseEngine>,
  ) {}

  async settings(serverId: ServerId, signal: AbortSignal): Promise<ServerSettings> {
    const engine = await this.engineOf(serverId);
    return this.sessions.withAdmin({ serverId, signal, deadlineMs: settingsDeadlineMs }, (session) =>
      lookAtSettings(session, engine),
    );
  }

  all(serverId: ServerId, signal: AbortSignal): Promise<ServerSurvey> {
    return this.#survey(serverId, "ALL", signal, allDeadlineMs);
  }

  some(serverId: ServerId, names: readonly [string, ...string[]], signal: AbortSignal): Promise<ServerSurvey> {
    return this.#survey(serverId, names, signal, allDeadlineMs);
  }

  one({ serverId, databaseName }: TenantPlace, signal: AbortSignal): Promise<ServerSurvey> {
    return this.#survey(serverId, [databaseName], signal, oneDeadlineMs);
  }

  async census(serverId: ServerId, signal: AbortSignal): Promise<ServerSnapshot> {
    const engine = await this.engineOf(serverId);
    return this.sessions.withAdmin({ serverId, signal, deadlineMs: oneDeadlineMs }, (session) =>
      lookAt(session, accountDialect(engine), "ALL"),
    );
  }

  async #survey(serverId: ServerId, names: MeantNames, signal: AbortSignal, deadlineMs: number): Promise<ServerSurvey> {
    const engine = await this.engineOf(serverId);
    const wish = { serverId, signal, deadlineMs };
    // Half of the work each: a server with more than one processor is done in half the time.
    const [{ snapshot, tables }, { prints, journals }] = await Promise.all([
      this.sessions.withAdmin(wish, async (session) => {
        const seen = await lookAtTables(session, engine, names);
        const views = await lookAtViews(session, names, seen);
        const snapshot = await lookAt(session, accountDialect(engine), names, databasesIn(seen));
        return { snapshot, tables: [...seen, ...views] };
      }),
      this.sessions.withAdmin(wish, (session) => lookInside(session, engine, names)),
    ]);
    const odd = withJournal(tables).filter((name) => !journals.has(name));
    const oddJournals =
      odd.length > 0 ? await this.sessions.withAdmin(wish, (session) => lookAtOddJournals(session, engine, odd)) : [];
    const contents = toContents([...tables, ...prints], new Map([...journals, ...oddJournals]));
    return { snapshot: { ...snapshot, markers: markersIn(contents) }, contents };
  }
}

/** What is there and has no owner is somebody else's; what is not there belongs to nobody. */
function markersIn(contents: ReadonlyMap<string, ContentsSeen>): ReadonlyMap<string, string | undefined> {
  const markers = new Map<string, string | undefined>();
  for (const [name, { journal, objects }] of contents) {
    const owner = typeof journal === "object" ? journal.owner : undefined;
    if (owner !== undefined || objects > 0 || journal === "UNREADABLE") markers.set(name, owner);
  }
  return markers;
}
