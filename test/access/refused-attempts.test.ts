import { expect, it } from "vitest";
import type { AuditNote } from "../../src/access/audit.ts";
import { RefusedAttempts } from "../../src/access/refused-attempts.ts";
import { ManualClock } from "../jobs/manual-clock.ts";
import { anActor, anOrigin } from "../support/builders.ts";

function opened() {
  const clock = new ManualClock();
  const written: AuditNote[] = [];
  const attempts = new RefusedAttempts({ append: async (note) => void written.push(note) }, clock);
  const by = (name: string) => anOrigin({ actor: anActor({ name }) });
  const [mallory, alice] = [by("mallory"), by("alice")];
  const usual = { origin: mallory, action: "deleteTenant", result: "CONFIRMATION_REQUIRED", note: "No." };
  const tryOften = async (count: number, other: Partial<AuditNote> = {}) => {
    for (let n = 0; n < count; n += 1) await attempts.note({ ...usual, ...other });
  };
  return { clock, written, tryOften, alice };
}

it("writes each refused attempt down while they are few", async () => {
  const { written, tryOften } = opened();
  await tryOften(19);
  expect(written).toHaveLength(19);
  expect(new Set(written.map(({ note }) => note))).toEqual(new Set(["No."]));
});

it("does not let one who tries in a loop fill the log, and hides nothing else behind it", async () => {
  const { written, tryOften, alice } = opened();
  await tryOften(5_000);
  expect(written).toHaveLength(20);
  expect(written.at(-1)?.note).toBe("No. Further ones of this minute are only counted.");
  for (const other of [{ origin: alice }, { action: "revealTenantConnection" }, { result: "FORBIDDEN" }]) {
    await tryOften(1, other);
    expect(written.at(-1)).toMatchObject({ ...other, note: "No." });
  }
});

it("says with the next one how many were left out", async () => {
  const { clock, written, tryOften } = opened();
  await tryOften(100);
  await clock.advance(60_000);
  await tryOften(2);
  expect(written.slice(20).map(({ note }) => note)).toEqual([
    "No. Before it 80 more were refused that are not written down.",
    "No.",
  ]);
});
