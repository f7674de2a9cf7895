import { describe, expect, it } from "vitest";
import { type ServerId, uuidv7Ids } from "../../src/kit/ids.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import type { BaselineSource, Folding } from "../../src/migrations/baseline.ts";
import { Baselines } from "../../src/migrations/baselines.ts";
import { folderOf } from "../../src/migrations/migration-folder.ts";
import { Latch } from "../http/support/latch.ts";

const serverId: ServerId = uuidv7Ids.next<"DatabaseServer">();
const stepwise: Folding = { kind: "STEPWISE", reason: "asked for" };
const patient = new AbortController().signal;

/** A folding that lasts until it is stopped, and then tidies up until it is let go. */
class SlowSource implements BaselineSource {
  readonly tidied = new Latch();
  readonly begun = new Latch();
  tidyingUp = false;

  async fold(_serverId: unknown, _folder: unknown, signal: AbortSignal): Promise<Folding> {
    this.begun.open();
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    this.tidyingUp = true;
    await this.tidied.opened;
    throw signal.reason;
  }
}

describe("the baselines of a folder", () => {
  it("are folded once for all who ask, and anew after a failure", async () => {
    const asked: string[] = [];
    const source: BaselineSource = {
      fold: async (id) => {
        asked.push(id);
        if (asked.length === 1) throw new TypeError("Once.");
        return stepwise;
      },
    };
    const baselines = new Baselines(folderOf([]), source, silentLogger);
    const both = await Promise.allSettled([baselines.of(serverId, patient), baselines.of(serverId, patient)]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await baselines.of(serverId, patient)).toBe(stepwise);
    expect(await baselines.of(serverId, patient)).toBe(stepwise);
    expect(asked).toHaveLength(2);
  });

  it("that are being folded when the service stops are waited for until they have tidied up", async () => {
    const source = new SlowSource();
    const baselines = new Baselines(folderOf([]), source, silentLogger);
    const waiting = expect(baselines.of(serverId, patient)).rejects.toMatchObject({ code: "FOLDING_STOPPED" });
    await source.begun.opened;
    let closed = false;
    const closing = baselines.close().then(() => {
      closed = true;
    });
    await waiting;
    expect([source.tidyingUp, closed]).toEqual([true, false]);
    source.tidied.open();
    await closing;
  });

  it("do not keep a stop waiting for a server that does not answer", async () => {
    const source = new SlowSource();
    const baselines = new Baselines(folderOf([]), source, silentLogger);
    const waiting = expect(baselines.of(serverId, patient)).rejects.toMatchObject({ code: "FOLDING_STOPPED" });
    await source.begun.opened;
    await baselines.close();
    await waiting;
    source.tidied.open();
  });
});
