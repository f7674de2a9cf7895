import { expect, it } from "vitest";
import { Connection } from "../../web/dashboard/api/connection.ts";
import { Readiness } from "../../web/dashboard/api/readiness.ts";

/** Answers come one for each question, and each question waits for its pause. */
function aService(answers: readonly boolean[]) {
  const connection = new Connection();
  connection.online();
  const left = [...answers];
  const pauses: (() => void)[] = [];
  const readiness = new Readiness({
    connection,
    ask: async () => left.shift() ?? true,
    pause: () => new Promise((resolve) => pauses.push(resolve)),
  });
  const passTime = async () => {
    pauses.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { connection, readiness, passTime, waiting: () => pauses.length };
}

it("counts a service whose registry is away as lost until it says that it is ready, and what was read as old then", async () => {
  const { connection, readiness, passTime } = aService([false, true]);
  readiness.unavailable();
  expect(connection.current()).toEqual({ status: "LOST", epoch: 0 });
  await passTime();
  expect(connection.current()).toMatchObject({ status: "LOST" });
  await passTime();
  expect(connection.current()).toEqual({ status: "ONLINE", epoch: 1 });
});

it("asks once however many requests were refused, and again after the next loss", async () => {
  const { connection, readiness, passTime, waiting } = aService([true, true]);
  for (let refused = 0; refused < 5; refused += 1) readiness.unavailable();
  expect(waiting()).toBe(1);
  await passTime();
  expect(waiting()).toBe(0);
  readiness.unavailable();
  expect(connection.current()).toMatchObject({ status: "LOST" });
  expect(waiting()).toBe(1);
});

it("says nothing any more once the page has let go of the service", async () => {
  const { connection, readiness, passTime, waiting } = aService([false, true]);
  readiness.unavailable();
  readiness.close();
  await passTime();
  expect(connection.current()).toMatchObject({ status: "LOST" });
  expect(waiting()).toBe(0);
});
