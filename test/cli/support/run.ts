import { runCommandLine } from "../../../src/cli/run-command-line.ts";
import type { Surroundings } from "../../../src/cli/surroundings.ts";
import { Secret } from "../../../src/kit/secret.ts";
import { ManualClock, settle } from "../../jobs/manual-clock.ts";
import { FakeTerminal } from "./fake-terminal.ts";

/** How a command ended, and what it said. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Surroundings without a service: nothing listens at their address. */
export function surroundings(terminal: FakeTerminal, more: Partial<Surroundings> = {}): Surroundings {
  return {
    terminal,
    env: { TENANTRY_URL: "http://127.0.0.1:1", TENANTRY_API_KEY: "key-of-nobody-at-all" },
    envFile: {},
    version: "1.2.3",
    clock: new ManualClock(),
    newKey: () => "a-key",
    random: () => 0,
    readFile: () => undefined,
    dataDirKey: async () => new Secret("key-of-the-data-directory"),
    serve: async () => 0,
    ...more,
  };
}

/** Runs a command in this process. */
export async function run(args: readonly string[], more: Partial<Surroundings> = {}): Promise<Ended> {
  const terminal = new FakeTerminal();
  const code = await runCommandLine(args, surroundings(terminal, more));
  await settle();
  return { code, stdout: terminal.stdout.text, stderr: terminal.stderr.text };
}
