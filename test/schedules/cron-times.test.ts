import { expect, it } from "vitest";
import { CronTimes } from "../../src/schedules/cron-times.ts";

const winter = new Date("2026-01-10T12:00:00Z");

function times(cron: string, timeZone: string, after: Date, count: number): readonly string[] {
  const cronTimes = CronTimes.of({ cron, timeZone });
  const found: Date[] = [];
  for (let at = cronTimes.next(after); at && found.length < count; at = cronTimes.next(at)) found.push(at);
  return found.map((at) => at.toISOString());
}

it.each([
  ["every day at three", "0 3 * * *", ["2026-01-11T03:00:00.000Z", "2026-01-12T03:00:00.000Z"]],
  ["every Sunday", "0 4 * * 0", ["2026-01-11T04:00:00.000Z", "2026-01-18T04:00:00.000Z"]],
  ["the first of each month", "30 5 1 * *", ["2026-02-01T05:30:00.000Z", "2026-03-01T05:30:00.000Z"]],
])("knows %s", (_what, cron, expected) => {
  expect(times(cron, "UTC", winter, 2)).toEqual(expected);
});

it("falls due at the same time of day in summer and in winter", () => {
  const before = new Date("2026-10-24T12:00:00Z");
  expect(times("0 3 * * *", "Europe/Berlin", before, 2)).toEqual([
    "2026-10-25T02:00:00.000Z",
    "2026-10-26T02:00:00.000Z",
  ]);
  expect(times("0 3 * * *", "Europe/Berlin", new Date("2026-06-01T12:00:00Z"), 1)).toEqual([
    "2026-06-02T01:00:00.000Z",
  ]);
});

it("falls due once where the clock skips the time of day, and once where it comes twice", () => {
  expect(times("30 2 * * *", "Europe/Berlin", new Date("2026-03-28T12:00:00Z"), 2)).toEqual([
    "2026-03-29T01:00:00.000Z",
    "2026-03-30T00:30:00.000Z",
  ]);
  expect(times("30 2 * * *", "Europe/Berlin", new Date("2026-10-24T12:00:00Z"), 2)).toEqual([
    "2026-10-25T00:30:00.000Z",
    "2026-10-26T01:30:00.000Z",
  ]);
});

it("lists what fell due since, the last one always, however many there were", () => {
  const minutely = CronTimes.of({ cron: "* * * * *", timeZone: "UTC" });
  const first = new Date("2026-01-01T00:00:00Z");
  expect(minutely.due(first, new Date("2026-01-01T00:02:30Z")).map((at) => at.getUTCMinutes())).toEqual([0, 1, 2]);
  const year = minutely.due(first, new Date("2027-01-01T00:00:00Z"));
  expect(year.length).toBeLessThanOrEqual(1_001);
  expect(year.at(-1)).toEqual(new Date("2027-01-01T00:00:00Z"));
});

it.each([
  "",
  "daily",
  "* * * *",
  "* * * * * *",
  "60 * * * *",
  "0 3 * * * 2026",
  "0 3 * * ä",
  "0 0 30 2 *",
  "* ".repeat(60),
])("refuses %j", (cron) => {
  expect(() => CronTimes.parse({ cron, timeZone: "UTC" }, winter, ["input"])).toThrow(
    expect.objectContaining({ code: "INVALID", field: ["input", "cron"] }),
  );
});

it.each(["Europe/Nowhere", "", "+01:00", "Berlin time"])("refuses the time zone %j", (timeZone) => {
  expect(() => CronTimes.parse({ cron: "0 3 * * *", timeZone }, winter, ["input"])).toThrow(
    expect.objectContaining({ code: "INVALID", field: ["input", "timeZone"] }),
  );
});
