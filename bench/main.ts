import { readdirSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Teardown } from "../src/kit/teardown.ts";
import { Bench } from "./bench.ts";
import { type Figure, standingOf } from "./figure.ts";
import { BenchDatabase } from "./support/bench-database.ts";
import { lookAtMachine, type Machine } from "./support/machine.ts";
import { asMarkdown, asText, type Measured } from "./support/report.ts";

const usage = "npm run bench -- [--quick] [--document] [--profile] [figure …]";
const modules = fileURLToPath(new URL(".", import.meta.url));
/** Every script runs here. */
const root = process.cwd();
const results = join(root, "bench/results");
const documentation = join(root, "docs/performance.md");
const marks = ["<!-- measured: begin -->", "<!-- measured: end -->"] as const;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const known = readdirSync(join(modules, "figures"))
    .filter((name) => name.endsWith(".js"))
    .map((name) => name.slice(0, -3));
  const wanted = args.filter((arg) => !arg.startsWith("--"));
  const strange = args.filter((arg) => !["--quick", "--document", "--profile", ...known].includes(arg));
  if (strange.length > 0) {
    process.stderr.write(`${usage}\nUnknown: ${strange.join(", ")}. Figures: ${known.join(", ")}.\n`);
    return 2;
  }
  // Every service leaves a profile of its CPU there when it ends.
  if (args.includes("--profile")) process.env.BENCH_PROFILES = join(results, "profiles");
  const quick = args.includes("--quick");
  const names = wanted.length > 0 ? wanted : await withoutLengthy(known, quick);
  const { machine, figures } = await onDatabase((database, folder, run) =>
    measureAll(names, quick, { database, folder, run }),
  );
  process.stdout.write(`${asText(figures)}\n`);
  await save(machine, figures, quick);
  if (args.includes("--document")) await document(machine, figures);
  if (figures.some(({ failure }) => failure !== undefined)) return 1;
  const fallen = figures.flatMap(({ rows }) => rows).filter((row) => standingOf(row) === "BELOW_FLOOR");
  return quick && fallen.length > 0 ? 1 : 0;
}

async function withoutLengthy(names: readonly string[], quick: boolean): Promise<readonly string[]> {
  const figures = await Promise.all(names.map(async (name) => ({ name, lengthy: (await load(name)).lengthy })));
  return figures.filter(({ lengthy }) => !quick || !lengthy).map(({ name }) => name);
}

/** A private MariaDB for the run. Everything is stopped and taken away at its end, also when it is interrupted. */
async function onDatabase<T>(work: (database: BenchDatabase, folder: string, run: Teardown) => Promise<T>): Promise<T> {
  const run = new Teardown();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void run.run().finally(() => process.exit(130)));
  }
  try {
    const folder = await mkdtemp(join(tmpdir(), "tenantry-bench-"));
    run.defer(() => rm(folder, { recursive: true, force: true }));
    const database = await BenchDatabase.start(folder, process.env.TENANTRY_MARIADBD ?? "/usr/sbin/mariadbd");
    run.defer(() => database.stop());
    return await work(database, folder, run);
  } finally {
    await run.run();
  }
}

async function measureAll(
  names: readonly string[],
  quick: boolean,
  { database, folder, run }: { readonly database: BenchDatabase; readonly folder: string; readonly run: Teardown },
) {
  const machine = await lookAtMachine(database, folder);
  const bench = new Bench(quick, database, modules, root);
  run.defer(() => bench.close());
  const figures: Measured[] = [];
  for (const name of names) {
    process.stderr.write(`${name}\n`);
    const measured = await measure(name, bench);
    process.stderr.write(`${asText([measured])}\n  ${measured.seconds} s\n\n`);
    figures.push(measured);
  }
  return { machine, figures };
}

/** A figure that fails leaves the others to be measured. */
async function measure(name: string, bench: Bench): Promise<Measured> {
  const figure = await load(name);
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 100) / 10;
  try {
    const rows = await bench.scope(() => figure.measure(bench));
    return { name, title: figure.title, seconds: seconds(), rows };
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { name, title: figure.title, seconds: seconds(), rows: [], failure };
  }
}

async function load(name: string): Promise<Figure> {
  const module: unknown = await import(pathToFileURL(join(modules, "figures", `${name}.js`)).href);
  if (!holdsFigure(module)) throw new TypeError(`bench/figures/${name}.ts exports no figure.`);
  return module.figure;
}

function holdsFigure(module: unknown): module is { readonly figure: Figure } {
  return typeof module === "object" && module !== null && "figure" in module;
}

async function save(machine: Machine, figures: readonly Measured[], quick: boolean): Promise<void> {
  await mkdir(results, { recursive: true });
  const at = new Date().toISOString();
  const path = join(results, `${at.replace(/[:.]/g, "-")}${quick ? "-quick" : ""}.json`);
  const withStandings = figures.map((one) => ({
    ...one,
    rows: one.rows.map((row) => ({ ...row, standing: standingOf(row) })),
  }));
  await writeFile(path, `${JSON.stringify({ at, quick, machine, figures: withStandings }, undefined, 2)}\n`);
  process.stderr.write(`written: ${path}\n`);
}

/** Puts the tables between the marks of docs/performance.md. */
async function document(machine: Machine, figures: readonly Measured[]): Promise<void> {
  const text = await readFile(documentation, "utf8");
  const [begin, end] = marks.map((mark) => text.indexOf(mark));
  if (begin === undefined || end === undefined || begin < 0 || end < begin) {
    throw new TypeError(`${documentation} has lost its marks.`);
  }
  const tables = asMarkdown(figures, machine);
  await writeFile(documentation, `${text.slice(0, begin)}${marks[0]}\n${tables}\n${text.slice(end)}`);
}
