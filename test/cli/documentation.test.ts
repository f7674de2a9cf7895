import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { addCommands } from "../../src/cli/commands/add-commands.ts";
import { wordTree } from "../../src/cli/completion/word-tree.ts";
import { Program } from "../../src/cli/program.ts";
import { FakeTerminal } from "./support/fake-terminal.ts";
import { run, surroundings } from "./support/run.ts";
import { commandsIn } from "./support/shown-commands.ts";

const text = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");

describe("the documentation of the command line", () => {
  const shown = ["README.md", "docs/cli.md"].flatMap((path) => commandsIn(text(path)));

  it("shows commands", () => {
    expect(shown.length).toBeGreaterThan(15);
  });

  it.each(
    shown.map((words) => [words.join(" "), words] as const),
  )("shows one that there is: %s", async (_line, words) => {
    // Nobody listens: a command that is understood gets as far as that, and help needs nobody.
    expect((await run(words)).code).toBe(words.includes("--help") ? 0 : 3);
  });

  it("names every command", () => {
    const program = new Program(surroundings(new FakeTerminal()));
    addCommands(program);
    const rows =
      text("docs/cli.md")
        .match(/^\| `.*$/gm)
        ?.join("\n") ?? "";
    const named = (path: string) => path.split(" ").every((word) => new RegExp(`[\` ]${word}[\` ]`).test(rows));
    const paths = wordTree(program.root).map(({ path }) => path);
    const missing = paths.filter((path) => path !== "" && !path.startsWith("tenancy:") && !named(path));
    expect(missing).toEqual([]);
  });
});
