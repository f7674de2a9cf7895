import type { ServerId } from "../../kit/ids.ts";
import type { ServerSnapshot } from "../../provisioning/server-snapshot.ts";
import type { CensusSource } from "../../provisioning/sweep/census.ts";
import type { TenantPlace } from "../../provisioning/tenant-server.ts";
import type { ServerSettings, ServerSurvey, ServerSurveys } from "../../provisioning/validation/server-survey.ts";
import type { DatabaseEngine } from "../../servers/database-server.ts";
import type { ServerSession, ServerSessions } from "../pools/server-sessions.ts";
import { accountDialect } from "./account-dialect.ts";
import { lookAtContents } from "./contents-look.ts";
import type { MeantNames } from "./meant-names.ts";
import { lookAt } from "./server-look.ts";
import { lookAtSettings } from "./settings-look.ts";

/** Whether a server answers at all is known by then. */
const settingsDeadlineMs = 5_000;
/** Two thousand tenants take some seconds on a machine that is busy. */
const allDeadlineMs = 120_000;
const oneDeadlineMs = 30_000;

/** Surveys through the admin's sessions: one statement for the settings, six for everything else. */
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
    return this.sessions.withAdmin({ serverId, signal, deadlineMs }, (session) => survey(session, engine, names));
  }
}

async function survey(session: ServerSession, engine: DatabaseEngine, names: MeantNames): Promise<ServerSurvey> {
  // Contents last: a database that is made or dropped meanwhile then rather has no contents than contents and no database.
  const snapshot = await lookAt(session, accountDialect(engine), names);
  const contents = await lookAtContents(session, engine, names);
  const markers = new Map<string, string | undefined>();
  for (const [name, { journal, objects }] of contents) {
    if (typeof journal === "object") markers.set(name, journal.owner);
    else if (objects > 0 || journal === "UNREADABLE") markers.set(name, undefined);
  }
  return { snapshot: { ...snapshot, markers }, contents };
}
