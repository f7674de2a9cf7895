import type { Figure } from "../figure.ts";
import { RawBatch } from "../support/raw-batch.ts";
import { compared, inTurns, Series, timed } from "../support/series.ts";
import { streamingFleet } from "../support/streaming-fleet.ts";

/** What the service adds to the DDL that no way can do without: looks, a log-in as the tenant, the registry. */
export const figure: Figure = {
  title: "Provisioning, cold, beside the bare DDL",
  async measure(bench) {
    const fleet = await streamingFleet(bench, 1);
    const [model] = await fleet.tenants();
    const raw = await RawBatch.like(bench.database, model?.databaseName ?? "");
    const connection = await raw.connect();
    bench.defer(() => connection.end());
    const count = bench.pick(10, 25);
    const ours = new Series(async () => (await fleet.grow(count)) / count);
    const beside = new Series(async () => {
      const ms = await timed(async () => {
        for (let n = 0; n < count; n += 1) await raw.make(connection);
      });
      await raw.clear();
      return ms / count;
    });
    await inTurns(bench.pick(4, 12), ours, beside);
    return [
      compared({
        what: "per tenant, 1 stream",
        unit: "ms",
        ours,
        beside,
        besideIs: "one raw batch on a kept connection, no registry",
        better: "LESS",
        goal: { atMost: 1.15, floor: 3 },
      }),
    ];
  },
};
