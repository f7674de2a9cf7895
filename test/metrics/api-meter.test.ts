import { expect, it } from "vitest";
import { ApiMeter } from "../../src/metrics/api-meter.ts";
import { ManualClock } from "../jobs/manual-clock.ts";

function meter() {
  const clock = new ManualClock();
  return { clock, meter: new ApiMeter(clock) };
}

it("shows nothing of what was never asked", () => {
  const { meter: api } = meter();
  expect(api.metrics()).toEqual({
    requestsPerSecond: 0,
    errorsPerSecond: 0,
    latency: undefined,
    activeSubscriptions: 0,
  });
});

it("takes rates over the last ten seconds, and forgets what came before them", async () => {
  const { clock, meter: api } = meter();
  await clock.advance(10_000);
  for (let n = 0; n < 20; n += 1) api.answered({ ms: 5, failed: n < 5 });
  await clock.advance(1_000);
  expect(api.metrics()).toMatchObject({ requestsPerSecond: 2, errorsPerSecond: 0.5 });
  await clock.advance(9_000);
  expect(api.metrics()).toMatchObject({ requestsPerSecond: 0, errorsPerSecond: 0 });
  expect([api.requestsTotal, api.errorsTotal]).toEqual([20, 5]);
});

it("does not divide the first requests by seconds that were not lived yet", async () => {
  const { clock, meter: api } = meter();
  await clock.advance(2_000);
  for (let n = 0; n < 6; n += 1) api.answered({ ms: 1, failed: false });
  expect(api.metrics().requestsPerSecond).toBe(3);
});

it("shows how long answers took for at least thirty seconds, and for a minute at most", async () => {
  const { clock, meter: api } = meter();
  await clock.advance(1_000);
  api.answered({ ms: 40, failed: false });
  await clock.advance(29_999);
  expect(api.metrics().latency).toMatchObject({ count: 1, max: expect.closeTo(40, 0) });
  await clock.advance(30_001);
  expect(api.metrics().latency).toBeUndefined();
  api.answered({ ms: 10, failed: false });
  await clock.advance(120_000);
  expect(api.metrics().latency).toBeUndefined();
});

it("counts subscriptions until their end, each end once", () => {
  const { meter: api } = meter();
  const [one, other] = [api.subscribed(), api.subscribed()];
  one(false);
  one(true);
  expect(api.metrics()).toMatchObject({ activeSubscriptions: 1, errorsPerSecond: 0 });
  other(true);
  expect(api.metrics()).toMatchObject({ activeSubscriptions: 0, errorsPerSecond: 1, latency: undefined });
});
