import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const domain = [
  "jobs",
  "access",
  "secrets",
  "servers",
  "tenants",
  "migrations",
  "provisioning",
  "test-runs",
  "metrics",
  "schedules",
];
const belowTheRoot = ["config", ...domain, "registry", "mysql", "embedded", "graphql", "http", "cli", "kit"];

/** Each room with those it may import: downhill only. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  kit: [],
  config: ["kit"],
  jobs: ["kit"],
  access: ["kit"],
  secrets: ["jobs", "kit"],
  servers: ["jobs", "kit"],
  tenants: ["servers", "access", "jobs", "kit"],
  migrations: ["tenants", "servers", "jobs", "kit"],
  provisioning: ["migrations", "tenants", "servers", "jobs", "kit"],
  "test-runs": ["tenants", "servers", "jobs", "kit"],
  metrics: ["tenants", "servers", "jobs", "kit"],
  schedules: ["test-runs", "provisioning", "tenants", "servers", "jobs", "kit"],
  registry: [...domain, "kit"],
  mysql: [...domain, "kit"],
  embedded: ["kit"],
  graphql: [...domain, "kit"],
  http: ["access", "kit"],
  cli: ["kit"],
  wiring: belowTheRoot,
  app: ["wiring", ...belowTheRoot],
  serve: ["app", "config", "kit"],
  "command-line": ["cli", "embedded", "kit"],
  main: ["serve", "command-line"],
};

/** Packages that only some places may know: a room, or a file. */
const packages: Readonly<Record<string, readonly string[]>> = {
  "drizzle-orm": ["src/registry/", "drizzle/"],
  mysql2: ["src/mysql/", "src/registry/"],
  "type-graphql": ["src/graphql/"],
  dataloader: ["src/graphql/"],
  "@apollo/server": ["src/http/"],
  fastify: ["src/http/"],
  "graphql-ws": ["src/http/", "src/cli/"],
  ws: ["src/http/", "src/cli/"],
  graphql: ["src/graphql/", "src/http/"],
  jose: ["src/http/tokens/"],
  commander: ["src/cli/"],
  "cli-table3": ["src/cli/"],
  "csv-stringify": ["src/cli/"],
  picocolors: ["src/cli/"],
  "prom-client": ["src/metrics/"],
  croner: ["src/schedules/"],
  pino: ["src/kit/pino-logger.ts"],
  "pino-pretty": ["src/kit/pino-logger.ts"],
};

interface Source {
  /** From the root, with slashes. */
  readonly path: string;
  readonly room: string;
  readonly lines: number;
  /** Without comments. */
  readonly code: string;
  /** What stands after `from`, or in `import(…)`. */
  readonly imports: readonly string[];
}

/** Written by codegen; nobody keeps house there. */
const generated = "src/cli/gql/";

const sources = ["src", "drizzle"]
  .flatMap((folder) => filesBelow(folder))
  .filter((path) => !path.startsWith(generated))
  .map(read);
/** The pages: clients of the API, of which the service knows nothing. */
const pages = filesBelow("web")
  .filter((path) => !path.includes("/gql/"))
  .map(read);
const ours = sources.filter(({ path }) => path.startsWith("src/"));

function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function read(path: string): Source {
  const text = readFileSync(join(root, path), "utf8");
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
  const found = code.matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g);
  const [, first = ""] = path.split("/");
  const imports = [...found].flatMap(([, target]) => target ?? []);
  return { path, room: basename(first, ".ts"), lines: text.trimEnd().split("\n").length, code, imports };
}

/** The files of the project that a file imports. */
function neighbours({ path, imports }: Source): readonly string[] {
  const relatives = imports.filter((target) => target.startsWith("."));
  return relatives.map((target) => relative(root, resolve(root, dirname(path), target)));
}

function packageOf(target: string): string {
  return target
    .split("/")
    .slice(0, target.startsWith("@") ? 2 : 1)
    .join("/");
}

/** The paths whose code matches. */
function where(pattern: RegExp, except: readonly string[] = []): readonly string[] {
  return ours.filter(({ path, code }) => !except.includes(path) && pattern.test(code)).map(({ path }) => path);
}

/** Files that import each other in a circle, each circle once, as a path. */
function circles(): readonly string[] {
  const graph = new Map([...ours, ...pages].map((source) => [source.path, neighbours(source)]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(" → "));
    if (trail.includes(path) || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}

describe("the house", () => {
  it("is looked at as a whole", () => {
    expect(ours.length).toBeGreaterThan(50);
    expect(ours.flatMap(neighbours).length).toBeGreaterThan(100);
  });

  it("has no room that nobody drew", () => {
    expect([...new Set(ours.map(({ room }) => room))].filter((room) => !(room in rooms))).toEqual([]);
  });

  it("imports downhill only", () => {
    const uphill = ours.flatMap((source) =>
      neighbours(source)
        .filter((target) => {
          const room = basename(target.split("/")[1] ?? "", ".ts");
          return !target.startsWith("src/") || (room !== source.room && !rooms[source.room]?.includes(room));
        })
        .map((target) => `${source.path} → ${target}`),
    );
    expect(uphill).toEqual([]);
  });

  it("runs in no circle", () => {
    expect(circles()).toEqual([]);
  });

  it("keeps each package where it belongs", () => {
    const strays = sources.flatMap(({ path, imports }) =>
      imports
        .map(packageOf)
        .filter((name) => packages[name]?.some((place) => path.startsWith(place)) === false)
        .map((name) => `${path} → ${name}`),
    );
    expect(strays).toEqual([]);
  });

  it("has short files, and none that only passes on", () => {
    expect(ours.filter(({ lines }) => lines > 250).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
    expect(ours.filter(({ path }) => basename(path) === "index.ts").map(({ path }) => path)).toEqual([]);
    expect(where(/^export \* from/m)).toEqual([]);
    expect(where(/^export default/m)).toEqual([]);
  });

  it("reads the environment and the arguments at the door only", () => {
    expect(where(/\bprocess\.(env|argv)\b/, ["src/main.ts"])).toEqual([]);
  });

  it("throws nothing nameless, hides no type, and logs through the logger", () => {
    expect(where(/\bnew Error\(/)).toEqual([]);
    expect(where(/(:|\bas|<)\s*any\b/)).toEqual([]);
    expect(where(/\bas unknown as\b/)).toEqual([]);
    expect(where(/@ts-(ignore|nocheck|expect-error)/)).toEqual([]);
    expect(where(/\bconsole\./)).toEqual([]);
  });

  it("has pages that know the API alone, in files as short as ours, with no types hidden", () => {
    expect(pages.length).toBeGreaterThan(50);
    const strangers = pages.flatMap((page) => neighbours(page).filter((path) => !path.startsWith("web/")));
    expect(strangers.filter((path) => !path.startsWith("examples/"))).toEqual([]);
    expect(pages.filter(({ lines }) => lines > 250).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
    expect(pages.filter(({ path }) => basename(path) === "index.ts").map(({ path }) => path)).toEqual([]);
    expect(pages.filter(({ code }) => /(:|\bas|<)\s*any\b|@ts-(ignore|nocheck|expect-error)/.test(code))).toEqual([]);
  });
});
