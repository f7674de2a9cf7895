import { describe, expect, it } from "vitest";
import { RawSocket } from "../http/support/raw-socket.ts";
import { keys, startedServer } from "../http/support/started-server.ts";

const viewer = "{ viewer { role } }";
const answer = { data: { viewer: { role: "VIEWER" } } };

/** A subscription that says nothing until it ends. */
const silent = {
  tenantChanges: {
    async *subscribe(_filter: unknown, signal: AbortSignal) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    },
  },
};
const changes = "subscription { tenantChanged { id } }";

async function socketOf(given = {}): Promise<RawSocket> {
  const { url } = await startedServer(given);
  return new RawSocket(url);
}

describe("the handshake", () => {
  it.each(["graphql-ws", "mqtt"])("refuses the sub-protocol %s with 4406", async (protocol) => {
    const { url } = await startedServer();
    const socket = new RawSocket(url, protocol);
    const { code } = await socket.closed;
    // A client library that is refused its protocol gives up before it could be told more.
    expect([4406, 1006]).toContain(code);
  });

  it("closes with 4408 when nobody says who is there within five seconds", async () => {
    const socket = await socketOf();
    expect(await socket.closed).toEqual({ code: 4408, reason: "Connection initialisation timeout" });
  });

  it("closes with 4429 when somebody says so twice", async () => {
    const socket = await (await socketOf()).open();
    await socket.send({ type: "connection_init" });
    expect(await socket.closed).toEqual({ code: 4429, reason: "Too many initialisation requests" });
  });

  it("closes with 4403 for a key that it does not know", async () => {
    const socket = await socketOf();
    await socket.send({ type: "connection_init", payload: { authorization: "Bearer nobody-0123456789" } });
    expect(await socket.closed).toEqual({ code: 4403, reason: "Forbidden" });
  });

  it("closes with 4401 for an operation before it has acknowledged", async () => {
    const socket = await socketOf();
    await socket.subscribe("1", viewer);
    expect(await socket.closed).toEqual({ code: 4401, reason: "Unauthorized" });
  });
});

describe("messages", () => {
  it.each([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["no type", "{}"],
    ["an unknown type", { type: "hello" }],
    ["a type that only servers send", { type: "connection_ack" }],
    ["a result from a client", { type: "next", id: "1", payload: {} }],
    ["no id", { type: "subscribe", payload: { query: viewer } }],
    ["an empty id", { type: "subscribe", id: "", payload: { query: viewer } }],
    ["an id that is no text", { type: "subscribe", id: 1, payload: { query: viewer } }],
    ["no payload", { type: "subscribe", id: "1" }],
    ["a query that is no text", { type: "subscribe", id: "1", payload: { query: 1 } }],
    ["variables that are no object", { type: "subscribe", id: "1", payload: { query: viewer, variables: "x" } }],
    ["an operation name that is no text", { type: "subscribe", id: "1", payload: { query: viewer, operationName: 1 } }],
  ])("closes with 4400 for %s", async (_what, message) => {
    const socket = await (await socketOf()).open();
    await socket.send(message);
    expect(await socket.closed).toMatchObject({ code: 4400 });
  });

  it("closes with 1007 for text that is not UTF-8, and with 1009 for a message above 64 KB", async () => {
    const { url } = await startedServer();
    const mangled = await new RawSocket(url).open();
    await mangled.sendFrame(Buffer.from([0x22, 0xff, 0xfe, 0x22]), false);
    expect(await mangled.closed).toMatchObject({ code: 1007 });
    const large = await new RawSocket(url).open();
    await large.send(JSON.stringify({ type: "ping", payload: { text: "x".repeat(66_000) } }));
    expect(await large.closed).toMatchObject({ code: 1009 });
  });

  it("answers a ping with a pong and its payload, before and after the acknowledgement", async () => {
    const socket = await socketOf();
    await socket.send({ type: "ping", payload: { at: 1 } });
    expect(await socket.next()).toEqual({ type: "pong", payload: { at: 1 } });
    await socket.open();
    await socket.send({ type: "ping" });
    expect(await socket.next()).toEqual({ type: "pong" });
    await socket.send({ type: "pong" });
    expect(await socket.stillOpen()).toBe(true);
  });

  it("answers a ping of the transport", async () => {
    const socket = await (await socketOf()).open();
    expect(String(await socket.ping("there?"))).toBe("there?");
  });
});

describe("operations", () => {
  it("answers next and complete, and takes the id again after that", async () => {
    const socket = await (await socketOf()).open(keys.VIEWER);
    for (let round = 0; round < 2; round += 1) {
      await socket.subscribe("1", viewer);
      expect(await socket.next()).toEqual({ type: "next", id: "1", payload: answer });
      expect(await socket.next()).toEqual({ type: "complete", id: "1" });
    }
  });

  it("closes with 4409 for an id that is in use", async () => {
    const socket = await (await socketOf(silent)).open();
    await socket.subscribe("1", changes);
    await socket.subscribe("1", viewer);
    expect(await socket.closed).toEqual({ code: 4409, reason: "Subscriber for 1 already exists" });
  });

  it("answers with an error, not with the end of the socket, to an operation that is wrong", async () => {
    const socket = await (await socketOf()).open(keys.VIEWER);
    for (const query of ["{", "{ nothing }", "query A { viewer { id } } query B { viewer { id } }", ""]) {
      await socket.subscribe("1", query);
      expect(await socket.next(), query).toMatchObject({
        type: "error",
        id: "1",
        payload: [{ message: expect.any(String) }],
      });
    }
    await socket.subscribe("1", viewer);
    expect(await socket.next()).toEqual({ type: "next", id: "1", payload: answer });
  });

  it("ends a subscription at its client's complete, without a word, and frees its id", async () => {
    const socket = await (await socketOf(silent)).open(keys.VIEWER);
    await socket.subscribe("1", changes);
    await socket.send({ type: "complete", id: "1" });
    await socket.send({ type: "complete", id: "unheard of" });
    await socket.subscribe("1", viewer);
    expect(await socket.next()).toEqual({ type: "next", id: "1", payload: answer });
  });

  it.each([
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "0",
    "💧",
  ])("takes %j as an id like any other", async (id) => {
    const socket = await (await socketOf(silent)).open(keys.VIEWER);
    await socket.subscribe(id, viewer);
    expect(await socket.next()).toEqual({ type: "next", id, payload: answer });
    expect(await socket.next()).toEqual({ type: "complete", id });
    await socket.subscribe(id, changes);
    await socket.send({ type: "complete", id });
    await socket.subscribe(id, viewer);
    expect(await socket.next()).toEqual({ type: "next", id, payload: answer });
  });

  it("carries 100 operations at a time, and answers the next with an error", async () => {
    const socket = await (await socketOf(silent)).open(keys.VIEWER);
    for (let n = 0; n < 100; n += 1) await socket.subscribe(`live ${n}`, changes);
    await socket.subscribe("one more", viewer);
    expect(await socket.next()).toMatchObject({
      type: "error",
      id: "one more",
      payload: [{ extensions: { code: "TOO_MANY_OPERATIONS" } }],
    });
    await socket.send({ type: "complete", id: "live 7" });
    await socket.subscribe("one more", viewer);
    expect(await socket.next()).toMatchObject({ type: "next", id: "one more" });
  });
});
