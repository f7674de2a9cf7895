import type { Clock } from "../../kit/clock.ts";
import { QueueTimeout } from "../../kit/concurrency.ts";
import { DeadlineExceeded } from "../../kit/deadline.ts";
import type { ServerId, TenantId } from "../../kit/ids.ts";
import type { Logger } from "../../kit/logger.ts";
import type { DatabaseServer, ServerStore } from "../../servers/database-server.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";
import { isGeneratedName } from "../../tenants/credentials.ts";
import { accountInvariant } from "../account-invariant.ts";
import type { FindingKind } from "../finding.ts";
import type { FindingService } from "../findings/finding-service.ts";
import type { FindingStore, RecordedFinding } from "../findings/finding-store.ts";
import { lookWithNames } from "../findings/server-names.ts";
import { grantsInvariant } from "../grants-invariant.ts";
import type { ServerSnapshot } from "../server-snapshot.ts";
import { type Difference, isCounted, strangeNames, tenantDifferences } from "./census-differences.ts";
import type { StoredPasswords } from "./stored-passwords.ts";
import { sweepOrigin } from "./sweep.ts";

/** What can be seen of a server without looking into its databases. */
export interface CensusSource {
  /** Databases, accounts and rights of the service's kind, by a handful of statements. @throws ServerTrouble, QueueTimeout, or the signal's reason */
  census(serverId: ServerId, signal: AbortSignal): Promise<ServerSnapshot>;
}

/** What a look may show that sees no database from within. */
const kinds: readonly FindingKind[] = [
  ...new Set([...accountInvariant.kinds, ...grantsInvariant.kinds]),
  ...(["MISSING_DATABASE", "ORPHAN_DATABASE", "UNREACHABLE"] as const),
];
/** Tenants that are compared at a time: whoever asks something meanwhile waits no longer than for these. */
const perPart = 250;
/** Between the two looks that must agree. */
const secondLookMs = 2_000;
const knownLimit = 1_000;

/** What {@link Census} works with. */
export interface CensusParts {
  readonly source: CensusSource;
  readonly servers: Pick<ServerStore, "list">;
  readonly findings: Pick<FindingStore, "namesOn" | "reservedNamesOn" | "open">;
  readonly passwords: Pick<StoredPasswords, "openedOf">;
  readonly validation: Pick<FindingService, "validate">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What one look showed. */
interface Sight {
  readonly differences: readonly Difference[];
  /** Of whom it would show what is wrong. */
  readonly counted: ReadonlySet<TenantId>;
}

/**
 * Compares databases, accounts and rights on each server with what the registry says of them. Where twice in a row they differ otherwise than the open findings
 * say, a validation of the server is entered, which finds out exactly, writes it down, and closes what is over.
 */
export class Census {
  /** What a validation was last entered for. */
  readonly #told = new Map<ServerId, string>();

  constructor(private readonly parts: CensusParts) {}

  async runOnce(signal: AbortSignal): Promise<void> {
    for (const server of await this.parts.servers.list()) {
      try {
        await this.#compare(server, signal);
      } catch (error) {
        // Our own connections are all in use: no news is neither good nor bad.
        if (!(error instanceof QueueTimeout)) throw error;
      }
    }
  }

  async #compare(server: DatabaseServer, signal: AbortSignal): Promise<void> {
    const first = await this.#news(server, signal);
    // A server that lost everything differs in twice as many names as it has tenants.
    const before = new Set(first);
    if (first.length === 0) {
      this.#told.delete(server.id);
      return;
    }
    if (this.#told.get(server.id) === first.join("\n")) return;
    await this.parts.clock.sleep(secondLookMs, signal);
    const news = (await this.#news(server, signal)).filter((one) => before.has(one));
    if (news.length === 0) return;
    this.#told.set(server.id, news.join("\n"));
    await this.parts.validation.validate({ serverId: server.id }, sweepOrigin);
    this.parts.logger.warn({ serverId: server.id, differences: news.length }, "census differs, server is validated");
  }

  /** What is seen and not known, and what is known and not seen any more; in order. */
  async #news(server: DatabaseServer, signal: AbortSignal): Promise<readonly string[]> {
    const { differences, counted } = await this.#look(server, signal);
    const seen = new Set(differences.map(textOf));
    const { edges } = await this.parts.findings.open(
      { serverId: server.id, kinds },
      { limit: knownLimit, direction: "FORWARD" },
    );
    // What a look like this one cannot show is not over because it is not seen.
    const shows = ({ kind, object, tenantId }: RecordedFinding) =>
      tenantId === undefined || (counted.has(tenantId) && (kind !== "STATUS_INCONSISTENT" || isGeneratedName(object)));
    const known = new Set(edges.flatMap(({ node }) => (shows(node) ? [textOf(node)] : [])));
    const isNew = [...seen].filter((one) => !known.has(one)).map((one) => `+ ${one}`);
    const isOver = [...known].filter((one) => !seen.has(one)).map((one) => `- ${one}`);
    return [...isNew, ...isOver].sort();
  }

  async #look(server: DatabaseServer, signal: AbortSignal): Promise<Sight> {
    const { source, findings, passwords } = this.parts;
    try {
      const { seen, names } = await lookWithNames(findings, server.id, () => source.census(server.id, signal));
      const differences: Difference[] = [];
      const counted = new Set<TenantId>();
      for (let at = 0; at < names.given.length; at += perPart) {
        signal.throwIfAborted();
        const part = names.given.slice(at, at + perPart).filter(isCounted);
        const opened = await passwords.openedOf(part.map(({ tenantId }) => tenantId));
        differences.push(...tenantDifferences(seen, part, opened));
        for (const id of opened.keys()) counted.add(id);
      }
      return { differences: [...differences, ...strangeNames(seen, names)], counted };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ServerTrouble) && !(error instanceof DeadlineExceeded)) throw error;
      return { differences: [{ kind: "UNREACHABLE", object: server.name }], counted: new Set() };
    }
  }
}

function textOf({ kind, object }: Difference): string {
  return `${kind} ${object}`;
}
