import { describe, expect, it } from "vitest";
import { StreamBroken } from "../../src/cli/api/stream-broken.ts";
import { type Feed, follow, type WorkEvent } from "../../src/cli/progress/follow.ts";
import { ManualClock, settle } from "../jobs/manual-clock.ts";
import { anEvent } from "./support/an-event.ts";

const lost = () => StreamBroken.by({ code: 1006 });

/** For each opening, what comes: that the service lets us in, milliseconds of silence, events, and what breaks it. */
type Script = readonly (readonly ("open" | number | WorkEvent | Error)[])[];

/** A feed that plays a script. */
class ScriptedFeed implements Feed<WorkEvent> {
  readonly opened: number[] = [];
  constructor(
    private readonly script: Script,
    private readonly clock: ManualClock,
  ) {}

  async *open(after: number, opened: () => void): AsyncGenerator<WorkEvent> {
    const steps = this.script[this.opened.length] ?? [lost()];
    this.opened.push(after);
    for (const step of steps) {
      if (step instanceof Error) throw step;
      if (step === "open") opened();
      else if (typeof step === "number") await this.clock.sleep(step);
      else yield step;
    }
  }
}

async function followed(script: Script, patienceMs = 60_000) {
  const clock = new ManualClock();
  const feed = new ScriptedFeed(script, clock);
  const seen: number[] = [];
  const waits: number[] = [];
  const tenacity = { clock, patienceMs, random: () => 1, lost: (_why: string, ms: number) => waits.push(ms) };
  let failure: unknown;
  let over = false;
  const done = (async () => {
    for await (const { sequence } of follow(feed, 0, tenacity)) seen.push(sequence);
  })()
    .catch((error: unknown) => {
      failure = error;
    })
    .finally(() => {
      over = true;
    });
  while (!over) {
    await settle();
    await clock.advance(1_000);
  }
  await done;
  return { seen, opened: feed.opened, waits, failure };
}

describe("following work", () => {
  it("ends with the final event", async () => {
    const { seen, opened } = await followed([[anEvent(1), anEvent(2, "SUCCEEDED"), anEvent(3)]]);
    expect(seen).toEqual([1, 2]);
    expect(opened).toEqual([0]);
  });

  it("goes on behind the last event after a loss, and shows none twice", async () => {
    const { seen, opened, failure } = await followed([
      [anEvent(1), anEvent(2), lost()],
      [lost()],
      [anEvent(2), anEvent(3)],
      [anEvent(4), anEvent(5, "FAILED")],
    ]);
    expect(failure).toBeUndefined();
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(opened).toEqual([0, 2, 2, 3]);
  });

  it("waits longer and longer, up to five seconds, and short again after an event", async () => {
    const silence = Array.from({ length: 7 }, () => [lost()]);
    const { waits } = await followed([...silence, [anEvent(1), lost()], [anEvent(2, "CANCELLED")]]);
    expect(waits).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000, 200]);
  });

  it("gives up when the service stays away, and says so", async () => {
    const { seen, failure } = await followed([[anEvent(1), lost()]], 10_000);
    expect(seen).toEqual([1]);
    expect(failure).toMatchObject({ exitCode: 3, message: expect.stringMatching(/did not come back within 10 s/) });
  });

  it("counts no silence of a service that is there as its absence", async () => {
    const { seen, failure } = await followed(
      [
        [anEvent(1), 60_000, lost()],
        ["open", 60_000, lost()],
        ["open", anEvent(2, "SUCCEEDED")],
      ],
      10_000,
    );
    expect(failure).toBeUndefined();
    expect(seen).toEqual([1, 2]);
  });

  it.each([
    ["a key that has ended", StreamBroken.by({ code: 4403 }), 3],
    ["work that is not there", StreamBroken.by([{ message: "No such job.", extensions: { code: "NOT_FOUND" } }]), 2],
  ])("does not come back for %s", async (_what, broken, exitCode) => {
    const { opened, failure } = await followed([[broken]]);
    expect(opened).toEqual([0]);
    expect(failure).toMatchObject({ exitCode });
  });

  it("comes back after trouble that passes", async () => {
    const trouble = StreamBroken.by([{ message: "Busy.", extensions: { code: "RATE_LIMITED", retryAfter: 1 } }]);
    expect(await followed([[trouble], [anEvent(1, "SUCCEEDED")]])).toMatchObject({ seen: [1] });
  });
});
