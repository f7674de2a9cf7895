import { expect, it } from "vitest";
import type { AuditNote } from "../../src/access/audit.ts";
import { RefusedAttempts } from "../../src/access/refused-attempts.ts";
import { ManualClock } from "../jobs/manual-clock.ts";
import { anActor, anOrigin } from "../support/builders.ts";

const minute = 60_000;
const hour = 60 * minute;

function opened() {
  const clock = new ManualClock();
  const log = { written: [] as AuditNote[], away: false };
  const append = async (note: AuditNote) => {
    if (log.away) throw new Error("The registry is away.");
    log.written.push(note);
  };
  const attempts = new RefusedAttempts({ append }, clock);
  const by = (name: string) => anOrigin({ actor: anActor({ name }) });
  const [mallory, alice] = [by("mallory"), by("alice")];
  const usual = {
    origin: mallory,
    action: "deleteTenant",
    subject: "Tenant:a",
    result: "CONFIRMATION_REQUIRED",
    note: "No.",
  };
  const tryOften = async (count: number, other: Partial<AuditNote> = {}) => {
    for (let n = 0; n < count; n += 1) await attempts.note({ ...usual, ...other });
  };
  const after = async (ms: number) => {
    await clock.advance(ms);
    await attempts.runOnce();
  };
  /** What was written since it was asked last. */
  const news = () => log.written.splice(0);
  return { log, news, tryOften, after, alice, attempts };
}

function more(count: number): string {
  return `${count} more were refused that have no entry, this one last.`;
}

it("writes each refused attempt down while they are few", async () => {
  const { news, tryOften, after } = opened();
  for (let round = 0; round < 5; round += 1) {
    await tryOften(19);
    await after(minute);
    expect(news().map(({ note }) => note)).toEqual(Array.from({ length: 19 }, () => "No."));
  }
});

it("does not let one who tries in a loop fill the log, and hides nothing else behind it", async () => {
  const { news, tryOften, alice } = opened();
  await tryOften(5_000);
  const written = news();
  expect(written).toHaveLength(20);
  expect(written.at(-1)?.note).toBe("No. Further ones are only counted for a while.");
  const others = [
    { origin: alice },
    { action: "revealTenantConnection" },
    { result: "FORBIDDEN" },
    { subject: "Tenant:b" },
  ];
  for (const other of others) {
    await tryOften(1, other);
    expect(news()).toMatchObject([{ ...other, note: "No." }]);
  }
});

it("writes down how many were left out when the time is over, also when nobody tries again", async () => {
  const { news, tryOften, after } = opened();
  await tryOften(100);
  news();
  await after(minute - 1);
  expect(news()).toEqual([]);
  await after(1);
  const left = { action: "deleteTenant", subject: "Tenant:a", result: "CONFIRMATION_REQUIRED", note: more(80) };
  expect(news()).toMatchObject([left]);
  await after(hour);
  expect(news()).toEqual([]);
});

it("writes down what was left out before it ends", async () => {
  const { news, tryOften, attempts } = opened();
  await tryOften(21);
  news();
  await attempts.close();
  await attempts.close();
  expect(news()).toMatchObject([{ subject: "Tenant:a", note: more(1) }]);
});

it("writes ever less of a loop that does not end, and each one again after a pause", async () => {
  const { news, tryOften, after } = opened();
  for (const minutes of [1, 10, 60, 60]) {
    await tryOften(100);
    await after(minutes * minute - 1);
    expect(news()).toHaveLength(20);
    await after(1);
    expect(news()).toMatchObject([{ note: more(80) }]);
  }
  await tryOften(5);
  await after(hour);
  expect(news()).toHaveLength(5);
  for (let round = 0; round < 3; round += 1) {
    await tryOften(20);
    await after(minute);
    expect(news()).toHaveLength(20);
  }
});

it("writes the first attempt at each of many subjects down, but no endless row of them", async () => {
  const { news, tryOften, after } = opened();
  for (let n = 0; n < 10; n += 1) await tryOften(20, { subject: `Tenant:thrown-away-${n}` });
  const [first, few] = [news().length, 100];
  expect(first).toBeLessThan(few);
  await tryOften(2, { subject: "Tenant:b" });
  expect(news()).toMatchObject([{ subject: "Tenant:b", note: "No." }]);
  for (let n = 0; n < 5_000; n += 1) await tryOften(1, { subject: `Tenant:${n}` });
  expect(news().length).toBeLessThan(few);
  await after(minute);
  const left = news();
  expect(left).toContainEqual(expect.objectContaining({ subject: "Tenant:b", note: more(1) }));
  const counted = left.map(({ note }) => Number.parseInt(note ?? "", 10)).reduce((sum, count) => sum + count);
  expect(counted).toBeGreaterThan(4_900);
  expect(left.length).toBeLessThan(few);
});

it("says of what was tried beyond the subjects that it tells apart that they are others", async () => {
  const { news, tryOften, after } = opened();
  for (let n = 0; n < 60; n += 1) await tryOften(1, { subject: `Tenant:${n}` });
  expect(news()).toHaveLength(50);
  await after(minute);
  const [left, ...rest] = news();
  expect(left).toMatchObject({ action: "deleteTenant", note: `${more(10)} They were at further subjects.` });
  expect([left?.subject, rest]).toEqual([undefined, []]);
});

it("counts none as written that could not be, and loses no number to a registry that is away", async () => {
  const { log, news, tryOften, after } = opened();
  log.away = true;
  for (let n = 0; n < 30; n += 1) await expect(tryOften(1)).rejects.toThrow("away");
  log.away = false;
  await tryOften(30);
  expect(news()).toHaveLength(20);
  log.away = true;
  await expect(after(minute)).rejects.toThrow("away");
  log.away = false;
  await after(0);
  expect(news()).toMatchObject([{ note: more(10) }]);
});

it("remembers so many actors, and writes down what it counted of one before it forgets him", async () => {
  const { news, tryOften } = opened();
  await tryOften(25);
  news();
  for (let n = 0; n < 1_000; n += 1) await tryOften(1, { action: `action${n}` });
  expect(news().filter(({ action }) => action === "deleteTenant")).toMatchObject([{ note: more(5) }]);
});
