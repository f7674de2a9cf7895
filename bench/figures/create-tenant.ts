import { aNewTenant, anAdmission, aServer } from "../../test/support/builders.ts";
import type { Bench } from "../bench.ts";
import type { Figure, Goal, Row } from "../figure.ts";
import { benchRegistry } from "../support/bench-registry.ts";
import { JobNotDone } from "../support/fleet.ts";
import { compared, inTurns, Series, timed } from "../support/series.ts";
import { streamingFleet } from "../support/streaming-fleet.ts";

/** How soon createTenant answers: everything of it is in the registry, so that one durable row is the limit. */
export const figure: Figure = {
  title: "createTenant, until the answer",
  async measure(bench) {
    const insert = await durableInsert(bench);
    return [await coldAdmission(bench, insert), await warmAdmission(bench, insert), await overHttp(bench, insert)];
  },
};

async function coldAdmission(bench: Bench, insert: () => Promise<unknown>): Promise<Row> {
  const { stores } = await benchRegistry(bench);
  const ours = new Series(() => {
    const tenant = aNewTenant({ hostnames: [`${crypto.randomUUID()}.example.com`] });
    const admission = anAdmission([tenant]);
    return timed(() => stores.tenants.admit(admission));
  });
  const beside = new Series(() => timed(insert));
  return row("registry part, cold, p50", ours, beside, bench.pick(200, 1_000));
}

/** Each call finds ten databases ready, as in a pool that is kept. */
async function warmAdmission(bench: Bench, insert: () => Promise<unknown>): Promise<Row> {
  const { stores } = await benchRegistry(bench);
  const schema = { version: "0001_bench", checksum: "bench" };
  const { id: serverId } = await stores.servers.ensure(aServer());
  const fill = async (count: number) => {
    const made = Array.from({ length: count }, () => aNewTenant({ serverId }));
    await stores.warmPool.reserve(made.map(({ id, ...names }) => ({ ...names, tenantId: id })));
    for (const { id } of made) await stores.warmPool.complete(id, schema);
  };
  await fill(10);
  const ours = new Series(async () => {
    const tenant = aNewTenant({ serverId, hostnames: [`${crypto.randomUUID()}.example.com`], warmSchema: schema });
    const admission = anAdmission([tenant]);
    const ms = await timed(async () => {
      const { job } = await stores.tenants.admit(admission);
      if (job.status !== "SUCCEEDED") throw new JobNotDone("No database was claimed.");
    });
    await fill(1);
    return ms;
  });
  const beside = new Series(() => timed(insert));
  return row("registry part, warm, p50", ours, beside, bench.pick(200, 1_000), { atMost: 4, floor: 20 });
}

async function overHttp(bench: Bench, insert: () => Promise<unknown>): Promise<Row> {
  const fleet = await streamingFleet(bench, 1);
  const { client } = fleet.service;
  const jobs: string[] = [];
  // The provisioning that each call starts is over before the next one.
  const quiet = async () => {
    for (const id of jobs.splice(0)) await fleet.ended(id, 10);
  };
  const create = async () => {
    const slug = `t-${crypto.randomUUID()}`;
    const { createTenant } = await client.data<{ createTenant: { job: { id: string } | null } }>(
      "mutation ($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id } job { id } userErrors { message } } }",
      { input: { slug, name: slug } },
    );
    if (!createTenant.job) throw new JobNotDone(JSON.stringify(createTenant));
    jobs.push(createTenant.job.id);
  };
  const ours = new Series(async () => {
    await quiet();
    return timed(create);
  });
  const beside = new Series(async () => {
    await quiet();
    return timed(insert);
  });
  return row("over HTTP, p50", ours, beside, bench.pick(25, 200));
}

async function row(what: string, ours: Series, beside: Series, rounds: number, goal?: Goal): Promise<Row> {
  // What is compiled or prepared at the first calls is not what is measured.
  await inTurns(10, ours, beside);
  for (const series of [ours, beside]) series.forget();
  await inTurns(rounds, ours, beside);
  return compared({ what, unit: "ms", ours, beside, besideIs: "one durable row insert", better: "LESS", goal });
}

/** One row, committed to the disk, over a connection that is open. */
async function durableInsert(bench: Bench): Promise<() => Promise<unknown>> {
  const database = await bench.database.create("plain");
  const connection = await bench.database.connect({ database });
  bench.defer(() => connection.end());
  await connection.query("CREATE TABLE rows_of_text (id char(36) PRIMARY KEY, content varchar(200) NOT NULL)");
  return () =>
    connection.query("INSERT INTO rows_of_text VALUES (?, ?)", [crypto.randomUUID(), "a tenant's row".repeat(10)]);
}
