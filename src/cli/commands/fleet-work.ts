import type { Command } from "commander";
import { accepted } from "../api/accepted.ts";
import { allOf } from "../api/pages.ts";
import type { ExitCode } from "../exit-code.ts";
import {
  type FindingRowFragment,
  MigrateDocument,
  RepairDocument,
  SeedDocument,
  ValidateDocument,
} from "../gql/graphql.ts";
import { headingText } from "../output/card.ts";
import { findingColumns, jobCard } from "../output/job-columns.ts";
import type { Program } from "../program.ts";
import { jobWork, type Work } from "../progress/work.ts";
import type { Session } from "../session.ts";
import { confirm } from "./confirm.ts";
import { exitOfLook, findingAdvice, skippedAdvice } from "./finding-advice.ts";
import { findingsOf, jobOf, reportJob } from "./job-report.ts";
import { type PursuitOptions, pursue, withPursuit } from "./pursuit.ts";
import { type TenantFilterOptions, tenantFilter, withTenantFilter } from "./tenant-filter.ts";
import { share, whole } from "./words.ts";

type FleetOptions = PursuitOptions & TenantFilterOptions;
type MigrateOptions = FleetOptions & { readonly maxParallel?: number; readonly haltOnFailureRate?: number };
type RepairOptions = FleetOptions & {
  readonly dryRun?: true;
  readonly confirmDataLoss?: true;
  readonly yes?: true;
};

/** `migrate`, `seed`, `validate` and `fix-databases`: jobs on many tenants. */
export function addFleetWork(program: Program): void {
  const migrate = command(program, "migrate", "bring tenants to the newest migration")
    .option("--max-parallel <number>", "tenants at once on one server", whole(1))
    .option("--halt-on-failure-rate <share>", "stop when this share of tenants has failed: 0 to 1", share);
  program.does<MigrateOptions>(migrate, async (session, options, tenants) => {
    const { maxParallel, haltOnFailureRate } = options;
    const filter = await tenantFilter(session, options, tenants);
    const input = {
      ...(filter && { filter }),
      ...(maxParallel !== undefined && { maxParallel }),
      ...(haltOnFailureRate !== undefined && { haltOnFailureRate }),
    };
    const start = async () => workOf((await (await session.api()).change(MigrateDocument, { input }, false)).answer);
    return pursue(session, options, start, ({ jobId }) => reportJob(session, jobId));
  });
  program.does<FleetOptions>(
    command(program, "seed", "run the tenant seed, once for each tenant"),
    async (...given) => {
      const [session, options, tenants] = given;
      const input = { filter: (await tenantFilter(session, options, tenants)) ?? null };
      const start = async () => workOf((await (await session.api()).change(SeedDocument, { input }, false)).answer);
      return pursue(session, options, start, ({ jobId }) => reportJob(session, jobId));
    },
  );
  program.does<FleetOptions>(
    suiteCommand(program, "validate", "compare registry and servers, change nothing"),
    validate,
  );
  const repair = suiteCommand(program, "fix-databases", "make true what validation finds false")
    .option("--dry-run", "say what would be done, change nothing")
    .option(
      "--confirm-data-loss",
      "also repairs after which lost data stays lost: they make what is missing anew, empty",
    )
    .option("-y, --yes", "ask nothing");
  program.does<RepairOptions>(repair, fixDatabases);
}

function command(program: Program, name: string, description: string): Command {
  const made = program.root.command(name).argument("[tenants...]", "slugs or ids; none: all").description(description);
  return withPursuit(withTenantFilter(made));
}

function suiteCommand(program: Program, name: string, description: string): Command {
  return command(program, name, description).alias(`tenancy:${name}`);
}

function workOf(
  answer: Parameters<typeof accepted>[0] & { readonly job: { readonly id: string } | null },
): Work | undefined {
  const { job } = accepted(answer);
  return job ? jobWork(job.id) : undefined;
}

async function validate(session: Session, options: FleetOptions, tenants: readonly string[]): Promise<ExitCode> {
  const input = { filter: (await tenantFilter(session, options, tenants)) ?? null };
  // Looking twice changes nothing, so a lost answer may be asked for again.
  const start = async () => workOf((await (await session.api()).change(ValidateDocument, { input }, true)).answer);
  return pursue(session, options, start, ({ jobId }) => reportFindings(session, jobId, false));
}

async function fixDatabases(session: Session, options: RepairOptions, tenants: readonly string[]): Promise<ExitCode> {
  const { dryRun, confirmDataLoss, yes } = options;
  const filter = await tenantFilter(session, options, tenants);
  if (confirmDataLoss && !dryRun && !yes) {
    await confirm(session, "Missing databases and tables are made anew, empty. What was in them stays lost.", "yes");
  }
  const input = {
    ...(filter && { filter }),
    ...(dryRun && { dryRun }),
    ...(confirmDataLoss && { confirmDataLoss }),
  };
  const start = async () => workOf((await (await session.api()).change(RepairDocument, { input }, false)).answer);
  return pursue(session, options, start, ({ jobId }) => reportFindings(session, jobId, dryRun === true));
}

/** Prints what a job saw, and what to do. */
async function reportFindings(session: Session, jobId: string, dryRun: boolean): Promise<ExitCode> {
  const { printer } = session;
  const job = await jobOf(session, jobId);
  const findings: readonly FindingRowFragment[] = await allOf(findingsOf(session, jobId));
  printer.list(findingColumns, findings, "No findings: registry and servers agree.");
  printer.text(headingText("Summary", printer.paint) + jobCard(job, printer.paint));
  const advice = [...findingAdvice(job.kind, findings, dryRun), ...skippedAdvice(job)];
  if (advice.length > 0) {
    const lines = advice.map((sentence) => `- ${sentence}\n`).join("");
    printer.text(headingText("Recommendations", printer.paint) + lines);
  }
  return exitOfLook(job, findings);
}
