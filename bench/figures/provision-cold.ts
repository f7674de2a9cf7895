import { drizzle } from "drizzle-orm/mysql2";
import { migrate } from "drizzle-orm/mysql2/migrator";
import { forEachBounded } from "../../src/kit/concurrency.ts";
import type { Bench } from "../bench.ts";
import type { Figure, Row } from "../figure.ts";
import { freshName } from "../support/bench-service.ts";
import { compared, inTurns, Series, timed } from "../support/series.ts";
import { streamingFleet } from "../support/streaming-fleet.ts";

/**
 * A tenant with everything that it needs (database, marker, account, rights, tables, a log-in as the tenant, registry), beside
 * nothing but the same migrations by drizzle's own migrator into a database of the admin's.
 */
export const figure: Figure = {
  title: "Provisioning, cold",
  async measure(bench) {
    const rows: Row[] = [];
    for (const streams of [1, 2, 4]) rows.push(await bench.scope(() => withStreams(bench, streams)));
    return rows;
  },
};

async function withStreams(bench: Bench, streams: number): Promise<Row> {
  const count = bench.pick(8, 40) * streams;
  const fleet = await streamingFleet(bench, streams);
  const ours = new Series(async () => (await fleet.grow(count)) / count);
  const beside = new Series(() => byDrizzle(bench, bench.pick(2, 10) * streams, streams));
  await inTurns(bench.pick(5, 7), ours, beside);
  return compared({
    what: `per tenant, ${streams} ${streams === 1 ? "stream" : "streams"}`,
    unit: "ms",
    ours,
    beside,
    besideIs: "drizzle migrate()",
    better: "LESS",
    goal: { atLeast: 5, floor: 1.2 },
    note: `${Math.round(1000 / ours.median)} tenants/s, beside ${Math.round(1000 / beside.median)}/s.`,
  });
}

/** @returns milliseconds per tenant */
async function byDrizzle(bench: Bench, count: number, streams: number): Promise<number> {
  const names = Array.from({ length: count }, () => freshName("drizzle"));
  const ms = await timed(() =>
    forEachBounded(names, streams, new AbortController().signal, async (name) => {
      await bench.database.rows(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`);
      const connection = await bench.database.connect({ database: name });
      await migrate(drizzle({ client: connection }), { migrationsFolder: `${bench.root}/drizzle/tenant` });
      await connection.end();
    }),
  );
  for (const name of names) await bench.database.rows(`DROP DATABASE ${name}`);
  return ms / count;
}
