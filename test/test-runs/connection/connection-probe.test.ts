import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { QueueTimeout } from "../../../src/kit/concurrency.ts";
import { type ServerId, type TenantId, uuidv7Ids } from "../../../src/kit/ids.ts";
import { silentLogger } from "../../../src/kit/logger.ts";
import { Secret } from "../../../src/kit/secret.ts";
import { SecretBox } from "../../../src/kit/secret-box.ts";
import { ServerTrouble, type TroubleCode } from "../../../src/servers/server-trouble.ts";
import { ConnectionProbe } from "../../../src/test-runs/connection/connection-probe.ts";
import { ServerGate } from "../../../src/test-runs/connection/server-gate.ts";
import type { LoginSight, LoginWish } from "../../../src/test-runs/connection/tenant-login.ts";
import { defaultRatingBands } from "../../../src/test-runs/rating.ts";
import type { ConnectionTestResult, ProbedTenant } from "../../../src/test-runs/test-run.ts";
import { ManualClock } from "../../jobs/manual-clock.ts";

const secrets = new SecretBox([randomBytes(32)]);
const tenant: ProbedTenant = {
  id: uuidv7Ids.next<"Tenant">(),
  serverId: uuidv7Ids.next<"DatabaseServer">(),
  databaseName: "tnt0123456789",
  status: "ACTIVE",
  slug: "acme",
};
const sealed = secrets.seal(new Secret("hunter2"), { ownerId: tenant.id, field: "password" });
const healthy: LoginSight = {
  connectMs: 20,
  queryMs: 10,
  database: tenant.databaseName,
  account: `${tenant.databaseName}@%`,
  serverVersion: "10.11.6-MariaDB",
  owner: tenant.id,
};

type Answer = LoginSight | Error | (() => Promise<LoginSight>);

let clock: ManualClock;
let answers: Answer[];
let wishes: LoginWish[];
let adminAnswers: boolean[];
let asked: number;
let stop: AbortController;
let gate: ServerGate;

beforeEach(() => {
  clock = new ManualClock();
  answers = [];
  wishes = [];
  adminAnswers = [];
  asked = 0;
  stop = new AbortController();
  gate = gateWith(2);
});

function gateWith(retries: number): ServerGate {
  const reachability = {
    answers: async () => {
      asked += 1;
      return adminAnswers.length > 1 ? (adminAnswers.shift() ?? true) : (adminAnswers[0] ?? true);
    },
  };
  return new ServerGate(reachability, retries, clock, stop.signal);
}

async function logIn(wish: LoginWish): Promise<LoginSight> {
  wishes.push(wish);
  const answer = answers.length > 1 ? answers.shift() : answers[0];
  if (answer instanceof Error) throw answer;
  if (typeof answer === "function") return answer();
  return answer ?? healthy;
}

/** Probes, with as much time as it takes. */
async function probe(password = sealed, retries = 2): Promise<ConnectionTestResult> {
  const login = { logIn, placesOn: () => 16, rest: async () => undefined };
  const subject = new ConnectionProbe(login, secrets, defaultRatingBands, clock, () => 1);
  const run = { gate, retries, timeoutMs: 1_000, signal: stop.signal, logger: silentLogger };
  const probing = subject.probe(tenant, password, run);
  probing.catch(() => undefined);
  await clock.advance(60_000);
  return probing;
}

const trouble = (code: TroubleCode, errno?: number) => new ServerTrouble(code, `${code}.`, errno);
const silence = trouble("UNREACHABLE");

describe("the connection probe", () => {
  it("passes a tenant that gets in, and rates connect and first query together", async () => {
    answers = [healthy];
    expect(await probe()).toEqual({
      kind: "CONNECTION",
      tenantId: tenant.id,
      verdict: "PASS",
      durationMs: 0,
      attempts: 1,
      connectMs: 20,
      queryMs: 10,
      rating: "GOOD",
      serverVersion: "10.11.6-MariaDB",
    });
    expect(wishes).toMatchObject([{ databaseName: tenant.databaseName, timeoutMs: 1_000 }]);
    expect(wishes[0]?.password.reveal()).toBe("hunter2");
  });

  it("says when a success needed retries, and why", async () => {
    answers = [trouble("TOO_MANY_CONNECTIONS", 1226), trouble("TOO_MANY_CONNECTIONS", 1226), healthy];
    const result = await probe();
    expect(result).toMatchObject({ verdict: "PASS", attempts: 3 });
    expect(result.message).toBe("Succeeded at attempt 3, after: TOO_MANY_CONNECTIONS.");
    expect(result.durationMs).toBe(300);
  });

  it.each([
    ["WRONG_CREDENTIALS", 1045],
    ["ACCOUNT_LOCKED", 4151],
    ["DATABASE_DENIED", 1044],
    ["UNKNOWN_DATABASE", 1049],
    ["ACCESS_DENIED", 1142],
  ] as const)("fails with %s at once: another attempt would hear the same", async (code, errno) => {
    answers = [trouble(code, errno)];
    expect(await probe()).toMatchObject({ verdict: "FAIL", errorCode: code, attempts: 1, rating: "CRITICAL" });
  });

  it("fails with the last cause once the attempts are used up", async () => {
    answers = [trouble("TOO_MANY_CONNECTIONS", 1203)];
    expect(await probe()).toMatchObject({ verdict: "FAIL", errorCode: "TOO_MANY_CONNECTIONS", attempts: 3 });
  });

  it.each([
    ["another database", { database: "tntsomebodyelse" }, "DATABASE_MISMATCH"],
    ["another account", { account: "tnt0123456789@127.0.0.1" }, "ACCOUNT_MISMATCH"],
    ["no marker", { owner: undefined }, "OWNERSHIP_MISMATCH"],
    ["another tenant's marker", { owner: uuidv7Ids.next<"Tenant">() }, "OWNERSHIP_MISMATCH"],
  ] as const)("fails when the log-in leads to %s", async (_, seen: Partial<LoginSight>, errorCode) => {
    answers = [{ ...healthy, ...seen }];
    expect(await probe()).toMatchObject({ verdict: "FAIL", errorCode, attempts: 1, connectMs: 20, queryMs: 10 });
  });

  it("fails a tenant that times out while its server answers others", async () => {
    answers = [
      async () => {
        await clock.sleep(1_000);
        throw silence;
      },
    ];
    expect(await probe()).toMatchObject({ verdict: "FAIL", errorCode: "TIMEOUT", attempts: 1, durationMs: 1_000 });
  });

  it("gives a later attempt only what the earlier ones have left of the tenant's time", async () => {
    answers = [
      async () => {
        await clock.sleep(400);
        throw trouble("TOO_MANY_CONNECTIONS", 1226);
      },
    ];
    expect(await probe()).toMatchObject({ verdict: "FAIL", errorCode: "TOO_MANY_CONNECTIONS", attempts: 2 });
    expect(wishes.map(({ timeoutMs }) => timeoutMs)).toEqual([1_000, 500]);
  });

  it("fails a tenant whose connection breaks while its server answers others", async () => {
    answers = [silence];
    expect(await probe()).toMatchObject({ verdict: "FAIL", errorCode: "CONNECTION_LOST", attempts: 3 });
  });

  it("gives no verdict when the server answers nobody, and does not hammer it", async () => {
    answers = [silence];
    adminAnswers = [false];
    expect(await probe()).toMatchObject({ verdict: "INCONCLUSIVE", errorCode: "UNREACHABLE", attempts: 1 });
  });

  it("tries again when the server was only away for a moment", async () => {
    answers = [silence, healthy];
    adminAnswers = [false, true];
    expect(await probe()).toMatchObject({ verdict: "PASS", attempts: 2 });
  });

  it("gives no verdict when the server itself says that it takes nobody", async () => {
    answers = [trouble("UNREACHABLE", 1040)];
    expect(await probe()).toMatchObject({ verdict: "INCONCLUSIVE", errorCode: "UNREACHABLE", attempts: 3 });
  });

  it("gives no verdict when it was our own queue that took too long", async () => {
    answers = [new QueueTimeout("Waited.")];
    expect(await probe()).toMatchObject({ verdict: "INCONCLUSIVE", errorCode: "QUEUE_TIMEOUT", attempts: 3 });
  });

  it("gives no verdict when the credential cannot be read, or when a bug comes to light", async () => {
    answers = [new TypeError("secret internals")];
    const result = await probe();
    expect(result).toMatchObject({ verdict: "INCONCLUSIVE", errorCode: "INTERNAL" });
    expect(JSON.stringify(result)).not.toContain("internals");
    const moved = secrets.seal(new Secret("hunter2"), { ownerId: "somebody else", field: "password" });
    expect(await probe(moved)).toMatchObject({ verdict: "INCONCLUSIVE", errorCode: "SECRET_UNREADABLE" });
  });

  it("makes one attempt when no retries are wanted", async () => {
    answers = [trouble("TOO_MANY_CONNECTIONS", 1203)];
    expect(await probe(sealed, 0)).toMatchObject({ verdict: "FAIL", attempts: 1 });
  });

  it("ends with the reason of its signal, without a result", async () => {
    answers = [trouble("TOO_MANY_CONNECTIONS", 1203)];
    stop.abort(new RangeError("stopped"));
    await expect(probe()).rejects.toThrow("stopped");
  });
});

describe("the gate to a server", () => {
  const serverId: ServerId = uuidv7Ids.next();
  const tenants: readonly TenantId[] = Array.from({ length: 100 }, () => uuidv7Ids.next());

  it("asks once for all who wait for the answer", async () => {
    const asking = Promise.all(tenants.map(() => gate.answers(serverId)));
    await clock.advance(0);
    expect(new Set(await asking)).toEqual(new Set([true]));
    expect(asked).toBe(1);
  });

  it("asks a silent server again before it counts as gone, and then believes it for some seconds", async () => {
    adminAnswers = [false];
    const asking = gate.answers(serverId);
    await clock.advance(1_500);
    expect(await asking).toBe(false);
    expect(asked).toBe(3);
    expect(gate.isGone(serverId)).toBe(true);
    expect(await gate.answers(serverId)).toBe(false);
    expect(asked).toBe(3);
    await clock.advance(5_000);
    expect(gate.isGone(serverId)).toBe(false);
    adminAnswers = [true];
    expect(await gate.answers(serverId)).toBe(true);
  });

  it("keeps one server's silence from another's tenants", async () => {
    gate = gateWith(0);
    adminAnswers = [false, true];
    expect(await gate.answers(serverId)).toBe(false);
    expect(gate.isGone(uuidv7Ids.next())).toBe(false);
    expect(await gate.answers(uuidv7Ids.next())).toBe(true);
  });
});
