import { auditServer } from "graphql-http";
import { expect, it } from "vitest";
import { keys, startedServer } from "../http/support/started-server.ts";

it("keeps to GraphQL over HTTP, but says 400 to a wrong document whatever the client accepts", async () => {
  const { url } = await startedServer();
  const withKey = (input: string, init: RequestInit = {}) =>
    fetch(input, { ...init, headers: { ...init.headers, authorization: `Bearer ${keys.VIEWER}` } });
  const results = await auditServer({ url: `${url}/graphql`, fetchFn: withKey });
  const complaints = results.flatMap(({ status, id }) => (status === "ok" ? [] : [`${status} ${id}`]));
  expect(results.length).toBe(60);
  // Three times a SHOULD of 200 for clients that accept application/json: a status that hides a mistake helps nobody.
  expect(complaints).toEqual(["warn 572B", "warn FDE2", "warn 7B9B"]);
});
