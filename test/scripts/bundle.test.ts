import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";

const { asciiOnly } = await import(fileURLToPath(new URL("../../scripts/lib/bundle.mjs", import.meta.url)));

describe("a bundle", () => {
  it("means the same when it is written in ASCII only", () => {
    const source = `const grüße = "→ 😀"; [grüße, \`\u{1f600}é\`, /^[→😀]+$/u.test("😀→"), /é/.test("é")]`;
    const written: string = asciiOnly(source);
    expect([...written].every((character) => character < "\u0080")).toBe(true);
    expect(runInNewContext(written)).toEqual(runInNewContext(source));
  });

  it("stays as it is where an escape would change its meaning", () => {
    const source = '"\\é"';
    expect(asciiOnly(source)).toBe(source);
  });
});
