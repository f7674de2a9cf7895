import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { buildService } from "../support/service.ts";
import { type Ended, tenantry } from "./support/command-line.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;

beforeAll(async () => {
  await buildService();
  stage = await Stage.started(inject("serverUrl"));
  for (const slug of ["first", "second"]) await json("tenants", "create", slug);
}, 90_000);

afterAll(() => stage?.close());

/** What the environment of a shell says beside PATH. */
function environment(more: Readonly<Record<string, string>> = {}) {
  return { TENANTRY_URL: stage.service.url, TENANTRY_API_KEY: stage.adminKey, ...more };
}

/** Runs a command as the admin. */
function run(...args: readonly string[]): Promise<Ended> {
  return tenantry(args, { env: environment() });
}

/** Runs a command that must go well. @returns what it printed as JSON */
async function json<Result>(...args: readonly string[]): Promise<Result> {
  const { code, stdout, stderr } = await run(...args, "--json");
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

async function keyOf(role: string): Promise<string> {
  return (await json<{ secret: string }>("keys", "create", `a ${role}`, "--role", role)).secret;
}

describe("the life of a tenant by the command line", () => {
  it("goes from its creation to its deletion", async () => {
    const created = await run(
      "tenants",
      "create",
      "acme",
      "--name",
      "Acme, Inc.",
      "--domain",
      "acme.example",
      "--label",
      "plan=pro",
    );
    expect(created.code).toBe(0);
    expect(created.stderr).toMatch(
      /^Started job_[\s\S]*#1 QUEUED[\s\S]*SUCCEEDED 100 % 1\/1: 1 of 1 tenant is ready\.\n$/,
    );
    expect(created.stdout).toMatch(/^Slug +acme\nName +Acme, Inc\.\n/);
    expect(await json("tenants", "list", "--label", "plan=pro")).toMatchObject([
      { slug: "acme", name: "Acme, Inc.", status: "ACTIVE", labels: [{ key: "plan", value: "pro" }] },
    ]);

    await json("tenants", "update", "acme", "--name", "Acme Ltd.", "--label", "plan=free");
    await json("tenants", "add-domain", "acme", "www.acme.example", "--primary");
    expect(await json("tenants", "show", "acme")).toMatchObject({
      name: "Acme Ltd.",
      labels: [{ key: "plan", value: "free" }],
      primaryDomain: { hostname: "www.acme.example" },
    });
    for (const [command, status] of [
      ["suspend", "SUSPENDED"],
      ["resume", "ACTIVE"],
      ["rotate", "ACTIVE"],
    ] as const) {
      expect(await json("tenants", command, "acme")).toMatchObject({ slug: "acme", status });
    }
    expect(await run("tenants", "delete", "acme", "--yes")).toMatchObject({ code: 0 });
    expect(await run("tenants", "show", "acme")).toMatchObject({
      code: 2,
      stderr: 'tenantry: There is no tenant "acme".\n',
    });
  }, 60_000);

  it("asks before it deletes, and does nothing where nobody can be asked", async () => {
    const { code, stdout, stderr } = await run("tenants", "delete", "first");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("--yes");
    expect(await json("tenants", "show", "first")).toMatchObject({ status: "ACTIVE" });
  });

  it("shows a password for a reason only, and once that is written down", async () => {
    const located = await run("tenants", "connection", "second");
    expect(located).toMatchObject({ code: 0 });
    expect(located.stdout).toMatch(/^host +127\.0\.0\.1\nport +\d+\ndatabase +tnt\w+\nusername +tnt\w+\n$/);
    expect(await run("tenants", "connection", "second", "--reveal")).toMatchObject({ code: 2, stdout: "" });
    const revealed = await json<{ url: string; password: string }>(
      ...["tenants", "connection", "second", "--reveal", "--reason", "a test of ours"],
    );
    expect(revealed.url).toContain(revealed.password);
    const audit = await json<{ note: string }[]>("audit", "--action", "revealTenantConnection");
    expect(audit.map(({ note }) => note)).toEqual(["a test of ours"]);
  }, 60_000);

  it("is entered once, however often the same key is sent", async () => {
    const create = () => json<{ id: string }>("tenants", "create", "once", "--idempotency-key", "the-same-key");
    const [first, second] = [await create(), await create()];
    expect(second.id).toBe(first.id);
  }, 60_000);

  it("is left to the service when nobody waits", async () => {
    const { code, stdout, stderr } = await run("tenants", "create", "later", "--no-wait");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^job_[0-9a-f-]{36}\n$/);
    const watched = await run("jobs", "watch", stdout.trim());
    expect(watched).toMatchObject({ code: 0, stdout: expect.stringMatching(/Status +SUCCEEDED/) });
  }, 60_000);
});

describe("lists", () => {
  it("go through pages as far as is wanted, and say when there is more", async () => {
    const { jobId } = await json<{ jobId: string }>(
      "tenants",
      "create-test",
      "--count=120",
      "--prefix=many",
      "--detach",
    );
    onTestFinished(async () => {
      await run("jobs", "cancel", jobId);
    });
    const slugs = ["tenants", "list", "--search", "many-", "--order-by", "slug", "--format", "ndjson"];
    const some = await run(...slugs, "--limit", "110");
    const lines = some.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).slug);
    expect([lines.length, new Set(lines).size]).toEqual([110, 110]);
    expect(some.stderr).toBe("There are more: --limit <number> or --all.\n");
    const all = await run(...slugs, "--all");
    expect([all.stdout.trimEnd().split("\n").length, all.stderr]).toEqual([120, ""]);
    expect(await json<unknown[]>("tenants", "list", "--search", "many-", "--all")).toHaveLength(120);
  }, 90_000);

  it("are quoted as comma-separated values", async () => {
    await json("tenants", "create", "quoted", "--name", 'A "quoted", name', "--label", "note=a,b");
    const { code, stdout } = await run("tenants", "list", "--search", "quoted", "--format", "csv");
    expect(code).toBe(0);
    const [names = "", values = "", ...rest] = stdout.split("\n");
    expect(names).toMatch(/^slug,name,status,findings,version,rating,latency_ms,domain,labels,server,created,id,/);
    expect(values).toMatch(/^quoted,"A ""quoted"", name",ACTIVE,,[^,]+,,,,"note=a,b",default,/);
    expect(rest).toEqual([""]);
  }, 60_000);

  it("are narrowed as the API narrows them, and empty ones are said to people", async () => {
    expect(await run("tenants", "list", "--status", "deleting")).toEqual({
      code: 0,
      stdout: "",
      stderr: "No tenants.\n",
    });
    expect(await run("tenants", "list", "--server", "nowhere")).toMatchObject({ code: 2 });
    expect(await json("jobs", "list", "--kind", "seed-tenants")).toEqual([]);
    expect(await json("servers", "list")).toMatchObject([{ name: "default", status: "ONLINE" }]);
    expect(await json("status")).toMatchObject({ viewer: { role: "ADMIN" } });
    expect(await json("schedules", "list")).toEqual([]);
  });
});

describe("colours", () => {
  const list = ["tenants", "list", "--search", "no-one"];

  it.each([
    ["without a terminal", {}, [], false],
    ["with FORCE_COLOR", { FORCE_COLOR: "1" }, [], true],
    ["with FORCE_COLOR and NO_COLOR", { FORCE_COLOR: "1", NO_COLOR: "1" }, [], false],
    ["with FORCE_COLOR and --no-color", { FORCE_COLOR: "1" }, ["--no-color"], false],
  ] as const)("%s", async (_what, more, flags, colored) => {
    const { stdout } = await tenantry(["servers", "list", ...flags], { env: environment(more) });
    expect(stdout).toContain("ONLINE");
    expect(stdout.includes("\u001b[")).toBe(colored);
    expect((await tenantry([...list, "--json"], { env: environment(more) })).stdout).toBe("[]\n");
  });
});

describe("keys", () => {
  it("that are wrong end with 3, and are shown to nobody", async () => {
    const env = environment({ TENANTRY_API_KEY: "key-that-nobody-knows" });
    const { code, stdout, stderr } = await tenantry(["tenants", "list"], { env });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain("does not know this API key");
    expect(stderr).not.toContain("key-that-nobody-knows");
  });

  it("that may not do it end with 3, and may do the rest", async () => {
    const env = environment({ TENANTRY_API_KEY: await keyOf("viewer") });
    expect(await tenantry(["tenants", "create", "forbidden"], { env })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("FORBIDDEN"),
    });
    expect(await tenantry(["tenants", "list", "--search", "forbidden", "--json"], { env })).toMatchObject({
      code: 0,
      stdout: "[]\n",
    });
  });

  it("are read from a file, or from the data directory of a service on this machine", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tenantry-cli-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, "admin.key"), `${stage.adminKey}\n`, { mode: 0o600 });
    const status = ["status", "--json"];
    const { url } = stage.service;
    const ways: readonly (readonly [readonly string[], Readonly<Record<string, string>>])[] = [
      [["--key-file", join(folder, "admin.key"), "--url", url], {}],
      [[], { TENANTRY_URL: url, TENANTRY_DATA_DIR: folder }],
      [[], { PORT: new URL(url).port, TENANTRY_DATA_DIR: folder }],
    ];
    for (const [flags, env] of ways) {
      expect(await tenantry([...status, ...flags], { env, cwd: folder })).toMatchObject({ code: 0, stderr: "" });
    }
    expect(await tenantry(status, { env: { TENANTRY_URL: url }, cwd: folder })).toMatchObject({ code: 2 });
  });

  it("are made and revoked by name", async () => {
    const secret = await keyOf("operator");
    expect(await run("keys", "revoke", "a operator")).toMatchObject({ code: 2 });
    expect(await run("keys", "revoke", "a operator", "--yes")).toMatchObject({ code: 0 });
    const env = environment({ TENANTRY_API_KEY: secret });
    expect(await tenantry(["status"], { env })).toMatchObject({ code: 3 });
  });
});

describe("upkeep", () => {
  it("sets how many ready-made databases a server keeps, and seals passwords anew", async () => {
    expect(await json("pool", "set", "default", "2")).toMatchObject({ kind: "FILL_WARM_POOL", status: "SUCCEEDED" });
    expect(await json("servers", "list")).toMatchObject([{ warmPool: { target: 2 } }]);
    expect(await run("pool", "set", "nowhere", "2")).toMatchObject({ code: 2 });
    expect(await run("pool", "set", "default", "0")).toMatchObject({ code: 0 });
    expect(await json("reencrypt-secrets")).toMatchObject({ kind: "REENCRYPT_SECRETS", status: "SUCCEEDED" });
  }, 60_000);
});

describe("a wish that is refused", () => {
  it("names the field and ends with 2 where the input is wrong", async () => {
    expect(await run("tenants", "create", "Not A Slug")).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^tenantry: slug: .*\(INVALID\)\n$/),
    });
    expect(await run("tenants", "update", "first", "--slug", "second")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("SLUG_TAKEN"),
    });
  });

  it("ends with 3 where the state is in the way", async () => {
    expect(await run("tenants", "resume", "first")).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("INVALID_STATE"),
    });
    expect(await run("tenants", "update", "first", "--name", "Kept", "--expect-generation", "999")).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("STALE_GENERATION"),
    });
  });

  it("ends with 2 for a job that is not there", async () => {
    for (const id of [
      "job_00000000-0000-0000-0000-000000000000",
      "run_00000000-0000-0000-0000-000000000000",
      "nonsense",
    ]) {
      for (const command of ["show", "watch", "cancel", "retry"]) {
        expect(await run("jobs", command, id)).toMatchObject({ code: 2, stdout: "" });
      }
    }
  });
});
