import { describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../../src/kit/clock.ts";
import { Semaphore } from "../../../src/kit/concurrency.ts";
import { Secret } from "../../../src/kit/secret.ts";
import { ServerTrouble } from "../../../src/servers/server-trouble.ts";
import { Arrivals } from "../../../src/test-runs/load/arrivals.ts";
import { LoadFigures } from "../../../src/test-runs/load/load-figures.ts";
import { LoadGenerator, type SharedTarget } from "../../../src/test-runs/load/load-generator.ts";
import { type Operation, operationAt } from "../../../src/test-runs/load/operation-mix.ts";
import type { LoadSession, LoadWish, TenantLoads } from "../../../src/test-runs/load/tenant-load.ts";
import { anId } from "../../support/builders.ts";

const planned = 300;
const seed = 7;

/** A server that writes down what it is sent, and may lose sessions, refuse, or keep silent. */
class ScriptedServer implements Pick<TenantLoads, "withSession"> {
  readonly performed: Operation[] = [];
  warmUps = 0;
  opened = 0;

  /** @param answer what becomes of the operation that came so-and-so-many-th, from 1 @param admits whether a session is opened */
  constructor(
    private readonly answer: (nth: number, signal: AbortSignal) => Promise<void>,
    private readonly admits: (nth: number) => boolean = () => true,
  ) {}

  async withSession<T>(_target: unknown, { signal }: LoadWish, work: (session: LoadSession) => Promise<T>): Promise<T> {
    this.opened += 1;
    if (!this.admits(this.opened)) throw new ServerTrouble("TOO_MANY_CONNECTIONS", "Too many connections.");
    const nothing = () => Promise.reject(new Error("A load does not ask for that."));
    return work({
      setUp: async () => undefined,
      warmUp: async () => {
        this.warmUps += 1;
      },
      perform: (operation) => {
        this.performed.push(operation);
        return this.answer(this.performed.length, signal);
      },
      addRow: nothing,
      hasRow: nothing,
      addRowAndRollBack: nothing,
      increment: nothing,
      counterOf: nothing,
    });
  }
}

/** Never answers; rejects when it is told to stop. */
function silence(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
}

function target(sessions: number): SharedTarget {
  const password = new Secret("not needed");
  const ids = { tenantId: anId<"Tenant">(), serverId: anId<"DatabaseServer">() };
  return { ...ids, databaseName: "tntnobody", password, table: "scratchnothing", sessions };
}

/** Time that passes as soon as somebody waits. */
const hurried: Clock = { ...systemClock, sleep: (_, signal) => systemClock.sleep(0, signal) };

async function run(
  server: ScriptedServer,
  stop: { readonly closing?: AbortSignal; readonly signal?: AbortSignal } = {},
): Promise<{ readonly answered: number; readonly errors: number; readonly brokenOff: number }> {
  const figures = new LoadFigures();
  const targets = [target(3), target(2)];
  const never = new AbortController().signal;
  const load = {
    ...{ targets, seed, pace: new Semaphore(5), deadlineMs: 60_000 },
    arrivals: new Arrivals(planned, 1, [3, 2]),
    record: figures.add.bind(figures),
    brokenOff: figures.breakOff.bind(figures),
    ...{ closing: never, signal: never, ...stop },
  };
  await new LoadGenerator(server, hurried).run(load).catch((error: unknown) => {
    if (stop.signal?.aborted !== true) throw error;
  });
  const brokenOff = targets.reduce((sum, { tenantId }) => sum + figures.measureOf(tenantId).brokenOff, 0);
  return { answered: figures.operations, errors: figures.errors, brokenOff };
}

/** Operations as texts, sorted: the same one twice shows. */
function sorted(operations: readonly Operation[]): readonly string[] {
  return operations.map((operation) => JSON.stringify(operation)).sort();
}

const whole = sorted(Array.from({ length: planned }, (_, n) => operationAt(seed, n)));

describe("the budget of a load", () => {
  it("sends each planned operation once where all is well", async () => {
    const server = new ScriptedServer(async () => undefined);
    expect(await run(server)).toEqual({ answered: planned, errors: 0, brokenOff: 0 });
    expect(sorted(server.performed)).toEqual(whole);
    expect(server.warmUps).toBe(5);
  });

  it("sends none again that failed, or that was lost with its session, and warms no session up that takes a lost one's place", async () => {
    const server = new ScriptedServer(async (nth) => {
      if (nth % 7 === 0) throw new ServerTrouble("UNREACHABLE", "The session was lost.");
      if (nth % 5 === 0) throw new ServerTrouble("DEADLOCK", "A deadlock.");
    });
    const errors = Array.from({ length: planned }, (_, n) => n + 1).filter((n) => n % 7 === 0 || n % 5 === 0).length;
    expect(await run(server)).toEqual({ answered: planned, errors, brokenOff: 0 });
    expect(sorted(server.performed)).toEqual(whole);
    expect(server.opened).toBeGreaterThan(5);
    expect(server.warmUps).toBe(5);
  });

  it("counts those that found no session among the planned ones, and sends so many fewer", async () => {
    const server = new ScriptedServer(
      async (nth) => {
        if (nth % 3 === 0) throw new ServerTrouble("UNREACHABLE", "The session was lost.");
      },
      (nth) => nth % 2 === 0,
    );
    const { answered } = await run(server);
    expect(answered).toBe(planned);
    expect(server.performed.length).toBeLessThan(planned);
    const left = [...whole];
    for (const operation of sorted(server.performed)) {
      expect(left).toContain(operation);
      left.splice(left.indexOf(operation), 1);
    }
  });

  it("tells of each that was sent, answered or not, when the load is over before its end", async () => {
    const closing = new AbortController();
    const server = new ScriptedServer(async (nth, signal) => {
      if (nth <= 100) return;
      closing.abort();
      await silence(signal);
    });
    const { answered, errors, brokenOff } = await run(server, { closing: closing.signal });
    expect({ answered, brokenOff }).toEqual({ answered: server.performed.length, brokenOff: 0 });
    expect(errors).toBe(server.performed.length - 100);
  });

  it("tells of each that was sent, answered or broken off, when the run is cancelled", async () => {
    const cancelled = new AbortController();
    const server = new ScriptedServer(async (nth, signal) => {
      if (nth <= 100) return;
      if (nth === 105) queueMicrotask(() => cancelled.abort(new Error("cancelled")));
      await silence(signal);
    });
    const { answered, errors, brokenOff } = await run(server, { signal: cancelled.signal });
    expect({ answered, errors }).toEqual({ answered: 100, errors: 0 });
    expect(answered + brokenOff).toBe(server.performed.length);
  });
});
