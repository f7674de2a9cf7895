import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { areCurrent, ensureDependencies, missingFromLock } = await import(join(root, "scripts/lib/dependencies.mjs"));

async function aCheckout(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tenantry-checkout-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(join(root, "package-lock.json"), join(folder, "package-lock.json"));
  return folder;
}

describe("the dependencies", () => {
  it("are current after an installation by whatever hand", async () => {
    const folder = await aCheckout();
    expect(areCurrent(folder)).toBe(false);
    await cp(join(root, "node_modules/.package-lock.json"), join(folder, "node_modules/.package-lock.json"));
    expect(areCurrent(folder)).toBe(true);
  });

  it.each([
    ["another version", { version: "0.0.1" }],
    ["one package less", undefined],
  ])("are not current with %s", async (_, entry) => {
    const folder = await aCheckout();
    const list = JSON.parse(await readFile(join(root, "node_modules/.package-lock.json"), "utf8"));
    list.packages["node_modules/zod"] = entry;
    await mkdir(join(folder, "node_modules"));
    await writeFile(join(folder, "node_modules/.package-lock.json"), JSON.stringify(list));
    expect(areCurrent(folder)).toBe(false);
  });

  it("are never installed through a link: npm would empty the folder that it leads to", async () => {
    const folder = await aCheckout();
    const other = await aCheckout();
    await mkdir(join(other, "node_modules"));
    await writeFile(join(other, "node_modules/somebody-needs-this"), "");
    await symlink(join(other, "node_modules"), join(folder, "node_modules"));
    await expect(ensureDependencies(folder)).rejects.toThrow(/node_modules is a link/);
    expect(await readdir(join(other, "node_modules"))).toEqual(["somebody-needs-this"]);
  });

  it("are locked for every system: each optional package has an entry of its own", async () => {
    const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8"));
    expect(missingFromLock(lock)).toEqual([]);
    delete lock.packages["node_modules/@biomejs/cli-darwin-arm64"];
    expect(missingFromLock(lock)).toEqual(["node_modules/@biomejs/biome → @biomejs/cli-darwin-arm64"]);
  });
});
