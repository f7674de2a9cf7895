import { describe, expect, it } from "vitest";
import { Secret } from "../../../src/kit/secret.ts";
import { toServerTrouble } from "../../../src/mysql/pools/classify-error.ts";
import { quoteAccount, quoteName, quoteObservedName, UnsafeIdentifier } from "../../../src/mysql/pools/identifiers.ts";
import { parseServerUrl } from "../../../src/mysql/pools/server-endpoint.ts";

describe("an error of a server", () => {
  it.each([
    [1045, "WRONG_CREDENTIALS", false],
    [4151, "ACCOUNT_LOCKED", false],
    [3118, "ACCOUNT_LOCKED", false],
    [1044, "DATABASE_DENIED", false],
    [1049, "UNKNOWN_DATABASE", false],
    [1040, "UNREACHABLE", true],
    [1129, "UNREACHABLE", true],
    [1053, "UNREACHABLE", true],
    [1226, "TOO_MANY_CONNECTIONS", true],
    [1142, "ACCESS_DENIED", false],
    [1290, "READ_ONLY", true],
    [1021, "DISK_FULL", true],
    [1205, "LOCK_TIMEOUT", true],
    [1213, "DEADLOCK", true],
    [1064, "QUERY_FAILED", false],
  ])("%i means %s", (errno, code, retryable) => {
    expect(toServerTrouble({ errno, code: "misleading" }, "logging in")).toMatchObject({ code, retryable, errno });
  });

  it.each([
    [{ errno: -111, code: "ECONNREFUSED" }],
    [{ code: "PROTOCOL_CONNECTION_LOST" }],
    [undefined],
  ])("without an answer of the server is UNREACHABLE: %j", (error) => {
    const trouble = toServerTrouble(error, "logging in");
    expect(trouble).toMatchObject({ code: "UNREACHABLE", retryable: true });
    expect(trouble.errno).toBeUndefined();
  });

  it("keeps no statement for the log, and says nothing of it", () => {
    const error = Object.assign(new TypeError("refused"), { errno: 1064, sql: "SET PASSWORD = 'hunter2'" });
    const trouble = toServerTrouble(error, "running a statement");
    expect(trouble.cause).toBe(error);
    expect(JSON.stringify([trouble.message, trouble.cause])).not.toContain("hunter2");
  });
});

describe("a name in SQL", () => {
  it("is one that we made or know", () => {
    expect(quoteName("tntabc123")).toBe("`tntabc123`");
    expect(quoteName("scratchabc123")).toBe("`scratchabc123`");
    expect(quoteName("tenantry_journal")).toBe("`tenantry_journal`");
    expect(quoteAccount("tntabc123")).toBe("'tntabc123'@'%'");
  });

  it.each([
    "",
    "shop",
    "tnt",
    "tntABCDEF",
    "tntabc`def",
    "tntabc_def",
    "tntabc%def",
    "tntabcdef\n",
    `tnt${"a".repeat(28)}`,
  ])("is never %j", (name) => {
    expect(() => quoteName(name)).toThrow(UnsafeIdentifier);
    expect(() => quoteAccount(name)).toThrow(UnsafeIdentifier);
  });

  it("that the server told us stays one name", () => {
    expect(quoteObservedName("a`; DROP")).toBe("`a``; DROP`");
  });
});

describe("a server's URL", () => {
  it("says where it is, who the admin is, and whether TLS is used", () => {
    expect(parseServerUrl(new Secret("mysql://ad%40min:p%3Aw@[::1]"))).toMatchObject({
      host: "::1",
      port: 3306,
      user: "ad@min",
      tls: "DISABLED",
    });
    const verified = parseServerUrl(new Secret("mysql://a:b@db.example:3307/?ssl-mode=verify_identity"));
    expect(verified).toMatchObject({ host: "db.example", port: 3307, tls: "VERIFY_IDENTITY" });
  });

  it.each([
    "",
    "db.example:3306",
    "http://a:b@c",
    "mysql://db.example",
    "mysql://a:b@c?ssl-mode=maybe",
    "mysql://a:b@c?ssl-ca=/nowhere",
  ])("is refused without repeating it: %j", (url) => {
    expect(() => parseServerUrl(new Secret(url))).toThrow(/^(A server's URL must|ssl-mode must|The file that ssl-ca)/);
  });
});
