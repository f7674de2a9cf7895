import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { readMigrationFolder } from "../../src/migrations/migration-folder.ts";
import { UnusableMigrations } from "../../src/migrations/migration-trouble.ts";

const made: string[] = [];
afterEach(async () => {
  for (const path of made.splice(0)) await rm(path, { recursive: true });
});

async function aFolder(files: Readonly<Record<string, string | Buffer>>, journal?: unknown): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "tenantry-folder-"));
  made.push(path);
  await mkdir(join(path, "meta"));
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  const text = typeof journal === "string" ? journal : JSON.stringify(journal);
  if (journal !== undefined) await writeFile(join(path, "meta", "_journal.json"), text);
  return path;
}

const entry = (idx: number, tag: string, when = idx) => ({ idx, version: "5", when, tag, breakpoints: true });
const complaintsOf = (path: string): Promise<readonly string[]> =>
  readMigrationFolder(path).then(
    () => [],
    (error: unknown) => {
      if (error instanceof UnusableMigrations) return error.complaints;
      throw error;
    },
  );

describe("readMigrationFolder", () => {
  it("reads the sample that comes with the service", async () => {
    const folder = await readMigrationFolder(fileURLToPath(new URL("../../drizzle/tenant", import.meta.url)));
    expect(folder.migrations.map(({ tag, statements }) => [tag, statements.length])).toEqual([
      ["0000_init", 33],
      ["0001_add_roles", 3],
      ["0002_default_roles", 2],
      ["0003_add_invoices", 7],
    ]);
    expect(folder.seed?.statements.length).toBeGreaterThan(5);
  });

  it("orders by idx, then when, then tag, whatever the order of the journal", async () => {
    const files = { "b.sql": "SELECT 1", "a.sql": "SELECT 1", "z.sql": "SELECT 1", "c.sql": "SELECT 1" };
    const journal = { entries: [entry(1, "b", 5), entry(1, "a", 5), entry(1, "c", 4), entry(0, "z")] };
    const { migrations } = await readMigrationFolder(await aFolder(files, journal));
    expect(migrations.map(({ tag }) => tag)).toEqual(["z", "c", "a", "b"]);
  });

  it("takes an empty folder, with or without a journal, for one without migrations", async () => {
    expect((await readMigrationFolder(await aFolder({}))).migrations).toEqual([]);
    expect((await readMigrationFolder(await aFolder({}, { entries: [] }))).migrations).toEqual([]);
  });

  it("makes all complaints at once, each with the name of the file and the statement", async () => {
    const path = await aFolder(
      {
        "0000_a.sql": "SELECT 1; GRANT ALL ON *.* TO x; DROP DATABASE y",
        "0001_b.sql": "INSERT INTO t VALUES ('open",
        "0009_stray.sql": "SELECT 1",
        "0003_latin.sql": Buffer.from([0x2d, 0x2d, 0x20, 0xe9]),
        "seed.sql": "INSERT INTO t VALUES (1); CREATE TABLE u (a int)",
      },
      { entries: [entry(0, "0000_a"), entry(1, "0001_b"), entry(2, "0002_missing"), entry(3, "0003_latin"), {}] },
    );
    expect(await complaintsOf(path)).toEqual([
      "meta/_journal.json: entry 5 needs idx, when, and a tag that is a file's name",
      "0009_stray.sql has no entry in meta/_journal.json",
      expect.stringMatching(/^0000_a, statement 2: "GRANT ALL/),
      expect.stringMatching(/^0000_a, statement 3: "DROP DATABASE/),
      "0001_b, statement 1: a text is not closed",
      "0002_missing stands in meta/_journal.json, but 0002_missing.sql is missing",
      expect.stringMatching(/^0003_latin.sql cannot be read as UTF-8/),
      expect.stringMatching(/^seed, statement 2: a seed may only change rows/),
    ]);
  });

  it("complains of a folder that is not there, a journal that is missing or unreadable, and tags that leave the folder", async () => {
    expect(await complaintsOf("/nonexistent/folder")).toEqual(["/nonexistent/folder cannot be read (ENOENT)"]);
    expect(await complaintsOf(await aFolder({ "0000_a.sql": "SELECT 1" }))).toContain("meta/_journal.json: ENOENT");
    expect(await complaintsOf(await aFolder({}, "{"))).toEqual(["meta/_journal.json is not JSON"]);
    expect(await complaintsOf(await aFolder({}, []))).toEqual(["meta/_journal.json has no list of entries"]);
    for (const tag of ["../x", "a/b", "@baseline", "", "seed", ".hidden"]) {
      expect(await complaintsOf(await aFolder({}, { entries: [entry(0, tag)] })), tag).toHaveLength(1);
    }
    const twice = await aFolder({ "a.sql": "SELECT 1" }, { entries: [entry(0, "a"), entry(1, "a")] });
    expect(await complaintsOf(twice)).toEqual(["meta/_journal.json names a twice"]);
  });

  it("gives a folder another checksum when a file changes, and the same for other line ends", async () => {
    const journal = { entries: [entry(0, "a")] };
    const sums = await Promise.all(
      ["SELECT 1;\n", "SELECT 1;\r\n", "\uFEFFSELECT 1;\n", "SELECT 2;\n"].map(
        async (sql) => (await readMigrationFolder(await aFolder({ "a.sql": sql }, journal))).checksum,
      ),
    );
    expect(new Set(sums.slice(0, 3)).size).toBe(1);
    expect(sums[3]).not.toBe(sums[0]);
  });
});
