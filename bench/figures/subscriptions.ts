import type { Bench } from "../bench.ts";
import type { Figure, Row } from "../figure.ts";
import type { BenchService } from "../support/bench-service.ts";
import { IdleCrowd } from "../support/idle-crowd.ts";
import { rssMbOf } from "../support/process-facts.ts";

/** What the subscribing left behind is collected. */
const settleMs = 3_000;
const healthy = 200;
/** Tenants that are changed by turns. */
const changed = 8;
/** Changes in one mutation: as many as the API lets in. */
const atOnce = 20;

/** What subscriptions cost that nothing happens in, and what one that is not read costs the others. */
export const figure: Figure = {
  title: "Idle and stalled subscriptions",
  lengthy: true,
  async measure(bench) {
    return [...(await idle(bench)), ...(await stalled(bench))];
  },
};

async function idle(bench: Bench): Promise<readonly Row[]> {
  const service = await bench.start({ registryUrl: bench.freshRegistryUrl() });
  const [some, many] = [bench.pick(500, 2_000), bench.pick(2_000, 5_000)];
  const crowd = await IdleCrowd.of(bench, service, many);
  const restMb = await atRest(service);
  await crowd.grow(some);
  const someMb = await atRest(service);
  await crowd.grow(many);
  const manyMb = await atRest(service);
  const { lost } = await crowd.heard();
  await service.stop();
  const note = lost > 0 ? `${lost} subscriptions were lost.` : undefined;
  return [
    {
      what: `${some.toLocaleString("en")} idle subscriptions, resident memory for each`,
      unit: "KB",
      ours: ((someMb - restMb) * 1_024) / some,
      goal: { atMost: 60, floor: 90 },
    },
    {
      what: `${many.toLocaleString("en")} idle subscriptions, resident memory of the service`,
      unit: "MB",
      ours: manyMb,
      goal: { atMost: 400, floor: 600 },
      note,
    },
  ];
}

async function atRest({ pid }: BenchService): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  return rssMbOf(pid);
}

/**
 * Events are changes of a tenant's row, each committed by a field of a mutation of its own and told to everybody on its own. They come as
 * quickly as the service takes them. Measured without and with one who reads nothing.
 */
async function stalled(bench: Bench): Promise<readonly Row[]> {
  const service = await bench.start({ registryUrl: bench.freshRegistryUrl() });
  const crowd = await IdleCrowd.of(bench, service, healthy + 1);
  await crowd.grow(healthy);
  const ids = await enterTenants(service);
  const events = bench.pick(1_600, 50_000);
  // The same without the stalled one: what the events themselves take is taken before.
  await change(service, ids, bench.pick(1_600, 8_000));
  const { p99Ms: without } = await crowd.heard();
  const beforeMb = rssMbOf(service.pid);
  await crowd.stall();
  let peakMb = 0;
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, rssMbOf(service.pid));
  }, 100);
  const startedAt = performance.now();
  const last = await change(service, ids, events);
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  const heard = await crowd.heard();
  clearInterval(watch);
  await service.stop();
  const missing = ids.filter((id) => (heard.newest[id] ?? 0) < (last.get(id) ?? 0)).length;
  const what = `one who reads nothing beside ${healthy} who do`;
  const longestMs = Math.max(...heard.cutAfterMs);
  const cut = heard.cutAfterMs.length;
  return [
    { what: `${what}: memory`, unit: "MB", ours: peakMb - beforeMb, goal: { atMost: 30, floor: 60 } },
    {
      what: `${what}: from the row to its readers, p99`,
      unit: "ms",
      ours: heard.p99Ms,
      beside: { what: "without that one", value: without },
      goal: { atMost: 250, floor: 5_000 },
    },
    {
      what: `${what}: subscriptions and last states that readers lost`,
      unit: "losses",
      ours: heard.lost + missing,
      goal: { atMost: 0, floor: 0 },
      note: `${events.toLocaleString("en")} changes of rows in ${seconds} s: ${heard.deliveries.toLocaleString("en")} deliveries.`,
    },
    ...(cut > 0 ? [cutRow(what, cut, longestMs)] : []),
  ];
}

function cutRow(what: string, cut: number, longestMs: number): Row {
  return {
    what: `${what}: until it is cut, though it sends pongs`,
    unit: "s",
    ours: longestMs / 1_000,
    goal: { atMost: 60, floor: 90 },
    note: `the longest of ${cut}, each followed by another.`,
  };
}

async function enterTenants({ client }: BenchService): Promise<readonly string[]> {
  const { createTestTenants } = await client.data<{ createTestTenants: { tenants: { id: string }[] } }>(
    `mutation { createTestTenants(input: { count: ${changed} }) { tenants { id } } }`,
  );
  return createTestTenants.tenants.map(({ id }) => id);
}

/** @returns the generation of each tenant after its last change, which has been told when this returns */
async function change(
  { client }: BenchService,
  ids: readonly string[],
  events: number,
): Promise<ReadonlyMap<string, number>> {
  const last = new Map<string, number>();
  const fields = Array.from({ length: atOnce }, (_, at) => {
    const name = `${at} of a name that takes its place in every buffer `;
    return `u${at}: updateTenant(input: { id: $id, name: "${name.repeat(4)}" }) { tenant { generation } userErrors { message } }`;
  });
  const mutation = `mutation ($id: ID!) { ${fields.join(" ")} }`;
  const write = async (id: string) => {
    for (let told = 0; told < events / ids.length; told += atOnce) {
      const data = await client.data<Record<string, { tenant: { generation: number } }>>(mutation, { id });
      last.set(id, data[`u${atOnce - 1}`]?.tenant.generation ?? Number.NaN);
    }
  };
  await Promise.all(ids.map(write));
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  return last;
}
