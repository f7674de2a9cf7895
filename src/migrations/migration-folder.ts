import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Migration, type ReadMigration, readMigration, sha256 } from "./migration.ts";
import { UnusableMigrations } from "./migration-trouble.ts";

/** Name of the file whose statements run once per tenant when a seed is asked for. */
const seedFile = "seed.sql";

/** A folder of migrations in drizzle-kit's format, as it was when the service started. */
export interface MigrationFolder {
  /** In the order of application. */
  readonly migrations: readonly Migration[];
  /** Only statements on rows. */
  readonly seed?: Migration | undefined;
  /** SHA-256 over names and checksums of the migrations, hex. */
  readonly checksum: string;
}

interface JournalEntry {
  readonly idx: number;
  readonly when: number;
  readonly tag: string;
}

/**
 * Reads `meta/_journal.json`, the files it names and `seed.sql`. A folder without a journal and without SQL files is an
 * empty one. @throws UnusableMigrations with every complaint at once
 */
export async function readMigrationFolder(path: string): Promise<MigrationFolder> {
  const complaints: string[] = [];
  const names = await sqlFiles(path, complaints);
  const entries = await readJournal(path, names, complaints);
  const inJournal = new Set(entries.map((entry) => `${entry.tag}.sql`));
  for (const name of names) {
    if (name !== seedFile && !inJournal.has(name)) complaints.push(`${name} has no entry in meta/_journal.json`);
  }
  const migrations: Migration[] = [];
  for (const { tag } of entries) {
    if (!names.includes(`${tag}.sql`))
      complaints.push(`${tag} stands in meta/_journal.json, but ${tag}.sql is missing`);
    else migrations.push(...taken(await readSql(path, tag, complaints), complaints));
  }
  const seed = names.includes(seedFile) ? taken(await readSql(path, "seed", complaints), complaints)[0] : undefined;
  if (seed) complaints.push(...notRows(seed));
  if (complaints.length > 0) throw new UnusableMigrations(complaints);
  return folderOf(migrations, seed);
}

/** A folder made of migrations that were read already. */
export function folderOf(migrations: readonly Migration[], seed?: Migration): MigrationFolder {
  const checksum = sha256(migrations.map(({ tag, checksum }) => `${tag} ${checksum}\n`).join(""));
  return { migrations, checksum, ...(seed && seed.statements.length > 0 ? { seed } : {}) };
}

async function sqlFiles(path: string, complaints: string[]): Promise<readonly string[]> {
  try {
    return (await readdir(path)).filter((name) => name.endsWith(".sql")).sort();
  } catch (error) {
    complaints.push(`${path} cannot be read (${codeOf(error)})`);
    return [];
  }
}

async function readJournal(
  path: string,
  names: readonly string[],
  complaints: string[],
): Promise<readonly JournalEntry[]> {
  const hasMigrations = names.some((name) => name !== seedFile);
  let json: string;
  try {
    json = await readFile(join(path, "meta", "_journal.json"), "utf8");
  } catch (error) {
    if (hasMigrations || codeOf(error) !== "ENOENT") complaints.push(`meta/_journal.json: ${codeOf(error)}`);
    return [];
  }
  const entries = parseJournal(json, complaints);
  const tags = entries.map((entry) => entry.tag);
  for (const tag of new Set(tags.filter((tag, index) => tags.indexOf(tag) !== index))) {
    complaints.push(`meta/_journal.json names ${tag} twice`);
  }
  return [...entries].sort((a, b) => a.idx - b.idx || a.when - b.when || (a.tag < b.tag ? -1 : 1));
}

function parseJournal(json: string, complaints: string[]): readonly JournalEntry[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    complaints.push("meta/_journal.json is not JSON");
    return [];
  }
  const entries = fieldOf(parsed, "entries");
  if (!Array.isArray(entries)) {
    complaints.push("meta/_journal.json has no list of entries");
    return [];
  }
  return entries.flatMap((entry: unknown, index): readonly JournalEntry[] => {
    const [idx, when, tag] = [fieldOf(entry, "idx"), fieldOf(entry, "when"), fieldOf(entry, "tag")];
    const isTag = typeof tag === "string" && /^[^/\\@.\s][^/\\\s]{0,199}$/.test(tag) && tag !== "seed";
    if (typeof idx === "number" && typeof when === "number" && isTag) return [{ idx, when, tag }];
    complaints.push(`meta/_journal.json: entry ${index + 1} needs idx, when, and a tag that is a file's name`);
    return [];
  });
}

async function readSql(path: string, tag: string, complaints: string[]): Promise<ReadMigration | undefined> {
  try {
    const bytes = await readFile(join(path, `${tag}.sql`));
    return readMigration(tag, new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    complaints.push(`${tag}.sql cannot be read as UTF-8 (${codeOf(error)})`);
    return undefined;
  }
}

function taken(read: ReadMigration | undefined, complaints: string[]): readonly Migration[] {
  if (!read) return [];
  complaints.push(...read.complaints);
  return [read.migration];
}

function notRows(seed: Migration): readonly string[] {
  return seed.statements
    .filter((statement) => statement.effect.kind !== "ROWS")
    .map(({ number }) => `seed, statement ${number}: a seed may only change rows, since it runs as one transaction`);
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function codeOf(error: unknown): string {
  const code = fieldOf(error, "code");
  return typeof code === "string" ? code : String(error);
}
