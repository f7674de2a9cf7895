import { describe, expect, it } from "vitest";
import { ConfigInvalid, parseConfig } from "../src/config.ts";

const places = { workingDir: "/home/me", packageRoot: "/opt/tenantry" };
const key = Buffer.alloc(32, 7).toString("base64");

function complaintsOf(env: Record<string, string>): readonly string[] {
  try {
    parseConfig(env, places);
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.complaints;
    throw error;
  }
  return [];
}

describe("the configuration", () => {
  it("is usable with nothing set", () => {
    const config = parseConfig({}, places);
    expect(config).toMatchObject({
      port: 4000,
      host: "127.0.0.1",
      dataDir: "/home/me/.tenantry",
      tenantMigrations: "/opt/tenantry/drizzle/tenant",
      rateLimit: 2000,
      provisionStreams: 3,
      ratingBands: { excellent: 25, good: 50, fair: 100, slow: 500 },
      registryUrl: undefined,
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it("takes given paths from the working directory, and an empty text as absent", () => {
    const config = parseConfig({ TENANTRY_DATA_DIR: "data", TENANTRY_TENANT_MIGRATIONS: "../sql", PORT: " " }, places);
    expect(config.dataDir).toBe("/home/me/data");
    expect(config.tenantMigrations).toBe("/home/sql");
    expect(config.port).toBe(4000);
  });

  it("complains of everything at once, and shows no text that may be a secret", () => {
    const complaints = complaintsOf({
      PORT: "70000",
      LOG_LEVEL: "loud",
      TENANTRY_REGISTRY_URL: "mysql://root:hunter2@db:3306",
      TENANTRY_ENCRYPTION_KEY: "hunter2",
      TENANTRY_RATING_BANDS: "25,20,100,500",
    });
    expect(complaints).toEqual([
      "PORT must be at most 65535.",
      "TENANTRY_REGISTRY_URL must look like mysql://user:password@host:3306/database.",
      expect.stringMatching(/^TENANTRY_ENCRYPTION_KEY must be base64 of 32 bytes/),
      "TENANTRY_RATING_BANDS must be rising.",
      "LOG_LEVEL must be one of debug, info, warn, error, silent.",
    ]);
    expect(complaints.join()).not.toContain("hunter2");
  });

  it("takes tokens as a whole or not at all, and never without a public key", () => {
    const tokens = {
      TENANTRY_JWT_JWKS_URL: "https://issuer.example/jwks",
      TENANTRY_JWT_ISSUER: "https://issuer.example",
      TENANTRY_JWT_AUDIENCE: "tenantry",
    };
    const config = parseConfig({ ...tokens, TENANTRY_JWT_ROLES: "ops=OPERATOR, boss=ADMIN" }, places);
    expect(config).toMatchObject({ jwtRoleClaim: "roles", jwtAlgorithms: ["RS256", "PS256", "ES256", "EdDSA"] });
    expect([...config.jwtRoles]).toEqual([
      ["ops", "OPERATOR"],
      ["boss", "ADMIN"],
    ]);
    expect(parseConfig({}, places).jwtRoles.get("ADMIN")).toBe("ADMIN");
    for (const [missing] of Object.entries(tokens)) {
      const complaint = `${missing} is required with the other settings of tokens (TENANTRY_JWT_…).`;
      expect(complaintsOf({ ...tokens, [missing]: "" })).toEqual([complaint]);
    }
    expect(complaintsOf({ TENANTRY_JWT_ROLE_CLAIM: "role" })).toHaveLength(3);
    for (const [name, text] of [
      ["TENANTRY_JWT_ALGORITHMS", "none"],
      ["TENANTRY_JWT_ALGORITHMS", "RS256,HS256"],
      ["TENANTRY_JWT_ROLES", "ops=ROOT"],
      ["TENANTRY_JWT_ROLES", "ops"],
      ["TENANTRY_JWT_JWKS_URL", "http://issuer.example/jwks"],
      ["TENANTRY_JWT_JWKS_URL", "file:///etc/passwd"],
    ] as const) {
      expect(complaintsOf({ ...tokens, [name]: text })).toEqual([expect.stringContaining(name)]);
    }
    for (const host of ["127.0.0.1", "localhost", "[::1]"]) {
      expect(complaintsOf({ ...tokens, TENANTRY_JWT_JWKS_URL: `http://${host}:8080/jwks` })).toEqual([]);
    }
  });

  it("requires an encryption key with a registry of one's own", () => {
    const env = { TENANTRY_REGISTRY_URL: "mysql://root:secret@db:3306/tenantry" };
    expect(complaintsOf(env)).toEqual([expect.stringMatching(/^TENANTRY_ENCRYPTION_KEY is required/)]);
    expect(complaintsOf({ ...env, TENANTRY_ENCRYPTION_KEY: `${key},${key}` })).toEqual([]);
  });

  it("takes manifests of trusted documents from the working directory, and requires one where nothing else is run", () => {
    const env = { TENANTRY_TRUSTED_DOCUMENTS: "app.json, /etc/other.json", TENANTRY_TRUSTED_DOCUMENTS_ONLY: "true" };
    expect(parseConfig(env, places)).toMatchObject({
      trustedDocuments: ["/home/me/app.json", "/etc/other.json"],
      trustedDocumentsOnly: true,
    });
    expect(complaintsOf({ TENANTRY_TRUSTED_DOCUMENTS_ONLY: "true" })).toEqual([
      "TENANTRY_TRUSTED_DOCUMENTS is required with TENANTRY_TRUSTED_DOCUMENTS_ONLY.",
    ]);
  });

  it.each([
    ["PORT", "-1"],
    ["TENANTRY_TRUSTED_DOCUMENTS", "a.json,,b.json"],
    ["TENANTRY_TRUSTED_DOCUMENTS_ONLY", "yes"],
    ["PORT", "4e3"],
    ["TENANTRY_ADMIN_KEY", "short"],
    ["TENANTRY_ADMIN_KEY", "with a space in it, and long"],
    ["TENANTRY_SERVER_URL", "postgres://a:b@c"],
    ["TENANTRY_SERVER_URL", "not an address"],
    ["TENANTRY_CORS_ORIGINS", "https://a.example/path"],
    ["TENANTRY_URL", "ftp://a"],
    ["TENANTRY_ENCRYPTION_KEY", `${key},`],
    ["TENANTRY_RETENTION_DAYS", "0"],
  ])("refuses %s=%s", (name, value) => {
    expect(complaintsOf({ [name]: value })).toEqual([expect.stringContaining(`${name} must`)]);
  });

  it("hides what is secret, and gives it out on demand", () => {
    const config = parseConfig(
      { TENANTRY_ENCRYPTION_KEY: `${key}, ${key}`, TENANTRY_SERVER_URL: "mysql://a:b@c" },
      places,
    );
    expect(JSON.stringify(config)).not.toContain(key);
    expect(config.encryptionKeys?.map((secret) => secret.reveal())).toEqual([key, key]);
    expect(config.serverUrl?.reveal()).toBe("mysql://a:b@c");
  });

  it("names what has our prefix and means nothing", () => {
    expect(parseConfig({ TENANTRY_REGISTRY: "x", PATH: "/bin" }, places).unknownNames).toEqual(["TENANTRY_REGISTRY"]);
  });
});
