import { expect, it } from "vitest";
import { onceEach } from "../../src/jobs/patience.ts";
import { QueueTimeout } from "../../src/kit/concurrency.ts";

/** What is said of trouble that is met in this order. */
async function saidOf(messages: readonly string[]): Promise<readonly string[]> {
  const said: string[] = [];
  const met = onceEach(async (message) => said.push(message));
  for (const message of messages) await met(new QueueTimeout(message));
  return said;
}

it("says each thing that a cleaning up waits for once, also when they take turns", async () => {
  expect(await saidOf(["It is full.", "It is away.", "It is full.", "It is away.", "It is full."])).toEqual([
    "Waits to clean up. It is full.",
    "Waits to clean up. It is away.",
  ]);
});

it("says no more than a few dozen lines, however many different things a cleaning up meets", async () => {
  const said = await saidOf(Array.from({ length: 1_000 }, (_, n) => `Thread ${n} is in the way.`));
  expect(said.slice(0, 2)).toEqual([0, 1].map((n) => `Waits to clean up. Thread ${n} is in the way.`));
  expect(said).toHaveLength(32);
});

it("goes on where not even that can be said", async () => {
  const met = onceEach(() => Promise.reject(new QueueTimeout("away")));
  await expect(met(new QueueTimeout("It is full."))).resolves.toBeUndefined();
});
