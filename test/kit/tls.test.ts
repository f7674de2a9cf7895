import { expect, it } from "vitest";
import { sslOptions, tlsIn } from "../../src/kit/tls.ts";
import { connectionOptions } from "../../src/registry/database.ts";

const spoken = (query: string) => sslOptions(tlsIn(new URLSearchParams(query)));

it("uses no TLS where a URL does not ask for it", () => {
  expect(spoken("")).toBeUndefined();
  expect(spoken("ssl-mode=DISABLED")).toBeUndefined();
  expect(connectionOptions(new URL("mysql://a:b@c/d"))).not.toHaveProperty("ssl");
});

it("verifies as much as a URL asks for", () => {
  expect(spoken("ssl-mode=required")).toEqual({ rejectUnauthorized: false, verifyIdentity: false });
  expect(spoken("ssl-mode=VERIFY_CA")).toEqual({ rejectUnauthorized: true, verifyIdentity: false });
  expect(spoken("ssl-mode=VERIFY_IDENTITY")).toEqual({ rejectUnauthorized: true, verifyIdentity: true });
});

it("asks for it also on connections to the registry, and refuses what it does not understand", () => {
  const { ssl } = connectionOptions(new URL("mysql://a:b@c/d?ssl-mode=VERIFY_IDENTITY"));
  expect(ssl).toEqual({ rejectUnauthorized: true, verifyIdentity: true });
  expect(() => connectionOptions(new URL("mysql://a:b@c/d?ssl-mode=perhaps"))).toThrow("ssl-mode must be one of");
});
