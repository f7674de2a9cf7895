import type { Clock } from "../kit/clock.ts";
import { ApiClient } from "./api/api-client.ts";
import { EventSocket } from "./api/event-socket.ts";
import { connectionSettings } from "./connection-settings.ts";
import { UsageFailure } from "./failure.ts";
import { paintFor, wantsColor } from "./output/paint.ts";
import { type Format, Printer } from "./output/printer.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Terminal } from "./terminal.ts";

/** Options that every command takes. */
export interface GlobalOptions {
  readonly url?: string;
  readonly keyFile?: string;
  readonly format?: Format;
  readonly json?: true;
  readonly color: boolean;
  readonly quiet?: true;
}

/** What one command works with. */
export interface Session {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly printer: Printer;
  /** Leave out progress. */
  readonly quiet: boolean;
  /** Colours for stderr. */
  readonly errorColor: boolean;
  /** The API over HTTP. @throws Failure without a key */
  api(): Promise<ApiClient>;
  /** The API over a WebSocket of its own; whoever takes it closes it. */
  socket(): Promise<EventSocket>;
  /** A new idempotency key. */
  newKey(): string;
  /** 0..1. */
  random(): number;
}

/** A printer as the options wish it. */
export function printerFor(options: Partial<GlobalOptions>, { terminal, env }: Surroundings): Printer {
  const { stdout, stderr } = terminal;
  const flag = options.color !== false;
  const format = options.json ? "json" : (options.format ?? "table");
  const out = { output: stdout, paint: paintFor(wantsColor(stdout, env, flag)) };
  return new Printer(format, out, { output: stderr, paint: paintFor(wantsColor(stderr, env, flag)) });
}

/** What a command works with, by its options. Nothing is read or sent before it is asked for. */
export function sessionFor(options: GlobalOptions, surroundings: Surroundings): Session {
  const { terminal, clock, env, newKey, random } = surroundings;
  let api: Promise<ApiClient> | undefined;
  const client = () => {
    api ??= connect(options, surroundings);
    return api;
  };
  return {
    terminal,
    clock,
    printer: printerFor(options, surroundings),
    quiet: options.quiet === true,
    errorColor: wantsColor(terminal.stderr, env, options.color),
    newKey,
    random,
    api: client,
    socket: async () => {
      const { url, key } = await client();
      return new EventSocket(url, key);
    },
  };
}

async function connect(options: GlobalOptions, surroundings: Surroundings): Promise<ApiClient> {
  const { env, envFile, clock } = surroundings;
  const key = options.keyFile === undefined ? undefined : surroundings.readFile(options.keyFile);
  if (options.keyFile !== undefined && !key?.trim()) {
    throw new UsageFailure(`The key file ${options.keyFile} cannot be read, or is empty.`);
  }
  const settings = connectionSettings({ url: options.url, key, env, envFile });
  const { dataDir } = settings;
  const secret = settings.key ?? (dataDir === undefined ? undefined : await surroundings.dataDirKey(dataDir));
  if (!secret) {
    const place = dataDir === undefined ? "" : ` (${dataDir}/admin.key is not there)`;
    throw new UsageFailure(`There is no API key${place}. Set TENANTRY_API_KEY, or name a file with --key-file.`);
  }
  return new ApiClient(settings.url, secret, clock);
}
