import { Secret } from "../kit/secret.ts";
import { UsageFailure } from "./failure.ts";

type Settings = Readonly<Record<string, string | undefined>>;

/** What says where the service is, and with which key. */
export interface ConnectionSources {
  /** `--url`. */
  readonly url?: string | undefined;
  /** The content of the file that `--key-file` names. */
  readonly key?: string | undefined;
  readonly env: Settings;
  /** The file `.env` in the working directory. */
  readonly envFile: Settings;
}

export interface ConnectionSettings {
  /** Without a slash at its end. */
  readonly url: string;
  readonly key: Secret | undefined;
  /** Where a key lies, if no key is given; undefined when the service is not on this machine: its key is not for others. */
  readonly dataDir: string | undefined;
}

/**
 * Where the service is. Address and key are taken from `.env` together or not at all: a foreign folder must not say where
 * a key from the environment is sent to.
 * @throws UsageFailure
 */
export function connectionSettings({ url, key, env, envFile }: ConnectionSources): ConnectionSettings {
  const stated = [url, key, given(env, "TENANTRY_URL"), given(env, "TENANTRY_API_KEY")].some(Boolean);
  const connecting = stated ? env : envFile;
  const either = (name: string) => given(env, name) ?? given(envFile, name);
  const address = url ?? given(connecting, "TENANTRY_URL") ?? `http://127.0.0.1:${portOf(either("PORT"))}`;
  if (!URL.canParse(address) || !/^https?:\/\//.test(address)) {
    throw new UsageFailure(`The service's address must be an http:// or https:// address, not "${address}".`);
  }
  const secret = key?.trim() || given(connecting, "TENANTRY_API_KEY");
  if (secret !== undefined && !/^[!-~]+$/.test(secret)) {
    throw new UsageFailure("The API key must be printable characters without spaces.");
  }
  return {
    url: address.replace(/\/+$/, "").replace(/\/graphql$/, ""),
    key: secret === undefined ? undefined : new Secret(secret),
    dataDir: isHere(address) ? (either("TENANTRY_DATA_DIR") ?? ".tenantry") : undefined,
  };
}

/** The port of the service; a setting that it could not use itself is no reason to stop here. */
function portOf(text: string | undefined): string {
  return text !== undefined && /^[1-9]\d{0,4}$/.test(text) && Number(text) < 65_536 ? text : "4000";
}

function given(settings: Settings, name: string): string | undefined {
  return settings[name]?.trim() || undefined;
}

function isHere(address: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(address).hostname);
}
