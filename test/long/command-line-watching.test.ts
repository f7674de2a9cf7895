import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { RunningCommand, tenantry } from "../e2e/support/command-line.ts";
import { Relay } from "../e2e/support/relay.ts";
import { Stage } from "../e2e/support/stage.ts";
import { endOfJob, enterTestTenants, until } from "../e2e/support/steps.ts";
import { buildService } from "../support/service.ts";

let stage: Stage;

beforeAll(async () => {
  await buildService();
  stage = await Stage.started(inject("serverUrl"));
  await endOfJob(stage.api, await enterTestTenants(stage.api, 3));
}, 90_000);

afterAll(() => stage?.close());

function environment(url = stage.service.url) {
  return { TENANTRY_URL: url, TENANTRY_API_KEY: stage.adminKey };
}

/** Sequence numbers of the lines that say what happened. */
function sequencesIn(text: string): readonly number[] {
  return [...text.matchAll(/^#(\d+) /gm)].map(([, sequence]) => Number(sequence));
}

function upTo(last: number | undefined): readonly number[] {
  return Array.from({ length: last ?? 0 }, (_, at) => at + 1);
}

/** A load that goes on until it is stopped. */
const longTest = [
  "test-performance",
  "--duration",
  "120",
  "--max-users",
  "3",
  "--operations",
  "100",
  "--skip-deep-tests",
];

async function statusOf(jobId: string): Promise<string> {
  const { stdout } = await tenantry(["jobs", "show", jobId, "--json"], { env: environment() });
  return JSON.parse(stdout).status;
}

async function newestJob(): Promise<string> {
  const { stdout } = await tenantry(["jobs", "list", "--limit", "1", "--json"], { env: environment() });
  return JSON.parse(stdout)[0].id;
}

describe("Ctrl-C", () => {
  it("cancels what was started, waits for its end, and ends with 130", async () => {
    const command = RunningCommand.start(longTest, { env: environment() });
    await command.says(/#\d+ RUNNING \d+ % \d+\/3/);
    command.interrupt();
    const { code, stdout, stderr } = await command.ended;
    expect(code).toBe(130);
    expect(stderr).toContain("Cancelling; Ctrl-C again leaves at once");
    expect(stderr).toMatch(/#\d+ CANCELLED [^\n]*\n$/);
    expect(stdout).toMatch(/Status +CANCELLED/);
    expect(await statusOf(await newestJob())).toBe("CANCELLED");
  }, 60_000);

  it("leaves at once the second time, and the job ends by itself", async () => {
    const command = RunningCommand.start(longTest, { env: environment() });
    await command.says(/#\d+ RUNNING \d+ % \d+\/3/);
    const jobId = await newestJob();
    command.interrupt();
    await until("the service has heard of it", 20_000, async () => (await statusOf(jobId)) !== "RUNNING");
    command.interrupt();
    expect((await command.ended).code).toBe(130);
    expect((await endOfJob(stage.api, jobId)).status).toBe("CANCELLED");
  }, 60_000);

  it("leaves a job that is only watched as it is", async () => {
    const { stdout } = await tenantry([...longTest, "--detach", "--json"], { env: environment() });
    const { id, jobId } = JSON.parse(stdout);
    onTestFinished(async () => {
      await tenantry(["jobs", "cancel", id], { env: environment() });
      await endOfJob(stage.api, jobId);
    });
    const watching = RunningCommand.start(["jobs", "watch", id], { env: environment() });
    await watching.says(/#\d+ RUNNING/);
    watching.interrupt();
    const { code, stderr } = await watching.ended;
    expect(code).toBe(130);
    expect(stderr).toContain(`tenantry jobs cancel ${jobId}`);
    expect(await statusOf(jobId)).toBe("RUNNING");
  }, 60_000);
});

describe("a connection that is lost", () => {
  it("is made anew, and no line is lost or doubled", async () => {
    await using relay = await Relay.start();
    relay.to(stage.service.url);
    const command = RunningCommand.start(["tenants", "create-test", "--count", "60"], { env: environment(relay.url) });
    for (const step of ["#3 ", "#6 "]) {
      await command.says(step);
      expect(relay.cut()).toBeGreaterThan(0);
    }
    const { code, stderr } = await command.ended;
    expect(code).toBe(0);
    expect(stderr.match(/Trying again in/g)?.length).toBeGreaterThanOrEqual(2);
    const sequences = sequencesIn(stderr);
    expect(sequences).toEqual(upTo(sequences.at(-1)));
    expect(stderr).toMatch(/#\d+ SUCCEEDED 100 % 60\/60/);
  }, 60_000);

  it("may be that of a service that was killed and started again", async () => {
    const own = await Stage.started(inject("serverUrl"), { TENANTRY_JOB_LEASE_MS: "1000" });
    onTestFinished(() => own.close());
    await using relay = await Relay.start();
    relay.to(own.service.url);
    const env = { TENANTRY_URL: relay.url, TENANTRY_API_KEY: own.adminKey };
    const command = RunningCommand.start(["tenants", "create-test", "--count", "20"], { env });
    await command.says(/ [1-9]\d*\/20/);
    await own.kill();
    await command.says("Trying again in");
    await own.start();
    relay.to(own.service.url);
    const { code, stdout, stderr } = await command.ended;
    expect(code).toBe(0);
    const sequences = sequencesIn(stderr);
    expect(sequences).toEqual(upTo(sequences.at(-1)));
    expect(stdout).toMatch(/Attempts +2/);
  }, 90_000);

  it("is given up when the service does not come back in time", async () => {
    const own = await Stage.started(inject("serverUrl"));
    onTestFinished(() => own.close());
    const env = { TENANTRY_URL: own.service.url, TENANTRY_API_KEY: own.adminKey };
    const command = RunningCommand.start(["tenants", "create-test", "--count", "20", "--reconnect-for", "1"], { env });
    await command.says(/#3 /);
    await own.kill();
    const { code, stderr } = await command.ended;
    expect(code).toBe(3);
    expect(stderr).toContain("did not come back within 1 s");
  }, 60_000);
});

describe("at a terminal", () => {
  it("draws a bar with rate and time left, in colours, and data goes where it is sent", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tenantry-cli-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, "job.json");
    // So many that there is something between the beginning and the end, however quick the machine.
    const args = ["tenants", "create-test", "--count", "60", "--json"];
    const { code, stdout } = await RunningCommand.atTerminal(args, { env: environment() }, `>'${file}'`).ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/\u2588+\u2591+/);
    expect(stdout).toMatch(/ \d+ % \d+\/60 [\d.]+\/s, .* left/);
    expect(stdout).toMatch(/100 % 60\/60/);
    expect(stdout).toContain("\u001b[32m");
    expect(stdout).not.toMatch(/^#\d+ /m);
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ status: "SUCCEEDED", progress: { done: 60 } });
  }, 60_000);

  it("takes Ctrl-C from the keyboard, and leaves the terminal as it was", async () => {
    const command = RunningCommand.atTerminal([...longTest, "--no-color"], { env: environment() });
    await command.says(/ \d+ % \d\/3/);
    command.type("\u0003");
    const { code, stdout } = await command.ended;
    expect(code).toBe(130);
    expect(stdout).toContain("Cancelling");
    expect(stdout).toMatch(/Status +CANCELLED/);
    // No hidden cursor, no other screen, no colours: nothing but the beginning of a line and its end are asked for.
    expect(stdout.replaceAll("\u001b[K", "")).not.toContain("\u001b");
  }, 60_000);

  it("asks for the slug before it deletes, and takes nothing else", async () => {
    await tenantry(["tenants", "create", "doomed"], { env: environment() });
    const answered = async (text: string) => {
      const command = RunningCommand.atTerminal(["tenants", "delete", "doomed"], { env: environment() });
      await command.says("Type doomed to go on: ");
      command.type(text);
      return command.ended;
    };
    expect((await answered("yes\r")).code).toBe(2);
    // Ctrl-D, and Ctrl-C.
    expect((await answered("\u0004")).code).toBe(2);
    expect((await answered("\u0003")).code).toBe(130);
    expect(await tenantry(["tenants", "show", "doomed"], { env: environment() })).toMatchObject({ code: 0 });
    expect((await answered("doomed\r")).code).toBe(0);
    expect(await tenantry(["tenants", "show", "doomed"], { env: environment() })).toMatchObject({ code: 2 });
  }, 60_000);
});

describe("a pipe whose reader leaves", () => {
  it("ends the command quietly", async () => {
    const command = RunningCommand.atTerminal(
      ["tenants", "list", "--all", "--format", "ndjson"],
      { env: environment() },
      "| true",
    );
    expect(await command.ended).toMatchObject({ code: 0, stdout: "" });
  });
});
