import { Argument, type Command } from "commander";
import { bashScript, fishScript, zshScript } from "../completion/scripts.ts";
import { wordTree } from "../completion/word-tree.ts";
import { exitCodes } from "../exit-code.ts";
import type { Program } from "../program.ts";

const shells = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** `completion bash|zsh|fish` */
export function addCompletion(program: Program): void {
  const { root } = program;
  const command: Command = root
    .command("completion")
    .addArgument(new Argument("<shell>").choices(Object.keys(shells)))
    .description("print a script that completes commands and options in a shell")
    .addHelpText(
      "after",
      "\nbash: source <(tenantry completion bash)\nzsh:  source <(tenantry completion zsh)\nfish: tenantry completion fish | source",
    );
  program.does(command, async (session, _options, [shell = ""]) => {
    const script = Object.entries(shells).find(([name]) => name === shell)?.[1];
    if (script) session.terminal.stdout.write(script(wordTree(root)));
    return exitCodes.passed;
  });
}
