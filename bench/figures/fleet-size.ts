import type { Figure, Row } from "../figure.ts";
import { type Fleet, JobNotDone } from "../support/fleet.ts";
import { quantile } from "../support/series.ts";
import { streamingFleet } from "../support/streaming-fleet.ts";

const rounds = 3;
const fields = "job { id } userErrors { message }";
const mutations = {
  validate: `mutation ($input: FleetInput!) { begun: validateTenants(input: $input) { ${fields} } }`,
  test: `mutation ($input: ConnectionTestInput!) { begun: startConnectionTest(input: $input) { testRun { job { id } } userErrors { message } } }`,
} as const;

/** Milliseconds per tenant. */
interface Costs {
  readonly create: number;
  readonly validate: number;
  readonly test: number;
}

/** What a tenant costs in a large fleet, beside what it costs in a small one of the same service. */
export const figure: Figure = {
  title: "Cost per tenant as the fleet grows",
  lengthy: true,
  async measure(bench) {
    const [small, large] = [bench.pick(20, 100), bench.pick(100, 2_000)];
    const fleet = await streamingFleet(bench, 3);
    const before = await costs(fleet, small, small);
    await fleet.grow(large - 2 * small);
    const after = await costs(fleet, small, large);
    return (["create", "validate", "test"] as const).map((work) => row(work, before, after, [small, large]));
  },
};

/** @param fresh tenants that are made, which bring the fleet to `count` */
async function costs(fleet: Fleet, fresh: number, count: number): Promise<Costs> {
  const create = (await fleet.grow(fresh)) / fresh;
  const [validate, test] = [[] as number[], [] as number[]];
  for (let round = 0; round < rounds; round += 1) {
    validate.push((await begun(fleet, mutations.validate)) / count);
    test.push((await begun(fleet, mutations.test)) / count);
  }
  return { create, validate: quantile(validate, 0.5), test: quantile(test, 0.5) };
}

/** @returns milliseconds from the job's entry to its end */
async function begun(fleet: Fleet, mutation: string): Promise<number> {
  const answer = await fleet.service.client.data<{
    begun: { job?: { id: string } | null; testRun?: { job: { id: string } } | null };
  }>(mutation, { input: {} });
  const job = answer.begun.job ?? answer.begun.testRun?.job;
  if (!job) throw new JobNotDone(JSON.stringify(answer));
  return fleet.ended(job.id);
}

function row(work: keyof Costs, before: Costs, after: Costs, [small, large]: readonly [number, number]): Row {
  return {
    what: `${work}, per tenant in a fleet of ${large.toLocaleString("en")}`,
    unit: "ms",
    ours: after[work],
    beside: { what: `in one of ${small}`, value: before[work] },
    ratio: after[work] / before[work],
    goal: { atMost: 1.5, floor: 4 },
  };
}
