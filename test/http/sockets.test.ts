import { expect, it } from "vitest";
import type { JobEvent } from "../../src/jobs/job.ts";
import { NotFound } from "../../src/kit/domain-error.ts";
import type { JobId } from "../../src/kit/ids.ts";
import { Latch } from "./support/latch.ts";
import { RawSocket } from "./support/raw-socket.ts";
import { keys, recordingLogger, startedServer } from "./support/started-server.ts";

const jobId = "job_01920000-0000-7000-8000-00000000000a";
const followJob =
  "subscription($id: ID!, $after: Int) { jobProgress(id: $id, after: $after) { jobId sequence message } }";

function anEvent(sequence: number): JobEvent {
  const progress = { phase: "work", total: 2, done: sequence, failed: 0, skipped: 0, percent: 50 };
  return {
    jobId: jobId.slice(4) as JobId,
    sequence,
    at: new Date(0),
    status: "RUNNING",
    progress,
    message: `step ${sequence}`,
  };
}

/** A source that fails at once. */
function failing(error: Error): AsyncIterable<never> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
}

it("streams events and completes with their end", async () => {
  const follows: unknown[] = [];
  const { client } = await startedServer({
    jobEvents: {
      follow: async function* (id, after) {
        follows.push([id, after]);
        yield anEvent(3);
        yield anEvent(4);
      },
    },
  });
  const seen = [];
  for await (const { data } of client("VIEWER").stream(followJob, { id: jobId, after: 2 })) seen.push(data);
  expect(follows).toEqual([[jobId.slice(4), 2]]);
  expect(seen).toEqual([3, 4].map((sequence) => ({ jobProgress: { jobId, sequence, message: `step ${sequence}` } })));
});

it.each([
  1, 60, 200, 40_000,
])("tells in any script, and at any length, what is meant: %i characters", async (length) => {
  const message = "ü".repeat(length);
  const { url } = await startedServer({
    jobEvents: {
      follow: async function* () {
        yield { ...anEvent(1), message };
      },
    },
  });
  const socket = await new RawSocket(url).open();
  await socket.subscribe("ø", followJob, { id: jobId });
  const data = { jobProgress: { jobId, sequence: 1, message } };
  expect(await socket.next()).toEqual({ id: "ø", type: "next", payload: { data } });
  expect(await socket.next()).toEqual({ id: "ø", type: "complete" });
});

it("reads and validates a document once that many send, and a wrong one each time", async () => {
  let validated = 0;
  const counting = () => {
    validated += 1;
    return {};
  };
  const { url } = await startedServer({}, { validationRules: [counting] });
  const [one, other] = [await new RawSocket(url).open(), await new RawSocket(url).open(keys.VIEWER)];
  for (const socket of [one, other, one]) {
    await socket.subscribe("1", "query($skip: Boolean!) { viewer { role @skip(if: $skip) } }", { skip: false });
    expect(await socket.next()).toMatchObject({
      type: "next",
      payload: { data: { viewer: { role: expect.any(String) } } },
    });
    expect(await socket.next()).toMatchObject({ type: "complete" });
  }
  expect(validated).toBe(1);
  for (const socket of [one, other]) {
    await socket.subscribe("2", "{ nothing }");
    expect(await socket.next()).toMatchObject({ type: "error" });
  }
  expect(validated).toBe(3);
});

it("answers queries and mutations too", async () => {
  const { client } = await startedServer();
  const answers = [];
  for await (const answer of client("VIEWER").stream("{ viewer { role } }")) answers.push(answer);
  expect(answers).toEqual([{ data: { viewer: { role: "VIEWER" } } }]);
});

it("takes the key also under a header's usual name", async () => {
  const { url } = await startedServer();
  await new RawSocket(url).open(keys.VIEWER, "Authorization");
});

it.each([
  {},
  { authorization: "Bearer unknown-0123456789" },
  { authorization: keys.ADMIN },
  { authorization: 7 },
])("closes a socket that opens with %j with 4403", async (payload) => {
  const { url } = await startedServer();
  const socket = new RawSocket(url);
  await socket.send({ type: "connection_init", payload });
  expect(await socket.closed).toMatchObject({ code: 4403 });
});

it("closes a socket that subscribes before it has said who it is with 4401", async () => {
  const { url } = await startedServer();
  const socket = new RawSocket(url);
  await socket.subscribe("1", "{ viewer { id } }");
  expect(await socket.closed).toMatchObject({ code: 4401 });
});

it("closes sockets of another protocol, and refuses them on other paths", async () => {
  const { url } = await startedServer();
  expect(await new RawSocket(url, "graphql-ws").closed).toMatchObject({ code: 1006 });
  expect(await new RawSocket(url, "graphql-transport-ws", "/other").closed).toMatchObject({ code: 1006 });
});

it.each([
  ["a syntax error", "{ viewer {", {}, "GRAPHQL_PARSE_FAILED"],
  ["a document that is nested too deeply", "{ a ".repeat(6_000), {}, "GRAPHQL_PARSE_FAILED"],
  ["an unknown field", "{ nothing }", {}, "GRAPHQL_VALIDATION_FAILED"],
  ["a missing variable", "query($id: ID!) { job(id: $id) { id } }", {}, "BAD_USER_INPUT"],
  ["an ambiguous operation", "query A { viewer { id } } query B { viewer { id } }", {}, "OPERATION_RESOLUTION_FAILURE"],
])("answers %s for that operation alone and leaves the socket open", async (_what, query, variables, code) => {
  const { url } = await startedServer();
  const socket = await new RawSocket(url).open();
  await socket.subscribe("1", query, variables);
  const extensions = { code, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) };
  expect(await socket.next()).toMatchObject({ type: "error", id: "1", payload: [{ extensions }] });
  await socket.subscribe("1", "{ viewer { role } }");
  expect(await socket.next()).toMatchObject({
    type: "next",
    id: "1",
    payload: { data: { viewer: { role: "ADMIN" } } },
  });
});

it("closes a socket that sends no message of the protocol with 4400", async () => {
  const { url } = await startedServer();
  const socket = new RawSocket(url);
  await socket.send("{ not json");
  expect(await socket.closed).toMatchObject({ code: 4400 });
});

it("closes a socket that sends more than 64 KB at once with 1009", async () => {
  const { url } = await startedServer();
  const socket = await new RawSocket(url).open();
  await socket.subscribe("1", `{ viewer { id } } ${"#".repeat(70_000)}`);
  expect(await socket.closed).toMatchObject({ code: 1009 });
});

it("tells of an unknown job with NOT_FOUND", async () => {
  const { client } = await startedServer({
    jobEvents: { follow: () => failing(new NotFound("There is no such job.")) },
  });
  const stream = client().stream(followJob, { id: "nonsense" });
  await expect(stream.next()).rejects.toEqual([
    expect.objectContaining({
      message: "There is no such job.",
      extensions: expect.objectContaining({ code: "NOT_FOUND" }),
    }),
  ]);
});

it("refuses a negative `after` and names it", async () => {
  const { client } = await startedServer();
  const { value } = await client().stream(followJob, { id: jobId, after: -1 }).next();
  expect(value.errors).toEqual([
    expect.objectContaining({ extensions: expect.objectContaining({ code: "BAD_USER_INPUT", field: ["after"] }) }),
  ]);
});

it("shows nothing of a bug in a stream but the id under which it was logged", async () => {
  const logger = recordingLogger();
  const bug = new TypeError("SELECT secret");
  const { url } = await startedServer(
    {
      jobEvents: {
        follow: async function* () {
          yield anEvent(1);
          throw bug;
        },
      },
    },
    { logger },
  );
  const socket = await new RawSocket(url).open();
  await socket.subscribe("1", followJob, { id: jobId });
  expect(await socket.next()).toMatchObject({ type: "next" });
  const answer = await socket.next();
  expect(answer).toEqual({
    type: "error",
    id: "1",
    payload: [
      {
        message: "Internal error",
        extensions: { code: "INTERNAL_SERVER_ERROR", requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      },
    ],
  });
  expect(logger.errors).toEqual([{ event: "request failed", data: expect.objectContaining({ err: bug }) }]);
});

it("ends the source of a subscription when the client leaves, and when its socket closes", async () => {
  const ended: number[] = [];
  const bothEnded = new Latch();
  const { client } = await startedServer({
    jobEvents: {
      follow: async function* (_id, after) {
        try {
          for (let sequence = after + 1; ; sequence += 1) yield anEvent(sequence);
        } finally {
          ended.push(after);
          if (ended.length === 2) bothEnded.open();
        }
      },
    },
  });
  const leaving = client();
  for await (const _ of leaving.stream(followJob, { id: jobId, after: 10 })) break;
  const closing = client();
  await closing.stream(followJob, { id: jobId, after: 20 }).next();
  await closing.close();
  await bothEnded.opened;
  expect(ended).toEqual(expect.arrayContaining([10, 20]));
});

it("takes no more from a source than a stalled client can be sent", async () => {
  let taken = 0;
  const { url } = await startedServer({
    jobEvents: {
      follow: async function* () {
        for (;;) {
          taken += 1;
          yield { ...anEvent(taken), message: "x".repeat(100_000) };
        }
      },
    },
  });
  const socket = await new RawSocket(url).open();
  socket.stall();
  await socket.subscribe("1", followJob, { id: jobId });
  // The kernel's buffers take some; then nothing more is asked for, however much else happens.
  let before = -1;
  while (before !== taken) {
    before = taken;
    for (let turn = 0; turn < 50; turn += 1) await (await fetch(`${url}/livez`)).arrayBuffer();
  }
  expect(taken).toBeLessThan(500);
});

it("says good-bye with 1001 when it stops", async () => {
  const { url, server } = await startedServer();
  const socket = await new RawSocket(url).open();
  await server.stop();
  expect(await socket.closed).toMatchObject({ code: 1001 });
});
