import type { Bench } from "../bench.ts";
import type { Figure, Goal, Row } from "../figure.ts";
import type { Fleet } from "../support/fleet.ts";
import { type LoadTarget, load } from "../support/http-load.ts";
import { compared, inTurns, quantile, Series } from "../support/series.ts";

const connections = 8;
/** Tenants that get domains: more than a page shows. */
const withDomains = 100;

const page = `{ tenants(first: 50) { edges { cursor node { id slug name status schemaVersion createdAt
  domains { id hostname isPrimary } } } pageInfo { hasNextPage endCursor } } }`;
const byDomain = "query ($h: String!) { tenantByDomain(hostname: $h) { id slug status } }";

/** What an application asks all day, beside Apollo's standalone server and type-graphql as they come, and beside mercurius. */
export const figure: Figure = {
  title: "Reads over HTTP",
  async measure(bench) {
    const fleet = await bench.fleet();
    bench.say("adding domains");
    const hostnames = await addDomains(fleet);
    const registryUrl = `${bench.database.url}/${fleet.registry}`;
    const peer = bench.peer("stock-apollo", { REGISTRY_URL: registryUrl });
    const stock = { url: await peer.line("listening "), pid: peer.pid, is: "Apollo standalone, type-graphql defaults" };
    const { service } = fleet;
    const ours = { url: `${service.url}/graphql`, pid: service.pid, key: service.key };
    const pages = { what: "tenants(first: 50) with domains", bodies: [JSON.stringify({ query: page })] };
    const domainBodies = hostnames.map((h) => JSON.stringify({ query: byDomain, variables: { h } }));
    const domains = { what: "tenantByDomain", bodies: domainBodies };
    return [
      ...(await sideBySide(bench, { ...pages, ours, beside: stock, goal: { atLeast: 5, floor: 2 } })),
      ...(await whileTenantsChange(fleet, () =>
        sideBySide(bench, { ...pages, what: `${pages.what}, 20 changes/s`, ours, beside: stock }),
      )),
      ...(await sideBySide(bench, { ...domains, ours, beside: stock, goal: { atLeast: 3, floor: 0.8 } })),
      await atEvenPace(bench, { ...ours, bodies: domainBodies }),
      ...(await inMemory(bench, pages)),
    ];
  },
};

type Server = Omit<LoadTarget, "bodies">;

interface Question {
  readonly what: string;
  readonly bodies: readonly string[];
}

interface Contest extends Question {
  readonly ours: Server;
  readonly beside: Server & { readonly is: string };
  readonly goal?: Goal | undefined;
}

/** Requests per second with both cores in demand, and the server's CPU per request, which other load disturbs less. */
async function sideBySide(bench: Bench, contest: Contest): Promise<readonly Row[]> {
  const { what, bodies, ours, beside, goal } = contest;
  const ms = bench.pick(1_000, 4_000);
  const cpu: Record<"ours" | "beside", number[]> = { ours: [], beside: [] };
  const rate = (server: Server, cpuOf: number[]) => async () => {
    const result = await load({ ...server, bodies }, { connections, ms });
    cpuOf.push(result.cpuMsPerRequest);
    return result.perSecond;
  };
  // Both have compiled what they run often before they are measured.
  for (const server of [ours, beside]) await load({ ...server, bodies }, { connections, ms: 1_000 });
  const ourRate = new Series(rate(ours, cpu.ours));
  const otherRate = new Series(rate(beside, cpu.beside));
  await inTurns(bench.pick(3, 5), ourRate, otherRate);
  const [ourCpu, otherCpu] = [quantile(cpu.ours, 0.5), quantile(cpu.beside, 0.5)];
  const besideIs = beside.is;
  return [
    compared({ what, unit: "requests/s", ours: ourRate, beside: otherRate, besideIs, better: "MORE", goal }),
    {
      what: `${what}, CPU of the server`,
      unit: "ms per request",
      ours: ourCpu,
      beside: { what: besideIs, value: otherCpu },
      ratio: ourCpu / otherCpu,
    },
  ];
}

/** Without a registry: our server with all that it does for a request, beside mercurius that does nothing of it. */
async function inMemory(bench: Bench, question: Question): Promise<readonly Row[]> {
  const key = "bench-key-0123456789";
  const own = bench.peer("own-memory", { KEY: key });
  const other = bench.peer("mercurius", {});
  const ours = { url: await own.line("listening "), pid: own.pid, key };
  const beside = { url: await other.line("listening "), pid: other.pid, is: "mercurius with jit, same resolvers" };
  const what = `${question.what}, data in memory`;
  return sideBySide(bench, { ...question, what, ours, beside, goal: { atLeast: 0.9, floor: 0.35 } });
}

/** Pages and tenants are kept until something changes: what is left of it when something always does. */
async function whileTenantsChange<T>({ service }: Fleet, work: () => Promise<T>): Promise<T> {
  const { tenants } = await service.client.data<{ tenants: { nodes: readonly { id: string }[] } }>(
    "{ tenants(first: 100, orderBy: { field: SLUG, direction: DESC }) { nodes { id } } }",
  );
  const mutation = "mutation ($input: UpdateTenantInput!) { updateTenant(input: $input) { userErrors { message } } }";
  let changes = 0;
  const writer = setInterval(() => {
    changes += 1;
    const id = tenants.nodes[changes % tenants.nodes.length]?.id;
    service.client.data(mutation, { input: { id, name: `Renamed ${changes}` } }).catch(() => undefined);
  }, 50);
  try {
    return await work();
  } finally {
    clearInterval(writer);
  }
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
