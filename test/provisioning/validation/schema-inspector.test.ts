import { beforeEach, describe, expect, it } from "vitest";
import type { SchemaDescription, TableDescription } from "../../../src/migrations/schema-description.ts";
import { digestOfJournal, rowsOfFolder } from "../../../src/provisioning/validation/journal-digest.ts";
import { SchemaInspector } from "../../../src/provisioning/validation/schema-inspector.ts";
import type { ContentsSeen } from "../../../src/provisioning/validation/server-survey.ts";
import { aFolder } from "../../mysql/migrations/tenant-databases.ts";
import { anId, aServer, aSnapshot } from "../../support/builders.ts";

const init = { "0000_init": "CREATE TABLE people (id int);" };
const folder = aFolder({ ...init, "0001_notes": "CREATE TABLE notes (id int);" });
const serverId = aServer().id;
const signal = new AbortController().signal;

function tables(...names: string[]): SchemaDescription {
  const columns = new Map([["id", { type: "int", nullable: true, extra: "" }]]);
  const table: TableDescription = { kind: "TABLE", columns, indexes: new Map(), foreignKeys: new Map() };
  return { charset: "", collation: "", tables: new Map(names.map((name) => [name, table])) };
}

function contents(files: Readonly<Record<string, string>>, print: string): ContentsSeen {
  const digest = digestOfJournal(rowsOfFolder(aFolder(files)));
  return { print, objects: 1, journal: { digest }, strangersCode: [] };
}

const before = contents(init, "people");

/** What the databases are, and are seen to be; each is looked at one after the other. */
class Databases {
  readonly described: SchemaDescription[] = [];
  readonly surveyed: ContentsSeen[] = [];
  describes = 0;

  readonly inspector = new SchemaInspector({
    folder,
    schemas: { look: async () => ({ journal: rowsOfFolder(aFolder(init)) }) },
    expected: { of: async (_, applied) => tables("people", ...(applied.includes("0001_notes") ? ["notes"] : [])) },
    source: {
      describe: async () => {
        this.describes += 1;
        return this.described.shift() ?? tables("people");
      },
    },
    surveys: {
      one: async ({ databaseName }) => {
        const snapshot = aSnapshot();
        return { snapshot, contents: new Map([[databaseName, this.surveyed.shift() ?? before]]) };
      },
    },
  });

  async inspect(seen = before) {
    const target = { tenantId: anId<"Tenant">(), serverId, databaseName: "tntaaaaaaa" };
    const { reading, differences } = await this.inspector.inspect(target, seen, "0000_init", signal);
    return { tampered: reading?.tampered, pending: reading?.pending.length, differences };
  }
}

const healthy = { tampered: [], pending: 1, differences: [] };

describe("what a close look showed", () => {
  let databases: Databases;
  beforeEach(() => {
    databases = new Databases();
  });

  it("counts for every database that looks the same from outside", async () => {
    expect(await databases.inspect()).toEqual(healthy);
    expect(await databases.inspect()).toEqual(healthy);
    expect(databases.describes).toBe(1);
  });

  it("counts for nobody else when the database was migrated since the survey", async () => {
    const whole = contents({ ...init, "0001_notes": "CREATE TABLE notes (id int);" }, "people notes");
    databases.described.push(tables("people", "notes"));
    databases.surveyed.push(whole);
    await databases.inspect();
    expect(await databases.inspect()).toEqual(healthy);
  });

  it("counts for nobody else when a table was made by hand since the survey", async () => {
    databases.described.push(tables("people", "strange"));
    databases.surveyed.push({ ...before, print: "people strange" });
    await databases.inspect();
    expect(await databases.inspect()).toEqual(healthy);
  });
});
