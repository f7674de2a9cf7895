import type { Bench } from "../bench.ts";
import type { Figure, Row } from "../figure.ts";
import type { Fleet } from "../support/fleet.ts";
import { type LoadTarget, load } from "../support/http-load.ts";
import { compared, inTurns, quantile, Series } from "../support/series.ts";

const connections = 8;
/** Tenants that get domains: more than a page shows. */
const withDomains = 100;

const page = `{ tenants(first: 50) { edges { cursor node { id slug name status schemaVersion createdAt
  domains { id hostname isPrimary } } } pageInfo { hasNextPage endCursor } } }`;
const byDomain = "query ($h: String!) { tenantByDomain(hostname: $h) { id slug status } }";

/** What an application asks all day, beside the same data through Apollo's standalone server and type-graphql as they come. */
export const figure: Figure = {
  title: "Reads over HTTP",
  async measure(bench) {
    const fleet = await bench.fleet();
    bench.say("adding domains");
    const hostnames = await addDomains(fleet);
    const registryUrl = `${bench.database.url}/${fleet.registry}`;
    const peer = bench.peer("stock-apollo", { REGISTRY_URL: registryUrl });
    const stock = { url: await peer.line("listening "), pid: peer.pid };
    const { service } = fleet;
    const ours = { url: `${service.url}/graphql`, pid: service.pid, key: service.key };
    const pageBodies = [JSON.stringify({ query: page })];
    const domainBodies = hostnames.map((h) => JSON.stringify({ query: byDomain, variables: { h } }));
    return [
      ...(await sideBySide(bench, "tenants(first: 50) with domains", pageBodies, ours, stock, 5)),
      ...(await sideBySide(bench, "tenantByDomain", domainBodies, ours, stock, 3)),
      await atEvenPace(bench, { ...ours, bodies: domainBodies }),
    ];
  },
};

type Server = Omit<LoadTarget, "bodies">;

/** Requests per second with both cores in demand, and the server's CPU per request, which other load disturbs less. */
async function sideBySide(
  bench: Bench,
  what: string,
  bodies: readonly string[],
  ours: Server,
  stock: Server,
  goal: number,
): Promise<readonly Row[]> {
  const ms = bench.pick(1_000, 4_000);
  const cpu: Record<"ours" | "stock", number[]> = { ours: [], stock: [] };
  const rate = (server: Server, cpuOf: number[]) => async () => {
    const result = await load({ ...server, bodies }, { connections, ms });
    cpuOf.push(result.cpuMsPerRequest);
    return result.perSecond;
  };
  // Both have compiled what they run often before they are measured.
  for (const server of [ours, stock]) await load({ ...server, bodies }, { connections, ms: 1_000 });
  const ourRate = new Series(rate(ours, cpu.ours));
  const stockRate = new Series(rate(stock, cpu.stock));
  await inTurns(bench.pick(3, 5), ourRate, stockRate);
  const besideIs = "Apollo standalone, type-graphql defaults";
  const [ourCpu, stockCpu] = [quantile(cpu.ours, 0.5), quantile(cpu.stock, 0.5)];
  return [
    compared({
      what,
      unit: "requests/s",
      ours: ourRate,
      beside: stockRate,
      besideIs,
      better: "MORE",
      goal: { atLeast: goal, floor: 0.4 },
    }),
    {
      what: `${what}, CPU of the server`,
      unit: "ms per request",
      ours: ourCpu,
      beside: { what: besideIs, value: stockCpu },
      ratio: ourCpu / stockCpu,
    },
  ];
}

async function atEvenPace(bench: Bench, target: LoadTarget): Promise<Row> {
  const result = await load(target, { connections: 16, ms: bench.pick(3_000, 15_000), perSecond: 500 });
  return {
    what: "tenantByDomain at 500 requests/s, p99 from the moment due",
    unit: "ms",
    ours: result.p99Ms,
    goal: { atMost: 5, floor: 400 },
    note: `${Math.round(result.perSecond)} requests/s were answered.`,
  };
}

/** Two for each of some tenants, once per fleet. @returns their host names */
async function addDomains(fleet: Fleet): Promise<readonly string[]> {
  const tenants = (await fleet.tenants()).slice(0, withDomains);
  const { client } = fleet.service;
  const { tenants: shown } = await client.data<{ tenants: { nodes: readonly { id: string; slug: string }[] } }>(
    `{ tenants(first: ${withDomains}) { nodes { id slug } } }`,
  );
  const hostnames: string[] = [];
  for (const { id, slug } of shown.nodes.slice(0, tenants.length)) {
    for (const hostname of [`${slug}.example.com`, `${slug}.example.org`]) {
      await client.data(
        "mutation ($input: AddTenantDomainInput!) { addTenantDomain(input: $input) { userErrors { message } } }",
        { input: { tenantId: id, hostname } },
      );
      hostnames.push(hostname);
    }
  }
  return hostnames;
}
