import { readFileSync } from "node:fs";
import fc from "fast-check";
import { buildSchema } from "graphql";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { WebSocket } from "ws";
import { Stage } from "../e2e/support/stage.ts";
import { buildService } from "../support/service.ts";
import { OperationMaker } from "./support/random-operation.ts";

const schema = buildSchema(readFileSync("schema.graphql", "utf8"));
/** What only the inside of the service could have said. */
const inside =
  /INTERNAL_SERVER_ERROR|Internal error|node_modules|\.(?:ts|js|mjs):\d|\bER_[A-Z]|errno|SELECT |INSERT |FOREIGN KEY|ECONN|stack/;

let stage: Stage;

beforeAll(async () => {
  await buildService();
  stage = await Stage.started(inject("serverUrl"));
}, 60_000);

afterAll(async () => {
  const errors = stage?.said.split("\n").filter((line) => line.includes('"level":"error"'));
  await stage?.close();
  expect(errors).toEqual([]);
});

/** @returns whether it was executed */
async function answersWell(body: string | Uint8Array, sent: string): Promise<boolean> {
  const response = await fetch(`${stage.api.url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${stage.adminKey}`, "content-type": "application/json" },
    body: typeof body === "string" ? body : new Uint8Array(body),
  });
  const text = await response.text();
  expect(response.status, sent).toBeLessThan(500);
  expect(() => JSON.parse(text), sent).not.toThrow();
  expect(text, sent).not.toMatch(inside);
  return text.includes('"data":{');
}

const options = { numRuns: 200, endOnFailure: true } as const;

it.each(["query", "mutation"] as const)("answers any %s without a bug or a word of its inside", {
  timeout: 120_000,
}, async (kind) => {
  let executed = 0;
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (gen) => {
      const operation = new OperationMaker(schema, gen).make(kind);
      if (await answersWell(JSON.stringify(operation), JSON.stringify(operation))) executed += 1;
    }),
    options,
  );
  // The others are wrong in a way that is found before.
  expect(executed).toBeGreaterThan(options.numRuns / 4);
});

it("answers any bytes", async () => {
  const whole = JSON.stringify({ query: "{ viewer { id } }", variables: { a: [1, { b: null }] } });
  const mangled = fc
    .tuple(fc.nat(whole.length - 1), fc.string({ unit: "binary", maxLength: 3 }))
    .map(([at, text]) => whole.slice(0, at) + text + whole.slice(at + 1));
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), mangled, fc.uint8Array({ minLength: 1 })), async (body) => {
      await answersWell(body, String(body));
    }),
    options,
  );
});

it("answers any document", async () => {
  const words = [
    "{",
    "}",
    "(",
    ")",
    "...",
    "on",
    "query",
    "mutation",
    "fragment",
    "F",
    "$a",
    ":",
    "@skip",
    "viewer",
    "__schema",
    '"""',
    "1e999",
    "!",
    "[",
    "]",
  ];
  const soup = fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((parts) => parts.join(" "));
  await fc.assert(
    fc.asyncProperty(fc.oneof(soup, fc.string({ unit: "binary" })), async (query) => {
      await answersWell(JSON.stringify({ query }), query);
    }),
    options,
  );
});

it("outlives any message on a socket, and says nothing of its inside", async () => {
  const { api } = stage;
  const types = fc.constantFrom("connection_init", "subscribe", "complete", "ping", "pong", "next", "error", "x");
  const message = fc.oneof(
    fc.json(),
    fc.string({ unit: "binary" }),
    fc
      .record(
        { type: types, id: fc.oneof(fc.constantFrom("1", "__proto__", ""), fc.jsonValue()), payload: fc.jsonValue() },
        { requiredKeys: ["type"] },
      )
      .map((each) => JSON.stringify(each)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 6 }), fc.boolean(), async (messages, known) => {
      const socket = new WebSocket(`${api.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
      let said = "";
      socket.on("message", (data) => {
        said += String(data);
      });
      const closed = new Promise<number>((resolve) => socket.on("close", resolve));
      await new Promise((resolve) => socket.on("open", resolve));
      const authorization = `Bearer ${stage.adminKey}`;
      if (known) socket.send(JSON.stringify({ type: "connection_init", payload: { authorization } }));
      for (const each of messages) socket.send(each);
      socket.close(1000);
      expect([1000, 1007, 4400, 4401, 4403, 4409, 4429]).toContain(await closed);
      expect(said).not.toMatch(inside);
    }),
    { ...options, numRuns: 60 },
  );
  expect(await api.data("{ viewer { role } }")).toEqual({ viewer: { role: "ADMIN" } });
});
