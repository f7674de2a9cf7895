import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { LeakDetector } from "../support/leak-detector.ts";

const password = randomBytes(24).toString("base64url");
const odd = `p&ss "${randomBytes(9).toString("hex")}" +/ü`;
const key = randomBytes(32).toString("base64");
const detector = new LeakDetector(new Map(Object.entries({ password, odd, key })));
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("what looks for leaks", () => {
  it.each([
    ["as it is", `said ${password}.`],
    ["at the end", password],
    ["in a URL", `mysql://user:${encodeURIComponent(odd)}@host`],
    ["in JSON in JSON", JSON.stringify({ err: JSON.stringify({ password: odd }).slice(0, 40) }) + JSON.stringify(odd)],
    ["as base64", base64(password)],
    ["as base64 within a text, at 1", base64(`u${password} and more`)],
    ["as base64 within a text, at 2", base64(`us${password} and more`)],
    ["as base64 within a text, at 0", base64(`usr${password} and more`)],
    ["in a basic header", `Basic ${base64(`root:${odd}`)}`],
    ["as base64url", Buffer.from(`x${odd}x`).toString("base64url")],
    ["as hex", Buffer.from(password).toString("hex")],
    ["as HEX in SQL", `0x${Buffer.from(password).toString("hex").toUpperCase()}`],
    ["cut at the end", `${password.slice(0, 20)}…`],
    ["cut at the beginning", `…${password.slice(-20)}`],
    ["as the bytes of a key", Buffer.from(key, "base64").toString("hex")],
    ["in an object", inspect({ deep: { er: [{ key }] } }, { depth: 9 })],
  ])("finds a secret %s", (_how, text) => {
    expect(detector.leaksIn("here", text)).not.toEqual([]);
  });

  it("says what leaked, where, and after what, and shows nothing of it", () => {
    const [leak = ""] = detector.leaksIn("the log", `{"password":"${password}"}`);
    expect(leak).toBe(`password (plain) in the log, after: ${JSON.stringify('{"password":"')}`);
    expect(leak).not.toContain(password.slice(0, 8));
  });

  it("finds nothing in what holds no secret", () => {
    const other = randomBytes(24);
    for (const text of ["", other.toString("base64url"), other.toString("hex"), password.slice(0, 8)]) {
      expect(detector.leaksIn("here", text)).toEqual([]);
    }
  });

  it("refuses to look for what could be found by chance", () => {
    expect(() => new LeakDetector(new Map([["pin", "1234"]]))).toThrow(RangeError);
  });
});
