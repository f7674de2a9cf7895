import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "mysql2/promise";
import { forEachBounded } from "../../src/kit/concurrency.ts";
import type { Bench } from "../bench.ts";
import type { Figure } from "../figure.ts";
import { type BenchService, freshName } from "../support/bench-service.ts";
import { Fleet, type FleetTenant, JobNotDone } from "../support/fleet.ts";
import { compared, inTurns, Series, timed } from "../support/series.ts";

const atOnce = 4;

/** One column more for every tenant: a durable job with journals, looks back and a registry, beside nothing but the statement. */
export const figure: Figure = {
  title: "Migration of a fleet by one ADD COLUMN",
  async measure(bench) {
    const fleet = await GrowingFleet.make(bench, bench.pick(100, 500));
    const connections = await Promise.all(Array.from({ length: atOnce }, () => bench.database.connect()));
    bench.defer(() => Promise.all(connections.map((connection) => connection.end())));
    const ours = new Series(async () => (await fleet.migrate()) / fleet.tenants.length);
    const beside = new Series(async () => (await bareLoop(connections, fleet.tenants)) / fleet.tenants.length);
    // The first of each also fills the server's caches of tables.
    await inTurns(1, ours, beside);
    for (const series of [ours, beside]) series.forget();
    await inTurns(bench.pick(3, 5), ours, beside);
    return [
      compared({
        what: `per tenant, ${fleet.tenants.length} tenants, ${atOnce} at once`,
        unit: "ms",
        ours,
        beside,
        besideIs: `the same statement, ${atOnce} kept connections, no journal`,
        better: "LESS",
        goal: { atMost: 1.5, floor: 8 },
      }),
      {
        what: "per tenant, statements sent to server and registry",
        unit: "statements",
        ours: fleet.statements / fleet.tenants.length,
        note: "The server's own count, with whatever else the service asked meanwhile; the bare loop sends one.",
      },
    ];
  },
};

/** Tenants whose folder of migrations gets a file more each time. */
class GrowingFleet {
  #files = 0;
  /** That the server was sent during the last migration. */
  statements = Number.NaN;

  private constructor(
    private readonly bench: Bench,
    private readonly registryUrl: string,
    private readonly folder: string,
    readonly tenants: readonly FleetTenant[],
  ) {}

  static async make(bench: Bench, count: number): Promise<GrowingFleet> {
    bench.say(`making a fleet of ${count} tenants to migrate`);
    const folder = await mkdtemp(join(tmpdir(), "tenantry-bench-migrations-"));
    bench.defer(() => rm(folder, { recursive: true, force: true }));
    await cp(join(bench.root, "drizzle/tenant"), folder, { recursive: true });
    const registryUrl = bench.freshRegistryUrl();
    const tenants = await bench.scope(async () => {
      const fleet = await serve(bench, registryUrl, folder);
      await fleet.grow(count);
      return fleet.tenants();
    });
    return new GrowingFleet(bench, registryUrl, folder, tenants);
  }

  /** A service reads its folder when it starts. @returns milliseconds from the job's entry to its end */
  async migrate(): Promise<number> {
    await this.#addFile();
    return this.bench.scope(async () => {
      const fleet = await serve(this.bench, this.registryUrl, this.folder);
      const before = await this.bench.database.statementsSent();
      const ms = await fleet.ended(await migrateAll(fleet.service));
      this.statements = (await this.bench.database.statementsSent()) - before;
      return ms;
    });
  }

  async #addFile(): Promise<void> {
    this.#files += 1;
    const tag = `9${String(this.#files).padStart(3, "0")}_bench`;
    await writeFile(join(this.folder, `${tag}.sql`), `${addColumn("projects", `bench_${this.#files}`)};\n`);
    const path = join(this.folder, "meta/_journal.json");
    const journal: { readonly entries: readonly object[] } = JSON.parse(await readFile(path, "utf8"));
    const entry = { idx: journal.entries.length, version: "5", when: Date.now(), tag, breakpoints: true };
    await writeFile(path, JSON.stringify({ ...journal, entries: [...journal.entries, entry] }));
  }
}

async function serve(bench: Bench, registryUrl: string, folder: string): Promise<Fleet> {
  const service = await bench.start({ registryUrl, env: { TENANTRY_TENANT_MIGRATIONS: folder } });
  bench.defer(() => service.stop());
  return new Fleet(service, bench.database, new URL(registryUrl).pathname.slice(1));
}

/** @returns the job */
async function migrateAll({ client }: BenchService): Promise<string> {
  const { migrateTenants } = await client.data<{ migrateTenants: { job: { id: string } | null } }>(
    `mutation { migrateTenants(input: { maxParallel: ${atOnce} }) { job { id } userErrors { message } } }`,
  );
  if (!migrateTenants.job) throw new JobNotDone(JSON.stringify(migrateTenants));
  return migrateTenants.job.id;
}

/** @returns milliseconds */
async function bareLoop(connections: readonly Connection[], tenants: readonly FleetTenant[]): Promise<number> {
  const column = freshName("bare");
  const free = [...connections];
  return timed(() =>
    forEachBounded(tenants, connections.length, new AbortController().signal, async ({ databaseName }) => {
      const connection = free.pop();
      await connection?.query(addColumn(`${databaseName}.projects`, column));
      if (connection) free.push(connection);
    }),
  );
}

function addColumn(table: string, column: string): string {
  return `ALTER TABLE ${table} ADD COLUMN ${column} varchar(50)`;
}
