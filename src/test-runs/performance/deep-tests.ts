import type { LoadSession, LoadTarget, LoadWish, TenantLoads } from "../load/tenant-load.ts";
import type { DeepTest } from "../test-run.ts";

/** Sessions that write one row at once, and how often each does. */
const writers = { sessions: 3, times: 5 } as const;

type Sessions = <T>(work: (session: LoadSession) => Promise<T>) => Promise<T>;

/**
 * What a figure cannot show: that the database keeps what it took, counts right when several write at once, and forgets what was rolled
 * back. On the scratch table, with sessions of the tenant.
 * @throws ServerTrouble, QueueTimeout, or the signal's reason: then nothing was found out
 */
export async function deepTests(
  loads: Pick<TenantLoads, "withSession">,
  target: LoadTarget,
  wish: LoadWish,
): Promise<readonly DeepTest[]> {
  const session: Sessions = (work) => loads.withSession(target, wish, work);
  return [await persistence(session), await concurrentWriters(session), await rollBack(session)];
}

async function persistence(session: Sessions): Promise<DeepTest> {
  await session((first) => first.addRow("persistence"));
  const kept = await session((second) => second.hasRow("persistence"));
  return {
    kind: "PERSISTENCE",
    passed: kept,
    evidence: kept
      ? "A row was there after a new connection."
      : "A row that one connection wrote was not there for the next one.",
  };
}

async function concurrentWriters(session: Sessions): Promise<DeepTest> {
  await session((first) => first.addRow("writers"));
  const increments = Array.from({ length: writers.sessions }, () =>
    session(async (own) => {
      for (let time = 0; time < writers.times; time += 1) await own.increment("writers");
    }),
  );
  for (const outcome of await Promise.allSettled(increments)) {
    if (outcome.status === "rejected") throw outcome.reason;
  }
  const expected = writers.sessions * writers.times;
  const sum = (await session((last) => last.counterOf("writers"))) ?? 0;
  const what = `${writers.sessions} connections added 1 to a counter ${writers.times} times each`;
  return { kind: "CONCURRENT_WRITERS", passed: sum === expected, evidence: `${what}: ${sum} of ${expected}.` };
}

async function rollBack(session: Sessions): Promise<DeepTest> {
  await session((first) => first.addRowAndRollBack("roll back"));
  const left = await session((second) => second.hasRow("roll back"));
  return {
    kind: "ROLLBACK",
    passed: !left,
    evidence: left ? "A row that was rolled back is still there." : "A row that was rolled back was gone.",
  };
}
