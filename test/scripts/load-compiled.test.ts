import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const { keepCompiled, loadCompiled } = await import(
  fileURLToPath(new URL("../../scripts/lib/load-compiled.mjs", import.meta.url))
);

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tenantry-compiled-"));
  file = join(folder, "bundle.cjs");
  writeFileSync(
    file,
    "exports.answer = () => 41; exports.folder = __dirname; exports.parse = require('node:path').parse;",
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a bundle that is kept compiled", () => {
  it("exports what it exports, with what it requires", () => {
    for (const exported of [loadCompiled(file), keepCompiled(file), loadCompiled(file)]) {
      expect(exported.answer()).toBe(41);
      expect(exported.folder).toBe(folder);
      expect(exported.parse("/a/b").base).toBe("b");
    }
  });

  it("is compiled anew when its text has changed, though not its length", () => {
    keepCompiled(file);
    writeFileSync(file, readFileSync(file, "utf8").replace("41", "42"));
    expect(loadCompiled(file).answer()).toBe(42);
  });

  it("is compiled anew when what was kept is of another bundle, broken or cut off", () => {
    keepCompiled(file);
    const kept = readFileSync(`${file}.compiled`);
    const other = join(folder, "other.cjs");
    copyFileSync(file, other);
    for (const broken of [Buffer.alloc(0), kept.subarray(0, 100), Buffer.alloc(kept.length), kept.fill(7, 40)]) {
      writeFileSync(`${other}.compiled`, broken);
      expect(loadCompiled(other).answer()).toBe(41);
    }
  });

  it("may hold any characters", () => {
    writeFileSync(file, 'exports.text = "grüße → 😀";');
    keepCompiled(file);
    expect(loadCompiled(file).text).toBe("grüße → 😀");
  });
});
