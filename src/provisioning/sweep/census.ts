import type { Clock } from "../../kit/clock.ts";
import { QueueTimeout } from "../../kit/concurrency.ts";
import { DeadlineExceeded } from "../../kit/deadline.ts";
import type { ServerId, TenantId } from "../../kit/ids.ts";
import type { Logger } from "../../kit/logger.ts";
import type { DatabaseServer, ServerStore } from "../../servers/database-server.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";
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
const findingsPerPage = 1_000;

/** What {@link Census} works with. */
export interface CensusParts {
  readonly source: CensusSource;
  readonly servers: Pick<ServerStore, "list">;
  readonly findings: Pick<FindingStore, "namesOn" | "reservedNamesOn" | "open">;
  readonly tenants: Pick<TenantStore, "busyWith" | "rotationOf">;
  readonly passwords: Pick<StoredPasswords, "openedOf">;
  readonly validation: Pick<FindingService, "validate">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What one look showed. */
interface Sight {
  readonly differences: readonly Difference[];
  /** Of whom it would show what is wrong, by database name. */
  readonly counted: ReadonlyMap<string, TenantId>;
}

/** Something that is seen and not known, or known and not seen any more. */
interface News extends Difference {
  readonly text: string;
  /** Whom it concerns; absent: nobody, or the whole server. */
  readonly tenantId?: TenantId | undefined;
}

/**
 * Compares databases, accounts and rights on each server with what the registry says of them. Where twice in a row they differ
 * otherwise than the open findings say, a validation of the server is entered, which finds out exactly, writes it down, and
 * closes what is over.
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
    const before = new Set(first.map(({ text }) => text));
    if (first.length === 0) {
      this.#told.delete(server.id);
      return;
    }
    if (this.#told.get(server.id) === [...before].join("\n")) return;
    await this.parts.clock.sleep(secondLookMs, signal);
    const both = (await this.#news(server, signal)).filter(({ text }) => before.has(text));
    const news = (await this.#withoutMoving(both, signal)).map(({ text }) => text);
    if (news.length === 0 || this.#told.get(server.id) === news.join("\n")) return;
    this.#told.set(server.id, news.join("\n"));
    await this.parts.validation.validate({ serverId: server.id }, sweepOrigin);
    this.parts.logger.warn({ serverId: server.id, differences: news.length }, "census differs, server is validated");
  }

  /** What is seen and not known, and what is known and not seen any more; in order, each once. */
  async #news(server: DatabaseServer, signal: AbortSignal): Promise<readonly News[]> {
    const { differences, counted } = await this.#look(server, signal);
    const seen = byText(differences);
    const open = await this.#open(server, signal);
    // What a look like this one cannot show, as code within a database, is not over because it is not seen.
    const known = byText(open.filter(({ object, tenantId }) => !tenantId || counted.get(nameIn(object)) === tenantId));
    const told = (sign: string, [text, { kind, object }]: readonly [string, Difference]): News => {
      return { kind, object, text: `${sign} ${text}`, tenantId: counted.get(nameIn(object)) };
    };
    const isNew = [...seen].filter(([text]) => !known.has(text)).map((one) => told("+", one));
    const isOver = [...known].filter(([text]) => !seen.has(text)).map((one) => told("-", one));
    return [...isNew, ...isOver].sort((a, b) => (a.text < b.text ? -1 : 1));
  }

  /** All of them: one that is left out would be news each time. */
  async #open({ id: serverId }: DatabaseServer, signal: AbortSignal): Promise<readonly RecordedFinding[]> {
    const open: RecordedFinding[] = [];
    for (let cursor: string | undefined; ; ) {
      signal.throwIfAborted();
      const page = { limit: findingsPerPage, direction: "FORWARD", cursor } as const;
      const { edges, hasNextPage } = await this.parts.findings.open({ serverId, kinds }, page);
      open.push(...edges.map(({ node }) => node));
      cursor = edges.at(-1)?.cursor;
      if (!hasNextPage || cursor === undefined) return open;
    }
  }

  /** Of a tenant that a job changes, or whose password is halfway to another one, a validation would tell nothing either. */
  async #withoutMoving(news: readonly News[], signal: AbortSignal): Promise<readonly News[]> {
    const { tenants } = this.parts;
    const moving = new Set((await tenants.busyWith(idsOf(news))).keys());
    for (const id of idsOf(news.filter(({ kind }) => kind === "CREDENTIALS_MISMATCH"))) {
      signal.throwIfAborted();
      if (!moving.has(id) && (await tenants.rotationOf(id))) moving.add(id);
    }
    return news.filter(({ tenantId }) => !tenantId || !moving.has(tenantId));
  }

  async #look(server: DatabaseServer, signal: AbortSignal): Promise<Sight> {
    const { source, findings, passwords } = this.parts;
    try {
      const { seen, names } = await lookWithNames(findings, server.id, () => source.census(server.id, signal));
      const differences: Difference[] = [];
      const counted = new Map<string, TenantId>();
      for (let at = 0; at < names.given.length; at += perPart) {
        signal.throwIfAborted();
        const part = names.given.slice(at, at + perPart).filter(isCounted);
        const opened = await passwords.openedOf(part.map(({ tenantId }) => tenantId));
        differences.push(...tenantDifferences(seen, part, opened));
        for (const { databaseName, tenantId } of part) if (opened.has(tenantId)) counted.set(databaseName, tenantId);
      }
      return { differences: [...differences, ...strangeNames(seen, names)], counted };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ServerTrouble) && !(error instanceof DeadlineExceeded)) throw error;
      return { differences: [{ kind: "UNREACHABLE", object: server.name }], counted: new Map() };
    }
  }
}

function byText(differences: readonly Difference[]): ReadonlyMap<string, Difference> {
  return new Map(differences.map((one) => [`${one.kind} ${one.object}`, one]));
}

/** The database's name in what is said of it or of its accounts, which may have a host behind it. */
function nameIn(object: string): string {
  return object.replace(/@.*$/, "");
}

function idsOf(news: readonly News[]): readonly TenantId[] {
  return [...new Set(news.flatMap(({ tenantId }) => tenantId ?? []))];
}
