import { describe, expect, it } from "vitest";
import { QueueTimeout } from "../../src/kit/concurrency.ts";
import { DomainError } from "../../src/kit/domain-error.ts";
import type { Logger } from "../../src/kit/logger.ts";
import { Loop } from "../../src/kit/loop.ts";
import { Outage } from "../../src/kit/outage.ts";
import { ManualClock, settle } from "../jobs/manual-clock.ts";

class Away extends DomainError {
  readonly code = "AWAY";
  override readonly retryable = true;
}

const isAway = (error: unknown) => error instanceof Away;

/** Other trouble with the same code. */
class Elsewhere extends DomainError {
  readonly code = "AWAY";
  override readonly retryable = true;
}

/** Keeps lines above the level of debugging. */
function recording() {
  const lines: { readonly level: string; readonly event: string; readonly data: object }[] = [];
  const at = (level: string, bindings: object) => (data: object, event: string) =>
    void lines.push({ level, event, data: { ...bindings, ...data } });
  const logger = (bindings: object): Logger => ({
    debug: () => undefined,
    info: at("info", bindings),
    warn: at("warn", bindings),
    error: at("error", bindings),
    child: (more) => logger({ ...bindings, ...more }),
  });
  return { lines, logger: logger({}) };
}

describe("an outage", () => {
  it("is a line when it begins, one a minute while it lasts, and one when it is over, however many meet it", async () => {
    const clock = new ManualClock();
    const { lines, logger } = recording();
    const outage = new Outage("registry", isAway, clock, logger);
    let away = true;
    const loops = Array.from({ length: 7 }, (_, n) => {
      const turn = async () => {
        if (away) throw new Away("It is away.");
      };
      return new Loop(`loop ${n}`, turn, () => 1_000, clock, outage.logger.child({ n }));
    });
    for (const loop of loops) loop.start();
    await settle();
    for (let second = 0; second < 150; second += 1) await clock.advance(1_000);
    expect(lines.map(({ level, event }) => `${level}: ${event}`)).toEqual([
      "warn: registry does not answer",
      "warn: registry still does not answer",
      "warn: registry still does not answer",
    ]);
    expect(lines[0]?.data).toMatchObject({ n: 0, loop: "loop 0", met: "loop turn failed", err: { code: "AWAY" } });
    outage.answered();
    expect(lines).toHaveLength(3);
    away = false;
    await clock.advance(1_000);
    outage.answered();
    outage.answered();
    expect(lines.slice(3)).toMatchObject([{ level: "info", event: "registry answers again", data: { ms: 151_000 } }]);
    away = true;
    await clock.advance(1_000);
    expect(lines.at(-1)?.event).toBe("registry does not answer");
    for (const loop of loops) await loop.stop();
  });

  it("leaves every other line as it is, and answers without an outage are none", () => {
    const { lines, logger } = recording();
    const outage = new Outage("registry", isAway, new ManualClock(), logger);
    outage.answered();
    outage.logger.warn({ err: new QueueTimeout("busy") }, "busy");
    outage.logger.error({ err: new Away("gone") }, "request failed");
    outage.logger.warn({ err: new Elsewhere("other keys are away") }, "elsewhere");
    outage.logger.info({ code: "AWAY" }, "said");
    expect(lines.map(({ level, event }) => `${level}: ${event}`)).toEqual([
      "warn: busy",
      "error: request failed",
      "warn: elsewhere",
      "info: said",
    ]);
  });
});
