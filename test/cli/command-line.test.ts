import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { addCommands } from "../../src/cli/commands/add-commands.ts";
import { wordTree } from "../../src/cli/completion/word-tree.ts";
import { Program } from "../../src/cli/program.ts";
import { FakeTerminal } from "./support/fake-terminal.ts";
import { run, surroundings } from "./support/run.ts";

function program(): Program {
  const made = new Program(surroundings(new FakeTerminal()));
  addCommands(made);
  return made;
}

/** Every command, under each of its names. */
const commands = wordTree(program().root)
  .map(({ path }) => path.split(" ").filter(Boolean))
  .filter((words) => words.length > 0);

describe("help", () => {
  it("knows the commands that people know", () => {
    const paths = commands.map((words) => words.join(" "));
    const suite = ["test-connections", "test-isolation", "test-performance-enhanced", "test-performance"];
    for (const name of [...suite, "fix-databases", "validate"])
      expect(paths).toEqual(expect.arrayContaining([name, `tenancy:${name}`]));
    const tenants = [
      "list",
      "show",
      "create",
      "create-test",
      "update",
      "suspend",
      "resume",
      "rotate",
      "delete",
      "connection",
    ];
    expect(paths).toEqual(expect.arrayContaining(tenants.map((name) => `tenants ${name}`)));
    const jobs = ["list", "show", "watch", "cancel", "retry"];
    expect(paths).toEqual(expect.arrayContaining([...jobs.map((name) => `jobs ${name}`), "serve", "migrate", "seed"]));
  });

  it.each(commands.map((words) => [words.join(" "), words] as const))("is there for %s", async (_path, words) => {
    const { code, stdout, stderr } = await run([...words, "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: tenantry /);
    expect(stdout).toContain("--json");
  });

  it("is on stderr, and a usage error, when nothing was said", async () => {
    const { code, stdout, stderr } = await run([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Usage: tenantry");
  });

  it("says the version", async () => {
    expect(await run(["--version"])).toEqual({ code: 0, stdout: "1.2.3\n", stderr: "" });
  });
});

describe("what was typed wrong", () => {
  it.each([
    [["tenant", "list"], "unknown command 'tenant'"],
    [["tenants", "list", "--colour"], "unknown option '--colour'"],
    [["tenants", "show"], "missing required argument 'tenant'"],
    [["tenants", "show", "acme", "more"], "too many arguments"],
    [["tenants", "list", "--status", "busy"], "Allowed are active, provisioning"],
    [["tenants", "list", "--label", "plan"], "It must look like key=value."],
    [["fix-databases", "--yes", "--search", " "], "It must not be empty."],
    [["tenants", "list", "--limit", "0"], "It must be a whole number, at least 1."],
    [["migrate", "--halt-on-failure-rate", "2"], "It must be a number from 0 to 1."],
    [["pool", "set", "default", "many"], "It must be a whole number, at least 0."],
    [["keys", "create", "ci", "--expires", "soon"], "It must be a date"],
    [["jobs", "list", "--format", "xml"], "Allowed choices are table, json, ndjson, csv."],
    [["serve", "--port", "1"], "unknown option '--port'"],
    [["tenants", "connection", "acme", "--reveal"], "only for a reason"],
    [["tenants", "update", "acme"], "Say what is to change"],
    [["--key-file", "/nowhere", "jobs", "list"], "/nowhere cannot be read"],
  ])("ends with 2 and says so: %j", async (args, complaint) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(complaint);
  });
});

describe("a service that is not there", () => {
  it.each([
    ["tenants", "list"],
    ["test-connections"],
    ["status"],
    ["jobs", "watch", "job_1"],
  ])("ends %s %s with 3", async (...args) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain("The service at http://127.0.0.1:1 cannot be reached");
  });
});

describe("serving", () => {
  it("is handed on, and ends as it ends", async () => {
    expect(await run(["--no-color", "serve"], { serve: async () => 1 })).toMatchObject({ code: 1 });
  });
});

describe("completion in bash", () => {
  async function completed(line: string): Promise<readonly string[]> {
    const { stdout } = await run(["completion", "bash"]);
    const script = `${stdout}\nCOMP_LINE=$1; COMP_POINT=\${#1}; COMPREPLY=(); _tenantry; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout: words } = await promisify(execFile)("bash", ["-c", script, "bash", line]);
    return words.split("\n").filter(Boolean);
  }

  it.each([
    ["tenantry tenants cr", ["create", "create-test"]],
    ["tenantry jobs ", ["list", "items", "show", "findings", "watch", "cancel", "retry", "help"]],
    ["tenantry --format csv jobs wa", ["watch"]],
    ["tenantry --format ", ["table", "json", "ndjson", "csv"]],
    ["tenantry tenants list --sta", ["--status"]],
    ["tenantry tenants list --jso", ["--json"]],
    ["tenantry test-isolation --deta", ["--detailed", "--detach"]],
    ["tenantry tenancy:test-i", ["test-isolation"]],
    ["tenantry tenancy:test-isolation --dry", []],
    ["tenantry fix-databases --dry", ["--dry-run"]],
    ["tenantry completion ", ["bash", "zsh", "fish"]],
    ["tenantry --key-file scripts/buil", ["scripts/build.mjs"]],
  ])("of %j", async (line, words) => {
    expect([...(await completed(line))].toSorted()).toEqual([...words].toSorted());
  });
});
