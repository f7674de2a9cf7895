import { resolve } from "node:path";
import { z } from "zod";
import { settings } from "./config/settings.ts";
import { type SettingInfo, settingInfo } from "./kit/setting.ts";
import { StartRefused } from "./kit/start-refused.ts";

const table = z.object(settings);

/** What each setting is called and means, in the order of the table. */
export function describeSettings(): readonly SettingInfo[] {
  return Object.values(settings).map(settingInfo);
}

/** The configuration: every setting by its key, paths made absolute. */
export type Config = Readonly<Omit<z.output<typeof table>, "tenantMigrations">> & {
  readonly tenantMigrations: string;
  /** Names with our prefix that mean nothing: likely misspelt. */
  readonly unknownNames: readonly string[];
};

/** What is wrong with the configuration: a complaint per line, each with the variable's name, never with its text. */
export class ConfigInvalid extends StartRefused {
  constructor(readonly complaints: readonly string[]) {
    super(`The configuration is not usable:\n${complaints.map((complaint) => `  ${complaint}`).join("\n")}`);
  }
}

/** Where relative paths start. */
export interface Places {
  /** For paths that were given. */
  readonly workingDir: string;
  /** For paths that were not: the folder of package.json. */
  readonly packageRoot: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the whole configuration, frozen. @throws ConfigInvalid with all complaints at once */
export function parseConfig(env: Environment, places: Places): Config {
  const infos = Object.entries(settings).map(([key, schema]) => ({ key, name: settingInfo(schema).name }));
  const texts = Object.fromEntries(infos.map(({ key, name }) => [key, given(env, name)]));
  const read = table.safeParse(texts);
  const complaints = (read.error?.issues ?? []).map(({ path, message }) => {
    return `${infos.find(({ key }) => key === path[0])?.name} ${message}.`;
  });
  if (texts.registryUrl !== undefined && texts.encryptionKeys === undefined) {
    const hint = "make one, and keep it: openssl rand -base64 32";
    complaints.push(`TENANTRY_ENCRYPTION_KEY is required with TENANTRY_REGISTRY_URL (${hint}).`);
  }
  if (texts.trustedDocumentsOnly === "true" && texts.trustedDocuments === undefined)
    complaints.push("TENANTRY_TRUSTED_DOCUMENTS is required with TENANTRY_TRUSTED_DOCUMENTS_ONLY.");
  complaints.push(...halfConfiguredTokens(texts));
  if (!read.success || complaints.length > 0) throw new ConfigInvalid(complaints);
  const { dataDir, tenantMigrations, trustedDocuments, ...rest } = read.data;
  const known = new Set(infos.map(({ name }) => name));
  return Object.freeze({
    ...rest,
    dataDir: resolve(places.workingDir, dataDir),
    trustedDocuments: trustedDocuments?.map((path) => resolve(places.workingDir, path)),
    tenantMigrations: tenantMigrations
      ? resolve(places.workingDir, tenantMigrations)
      : resolve(places.packageRoot, settingInfo(settings.tenantMigrations).fallback),
    unknownNames: Object.keys(env).filter((name) => name.startsWith("TENANTRY_") && !known.has(name)),
  });
}

/** Tokens are trusted as a whole or not at all: without one of the three, anybody's would do. */
function halfConfiguredTokens(texts: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { jwtJwksUrl, jwtIssuer, jwtAudience, jwtRoleClaim, jwtRoles, jwtAlgorithms } = texts;
  const needed = {
    TENANTRY_JWT_JWKS_URL: jwtJwksUrl,
    TENANTRY_JWT_ISSUER: jwtIssuer,
    TENANTRY_JWT_AUDIENCE: jwtAudience,
  };
  const isMeant = [...Object.values(needed), jwtRoleClaim, jwtRoles, jwtAlgorithms].some((text) => text !== undefined);
  if (!isMeant) return [];
  const missing = Object.entries(needed).filter(([, text]) => text === undefined);
  return missing.map(([name]) => `${name} is required with the other settings of tokens (TENANTRY_JWT_…).`);
}

function given(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === "" ? undefined : value;
}
