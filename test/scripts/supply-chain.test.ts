import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { closureOf, type LockEntries, mayBeShipped } from "../support/licences.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");
const manifest: Readonly<Record<"dependencies" | "devDependencies" | "overrides", Record<string, string>>> = JSON.parse(
  read("package.json"),
);
const entries: LockEntries = JSON.parse(read("package-lock.json")).packages;
const packages = Object.entries(entries).filter(([place]) => place !== "");

/** Packages whose code is built into the pages: all that they import, whatever the manifest calls it. */
function packagesOfPages(): ReadonlySet<string> {
  const files = readdirSync(join(root, "web"), { recursive: true, encoding: "utf8" });
  const sources = files.filter((name) => /\.(tsx?|css)$/.test(name) && !name.endsWith("vite.config.ts"));
  const imports = sources.flatMap((name) => [
    ...read(`web/${name}`).matchAll(/(?:from|import|@import)\s*\(?\s*["']([^"'.][^"']*)["']/g),
  ]);
  return new Set(imports.map(([, target = ""]) => target.split("/", target.startsWith("@") ? 2 : 1).join("/")));
}

const shipped = [
  ...new Set([
    ...packages.filter(([, { dev, devOptional }]) => !dev && !devOptional).map(([place]) => place),
    ...closureOf(entries, Object.keys(manifest.dependencies)),
    ...closureOf(entries, packagesOfPages()),
  ]),
].toSorted();

describe("what is shipped", () => {
  it("is known as a whole: the service's packages and those of the pages", () => {
    expect(shipped.length).toBeGreaterThan(200);
    for (const name of ["fastify", "mysql2", "jose", "react", "graphiql", "@mantine/core", "urql", "uplot", "wouter"]) {
      expect(shipped).toContain(`node_modules/${name}`);
    }
    expect(shipped).not.toContain("node_modules/vitest");
  });

  it("has only licences that are allowed", () => {
    const others = shipped.flatMap((place) => {
      const licence = entries[place]?.license ?? "none";
      return mayBeShipped(licence) ? [] : [`${place}: ${licence}`];
    });
    expect(others).toEqual([]);
  });

  it("says the same of its licence where it is installed", () => {
    const differing = shipped.flatMap((place) => {
      const installed = installedManifest(place);
      if (!installed) return [];
      const licence = typeof installed.license === "string" ? installed.license : (entries[place]?.license ?? "none");
      return mayBeShipped(licence) ? [] : [`${place}: ${licence}`];
    });
    expect(differing).toEqual([]);
  });
});

/** Undefined for what npm leaves out on this system. */
function installedManifest(place: string): { readonly license?: unknown } | undefined {
  try {
    return JSON.parse(read(`${place}/package.json`));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

describe("the lock", () => {
  it("has an exact version of everything, by its content", () => {
    expect(packages.length).toBeGreaterThan(500);
    const exact = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;
    expect(packages.filter(([, { version }]) => !exact.test(version ?? "")).map(([place]) => place)).toEqual([]);
    const hashed = /^sha512-[A-Za-z0-9+/]{86}==$/;
    expect(packages.filter(([, { integrity }]) => !hashed.test(integrity ?? "")).map(([place]) => place)).toEqual([]);
  });

  it("is of what the manifest asks for, which is exact too", () => {
    const { dependencies, devDependencies, overrides } = manifest;
    const asked = Object.entries({ ...dependencies, ...devDependencies });
    for (const [name, version] of asked) expect(entries[`node_modules/${name}`]).toMatchObject({ version });
    const loose = [...asked, ...Object.entries(overrides)].filter(([, version]) => !/^\d+\.\d+\.\d+/.test(version));
    expect(loose).toEqual([]);
  });

  it("lets no package run a script when it is installed", () => {
    expect(read(".npmrc").split("\n")).toContain("ignore-scripts=true");
    // Each was looked at: they bring a binary that is there without the script, or say something.
    const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([place]) => place);
    expect(scripted.filter((place) => !/\/(esbuild|@apollo\/protobufjs)$/.test(place))).toEqual([]);
  });
});

describe("the list of licences", () => {
  it.each([
    ["MIT", true],
    ["(MIT AND Zlib)", true],
    ["MIT OR GPL-3.0-only", true],
    ["MIT AND GPL-3.0-only", false],
    ["GPL-3.0-only", false],
    ["AGPL-3.0-or-later", false],
    ["SEE LICENSE IN LICENSE", false],
    ["UNLICENSED", false],
    ["none", false],
    ["(MIT OR (GPL-2.0 AND X))", false],
  ])("%s: %s", (expression, may) => {
    expect(mayBeShipped(expression)).toBe(may);
  });

  it("finds what a package needs where npm finds it", () => {
    const lock: LockEntries = {
      "node_modules/a": { dependencies: { b: "1", "@s/c": "1" } },
      "node_modules/a/node_modules/b": { dependencies: { d: "1" } },
      "node_modules/b": {},
      "node_modules/@s/c": { optionalDependencies: { missing: "1" } },
      "node_modules/d": { dependencies: { a: "1" } },
      "node_modules/e": {},
    };
    expect([...closureOf(lock, ["a"])].toSorted()).toEqual([
      "node_modules/@s/c",
      "node_modules/a",
      "node_modules/a/node_modules/b",
      "node_modules/d",
    ]);
  });
});
