import type { ServerId } from "../kit/ids.ts";
import type { JournalRow } from "./journal.ts";
import type { MigrationFolder } from "./migration-folder.ts";

/** A view as it is made in a tenant's database; the definer goes between the two pieces of its text. */
export interface FoldedView {
  readonly name: string;
  readonly beforeDefiner: string;
  readonly afterDefiner: string;
  /** Charset and collation of the session that made it; they are part of the view. */
  readonly charset: string;
  readonly collation: string;
}

/** All migrations of a folder as what they end in: tables with indexes and foreign keys, views, rows, journal. */
export interface Baseline {
  /** Of the folder. */
  readonly checksum: string;
  readonly tables: readonly { readonly name: string; readonly create: string }[];
  /** Each after those that it reads. */
  readonly views: readonly FoldedView[];
  /** INSERT statements. */
  readonly rows: readonly string[];
  readonly journal: readonly JournalRow[];
}

/** What came of folding. STEPWISE: the folder's outcome cannot be foreseen (rows with UUID(), sequences …). */
export type Folding =
  | { readonly kind: "FOLDED"; readonly baseline: Baseline }
  | { readonly kind: "STEPWISE"; readonly reason: string };

/** Finds out on a server what a folder's migrations end in. */
export interface BaselineSource {
  /** @throws MigrationFailed, ServerTrouble */
  fold(serverId: ServerId, folder: MigrationFolder, signal: AbortSignal): Promise<Folding>;
}
