import type { Connection, RowDataPacket } from "mysql2/promise";
import type { Bench } from "../bench.ts";
import type { Figure, Row } from "../figure.ts";
import { type Fleet, type FleetTenant, JobNotDone } from "../support/fleet.ts";
import { peakRssMbOf, rssMbOf } from "../support/process-facts.ts";
import { compared, inTurns, Series, timed } from "../support/series.ts";

/** What a validation must know of each tenant, asked tenant by tenant, with no column that it does not need. */
const questions = [
  "SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?",
  "SELECT TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?",
  `SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, COLLATION_NAME, EXTRA, GENERATION_EXPRESSION
    FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ?`,
  `SELECT TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, NON_UNIQUE, INDEX_TYPE, COLUMN_NAME, SUB_PART
    FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ?`,
  `SELECT TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION, COLUMN_NAME, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME
    FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = ?`,
  `SELECT TABLE_NAME, CONSTRAINT_NAME, UPDATE_RULE, DELETE_RULE FROM information_schema.REFERENTIAL_CONSTRAINTS
    WHERE CONSTRAINT_SCHEMA = ?`,
  "SELECT migration, statement, checksum, status, tenant_id FROM ??.tenantry_journal",
  "SELECT Host, Priv FROM mysql.global_priv WHERE User = ?",
  "SELECT * FROM mysql.db WHERE Db = ?",
] as const;

/** A healthy fleet, compared with what it should be: set by set, beside tenant by tenant. */
export const figure: Figure = {
  title: "Validation of a healthy fleet",
  async measure(bench) {
    const fleet = await bench.fleet();
    await growTo(bench, fleet, bench.pick(0, 2_000));
    const tenants = await fleet.tenants();
    const connection = await bench.database.connect();
    bench.defer(() => connection.end());
    const ours = new Series(() => validateAll(fleet));
    const beside = new Series(() => timed(() => tenantByTenant(connection, tenants)));
    const restMb = rssMbOf(fleet.service.pid);
    // The first of each fills the server's caches; in the first of ours the service also finds out what a schema must be.
    await inTurns(1, ours, beside);
    for (const series of [ours, beside]) series.forget();
    await inTurns(3, ours, beside);
    const what = `${tenants.length} tenants`;
    return [
      compared({
        what,
        unit: "ms",
        ours,
        beside,
        besideIs: "information_schema, tenant by tenant",
        better: "LESS",
        goal: { atLeast: 5, floor: 0.3 },
      }),
      await statements(bench, fleet, what),
      {
        what: `${what}, memory above what the service held before`,
        unit: "MB",
        ours: peakRssMbOf(fleet.service.pid) - restMb,
        goal: { atMost: 150, floor: 250 },
      },
    ];
  },
};

/** More tenants than other figures need: this is the last one of a run. */
async function growTo(bench: Bench, fleet: Fleet, count: number): Promise<void> {
  const missing = count - (await fleet.tenants()).length;
  if (missing <= 0) return;
  bench.say(`making ${missing} more tenants`);
  await fleet.grow(missing);
}

/** @returns milliseconds from the job's entry to its end */
async function validateAll(fleet: Fleet): Promise<number> {
  const { validateTenants } = await fleet.service.client.data<{ validateTenants: { job: { id: string } | null } }>(
    "mutation { validateTenants(input: {}) { job { id } userErrors { message } } }",
  );
  if (!validateTenants.job) throw new JobNotDone(JSON.stringify(validateTenants));
  return fleet.ended(validateTenants.job.id);
}

async function tenantByTenant(connection: Connection, tenants: readonly FleetTenant[]): Promise<void> {
  for (const { databaseName } of tenants) {
    for (const question of questions) await connection.query<RowDataPacket[]>(question, [databaseName]);
  }
}

/** Counted by the server, of the account that the service reaches it with. The registry has another one. */
async function statements(bench: Bench, fleet: Fleet, what: string): Promise<Row> {
  await bench.database.rows("SET GLOBAL userstat = 1");
  const before = await statementsOf(bench);
  await validateAll(fleet);
  const sent = (await statementsOf(bench)) - before;
  await bench.database.rows("SET GLOBAL userstat = 0");
  return {
    what: `${what}, statements sent to the server`,
    unit: "statements",
    ours: sent,
    goal: { atMost: 10, floor: 40 },
    note: "Eight, with what its sessions are set up by, and whatever else the service asked of the server meanwhile.",
  };
}

async function statementsOf(bench: Bench): Promise<number> {
  const [row] = await bench.database.rows<{ sent: string }>(
    `SELECT SELECT_COMMANDS + UPDATE_COMMANDS + OTHER_COMMANDS AS sent FROM information_schema.USER_STATISTICS
     WHERE USER = '${bench.database.serverAdmin.username}'`,
  );
  return Number(row?.sent ?? 0);
}
