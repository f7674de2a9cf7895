import { join } from "node:path";
import { type App, startApp } from "./app.ts";
import { type Config, parseConfig } from "./config.ts";
import { DomainError } from "./kit/domain-error.ts";
import { type Failpoints, parseFailpoints } from "./kit/failpoints.ts";
import type { Logger } from "./kit/logger.ts";
import { pinoLogger } from "./kit/pino-logger.ts";
import { StartRefused } from "./kit/start-refused.ts";

/** Whoever stops us waits ten seconds at most; what hangs is left to the recovery of the next start. */
const stopDeadlineMs = 9_500;

/** Where the service is started from, and with what. */
export interface Start {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of package.json. */
  readonly packageRoot: string;
}

/** Runs the service until a signal stops it. What keeps it from starting is said on stderr. @returns the exit code */
export async function serve(start: Start): Promise<number> {
  try {
    await run(start);
    return 0;
  } catch (error) {
    process.stderr.write(`tenantry: ${explain(error)}\n`);
    return 1;
  }
}

async function run({ env, packageRoot }: Start): Promise<void> {
  const config = parseConfig(env, { workingDir: process.cwd(), packageRoot });
  const logger = pinoLogger({ level: config.logLevel, format: logFormat(config) });
  if (config.unknownNames.length > 0) logger.warn({ names: config.unknownNames }, "unknown settings ignored");
  const stopping = stopOnSignal(logger);
  dieOfBugs(logger);
  const options = {
    packageRoot,
    logger,
    signal: stopping,
    failpoints: failpointsOf(config, env.TENANTRY_FAILPOINTS, logger),
  };
  const app = await startApp(config, options).catch((error: unknown) => {
    if (stopping.aborted) return undefined;
    throw error;
  });
  if (!app) return logger.info({}, "start was given up");
  process.stdout.write(announcement(app, config));
  logger.info({ url: app.url, pid: process.pid }, "service is ready");
  await aborted(AbortSignal.any([stopping, app.lost]));
  await app.stop();
  if (app.lost.aborted) throw app.lost.reason;
  logger.info({}, "service has stopped");
}

/** Points at which a test makes this process crash; they do not exist outside of tests. */
function failpointsOf(config: Config, text: string | undefined, logger: Logger): Failpoints | undefined {
  if (config.nodeEnv !== "test" || !text) return undefined;
  const reached = (failpoint: string) => logger.warn({ failpoint }, "failpoint reached");
  return parseFailpoints(text, () => process.kill(process.pid, "SIGKILL"), reached);
}

/** Aborts at the first SIGINT or SIGTERM. The second ends the process at once, and so does the deadline. */
function stopOnSignal(logger: Logger): AbortSignal {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(130);
    logger.info({ signal: name }, "service stops");
    controller.abort();
    setTimeout(() => {
      logger.error({ ms: stopDeadlineMs }, "service did not stop in time");
      process.exit(1);
    }, stopDeadlineMs).unref();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return controller.signal;
}

/** After an error that nobody expected the state is unknown; the next start recovers from what is written. */
function dieOfBugs(logger: Logger): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      logger.error({ err: error }, event === "uncaughtException" ? "uncaught exception" : "unhandled rejection");
      process.exit(1);
    });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function logFormat(config: Config): "json" | "pretty" {
  if (config.logFormat !== "auto") return config.logFormat;
  return process.stderr.isTTY ? "pretty" : "json";
}

function announcement(app: App, config: Config): string {
  const key = app.firstAdminKey
    ? [
        `  Admin key   ${app.firstAdminKey.reveal()}`,
        `              (shown this once; kept in ${join(config.dataDir, "admin.key")})`,
        // What stands behind the # is read by the page alone, and never sent.
        `  Sign in     ${app.url}/#key=${encodeURIComponent(app.firstAdminKey.reveal())}`,
      ]
    : [];
  return [
    "",
    "tenantry is ready.",
    "",
    `  API         ${app.url}/graphql  (HTTP and WebSocket, "Authorization: Bearer <key>")`,
    `  Playground  ${app.url}/graphql  (the same address, in a browser)`,
    `  Dashboard   ${app.url}/`,
    ...key,
    "",
    "Stop it with Ctrl-C.",
    "",
    "",
  ].join("\n");
}

/** What whoever starts the service can mend is said in a sentence; anything else is a bug, and needs its stack. */
function explain(error: unknown): string {
  if (error instanceof StartRefused || error instanceof DomainError) return error.message;
  if (isListenError(error)) {
    const hint = error.code === "EADDRINUSE" ? "Another program listens there. " : "";
    return `Cannot listen on ${error.address ?? "?"}:${error.port ?? "?"} (${error.code}). ${hint}Choose another PORT or HOST.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function isListenError(error: unknown): error is { code: string; address?: string; port?: number } {
  return error instanceof Error && "syscall" in error && error.syscall === "listen" && "code" in error;
}
