import { describe, expect, it } from "vitest";
import { pinoLogger } from "../../src/kit/pino-logger.ts";
import { Secret } from "../../src/kit/secret.ts";

function logged(format: "json" | "pretty" = "json") {
  const lines: string[] = [];
  const logger = pinoLogger({ level: "info", format, stream: { write: (line) => void lines.push(line) } });
  return { logger, lines };
}

describe("the log", () => {
  it("is a JSON object per event, with its name, level and time", () => {
    const { logger, lines } = logged();
    logger.child({ jobId: "j1" }).info({ ms: 12 }, "tenant provisioned");
    expect(JSON.parse(lines.join(""))).toEqual({
      level: "info",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      jobId: "j1",
      ms: 12,
      event: "tenant provisioned",
    });
  });

  it("leaves out what is less important than its level", () => {
    const { logger, lines } = logged();
    logger.debug({}, "detail");
    expect(lines).toEqual([]);
  });

  it.each(["json", "pretty"] as const)("shows no credential, wherever it stands (%s)", (format) => {
    const { logger, lines } = logged(format);
    const error = Object.assign(new TypeError("connect to mysql://root:hunter2@db:3306/x failed"), {
      sql: "INSERT INTO t VALUES ('hunter2')",
      cause: new TypeError("Failed query: insert into t values (?)\nparams: hunter2,7"),
    });
    logger.error(
      {
        err: error,
        password: "hunter2",
        account: { password: "hunter2" },
        headers: { authorization: "Bearer hunter2" },
        from: "redis://:hunter2@cache",
        key: new Secret("hunter2"),
      },
      "something failed",
    );
    const text = lines.join("");
    expect(text).not.toContain("hunter2");
    expect(text).toContain("mysql://root:[secret]@db:3306/x");
    expect(text).toContain("insert into t values (?)");
  });
});
