import { buildSchema, type ExecutionResult, parse } from "graphql";
import { expect, it } from "vitest";
import { SharedDeliveries } from "../../src/http/sockets/shared-deliveries.ts";
import type { JobEvent } from "../../src/jobs/job.ts";
import { aConnectionResult, anId, aProgress, aTestRun } from "../support/builders.ts";
import { Latch } from "./support/latch.ts";
import { startedServer } from "./support/started-server.ts";

interface Event {
  readonly n: number;
}

const schema = buildSchema(
  "type Query { none: Int } type Subscription { event(slow: Boolean): Event } type Event { n: Int }",
);

/** Subscribers of one source, whose every event is counted when it is executed. */
function world() {
  const deliveries = new SharedDeliveries();
  const sent: { readonly id: string; readonly message: string }[] = [];
  const state = { executions: 0, fail: false };
  const begin = async (id: string, events: AsyncIterable<Event>, key = "same") => {
    const args = {
      schema,
      document: parse("subscription { event { n } }"),
      rootValue: { event: () => events },
      contextValue: {},
      fieldResolver: (source: unknown, _args: unknown, _context: unknown, info: { fieldName: string }) => {
        if (info.fieldName === "event") {
          state.executions += 1;
          if (state.fail) throw new RangeError("nothing works");
          return source;
        }
        return typeof source === "object" && source !== null && Reflect.get(source, info.fieldName);
      },
    };
    const send = (bytes: string) => {
      sent.push({ id, message: Buffer.from(bytes, "latin1").toString() });
      return undefined;
    };
    deliveries.expect(args, { key, id, send });
    const answer = await deliveries.subscribe(args);
    if (!(Symbol.asyncIterator in answer)) throw new Error(`It was refused: ${JSON.stringify(answer)}`);
    return answer;
  };
  return { deliveries, sent, state, begin };
}

async function* of(events: readonly Event[]): AsyncGenerator<Event> {
  yield* events;
}

async function all(results: AsyncIterableIterator<ExecutionResult>): Promise<readonly ExecutionResult[]> {
  const found: ExecutionResult[] = [];
  for await (const result of results) found.push(result);
  return found;
}

it("executes an event once for all who asked for the same, and sends it to each under its own id", async () => {
  const { begin, sent, state, deliveries } = world();
  const events = [{ n: 1 }, { n: 2 }];
  const subscriptions = await Promise.all(["a", "b", 'c"'].map((id) => begin(id, of(events))));
  expect(await Promise.all(subscriptions.map(all))).toEqual([[], [], []]);
  expect(state.executions).toBe(2);
  for (const id of ["a", "b", 'c"']) {
    const messages = sent.filter((one) => one.id === id).map(({ message }) => JSON.parse(message));
    expect(messages).toEqual(events.map(({ n }) => ({ id, type: "next", payload: { data: { event: { n } } } })));
  }
  expect(deliveries.audiences).toBe(0);
});

it("shares nothing between those who asked for different things", async () => {
  const { begin, state } = world();
  const events = [{ n: 1 }];
  await Promise.all(
    [begin("a", of(events), "one"), begin("b", of(events), "other")].map(async (one) => all(await one)),
  );
  expect(state.executions).toBe(2);
});

it("shares nothing of what only looks the same", async () => {
  const { begin, state } = world();
  await Promise.all([begin("a", of([{ n: 1 }])), begin("b", of([{ n: 1 }]))].map(async (one) => all(await one)));
  expect(state.executions).toBe(2);
});

it("hands errors over, so that each subscriber is told of them in its own words", async () => {
  const { begin, state, sent } = world();
  state.fail = true;
  const [results] = await Promise.all([begin("a", of([{ n: 1 }]))].map(async (one) => all(await one)));
  expect(results?.[0]?.errors?.[0]?.message).toBe("nothing works");
  expect(sent).toEqual([]);
});

it("sends nothing after a subscriber has left, and lets its source go", async () => {
  const { begin, sent, deliveries } = world();
  let go: (event: IteratorResult<Event, undefined>) => void = () => undefined;
  let returned = 0;
  const source: AsyncIterableIterator<Event> = {
    next: () => new Promise((resolve) => (go = resolve)),
    return: async () => {
      returned += 1;
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => source,
  };
  const leaving = await begin("a", source);
  const pending = leaving.next();
  await leaving.return?.();
  go({ done: false, value: { n: 1 } });
  expect(await pending).toEqual({ done: true, value: undefined });
  expect([sent.length, returned, deliveries.audiences]).toEqual([0, 1, 0]);
});

it("passes on what a source throws, and forgets the subscriber", async () => {
  const { begin, deliveries } = world();
  const failing = await begin(
    "a",
    // biome-ignore lint/correctness/useYield: it fails before it has anything to yield
    (async function* (): AsyncGenerator<Event> {
      throw new RangeError("overflow");
    })(),
  );
  await expect(failing.next()).rejects.toThrow("overflow");
  expect(deliveries.audiences).toBe(0);
});

it("reads what an event shows once for all sockets that follow the same run with the same key", async () => {
  const run = aTestRun();
  const result = aConnectionResult();
  const bothFollow = new Latch();
  let [following, reads] = [0, 0];
  const event: JobEvent = {
    jobId: run.id,
    sequence: 1,
    at: new Date(),
    status: "SUCCEEDED",
    progress: aProgress(),
    message: "Done.",
    detail: { operations: 1, errors: 0, latest: [anId<"Tenant">()] },
  };
  const { client } = await startedServer({
    testRuns: {
      find: async () => run,
      resultsOf: async () => {
        reads += 1;
        return [result];
      },
    },
    jobEvents: {
      follow: async function* () {
        following += 1;
        if (following === 2) bothFollow.open();
        await bothFollow.opened;
        yield event;
      },
    },
  });
  const query = "subscription ($id: ID!) { testRunProgress(id: $id) { sequence latest { verdict } } }";
  const follow = async () => {
    const seen: unknown[] = [];
    for await (const { data } of client("VIEWER").stream(query, { id: `run_${run.id}` })) seen.push(data);
    return seen;
  };
  const expected = { testRunProgress: { sequence: 1, latest: [{ verdict: result.verdict }] } };
  expect(await Promise.all([follow(), follow()])).toEqual([[expected], [expected]]);
  expect(reads).toBe(1);
});
