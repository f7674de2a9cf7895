import { type Connection, createConnection } from "mysql2/promise";
import { forEachBounded } from "../../src/kit/concurrency.ts";
import type { Bench } from "../bench.ts";
import type { Figure } from "../figure.ts";
import type { Fleet, FleetTenant } from "../support/fleet.ts";
import { compared, inTurns, Series, timed } from "../support/series.ts";

const concurrency = 32;

/** Every tenant of a fleet logs in once: the service's connection test, with results stored, beside bare loops. */
export const figure: Figure = {
  title: "Connection test",
  async measure(bench) {
    const fleet = await bench.fleet();
    const tenants = await fleet.tenants();
    const perSecond = async (work: () => Promise<unknown>) => (tenants.length * 1000) / (await timed(work));
    const ours = new Series(async () => (tenants.length * 1000) / (await testAll(fleet)));
    const oneByOne = new Series(() => perSecond(() => bareLoop(bench, tenants, 1)));
    const lean = new Series(() => perSecond(() => bareLoop(bench, tenants, concurrency, 64)));
    await inTurns(bench.pick(5, 7), ours, oneByOne, lean);
    const row = { unit: "tenants/s", ours, better: "MORE" } as const;
    const what = `${tenants.length} tenants`;
    return [
      compared({
        ...row,
        what: `${what}, beside one after the other`,
        beside: oneByOne,
        besideIs: "mysql2, SELECT 1",
        goal: { atLeast: 5, floor: 0.8 },
      }),
      compared({
        ...row,
        what: `${what}, beside ${concurrency} at once`,
        beside: lean,
        besideIs: `mysql2, ${concurrency} at once, maxPreparedStatements 64`,
        goal: { atLeast: 1, floor: 0.25 },
      }),
    ];
  },
};

/** @returns milliseconds from the run's entry to its end */
async function testAll(fleet: Fleet): Promise<number> {
  const { startConnectionTest } = await fleet.service.client.data<{
    startConnectionTest: { testRun: { job: { id: string } } };
  }>(
    `mutation { startConnectionTest(input: { concurrency: ${concurrency} }) { testRun { job { id } } userErrors { message } } }`,
  );
  return fleet.ended(startConnectionTest.testRun.job.id);
}

/** What anybody would write. */
async function bareLoop(
  bench: Bench,
  tenants: readonly FleetTenant[],
  atOnce: number,
  maxPreparedStatements?: number,
): Promise<void> {
  await forEachBounded(tenants, atOnce, new AbortController().signal, async ({ databaseName, password }) => {
    const connection: Connection = await createConnection({
      host: "127.0.0.1",
      port: bench.database.port,
      user: databaseName,
      password,
      database: databaseName,
      ...(maxPreparedStatements && { maxPreparedStatements }),
    });
    await connection.query("SELECT 1");
    await connection.end();
  });
}
