import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bench } from "../bench.ts";
import type { Figure, Row } from "../figure.ts";
import type { BenchServiceOptions } from "../support/bench-service.ts";
import { Child } from "../support/child.ts";
import { rssMbOf } from "../support/process-facts.ts";
import { compared, inTurns, quantile, Series, timed } from "../support/series.ts";

/** Loops have run, and what the start needed is collected. */
const settleMs = 5_000;

/** How soon a built service answers, and what it holds while nobody asks. */
export const figure: Figure = {
  title: "Start and rest",
  async measure(bench) {
    const dataDir = await mkdtemp(join(tmpdir(), "tenantry-bench-data-"));
    bench.defer(() => rm(dataDir, { recursive: true, force: true }));
    return [...(await onRunningDatabase(bench, dataDir)), await withPrivateDatabase(bench, dataDir)];
  },
};

async function onRunningDatabase(bench: Bench, dataDir: string): Promise<readonly Row[]> {
  const options: BenchServiceOptions = { registryUrl: bench.freshRegistryUrl(), dataDir };
  const atRest: number[] = [];
  await startedMs(bench, options);
  const ours = new Series(() => startedMs(bench, options));
  const beside = new Series(() => timed(() => new Child(["-e", "0"], {}).exited));
  await inTurns(bench.pick(3, 9), ours, beside);
  const service = await bench.start(options);
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  atRest.push(rssMbOf(service.pid));
  await service.stop();
  return [
    compared({
      what: "start to ready, databases running",
      unit: "ms",
      ours,
      beside,
      besideIs: "node -e 0",
      better: "LESS",
      goal: { atMost: 5, floor: 40 },
    }),
    {
      what: `resident memory at rest, ${settleMs / 1000} s after the start`,
      unit: "MB",
      ours: quantile(atRest, 0.5),
      goal: { atMost: 110, floor: 140 },
    },
  ];
}

async function withPrivateDatabase(bench: Bench, dataDir: string): Promise<Row> {
  const options: BenchServiceOptions = { dataDir };
  // The first start makes the database.
  await startedMs(bench, options);
  const ours = new Series(() => startedMs(bench, options));
  await inTurns(bench.pick(2, 5), ours);
  return {
    what: "start to ready, with the private MariaDB",
    unit: "ms",
    ours: ours.median,
    goal: { atMost: 3_000, floor: 3_000 },
  };
}

async function startedMs(bench: Bench, options: BenchServiceOptions): Promise<number> {
  const service = await bench.start(options);
  await service.stop();
  return service.readyMs;
}
