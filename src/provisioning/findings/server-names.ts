import type { ServerId } from "../../kit/ids.ts";
import type { FindingStore, NameOwner } from "./finding-store.ts";

/** The names that the registry gave on a server, around the time of a look. */
export interface ServerNames {
  /** Of living tenants. */
  readonly given: readonly NameOwner[];
  /** Of tenants, and of databases that are ready for tenants to come. */
  readonly all: ReadonlySet<string>;
}

/**
 * Looks at a server, and asks for the names afterwards: what was made meanwhile has its row by then. Names that are set aside are
 * asked for before too, since their rows go when they are reaped; and before those of tenants, to whom they pass when they are claimed.
 */
export async function lookWithNames<Seen>(
  store: Pick<FindingStore, "namesOn" | "reservedNamesOn">,
  serverId: ServerId,
  look: () => Promise<Seen>,
): Promise<{ readonly seen: Seen; readonly names: ServerNames }> {
  const before = await store.reservedNamesOn(serverId);
  const seen = await look();
  const after = await store.reservedNamesOn(serverId);
  const given = await store.namesOn(serverId);
  const all = new Set([...before, ...after, ...given.map(({ databaseName }) => databaseName)]);
  return { seen, names: { given, all } };
}
