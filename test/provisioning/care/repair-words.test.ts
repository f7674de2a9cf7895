import { expect, it } from "vitest";
import { mendedSentence, wellSentence } from "../../../src/provisioning/repair/repair-words.ts";

it("says of a dry run what would be repaired, and of a repair what was", () => {
  const planned = [{ outcome: "PLANNED" }, { outcome: "PLANNED" }, { outcome: "REPORTED" }] as const;
  expect(mendedSentence(planned, { dryRun: true })).toBe("2 of 3 findings would be repaired.");
  expect(mendedSentence([{ outcome: "REPAIRED" }], { dryRun: false })).toBe("1 of 1 finding was repaired.");
  expect(mendedSentence([{ outcome: "REPAIRED" }, { outcome: "REPORTED" }], { dryRun: false })).toBe(
    "1 of 2 findings were repaired.",
  );
});

it("counts one tenant as one", () => {
  expect([1, 2].map(wellSentence)).toEqual(["One tenant needs nothing.", "2 tenants need nothing."]);
});
