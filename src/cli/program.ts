import { Command, Option, type OptionValues } from "commander";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { wantsColor } from "./output/paint.ts";
import { formats } from "./output/printer.ts";
import { type GlobalOptions, type Session, sessionFor } from "./session.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a command does with its options and operands. */
export type Deed<Options> = (session: Session, options: Options, operands: readonly string[]) => Promise<ExitCode>;

const epilogue = `
Tests, validate and fix-databases are also known as tenancy:test-connections and so on; test-performance is
test-performance-enhanced.

The service is found by TENANTRY_URL (default: http://127.0.0.1:4000), the key by TENANTRY_API_KEY or --key-file; for a service
on this machine also in its data directory (TENANTRY_DATA_DIR).

Exit codes: 0 passed · 1 a test or job failed, or findings remain · 2 usage · 3 not reachable or refused · 4 done in part · 130 Ctrl-C`;

/** The tree of commands, and what runs the one that was typed. */
export class Program {
  readonly root: Command;
  #exitCode: number = exitCodes.passed;

  constructor(private readonly surroundings: Surroundings) {
    this.root = this.#newRoot();
    this.root
      .command("serve")
      .description("run the service in the foreground, configured by the environment")
      .action(async () => {
        this.#exitCode = await surroundings.serve();
      });
  }

  /** Options that were typed, as far as they were read. */
  get options(): Partial<GlobalOptions> {
    return this.root.opts<GlobalOptions>();
  }

  async run(args: readonly string[]): Promise<number> {
    await this.root.parseAsync([...args], { from: "user" });
    return this.#exitCode;
  }

  /** Says what a command does. */
  does<Options extends OptionValues>(command: Command, deed: Deed<Options>): void {
    command.action(async () => {
      const session = sessionFor(command.optsWithGlobals<GlobalOptions>(), this.surroundings);
      this.#exitCode = await deed(session, command.opts<Options>(), command.args);
    });
  }

  #newRoot(): Command {
    const { terminal, env, version } = this.surroundings;
    const { stdout, stderr } = terminal;
    return new Command("tenantry")
      .description("Runs the databases of a multi-tenant application: a client of its GraphQL API.")
      .version(version)
      .exitOverride()
      .showHelpAfterError("(--help says what there is)")
      .configureOutput({
        writeOut: (text) => stdout.write(text),
        writeErr: (text) => stderr.write(text),
        getOutHelpWidth: () => stdout.columns ?? 100,
        getErrHelpWidth: () => stderr.columns ?? 100,
        getOutHasColors: () => wantsColor(stdout, env, true),
        getErrHasColors: () => wantsColor(stderr, env, true),
      })
      .configureHelp({ showGlobalOptions: true, subcommandTerm: termOf })
      .option("--url <address>", "where the service is")
      .option("--key-file <path>", "file with the API key")
      .addOption(new Option("--format <format>", "how data is written").choices(formats).default("table"))
      .option("--json", "the same as --format json")
      .option("--no-color", "no colours; NO_COLOR does the same")
      .option("-q, --quiet", "no progress, only data and complaints")
      .addHelpText("after", epilogue);
  }
}

/** A command in a list of commands: its name and what it takes, without its other names. */
function termOf(command: Command): string {
  const operands = command.registeredArguments.map((operand) => {
    const name = `${operand.name()}${operand.variadic ? "..." : ""}`;
    return operand.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...operands].join(" ");
}
