import { describe, expect, it } from "vitest";
import { connectionSettings } from "../../src/cli/connection-settings.ts";
import { UsageFailure } from "../../src/cli/failure.ts";

const key = "key-of-the-environment";

function settings(sources: Partial<Parameters<typeof connectionSettings>[0]>) {
  const read = connectionSettings({ env: {}, envFile: {}, ...sources });
  return { ...read, key: read.key?.reveal() };
}

describe("where the command line finds the service", () => {
  it("is this machine, with the key of the data directory, when nobody says anything", () => {
    expect(settings({})).toEqual({ url: "http://127.0.0.1:4000", key: undefined, dataDir: ".tenantry" });
  });

  it("is what the environment says, without slash and path", () => {
    const env = { TENANTRY_URL: "https://tenantry.example/graphql/", TENANTRY_API_KEY: ` ${key} ` };
    expect(settings({ env })).toEqual({ url: "https://tenantry.example", key, dataDir: undefined });
  });

  it("is what the options say before anything else", () => {
    const env = { TENANTRY_URL: "https://tenantry.example", TENANTRY_API_KEY: key };
    expect(settings({ env, url: "http://127.0.0.1:9", key: "key-of-a-file\n" })).toMatchObject({
      url: "http://127.0.0.1:9",
      key: "key-of-a-file",
    });
  });

  it("is what .env says to the service, and to the command line", () => {
    const envFile = { PORT: "5000", TENANTRY_DATA_DIR: "/data" };
    expect(settings({ envFile })).toMatchObject({ url: "http://127.0.0.1:5000", dataDir: "/data" });
    const both = { TENANTRY_URL: "https://tenantry.example", TENANTRY_API_KEY: key };
    expect(settings({ envFile: both })).toMatchObject({ url: "https://tenantry.example", key });
  });

  it.each(["0", "x", "99999"])("does not mind that the service could not listen on the port %s", (PORT) => {
    expect(settings({ env: { PORT } })).toMatchObject({ url: "http://127.0.0.1:4000" });
  });

  it("is never what a foreign .env says for a key of the environment, nor for the data directory's", () => {
    const envFile = { TENANTRY_URL: "https://elsewhere.example" };
    expect(settings({ envFile, env: { TENANTRY_API_KEY: key } })).toMatchObject({ url: "http://127.0.0.1:4000", key });
    expect(settings({ envFile })).toEqual({ url: "https://elsewhere.example", key: undefined, dataDir: undefined });
  });

  it.each(["localhost", "127.0.0.1", "127.8.9.1", "[::1]"])("has the data directory's key for %s", (host) => {
    expect(settings({ url: `http://${host}:4000` }).dataDir).toBe(".tenantry");
  });

  it.each(["tenantry.example", "ftp://127.0.0.1", "127.0.0.1:4000"])("is not %s", (url) => {
    expect(() => settings({ url })).toThrow(UsageFailure);
  });

  it("takes no key that a header cannot carry, and does not show it", () => {
    expect(() => settings({ key: "first line\nsecond line" })).toThrow(/printable characters/);
    expect(() => settings({ key: "first line\nsecond line" })).not.toThrow(/first/);
  });
});
