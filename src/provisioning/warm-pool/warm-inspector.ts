import type { ServerId, TenantId } from "../../kit/ids.ts";
import type { Logger } from "../../kit/logger.ts";
import { type SecretBox, SecretUnreadable } from "../../kit/secret-box.ts";
import type { TenantMigrator } from "../../migrations/tenant-migrator.ts";
import { passwordPlace } from "../../tenants/admission.ts";
import type { Finding } from "../finding.ts";
import type { SchemaInspector } from "../validation/schema-inspector.ts";
import type { ServerSurvey, ServerSurveys } from "../validation/server-survey.ts";
import { judgeTenant } from "../validation/tenant-judge.ts";
import type { WarmDatabase } from "./warm-database.ts";
import type { WarmPoolStore } from "./warm-pool-store.ts";

/** Of what is surveyed at a time. */
const namesPerSurvey = 250;

/** What {@link WarmInspector} works with. */
export interface WarmInspectorParts {
  readonly store: Pick<WarmPoolStore, "list" | "withdraw">;
  readonly surveys: Pick<ServerSurveys, "some">;
  readonly inspector: Pick<SchemaInspector, "inspect">;
  readonly migrator: Pick<TenantMigrator, "latestVersion" | "folderChecksum">;
  readonly secretBox: SecretBox;
  readonly logger: Logger;
}

/** Looks whether what is ready is so, as a validation looks at tenants: a few statements for all of a server's pool. */
export class WarmInspector {
  constructor(private readonly parts: WarmInspectorParts) {}

  /** Withdraws what is broken, so that nobody gets it and it is replaced. @returns how many @throws ServerTrouble, QueueTimeout, the signal's reason */
  async inspect(serverId: ServerId, signal: AbortSignal): Promise<number> {
    const { store, migrator, logger } = this.parts;
    const checksum = migrator.folderChecksum();
    const ready = (await store.list(serverId)).filter(
      (one) => one.state === "READY" && one.schemaChecksum === checksum,
    );
    const broken: TenantId[] = [];
    for (let at = 0; at < ready.length; at += namesPerSurvey) {
      for (const { warm, kinds } of await this.#brokenAmong(ready.slice(at, at + namesPerSurvey), signal)) {
        broken.push(warm.tenantId);
        logger.warn({ tenantId: warm.tenantId, serverId, kinds }, "warm database is broken, and replaced");
      }
    }
    // Who was claimed meanwhile is a tenant: what is wrong with it a validation finds.
    return (await store.withdraw(broken, "REAPING")).length;
  }

  async #brokenAmong(some: readonly WarmDatabase[], signal: AbortSignal) {
    const [first, ...others] = some;
    if (!first) return [];
    const names = [first, ...others].map(({ databaseName }) => databaseName);
    const survey = await this.parts.surveys.some(first.serverId, [first.databaseName, ...names.slice(1)], signal);
    const broken: { readonly warm: WarmDatabase; readonly kinds: readonly string[] }[] = [];
    for (const warm of some) {
      const kinds = await this.#kindsOf(warm, survey, signal);
      if (kinds.length > 0) broken.push({ warm, kinds });
    }
    return broken;
  }

  async #kindsOf(warm: WarmDatabase, survey: ServerSurvey, signal: AbortSignal): Promise<readonly string[]> {
    try {
      return (await this.#judge(warm, survey, signal)).map(({ kind }) => kind);
    } catch (error) {
      if (error instanceof SecretUnreadable) return ["CREDENTIAL_UNREADABLE"];
      throw error;
    }
  }

  /** As the tenant that it is to be. */
  async #judge(warm: WarmDatabase, survey: ServerSurvey, signal: AbortSignal): Promise<readonly Finding[]> {
    const { secretBox, inspector, migrator } = this.parts;
    const { tenantId: id, serverId, databaseName, schemaVersion } = warm;
    const password = secretBox.open(warm.password, passwordPlace(id));
    const expected = { id, databaseName, password, isNew: true };
    const isThere = survey.snapshot.databases.has(databaseName);
    const target = { tenantId: id, serverId, databaseName };
    const contents = survey.contents.get(databaseName);
    const schema = isThere ? await inspector.inspect(target, contents, schemaVersion, signal) : undefined;
    const tenant = { slug: databaseName, databaseName, status: "ACTIVE", schemaVersion } as const;
    return judgeTenant({ tenant, expected, survey, schema, latest: migrator.latestVersion() });
  }
}
