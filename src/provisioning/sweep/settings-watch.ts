import { QueueTimeout } from "../../kit/concurrency.ts";
import { DeadlineExceeded } from "../../kit/deadline.ts";
import type { ServerId } from "../../kit/ids.ts";
import type { Logger } from "../../kit/logger.ts";
import type { DatabaseServer, ServerStore } from "../../servers/database-server.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";
import type { Finding } from "../finding.ts";
import type { FindingService } from "../findings/finding-service.ts";
import type { FindingStore } from "../findings/finding-store.ts";
import type { ServerSurveys } from "../validation/server-survey.ts";
import { settingFindings } from "../validation/setting-findings.ts";
import type { CensusSource } from "./census.ts";
import { sweepOrigin } from "./sweep.ts";

/** More advice than there is to give. */
const knownLimit = 100;

/** What {@link SettingsWatch} works with. */
export interface SettingsWatchParts {
  readonly source: CensusSource & Pick<ServerSurveys, "settings">;
  readonly servers: Pick<ServerStore, "list">;
  readonly findings: Pick<FindingStore, "open">;
  readonly validation: Pick<FindingService, "validate">;
  readonly logger: Logger;
}

/**
 * Looks at the settings of each server and at the rights of the service's account there, once after each start. What is not as
 * it should be is logged; where the open findings say otherwise, a validation of the server is entered, which writes it down.
 */
export class SettingsWatch {
  readonly #looked = new Set<ServerId>();

  constructor(private readonly parts: SettingsWatchParts) {}

  async runOnce(signal: AbortSignal): Promise<void> {
    for (const server of await this.parts.servers.list()) {
      if (this.#looked.has(server.id)) continue;
      try {
        await this.#look(server, signal);
        this.#looked.add(server.id);
      } catch (error) {
        signal.throwIfAborted();
        // The server does not answer, or there is no place: the next turn looks again.
        const passes = [ServerTrouble, DeadlineExceeded, QueueTimeout].some((kind) => error instanceof kind);
        if (!passes) throw error;
      }
    }
  }

  async #look(server: DatabaseServer, signal: AbortSignal): Promise<void> {
    const { source, findings, validation, logger } = this.parts;
    const settings = await source.settings(server.id, signal);
    const snapshot = await source.census(server.id, signal);
    const advice = settingFindings(server.name, settings, { snapshot, contents: new Map() });
    for (const { object, message, actual } of advice) {
      logger.warn(
        { serverId: server.id, setting: object, actual, advice: message },
        "server setting is not as advised",
      );
    }
    const { edges } = await findings.open(
      { serverId: server.id, kinds: ["SERVER_SETTING"] },
      { limit: knownLimit, direction: "FORWARD" },
    );
    if (textOf(advice) === textOf(edges.map(({ node }) => node))) return;
    await validation.validate({ serverId: server.id }, sweepOrigin);
  }
}

function textOf(findings: readonly Pick<Finding, "object" | "actual">[]): string {
  return findings
    .map(({ object, actual }) => `${object}: ${actual}`)
    .toSorted()
    .join("\n");
}
