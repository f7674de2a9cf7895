import type { Clock } from "../kit/clock.ts";
import type { Secret } from "../kit/secret.ts";
import type { Terminal } from "./terminal.ts";

type Settings = Readonly<Record<string, string | undefined>>;

/** All that the command line takes from outside. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly env: Settings;
  /** The file `.env` in the working directory. */
  readonly envFile: Settings;
  readonly version: string;
  readonly clock: Clock;
  /** A new idempotency key. */
  newKey(): string;
  /** 0..1. */
  random(): number;
  /** Undefined for a file that cannot be read. */
  readFile(path: string): string | undefined;
  /** The key that a service on this machine keeps in its data directory. */
  dataDirKey(dataDir: string): Promise<Secret | undefined>;
  /** Runs the service. @returns its exit code */
  serve(): Promise<number>;
}
