import type { Connection } from "mysql2/promise";
import { ask, connectedTo, type Row } from "./private-server.ts";
import type { Stage } from "./stage.ts";

/** What there is, thing by thing, as text that compares: names and ids that differ from run to run are replaced. */
export type World = Readonly<Record<string, string>>;

/** Names and ids by what stands for them in a world. */
type Names = readonly (readonly [text: string, replacement: string])[];

/**
 * What the registry says of tenants, and all that is on the server: databases, tables, views and rows, journals, accounts and
 * rights. Instants are left out, and so are counters of rows: a transaction that was rolled back has used up its numbers.
 */
export async function worldOf(stage: Stage): Promise<World> {
  return connectedTo(`${stage.serverUrl}/${stage.registry}`, async (connection) => {
    const tenants = await ask<{ id: string; slug: string; name: string }>(
      connection,
      "SELECT id, slug, database_name AS name FROM tenants ORDER BY slug",
    );
    const warm = await ask<{ name: string }>(connection, "SELECT database_name AS name FROM warm_databases");
    const names: Names = [
      ...tenants.flatMap(({ id, slug, name }) => [[id, `<id of ${slug}>`] as const, [name, `<${slug}>`] as const]),
      // One is like the other.
      ...warm.map(({ name }) => [name, "<warm>"] as const),
    ];
    const world: Record<string, string> = { ...(await registryOf(connection)), ...(await serverOf(connection, names)) };
    for (const { name, slug } of tenants) {
      const things = await databaseOf(connection, name);
      for (const [thing, text] of Object.entries(things)) world[`${slug}: ${thing}`] = replaced(text, names);
    }
    return world;
  });
}

async function registryOf(connection: Connection): Promise<World> {
  const queries = {
    tenants: `SELECT slug, name, status, status_reason, schema_version, seed, busy_job_id, deleted_at IS NULL AS lives
                FROM tenants ORDER BY slug`,
    domains: `SELECT slug, hostname, is_primary FROM domains JOIN tenants ON tenants.id = tenant_id ORDER BY hostname`,
    labels: `SELECT slug, tenant_labels.* FROM tenant_labels JOIN tenants ON tenants.id = tenant_id
              ORDER BY slug, label_key`,
    "unfinished jobs": "SELECT kind, status FROM jobs WHERE status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELLED')",
    "warm databases": "SELECT state, schema_version FROM warm_databases ORDER BY state, schema_version",
    "passwords that wait": "SELECT COUNT(*) AS pending FROM pending_passwords",
  };
  const world: Record<string, string> = {};
  for (const [what, sql] of Object.entries(queries)) {
    const rows = await ask(connection, sql);
    world[`registry: ${what}`] = linesOf(rows.map(({ tenant_id: _, ...row }) => row));
  }
  return world;
}

async function serverOf(connection: Connection, names: Names): Promise<World> {
  // What is remembered is taken away later, by the reaper.
  const databases = await ask(
    connection,
    `SELECT SCHEMA_NAME AS name, DEFAULT_CHARACTER_SET_NAME AS charset, DEFAULT_COLLATION_NAME AS collation
       FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'tnt%'
         OR (SCHEMA_NAME LIKE 'scratch%' AND SCHEMA_NAME NOT IN (SELECT name FROM scratch_objects))`,
  );
  // A limit of 0 is none, whether it was said or not.
  const accounts = await ask<{ name: string; host: string; facts: string }>(
    connection,
    `SELECT User AS name, Host AS host, JSON_MERGE_PATCH('{"max_questions":0,"max_updates":0,"max_connections":0,"max_statement_time":0}',
              JSON_REMOVE(Priv, '$.authentication_string', '$.password_last_changed')) AS facts
       FROM mysql.global_priv WHERE User LIKE 'tnt%' OR User LIKE 'scratch%'`,
  );
  const grants: string[] = [];
  for (const { name, host } of accounts) {
    const rows = await ask(connection, "SHOW GRANTS FOR ?@?", [name, host]);
    grants.push(...rows.map((row) => String(Object.values(row)[0]).replace(/PASSWORD '[^']*'/, "PASSWORD …")));
  }
  const sorted = (text: string) => replaced(text, names).split("\n").toSorted().join("\n");
  return {
    "server: databases": sorted(linesOf(databases)),
    "server: accounts": sorted(linesOf(accounts)),
    "server: rights": sorted(grants.join("\n")),
  };
}

async function databaseOf(connection: Connection, database: string): Promise<World> {
  const world: Record<string, string> = {};
  const objects = await ask<{ name: string; type: string }>(
    connection,
    "SELECT TABLE_NAME AS name, TABLE_TYPE AS type FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? ORDER BY 1",
    [database],
  );
  for (const { name, type } of objects) {
    const shown = type === "VIEW" ? "VIEW" : "TABLE";
    const [made] = await ask(connection, `SHOW CREATE ${shown} \`${database}\`.\`${name}\``);
    world[`${shown} ${name}`] = JSON.stringify(made, null, 1).replace(/ AUTO_INCREMENT=\d+/, "");
    if (shown === "TABLE") {
      const rows = await ask(connection, `SELECT * FROM \`${database}\`.\`${name}\``);
      world[`rows of ${name}`] = linesOf(rows.map(withoutChance)).split("\n").toSorted().join("\n");
    }
  }
  return world;
}

/** Instants, and generated numbers with what refers to them. */
function withoutChance(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      if (value instanceof Date) return [column, "<instant>"];
      return [column, /^id$|_id$/.test(column) && typeof value === "number" ? "<number>" : value];
    }),
  );
}

function linesOf(rows: readonly Row[]): string {
  return rows.map((row) => JSON.stringify(row)).join("\n");
}

function replaced(text: string, names: Names): string {
  return names.reduce((result, [name, replacement]) => result.replaceAll(name, replacement), text);
}
