import type { DoneAtEntry } from "../jobs/job-entry.ts";

/** What of a provisioning needs no work any more when it is entered: the tenants that took a ready-made database. */
export function doneAtEntry(taken: number, total: number): DoneAtEntry | undefined {
  if (taken === 0) return undefined;
  return { items: taken, message: readyMessage(taken, total) };
}

/** How a provisioning says what came of it. */
export function readyMessage(ready: number, total: number): string {
  return `${ready} of ${total} ${total === 1 ? "tenant is" : "tenants are"} ready.`;
}
