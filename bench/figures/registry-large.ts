import type { TenantId } from "../../src/kit/ids.ts";
import type { PageRequest } from "../../src/kit/page.ts";
import { RegistryUnavailable } from "../../src/registry/registry-trouble.ts";
import type { TenantFilter, TenantStore } from "../../src/tenants/tenant-store.ts";
import type { Bench } from "../bench.ts";
import type { Figure, Row } from "../figure.ts";
import { type BenchRegistry, benchRegistry } from "../support/bench-registry.ts";
import { compared, inTurns, Series, timed } from "../support/series.ts";

type Searched = Pick<TenantStore, "list" | "findBySlug">;

const newestFirst = { field: "CREATED_AT", direction: "DESC" } as const;
/** Tenants in a short run, and in a long one. */
const sizes = [20_000, 1_000_000] as const;
/** Tenants per statement of the filling. */
const chunk = 50_000;
const firstPage: PageRequest = { limit: 50, direction: "FORWARD" };

/** Whether lists and searches cost the same in a large registry, however deep one reads. */
export const figure: Figure = {
  title: "A large registry",
  async measure(bench) {
    const count = bench.pick(...sizes);
    const registry = await benchRegistry(bench);
    bench.say(`filling a registry with ${count} tenants`);
    await fill(bench, registry, count);
    const { tenants } = registry.stores;
    const rows = count.toLocaleString("en");
    return [
      await deepPage(bench, registry, `page in the middle of ${rows}`, {}),
      await deepPage(bench, registry, `the same, statuses: [ACTIVE]`, { statuses: ["ACTIVE"] }),
      await search(bench, tenants, `search in ${rows}, one hit`, `customer-${count - 1}`),
      await search(bench, tenants, `search in ${rows}, all are hits`, "c"),
      await search(bench, tenants, `search in ${rows}, many hits, the newest among them`, "Customer 9"),
      await search(bench, tenants, `search in ${rows}, many hits, all of them old`, "Customer 1"),
    ];
  },
};

async function deepPage(
  bench: Bench,
  { stores, name }: BenchRegistry,
  what: string,
  filter: TenantFilter,
): Promise<Row> {
  const { tenants } = stores;
  const deep = { ...firstPage, cursor: await cursorInTheMiddle(bench, tenants, name, filter) };
  const ours = new Series(() => timed(() => tenants.list(filter, newestFirst, deep)));
  const beside = new Series(() => timed(() => tenants.list(filter, newestFirst, firstPage)));
  await inTurns(bench.pick(60, 200), ours, beside);
  const goal = { atMost: 1.5, floor: 4 } as const;
  return compared({ what, unit: "ms", ours, beside, besideIs: "first page", better: "LESS", goal });
}

async function search(bench: Bench, tenants: Searched, what: string, text: string): Promise<Row> {
  let gaveUp = false;
  const ours = new Series(() =>
    timed(() =>
      tenants.list({ search: text }, newestFirst, firstPage).catch((error: unknown) => {
        if (!(error instanceof RegistryUnavailable)) throw error;
        gaveUp = true;
      }),
    ),
  );
  const beside = new Series(() => timed(() => tenants.findBySlug("customer-7777")));
  await inTurns(3, ours, beside);
  const slow = ours.median > 1_000;
  if (!slow) await inTurns(bench.pick(30, 100), ours, beside);
  const note = gaveUp ? "given up at the registry's deadline for a statement." : undefined;
  const goal = { atMost: 5, floor: 60 } as const;
  return compared({ what, unit: "ms", ours, beside, besideIs: "look-up by slug", better: "LESS", goal, note });
}

/** The cursor of the row in the middle, as a list of that row alone shows it. */
async function cursorInTheMiddle(
  bench: Bench,
  tenants: Searched,
  registry: string,
  filter: TenantFilter,
): Promise<string> {
  const count = bench.pick(...sizes);
  const [middle] = await bench.database.rows<{ id: TenantId }>(
    `SELECT id FROM ${registry}.tenants WHERE status = 'ACTIVE' AND id > ? ORDER BY id LIMIT 1`,
    [idOf(count / 2)],
  );
  const page = await tenants.list({ ...filter, ids: middle ? [middle.id] : [] }, newestFirst, firstPage);
  return page.edges[0]?.cursor ?? "";
}

/** Tenants that were entered a second apart, most of them ACTIVE, each with a domain. */
async function fill(bench: Bench, { name }: BenchRegistry, count: number): Promise<void> {
  const connection = await bench.database.connect({ database: name });
  const id = "CONCAT('01900000-0000-7000-8000-', LPAD(seq, 12, '0'))";
  const at = "TIMESTAMPADD(SECOND, seq, '2026-01-01 00:00:00')";
  await connection.query("SET unique_checks = 0, foreign_key_checks = 0");
  for (let first = 1; first <= count; first += chunk) {
    const from = `FROM seq_${first}_to_${Math.min(count, first + chunk - 1)}`;
    await connection.query(
      `INSERT INTO tenants (id, slug, name, status, server_id, database_name, password, schema_version, seed, generation, created_at, updated_at)
       SELECT ${id}, CONCAT('customer-', seq), CONCAT('Customer ', seq),
         CASE WHEN seq % 20 = 0 THEN 'FAILED' WHEN seq % 10 = 0 THEN 'SUSPENDED' ELSE 'ACTIVE' END,
         '${idOf(0)}', CONCAT('tnt', LPAD(seq, 20, 'x')), REPEAT('p', 90), '0003_add_invoices', 0, 2, ${at}, ${at} ${from}`,
    );
    await connection.query(
      `INSERT INTO domains (id, tenant_id, hostname, is_primary, created_at)
       SELECT ${id}, ${id}, CONCAT('customer-', seq, '.example.com'), 1, ${at} ${from}`,
    );
  }
  await connection.query("ANALYZE TABLE tenants, domains");
  await connection.end();
}

function idOf(number: number): string {
  return `01900000-0000-7000-8000-${String(number).padStart(12, "0")}`;
}
