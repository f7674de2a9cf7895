import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidInput } from "../../src/kit/domain-error.ts";
import { Secret } from "../../src/kit/secret.ts";
import { nativePasswordHash, newCredentials } from "../../src/tenants/credentials.ts";
import { findableHostname, hostnamePrefix, parseHostname } from "../../src/tenants/hostname.ts";
import { canonicalJson, idempotencyOf } from "../../src/tenants/idempotency.ts";
import { parseLabels } from "../../src/tenants/label.ts";
import { numberedSlug, parseSlug, parseSlugPrefix, ReservedName } from "../../src/tenants/slug.ts";
import { parseTenantName } from "../../src/tenants/tenant-name.ts";

const field = ["input", "it"];

function refusalOf(parse: () => unknown): unknown {
  try {
    return { accepted: parse() };
  } catch (error) {
    return error;
  }
}

describe("a slug", () => {
  it.each(["ab", "a1", "acme", "acme-2", "a-b-c", "0a", "test-0001", "x".repeat(63)])("may be %s", (slug) => {
    expect(parseSlug(slug, field)).toBe(slug);
  });

  it.each([
    "",
    "a",
    "Acme",
    "-a",
    "a-",
    "a--b",
    "a_b",
    "a.b",
    " ab",
    "ab ",
    "ab\n",
    "é1",
    "ａｂ",
    "x".repeat(64),
  ])("may not be %j", (slug) => {
    expect(refusalOf(() => parseSlug(slug, field))).toMatchObject({ code: "INVALID", field });
  });

  it.each([
    "mysql",
    "information-schema",
    "performance-schema",
    "sys",
    "test",
    "admin",
    "root",
  ])("is reserved when it is %s", (slug) => {
    expect(refusalOf(() => parseSlug(slug, field))).toBeInstanceOf(ReservedName);
  });

  it("is accepted exactly as the documented expression says", () => {
    const documented = /^[a-z0-9](-?[a-z0-9])+$/;
    const text = fc.string({ unit: fc.constantFrom("a", "z", "0", "9", "-", "A", "_", "é"), maxLength: 70 });
    fc.assert(
      fc.property(text, (slug) => {
        const accepted = !(refusalOf(() => parseSlug(slug, field)) instanceof InvalidInput);
        expect(accepted).toBe(slug.length >= 2 && slug.length <= 63 && documented.test(slug));
      }),
    );
  });

  it("made of any prefix and number is a slug", () => {
    const prefix = fc.stringMatching(/^[a-z0-9](-?[a-z0-9]){0,25}$/);
    fc.assert(
      fc.property(prefix, fc.integer({ min: 1, max: 999_999 }), (start, n) => {
        const slug = numberedSlug(parseSlugPrefix(start, field), n);
        expect(parseSlug(slug, field)).toBe(slug);
      }),
    );
  });
});

describe("a host name", () => {
  it.each([
    ["acme.example", "acme.example"],
    ["WWW.Acme.Example", "www.acme.example"],
    ["bücher.example", "xn--bcher-kva.example"],
    ["faß.example", "xn--fa-hia.example"],
    ["日本語。example", "xn--wgv71a119e.example"],
    ["1password.com", "1password.com"],
    ["3.example", "3.example"],
    [`${"a".repeat(63)}.example`, `${"a".repeat(63)}.example`],
  ])("%s is known as %s", (text, hostname) => {
    expect(parseHostname(text, field)).toBe(hostname);
  });

  it.each([
    ...["", ".", "localhost", "example.", ".example.com", "a..b", "acme.example.", "*.acme.example", "acme.example:80"],
    ...["http://acme.example", "acme.example/", "user@acme.example", "a_b.example", "-a.example", "a-.example"],
    ...["127.0.0.1", "127.1", "0x7f.0.0.1", "0x7f000001", "2130706433", "1.2.3.0x4", "１２７.0.0.1", "::1", "[::1]"],
    ...["a b.example", " acme.example", "acme.example\n", "acme.example\0", "ac%6de.example", "xn--a.example", "a.b.1"],
    ...[`${"a".repeat(64)}.example`, `${"a.".repeat(126)}aa`, `${"ü".repeat(60)}.example`, "\u00ad.example"],
  ])("%j is refused with its field", (text) => {
    expect(refusalOf(() => parseHostname(text, field))).toMatchObject({ code: "INVALID", field });
  });

  it.each([
    ["Acme", "acme"],
    ["10.", "10."],
    ["bücher", "xn--bcher-kva."],
    ["BÜCHER.Ex", "xn--bcher-kva.ex"],
    ["www.bücher", "www.xn--bcher-kva."],
    ["bücher shop", undefined],
  ])("that begins with %j begins with %j", (text, prefix) => {
    expect(hostnamePrefix(text)).toBe(prefix);
  });

  it("begins with each of its own whole parts, however they are written", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zäöüé日本]{1,8}(\.[a-zäöüß]{1,8}){1,3}$/), fc.nat(3), (text, parts) => {
        const hostname = findableHostname(text);
        fc.pre(hostname !== undefined);
        const start = text.split(".").slice(0, parts + 1);
        if (start.length === text.split(".").length) return;
        expect(hostname?.startsWith(hostnamePrefix(start.join(".")) ?? "nothing")).toBe(true);
      }),
    );
  });

  it("that was accepted is accepted again and stays the same", () => {
    fc.assert(
      fc.property(fc.oneof(fc.domain(), fc.string({ unit: "grapheme", maxLength: 30 })), (text) => {
        const hostname = findableHostname(text);
        if (hostname === undefined) return;
        expect(hostname).toMatch(/^[a-z0-9.-]{3,253}$/);
        expect(parseHostname(hostname, field)).toBe(hostname);
        expect(parseHostname(hostname.toUpperCase(), field)).toBe(hostname);
      }),
    );
  });

  it("is looked for without ever throwing, whatever is asked", () => {
    expect(findableHostname("Acme.example.")).toBe("acme.example");
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), (text) => {
        expect(["string", "undefined"]).toContain(typeof findableHostname(text));
      }),
    );
  });
});

describe("a name", () => {
  it("is trimmed and composed", () => {
    expect(parseTenantName("  Cafe\u0301 ", field)).toBe("Café");
    expect(parseTenantName("👩‍👩‍👧 & Söhne GmbH", field)).toBe("👩‍👩‍👧 & Söhne GmbH");
    expect(parseTenantName("💠".repeat(200), field)).toHaveLength(400);
  });

  it.each(["", "   ", "a\nb", "a\u0000b", "a\u202eb", "a\ud800", "x".repeat(201)])("may not be %j", (name) => {
    expect(refusalOf(() => parseTenantName(name, field))).toMatchObject({ code: "INVALID", field });
  });
});

describe("labels", () => {
  it("are keys and values, each key once", () => {
    const labels = [
      { key: "team", value: "blue" },
      { key: "example.com/tier", value: "" },
    ];
    expect(parseLabels(labels, field)).toEqual(labels);
  });

  it.each([
    [[{ key: "", value: "x" }], "0", "key"],
    [[{ key: "Team", value: "x" }], "0", "key"],
    [[{ key: "team ", value: "x" }], "0", "key"],
    [[{ key: "a".repeat(64), value: "x" }], "0", "key"],
    [[{ key: "team", value: "x\ny" }], "0", "value"],
    [[{ key: "team", value: "x".repeat(256) }], "0", "value"],
    [
      [
        { key: "team", value: "1" },
        { key: "team", value: "2" },
      ],
      "1",
      "key",
    ],
  ])("%j are refused at entry %s, %s", (labels, index, name) => {
    expect(refusalOf(() => parseLabels(labels, field))).toMatchObject({
      code: "INVALID",
      field: [...field, index, name],
    });
  });

  it("are at most 32", () => {
    const labels = Array.from({ length: 33 }, (_, n) => ({ key: `k${n}`, value: "" }));
    expect(parseLabels(labels.slice(1), field)).toHaveLength(32);
    expect(refusalOf(() => parseLabels(labels, field))).toMatchObject({ code: "INVALID", field });
  });
});

describe("credentials", () => {
  it("are new each time: a name of 27 letters and digits, and 192 bits of password", () => {
    const made = Array.from({ length: 200 }, newCredentials);
    for (const { databaseName, password } of made) {
      expect(databaseName).toMatch(/^tnt[a-z0-9]{24}$/);
      expect(password.reveal()).toMatch(/^[A-Za-z0-9_-]{32}$/);
    }
    expect(new Set(made.flatMap(({ databaseName, password }) => [databaseName, password.reveal()])).size).toBe(400);
  });

  it("are hashed as the server hashes them", () => {
    // SELECT PASSWORD('password') in any MariaDB or MySQL 5.
    expect(nativePasswordHash(new Secret("password"))).toBe("*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19");
  });
});

describe("an idempotency key", () => {
  it("makes the same of the same input, whatever the order of its fields", () => {
    const one = idempotencyOf("createTenant", { idempotencyKey: "k", slug: "a", labels: [{ key: "x", value: "y" }] });
    const two = idempotencyOf("createTenant", {
      labels: [{ value: "y", key: "x" }],
      slug: "a",
      idempotencyKey: "k",
      seed: undefined,
    });
    expect(one).toEqual(two);
    expect(one?.inputHash).toBe(
      createHash("sha256").update('{"labels":[{"key":"x","value":"y"}],"slug":"a"}').digest("hex"),
    );
  });

  it("tells inputs apart, whatever they hold", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    const hash = (slug: string) => idempotencyOf("createTenant", { idempotencyKey: "k", slug })?.inputHash;
    expect(hash("a")).not.toBe(hash("b"));
  });

  it.each(["", "x".repeat(201), "a\nb"])("may not be %j", (idempotencyKey) => {
    expect(refusalOf(() => idempotencyOf("createTenant", { idempotencyKey }))).toMatchObject({
      code: "INVALID",
      field: ["input", "idempotencyKey"],
    });
  });
});
