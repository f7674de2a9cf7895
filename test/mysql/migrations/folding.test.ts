import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { silentLogger } from "../../../src/kit/logger.ts";
import { type MigrationFolder, readMigrationFolder } from "../../../src/migrations/migration-folder.ts";
import { aFolder, TenantDatabases } from "./tenant-databases.ts";

const sample = fileURLToPath(new URL("../../../drizzle/tenant", import.meta.url));
const signal = new AbortController().signal;
let databases: TenantDatabases;

beforeAll(async () => {
  databases = await TenantDatabases.open();
});
afterAll(() => databases.close());

/** Applies the folder both ways, and says whether the first was really folded. */
async function bothWays(folder: MigrationFolder, volatile: readonly string[] = []) {
  const baselines = databases.baselines(folder);
  const folding = await baselines.of(databases.serverId, signal);
  const [folded, stepwise] = [await databases.make(), await databases.make()];
  await databases.migrator(folder).migrate(folded, signal);
  await databases.stepwise(folder).migrate(stepwise, signal);
  return {
    folding,
    folded: await databases.everything(folded, volatile),
    stepwise: await databases.everything(stepwise, volatile),
  };
}

/** Untidy ways to write migrations, each of which must fold. */
const untidy: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "several statements without a breakpoint, with comments everywhere": {
    "0000_a":
      "\uFEFF-- a comment; with a semicolon\r\nCREATE TABLE a (id int PRIMARY KEY /* inner; */, s varchar(20) DEFAULT 'x;y' -- tail ;\r\n);;\r\n# hash; comment\r\nCREATE TABLE b (id int PRIMARY KEY);\r\n/* block ; */\r\nALTER TABLE a ADD COLUMN b_id int,\r\n  ADD CONSTRAINT a_b FOREIGN KEY (b_id) REFERENCES b (id);",
    "0001_b": "-- nothing but a comment\n--> statement-breakpoint\n",
    "0002_c": "/*!40101 SET NAMES utf8mb4 */;\n/*!50001 CREATE VIEW v AS SELECT id, s FROM a */;",
  },
  "rows that migrations insert, change and delete": {
    "0000_a":
      "CREATE TABLE colors (id int AUTO_INCREMENT PRIMARY KEY, name varchar(50) NOT NULL, note text);\nINSERT INTO colors (name, note) VALUES ('red', 'a;b --> statement-breakpoint'), ('grün', 'it''s \\\\ \\n tab\\t 😀'), ('null', NULL);",
    "0001_b":
      "UPDATE colors SET note = CONCAT(note, '!') WHERE id = 1; DELETE FROM colors WHERE name = 'null';\nINSERT INTO colors (id, name) VALUES (100, 'late'); DELETE FROM colors WHERE id = 100;",
    "0002_c":
      "INSERT INTO colors (name) VALUES ('blue'); SET @blue = LAST_INSERT_ID(); UPDATE colors SET note = CONCAT('id ', @blue) WHERE id = @blue;",
  },
  "views on views, made in the wrong order of names": {
    "0000_a":
      "CREATE TABLE t (id int PRIMARY KEY, n int);\nCREATE VIEW z_base AS SELECT * FROM t;\nCREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW a_top AS SELECT id FROM z_base WHERE n > 1 WITH CHECK OPTION;\nCREATE OR REPLACE VIEW m_join (one, two) AS SELECT x.id, y.id FROM a_top x JOIN z_base y ON x.id = y.id;",
    "0001_b":
      "ALTER TABLE t ADD COLUMN later int;\nCREATE VIEW `with space` AS SELECT later, 'é;' AS `odd ``name` FROM t;",
  },
  "renamed tables and columns": {
    "0000_a":
      "CREATE TABLE old_parent (id int PRIMARY KEY);\nCREATE TABLE child (id int PRIMARY KEY, parent int, FOREIGN KEY (parent) REFERENCES old_parent (id));",
    "0001_b":
      "RENAME TABLE old_parent TO parent;\nALTER TABLE child RENAME TO kid;\nALTER TABLE kid CHANGE COLUMN parent parent_id int NULL;\nALTER TABLE kid ADD INDEX by_parent (parent_id, id);\nCREATE TABLE gone (id int);\nDROP TABLE gone;",
  },
  "self-referencing and cyclic foreign keys": {
    "0000_a":
      "CREATE TABLE node (id int PRIMARY KEY, up int, FOREIGN KEY (up) REFERENCES node (id) ON DELETE CASCADE);\nINSERT INTO node VALUES (1, NULL), (2, 1);\nCREATE TABLE hen (id int PRIMARY KEY, egg int);\nCREATE TABLE egg (id int PRIMARY KEY, hen int, CONSTRAINT egg_hen FOREIGN KEY (hen) REFERENCES hen (id));\nALTER TABLE hen ADD CONSTRAINT hen_egg FOREIGN KEY (egg) REFERENCES egg (id);\nSET FOREIGN_KEY_CHECKS=0;\nINSERT INTO hen VALUES (1, 1); INSERT INTO egg VALUES (1, 1);\nSET FOREIGN_KEY_CHECKS=1;",
  },
  "generated columns, checks, fulltext, odd types and defaults": {
    "0000_a":
      "CREATE TABLE odd (\n  `id` bigint unsigned NOT NULL AUTO_INCREMENT,\n  `select` varchar(10) DEFAULT 'it''s; \"q\"' COMMENT 'semi;colon',\n  price decimal(10,2) NOT NULL DEFAULT 0.10,\n  gross decimal(12,4) AS (price * 1.19) STORED,\n  label varchar(40) AS (CONCAT(`select`, '; ', price)) VIRTUAL,\n  doc json DEFAULT (JSON_OBJECT('a', 1)),\n  flags set('a','b;c') DEFAULT 'a,b;c',\n  bits bit(5) DEFAULT b'10101',\n  raw varbinary(8) DEFAULT X'00ff',\n  f float DEFAULT 0.1, d double DEFAULT 1e-7,\n  y year DEFAULT 2024, t time(2) DEFAULT '-12:30:00.25',\n  zero datetime DEFAULT '0000-00-00 00:00:00',\n  at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),\n  body text, latin varchar(20) CHARACTER SET latin1,\n  PRIMARY KEY (id), UNIQUE KEY uq (`select`, price), FULLTEXT KEY ft (body), KEY pre (body(20)),\n  CONSTRAINT positive CHECK (price >= 0 AND `select` <> ';'), CHECK (JSON_VALID(doc))\n) ENGINE=InnoDB AUTO_INCREMENT=500 ROW_FORMAT=DYNAMIC COMMENT='a; b --> statement-breakpoint';",
    "0001_b":
      "INSERT INTO odd (body, latin, f, d, bits, raw) VALUES ('Ünïcode 😀 ''quoted'' \\\\', 'café', 16777216.5, 0.1e0 + 0.2e0, b'01010', 'a\\0b;');\nINSERT INTO odd (id, `select`, doc, raw) VALUES (900, 'x', NULL, NULL);\nALTER TABLE odd ALTER COLUMN y SET DEFAULT 2030, DROP INDEX pre;",
  },
  "partitions, other collations and a table without a key": {
    "0000_a":
      "CREATE TABLE `ünï-côdé` (n int, s varchar(9) COLLATE utf8mb4_bin) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;\nINSERT INTO `ünï-côdé` VALUES (3, 'c'), (1, 'a'), (2, 'b');\nCREATE TABLE parts (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY RANGE (y) (PARTITION p0 VALUES LESS THAN (2000), PARTITION p1 VALUES LESS THAN MAXVALUE);\nCREATE TABLE copy LIKE parts;\nCREATE TABLE picked AS SELECT n, s FROM `ünï-côdé` WHERE n > 1;",
  },
};

describe("a folded baseline", () => {
  it("ends in the same as the sample's migrations one by one", async () => {
    const { folding, folded, stepwise } = await bothWays(await readMigrationFolder(sample), ["created_at"]);
    expect(folding).toMatchObject({ kind: "FOLDED" });
    expect(folded).toEqual(stepwise);
    expect(Object.keys(folded).filter((key) => key.startsWith("BASE TABLE")).length).toBeGreaterThanOrEqual(13);
    expect(folded["rows of roles"]).toContain("owner");
  });

  for (const [what, files] of Object.entries(untidy)) {
    it(`ends in the same as step by step: ${what}`, async () => {
      const { folding, folded, stepwise } = await bothWays(aFolder(files), ["at"]);
      expect(folding).toMatchObject({ kind: "FOLDED" });
      expect(folded).toEqual(stepwise);
    });
  }

  it("stays the same as step by step under later migrations that replace the indexes of foreign keys", async () => {
    const before = {
      "0000_a":
        "CREATE TABLE p (id int PRIMARY KEY, x int, KEY (x));\nCREATE TABLE c (id int PRIMARY KEY, a int, b int, d int, e int UNIQUE);\nALTER TABLE c ADD CONSTRAINT fa FOREIGN KEY (a) REFERENCES p (id);\nCREATE INDEX ie ON c (e, a);\nALTER TABLE c ADD FOREIGN KEY (b) REFERENCES p (x), ADD FOREIGN KEY (d) REFERENCES p (x);\nALTER TABLE c ADD INDEX own (d);\nALTER TABLE c RENAME TO child;",
    };
    const after = {
      "0001_b":
        "CREATE INDEX child_a ON child (a, b);\nCREATE INDEX child_b ON child (b);\nCREATE INDEX child_d ON child (d, a);",
    };
    const [folded, stepwise] = [await databases.make(), await databases.make()];
    expect(await databases.baselines(aFolder(before)).of(databases.serverId, signal)).toMatchObject({ kind: "FOLDED" });
    await databases.migrator(aFolder(before)).migrate(folded, signal);
    await databases.stepwise(aFolder(before)).migrate(stepwise, signal);
    expect(await databases.everything(folded)).toEqual(await databases.everything(stepwise));
    for (const target of [folded, stepwise]) {
      await databases.migrator(aFolder({ ...before, ...after })).migrate(target, signal);
    }
    const end = await databases.everything(folded);
    expect(end).toEqual(await databases.everything(stepwise));
    expect(end["BASE TABLE child"]).not.toContain("KEY `fa`");
  });

  it("gives each tenant its own moment where a row takes the clock's", async () => {
    const folder = aFolder({
      "0000_a":
        "CREATE TABLE t (id int PRIMARY KEY, at datetime(6) DEFAULT CURRENT_TIMESTAMP(6), d date, s datetime); INSERT INTO t (id, d, s) VALUES (1, CURRENT_DATE, NOW());",
    });
    const target = await databases.make();
    await databases.migrator(folder).migrate(target, signal);
    const [row] = await databases.rows(
      `SELECT ABS(TIMESTAMPDIFF(SECOND, at, UTC_TIMESTAMP(6))) a, ABS(TIMESTAMPDIFF(SECOND, s, UTC_TIMESTAMP())) s, ABS(DATEDIFF(d, UTC_DATE())) d FROM ${target.databaseName}.t`,
    );
    expect(Number(row?.a)).toBeLessThan(60);
    expect(Number(row?.s)).toBeLessThan(60);
    expect(Number(row?.d)).toBeLessThan(2);
  });

  for (const [what, sql] of Object.entries({
    "random values": "CREATE TABLE t (id char(36) PRIMARY KEY); INSERT INTO t VALUES (UUID());",
    "the server's own clock": "CREATE TABLE t (at datetime); INSERT INTO t VALUES (SYSDATE());",
    "values reckoned from the clock": "CREATE TABLE t (at datetime); INSERT INTO t VALUES (NOW() + INTERVAL 30 DAY);",
    "the database's name": "CREATE TABLE t (n varchar(64)); INSERT INTO t VALUES (DATABASE());",
  })) {
    it(`is not made of rows with ${what}: they are applied step by step, and the log says so`, async () => {
      const events: string[] = [];
      const logger = { ...silentLogger, warn: (_: object, event: string) => void events.push(event) };
      const folder = aFolder({ "0000_a": sql });
      const folding = await databases.baselines(folder, logger).of(databases.serverId, signal);
      expect(folding.kind).toBe("STEPWISE");
      expect(events).toEqual(["tenant migrations cannot be folded, applied step by step"]);
      const target = await databases.make();
      await databases.migrator(folder).migrate(target, signal);
      expect(await databases.rows(`SELECT * FROM ${target.databaseName}.t`)).toHaveLength(1);
    });
  }

  it("is folded once for all that ask at the same time, in databases that are gone afterwards", async () => {
    const folder = aFolder({ "0000_a": "CREATE TABLE t (id int PRIMARY KEY);" });
    const baselines = databases.baselines(folder);
    const before = databases.scratchSeen.length;
    const [first, second] = await Promise.all([
      baselines.of(databases.serverId, signal),
      baselines.of(databases.serverId, signal),
    ]);
    expect(second).toBe(first);
    const seen = databases.scratchSeen.slice(before);
    expect(seen).toHaveLength(2); // the outcome, and the proof
    const left = await databases.rows("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME IN (?)", [
      seen,
    ]);
    expect(left).toEqual([]);
    expect(seen.filter((name) => databases.scratchNames.has(name))).toEqual([]);
  });

  it("leaves no scratch database when a migration fails, says which statement, and is tried again next time", async () => {
    const folder = aFolder({
      "0000_a": "CREATE TABLE t (id int);",
      "0001_b": "DROP TABLE t; ALTER TABLE t ADD x int;",
    });
    const baselines = databases.baselines(folder);
    for (const _ of [1, 2]) {
      const before = databases.scratchSeen.length;
      await expect(baselines.of(databases.serverId, signal)).rejects.toMatchObject({
        code: "MIGRATION_FAILED",
        migration: "0001_b",
        statement: 2,
        errno: 1146,
      });
      const seen = databases.scratchSeen.slice(before);
      expect(seen).toHaveLength(1);
      expect(await databases.rows("SHOW DATABASES LIKE ?", [seen[0]])).toEqual([]);
    }
  });
});
