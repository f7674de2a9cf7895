import type { Command } from "commander";
import { accepted } from "../api/accepted.ts";
import {
  type RefusalFragment,
  StartConnectionTestDocument,
  type StartedRunFragment,
  StartIsolationTestDocument,
  StartPerformanceTestDocument,
} from "../gql/graphql.ts";
import type { Program } from "../program.ts";
import { runWork, type Work } from "../progress/work.ts";
import type { Session } from "../session.ts";
import { type PursuitOptions, pursue, withPursuit } from "./pursuit.ts";
import { reportRun } from "./run-report.ts";
import { type TenantFilterOptions, tenantFilter, withTenantFilter } from "./tenant-filter.ts";
import { whole } from "./words.ts";

interface TestOptions extends PursuitOptions, TenantFilterOptions {
  readonly tenants?: number;
  readonly maxTenants?: number;
  readonly detailed?: true;
}

interface ConnectionTestOptions extends TestOptions {
  readonly concurrency?: number;
  readonly retries?: number;
  readonly timeout?: number;
}

interface PerformanceTestOptions extends TestOptions {
  readonly maxUsers?: number;
  readonly users?: number;
  readonly operations?: number;
  readonly duration?: number;
  readonly skipDeepTests?: true;
}

interface Answer {
  readonly answer: { readonly testRun: StartedRunFragment | null; readonly userErrors: readonly RefusalFragment[] };
}

/** `test-connections`, `test-isolation` and `test-performance-enhanced` */
export function addTests(program: Program): void {
  const connections = testCommand(program, ["test-connections"], "log in to every tenant's database as the tenant")
    .option("--concurrency <number>", "tenants at once: 1 to 64, usually 16", whole(1))
    .option("--retries <number>", "tries after the first: 0 to 10, usually 2", whole(0))
    .option("--timeout <milliseconds>", "for one tenant: 100 to 60000, usually 5000", whole(100));
  program.does<ConnectionTestOptions>(connections, (session, options, tenants) => {
    const { concurrency, retries, timeout: timeoutMs } = options;
    return test(session, options, tenants, async (scope) => {
      const input = { ...scope, ...given({ concurrency, retries, timeoutMs }) };
      return (await session.api()).change(StartConnectionTestDocument, { input }, false);
    });
  });
  const isolation = testCommand(
    program,
    ["test-isolation"],
    "try with each tenant's own credentials to reach the others",
  );
  program.does<TestOptions>(isolation, (session, options, tenants) =>
    test(session, options, tenants, async (scope) => {
      const input = { ...scope, ...given({ detailed: options.detailed }) };
      return (await session.api()).change(StartIsolationTestDocument, { input }, false);
    }),
  );
  addPerformanceTest(program);
}

function addPerformanceTest(program: Program): void {
  const names = ["test-performance-enhanced", "test-performance"];
  const performance = testCommand(program, names, "put a few tenants under a bounded load")
    .option("--max-users <number>", "users, spread over the tenants: usually 10", whole(1))
    .option("--users <number>", "the same as --max-users", whole(1))
    .option("--operations <number>", "operations of each user: usually 25", whole(1))
    .option("--duration <seconds>", "over which they arrive evenly: 1 to 300, usually 10", whole(1))
    .option("--skip-deep-tests", "leave out persistence, concurrent writers and roll-back");
  program.does<PerformanceTestOptions>(performance, (session, options, tenants) => {
    const { operations: operationsPerUser, duration: durationSeconds, skipDeepTests } = options;
    const maxUsers = options.maxUsers ?? options.users;
    return test(session, options, tenants, async (scope) => {
      const input = { ...scope, ...given({ maxUsers, operationsPerUser, durationSeconds, skipDeepTests }) };
      return (await session.api()).change(StartPerformanceTestDocument, { input }, false);
    });
  });
}

/** A command under all its names. */
function testCommand(program: Program, names: readonly string[], description: string): Command {
  const [name = "", ...others] = names;
  const command = program.root
    .command(name)
    .aliases([...others, ...names.map((one) => `tenancy:${one}`)])
    .argument("[tenants...]", "slugs or ids; none: all that fit")
    .description(description)
    .option("--max-tenants <number>", "at most so many, spread over those that match", whole(1))
    .option("--tenants <number>", "the same as --max-tenants", whole(1))
    .option("--detailed", "every result, with all its evidence");
  return withPursuit(withTenantFilter(command));
}

async function test(
  session: Session,
  options: TestOptions,
  tenants: readonly string[],
  start: (scope: object) => Promise<Answer>,
) {
  const filter = await tenantFilter(session, options, tenants);
  const scope = given({ filter, maxTenants: options.maxTenants ?? options.tenants });
  const begin = async (): Promise<Work | undefined> => {
    const { testRun } = accepted((await start(scope)).answer);
    return testRun ? runWork(testRun) : undefined;
  };
  return pursue(session, options, begin, ({ id }) => reportRun(session, id, options.detailed === true));
}

/** What was said, without what was not. */
function given<Values extends object>(values: Values): { [Key in keyof Values]?: NonNullable<Values[Key]> } {
  const said = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as { [Key in keyof Values]?: NonNullable<Values[Key]> };
}
