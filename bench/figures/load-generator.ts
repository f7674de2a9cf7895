import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { systemClock } from "../../src/kit/clock.ts";
import { Semaphore } from "../../src/kit/concurrency.ts";
import { uuidv7Ids } from "../../src/kit/ids.ts";
import { Secret } from "../../src/kit/secret.ts";
import { MysqlTenantLoads } from "../../src/mysql/performance/mysql-tenant-loads.ts";
import { MysqlServerSessions } from "../../src/mysql/pools/mysql-server-sessions.ts";
import { Arrivals } from "../../src/test-runs/load/arrivals.ts";
import { LoadFigures } from "../../src/test-runs/load/load-figures.ts";
import { LoadGenerator, type SharedTarget } from "../../src/test-runs/load/load-generator.ts";
import type { Bench } from "../bench.ts";
import type { Figure } from "../figure.ts";
import { compared, inTurns, Series } from "../support/series.ts";
import { Sysbench } from "../support/sysbench.ts";

const connections = 10;
const deadlineMs = 120_000;

/** How many operations a second the load generator can send when all are due at once, beside sysbench with the same mix. */
export const figure: Figure = {
  title: "Load generator",
  async measure(bench) {
    const { loads, target } = await prepare(bench);
    const operations = bench.pick(12_000, 30_000);
    const ours = new Series(() => perSecond(loads, target, operations));
    const unit = "operations/s";
    const what = `${connections} connections, reads, writes and transactions`;
    const sysbench = await Sysbench.find();
    if (!sysbench) {
      await ours.sample();
      return [{ what, unit, ours: ours.median, note: "sysbench could not be had" }];
    }
    bench.defer(() => sysbench.remove());
    const script = join(bench.root, "bench/peers/tenant-load.lua");
    const options = sysbenchOptions(bench, target);
    const theirs = new Series(() => sysbench.perSecond({ script, events: operations, threads: connections, options }));
    // A service has compiled by then what it runs often.
    await inTurns(2, ours, theirs);
    for (const series of [ours, theirs]) series.forget();
    await inTurns(bench.pick(5, 7), ours, theirs);
    const besideIs = "sysbench on one core, the same mix and table";
    return [
      compared({ what, unit, ours, beside: theirs, besideIs, better: "MORE", goal: { atLeast: 0.8, floor: 0.4 } }),
    ];
  },
};

/** A database with an account of its own, as a tenant has it, and the load's table. */
async function prepare(bench: Bench): Promise<{ readonly loads: MysqlTenantLoads; readonly target: SharedTarget }> {
  const admin = await createConnection(bench.database.url);
  bench.defer(() => admin.end());
  const databaseName = `tnt${randomBytes(10).toString("hex")}`;
  const password = randomBytes(12).toString("hex");
  await admin.query(`CREATE DATABASE ${databaseName} CHARACTER SET utf8mb4`);
  await admin.query(`CREATE USER '${databaseName}'@'%' IDENTIFIED BY '${password}'`);
  await admin.query(`GRANT ALL ON ${databaseName}.* TO '${databaseName}'@'%'`);
  bench.defer(() => admin.query(`DROP DATABASE ${databaseName}`));
  bench.defer(() => admin.query(`DROP USER '${databaseName}'@'%'`));
  const sessions = new MysqlServerSessions({ connectionsPerServer: 2 * connections });
  bench.defer(() => sessions.close());
  const serverId = uuidv7Ids.next<"DatabaseServer">();
  sessions.attach(serverId, new Secret(bench.database.url));
  const loads = new MysqlTenantLoads(sessions);
  const table = `scratch${randomBytes(10).toString("hex")}`;
  const place = { serverId, databaseName, table, password: new Secret(password) };
  const target = { ...place, tenantId: uuidv7Ids.next<"Tenant">(), sessions: connections };
  await loads.createTable(target, { deadlineMs, signal: new AbortController().signal });
  return { loads, target };
}

/** All operations are due at once, so that nobody ever waits for one. */
async function perSecond(loads: MysqlTenantLoads, target: SharedTarget, operations: number): Promise<number> {
  const { signal } = new AbortController();
  const figures = new LoadFigures();
  const ms = await new LoadGenerator(loads, systemClock).run({
    targets: [target],
    arrivals: new Arrivals(operations, 1, [target.sessions]),
    seed: 1,
    pace: new Semaphore(target.sessions),
    record: (...operation) => figures.add(...operation),
    brokenOff: (tenantId) => figures.breakOff(tenantId),
    deadlineMs,
    closing: signal,
    signal,
  });
  return (figures.operations * 1000) / ms;
}

function sysbenchOptions(bench: Bench, { databaseName, password, table }: SharedTarget): readonly string[] {
  return [
    "--mysql-host=127.0.0.1",
    `--mysql-port=${bench.database.port}`,
    `--mysql-user=${databaseName}`,
    `--mysql-password=${password.reveal()}`,
    `--mysql-db=${databaseName}`,
    `--table=${table}`,
  ];
}
