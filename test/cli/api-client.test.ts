import { describe, expect, it } from "vitest";
import { accepted } from "../../src/cli/api/accepted.ts";
import { ApiClient } from "../../src/cli/api/api-client.ts";
import { CreateTenantDocument, ShowFleetDocument, type UserErrorCode } from "../../src/cli/gql/graphql.ts";
import { Secret } from "../../src/kit/secret.ts";
import { ManualClock, settle } from "../jobs/manual-clock.ts";

type Reply = Response | Error;

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const good = () => json({ data: { answer: "yes" } });
const refusedCode = (code: string, more: object = {}) =>
  json({ errors: [{ message: "No.", extensions: { code, ...more } }] });
const network = (code: string) => new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });

/** Sends one request to a service that replies as told; then with the last reply for ever. */
async function sent(replies: readonly Reply[], how: "ask" | "change" | "change again" = "ask") {
  const clock = new ManualClock();
  const bodies: string[] = [];
  const fetch = async (_url: string, init: RequestInit) => {
    const reply = replies[Math.min(bodies.length, replies.length - 1)] ?? good();
    bodies.push(String(init.body));
    if (reply instanceof Error) throw reply;
    return reply.clone();
  };
  const api = new ApiClient("http://127.0.0.1:4000", new Secret("a-secret-key"), clock, fetch);
  const input = { slug: "acme", name: "Acme", idempotencyKey: "one" };
  const answer: Promise<unknown> =
    how === "ask"
      ? api.ask(ShowFleetDocument, {})
      : api.change(CreateTenantDocument, { input }, how === "change again");
  let over = false;
  const outcome = answer
    .then(
      (data) => ({ data, failure: undefined }),
      (failure: unknown) => ({ data: undefined, failure }),
    )
    .finally(() => {
      over = true;
    });
  while (!over) {
    await settle();
    await clock.advance(250);
  }
  return { ...(await outcome), bodies, waitedMs: clock.monotonicMs() };
}

describe("the API over HTTP", () => {
  it("answers what the service answers", async () => {
    expect(await sent([good()])).toMatchObject({ data: { answer: "yes" } });
  });

  it("says at once that nobody is there", async () => {
    const { failure, bodies } = await sent([network("ECONNREFUSED")]);
    expect(failure).toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/cannot be reached \(ECONNREFUSED\)/),
    });
    expect(bodies).toHaveLength(1);
  });

  it("waits for a service that has answered before, as long as a restart takes", async () => {
    const limited = refusedCode("RATE_LIMITED", { retryAfter: 1 });
    const { data, bodies } = await sent([limited, network("ECONNREFUSED"), network("ECONNRESET"), good()]);
    expect(data).toEqual({ answer: "yes" });
    expect(bodies).toHaveLength(4);
  });

  it("gives up on a limit that does not end", async () => {
    const { failure, waitedMs } = await sent([refusedCode("RATE_LIMITED", { retryAfter: 4 })]);
    expect(failure).toMatchObject({ exitCode: 3, code: "RATE_LIMITED" });
    expect(waitedMs).toBeGreaterThan(20_000);
    expect(waitedMs).toBeLessThan(40_000);
  });

  it("sends a mutation again after a lost answer only when that does no more, and with the same key", async () => {
    const lost = [refusedCode("RATE_LIMITED"), network("ECONNRESET"), good()];
    const again = await sent(lost, "change again");
    expect(again.data).toEqual({ answer: "yes" });
    expect(new Set(again.bodies).size).toBe(1);
    const once = await sent(lost, "change");
    expect(once.failure).toMatchObject({ exitCode: 3, message: expect.stringMatching(/answer was lost.*jobs list/) });
    expect(once.bodies).toHaveLength(2);
  });

  it.each([
    ["UNAUTHENTICATED", 3],
    ["FORBIDDEN", 3],
    ["INTERNAL_SERVER_ERROR", 3],
    ["BAD_USER_INPUT", 2],
  ])("ends with %s at once, by %i", async (code, exitCode) => {
    const { failure, bodies } = await sent([refusedCode(code)]);
    expect(failure).toMatchObject({ exitCode });
    expect(bodies).toHaveLength(1);
  });

  it("says what it is when something else answers", async () => {
    const { failure } = await sent([new Response("<html>", { status: 404 })]);
    expect(failure).toMatchObject({ exitCode: 3, message: expect.stringMatching(/answered 404/) });
  });

  it("shows its key nowhere", async () => {
    const { failure } = await sent([refusedCode("UNAUTHENTICATED")]);
    expect(String(failure)).not.toContain("a-secret-key");
  });
});

describe("a wish that was refused", () => {
  const refusal = (code: UserErrorCode) => ({
    userErrors: [{ code, message: "No.", field: ["input", "slug"], jobId: null }],
  });

  it.each([
    ["INVALID", 2],
    ["SLUG_TAKEN", 2],
    ["NOT_FOUND", 2],
    ["CONFIRMATION_REQUIRED", 2],
    ["TENANT_BUSY", 3],
    ["INVALID_STATE", 3],
    ["LIMIT_EXCEEDED", 3],
    ["NO_ELIGIBLE_SERVER", 3],
  ] as const)("ends with %s by %i, and names the field", (code, exitCode) => {
    expect(() => accepted(refusal(code))).toThrow(
      expect.objectContaining({ exitCode, message: `slug: No. (${code})` }),
    );
  });

  it("names the job that is in the way", () => {
    const busy = { userErrors: [{ code: "TENANT_BUSY", message: "Busy.", field: null, jobId: "job_1" } as const] };
    expect(() => accepted(busy)).toThrow("Busy. (TENANT_BUSY) The job in the way: job_1");
  });

  it("is no failure without errors", () => {
    expect(accepted({ userErrors: [], job: 1 })).toEqual({ userErrors: [], job: 1 });
  });
});
