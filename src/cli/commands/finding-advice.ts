import { type ExitCode, exitCodes } from "../exit-code.ts";
import type { FindingRowFragment, JobKind, JobRowFragment } from "../gql/graphql.ts";
import { count } from "../output/figures.ts";
import { exitOfJob } from "./job-report.ts";

/** Findings that somebody should do something about: neither mended nor mere advice. */
export function remaining(findings: readonly FindingRowFragment[]): readonly FindingRowFragment[] {
  return findings.filter(({ outcome, kind, severity }) => {
    return outcome !== "REPAIRED" && kind !== "SERVER_SETTING" && severity !== "INFO";
  });
}

/** How a validation or a repair ends: 1 where something is left to be done, 4 where somebody was left out. */
export function exitOfLook(
  job: Pick<JobRowFragment, "status" | "progress">,
  findings: readonly FindingRowFragment[],
): ExitCode {
  const exitCode = exitOfJob(job);
  if (exitCode !== exitCodes.passed) return exitCode;
  if (remaining(findings).length > 0) return exitCodes.failed;
  return job.progress.skipped > 0 ? exitCodes.partial : exitCodes.passed;
}

/** Of whom a validation or a repair says nothing, as a sentence. */
export function skippedAdvice({ id, progress }: Pick<JobRowFragment, "id" | "progress">): readonly string[] {
  const leftOut = (many: string) => `${many} left out: \`tenantry jobs items ${id} --status skipped\` says why.`;
  return [sentence(progress.skipped, leftOut, "tenant was", "tenants were")].filter((text) => text !== "");
}

/** What to do about findings, as sentences. @param kind of the job that saw them */
export function findingAdvice(
  kind: JobKind,
  findings: readonly FindingRowFragment[],
  dryRun: boolean,
): readonly string[] {
  const left = remaining(findings);
  const having = (outcome: FindingRowFragment["outcome"]) => left.filter((one) => one.outcome === outcome).length;
  const unreachable = left.filter((one) => one.kind === "UNREACHABLE").length;
  const orphans = left.filter((one) => one.kind === "ORPHAN_DATABASE" || one.kind === "ORPHAN_USER").length;
  return [
    sentence(unreachable, (many) => `${many} not reachable: bring the server back before anything else.`, "server"),
    sentence(having("PLANNED"), (many) => `${many} would be repaired: \`tenantry fix-databases\`.`),
    sentence(
      having("NEEDS_CONFIRMATION"),
      (many) =>
        `${many} lost data: restore a backup, or make anew what is missing, empty: \`tenantry fix-databases --confirm-data-loss\`.`,
    ),
    sentence(having("FAILED"), (many) => `${many} could not be repaired: the messages say why.`),
    sentence(
      orphans,
      (many) => `${many} known to no tenant: nothing drops them but you.`,
      "database or account",
      "databases or accounts",
    ),
    kind === "VALIDATE_TENANTS" && left.length > unreachable + orphans
      ? "See what a repair would do: `tenantry fix-databases --dry-run`."
      : "",
    dryRun && left.length > 0 ? "This was a dry run: nothing was changed." : "",
  ].filter((text) => text !== "");
}

function sentence(
  many: number,
  of: (many: string) => string,
  ...words: readonly [] | readonly [string, string?]
): string {
  if (many === 0) return "";
  const [one = "finding", more] = words;
  return of(count(many, one, more ?? `${one}s`));
}
