import { type ExitCode, exitCodes } from "../exit-code.ts";
import { ShowTenantDocument } from "../gql/graphql.ts";
import { tenantCard, tenantColumns } from "../output/tenant-columns.ts";
import type { Session } from "../session.ts";
import { exitOfJob, jobOf } from "./job-report.ts";

/** Prints a tenant as a job left it. @param jobId undefined: no job was needed @returns how the command ends */
export async function reportTenant(session: Session, id: string, jobId?: string): Promise<ExitCode> {
  const { printer } = session;
  const { tenant } = await (await session.api()).ask(ShowTenantDocument, { id });
  if (tenant) {
    const domains = tenant.domains.map(({ hostname }) => hostname);
    printer.one(tenantColumns, tenant, tenantCard(tenant, domains, printer.paint));
  }
  if (jobId === undefined) return exitCodes.passed;
  const job = await jobOf(session, jobId);
  if (job.error) printer.complain(`${job.error.message} (${job.error.code})`);
  return exitOfJob(job);
}
