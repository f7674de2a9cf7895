import { type DestinationStream, destination, type Logger as PinoInstance, pino } from "pino";
import { prettyFactory } from "pino-pretty";
import type { Logger } from "./logger.ts";

/** Fields whose values never reach a log, at the top of an event's data and one level down. */
const hidden = ["password", "secret", "token", "apiKey", "adminKey", "encryptionKey", "authorization", "cookie"];

/** How a logger writes. */
export interface LogStyle {
  readonly level: "debug" | "info" | "warn" | "error" | "silent";
  readonly format: "json" | "pretty";
  /** Where lines go; the standard error stream when absent, so that standard output is for what people are told. */
  readonly stream?: DestinationStream;
}

/** Logs through pino: a JSON object per line, or readable lines. Credentials in known fields, in URLs and in statements are taken out. */
export function pinoLogger(style: LogStyle): Logger {
  const stream = style.stream ?? destination({ fd: 2, sync: true });
  const readable = prettyFactory({ messageKey: "event", translateTime: "HH:MM:ss.l" });
  const shown = (line: string) => (style.format === "pretty" ? readable(line) : line);
  return adapt(
    pino(
      {
        level: style.level,
        base: null,
        formatters: { level: (level) => ({ level }) },
        timestamp: () => `,"time":"${new Date().toISOString()}"`,
        messageKey: "event",
        redact: { paths: hidden.flatMap((name) => [name, `*.${name}`]), censor: "[secret]" },
        serializers: { err: loggedError },
      },
      { write: (line: string) => stream.write(shown(withoutPasswords(line))) },
    ),
  );
}

function adapt(to: PinoInstance): Logger {
  return {
    debug: (data, event) => to.debug(data, event),
    info: (data, event) => to.info(data, event),
    warn: (data, event) => to.warn(data, event),
    error: (data, event) => to.error(data, event),
    child: (bindings) => adapt(to.child(bindings)),
  };
}

/** Not pino's own serializer: it copies every field, and drivers keep statements with their values in theirs. */
function loggedError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { code, errno } = { code: undefined, errno: undefined, ...error };
  const stack = withoutValues(error.stack ?? "");
  const cause = error.cause === undefined ? undefined : loggedError(error.cause);
  return { type: error.name, code, errno, message: withoutValues(error.message), stack, cause };
}

/** The query builder's errors end in `params: …`, which are the values. */
function withoutValues(text: string): string {
  return text.replace(/\nparams: [\s\S]*?(?=\n {4}at |$)/, "\nparams: [secret]");
}

/** `scheme://user:password@` anywhere in a line. */
function withoutPasswords(line: string): string {
  return line.replace(/([a-z][a-z0-9+]*:\/\/[^\s:/@"]*):[^\s@"]*@/gi, "$1:[secret]@");
}
