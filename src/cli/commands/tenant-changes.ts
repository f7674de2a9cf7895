import type { Command } from "commander";
import { accepted } from "../api/accepted.ts";
import type { Document } from "../api/api-client.ts";
import type { ExitCode } from "../exit-code.ts";
import { UsageFailure } from "../failure.ts";
import {
  AddDomainDocument,
  DeleteTenantDocument,
  type RefusalFragment,
  RemoveDomainDocument,
  ResumeTenantDocument,
  RetryTenantDocument,
  RotateTenantDocument,
  SuspendTenantDocument,
  UpdateTenantDocument,
  type UpdateTenantInput,
} from "../gql/graphql.ts";
import type { Program } from "../program.ts";
import { jobWork } from "../progress/work.ts";
import type { Session } from "../session.ts";
import { confirm } from "./confirm.ts";
import { type PursuitOptions, pursue, withPursuit } from "./pursuit.ts";
import { tenantNamed } from "./tenant-filter.ts";
import { reportTenant } from "./tenant-report.ts";
import { each, label, whole } from "./words.ts";

interface JobAnswer {
  readonly answer: { readonly job: { readonly id: string } | null; readonly userErrors: readonly RefusalFragment[] };
}

interface UpdateOptions {
  readonly name?: string;
  readonly slug?: string;
  readonly label?: readonly { readonly key: string; readonly value: string }[];
  readonly clearLabels?: true;
  readonly expectGeneration?: number;
}

/** `tenants update|suspend|resume|rotate|retry|delete|add-domain|remove-domain` */
export function addTenantChanges(program: Program, tenants: Command): void {
  const on = (name: string, description: string) =>
    tenants.command(name).argument("<tenant>", "slug or id").description(description);
  const update = on("update", "change a tenant's name, slug or labels")
    .option("--name <name>", "its new name")
    .option("--slug <slug>", "its new slug")
    .option("--label <key=value>", "may be repeated; together they replace all labels", each(label))
    .option("--clear-labels", "take all labels away")
    .option("--expect-generation <number>", "refuse unless the tenant has this generation", whole(1));
  program.does(update, updateTenant);
  program.does(
    withPursuit(on("suspend", "lock a tenant's account and end its sessions")),
    simply(SuspendTenantDocument),
  );
  program.does(withPursuit(on("resume", "let a suspended tenant in again")), simply(ResumeTenantDocument));
  program.does(withPursuit(on("rotate", "give a tenant a new password")), simply(RotateTenantDocument));
  program.does(withPursuit(on("retry", "take up the provisioning of a failed tenant")), simply(RetryTenantDocument));
  const remove = on("delete", "drop a tenant's database and account; asks for its slug").option(
    "-y, --yes",
    "ask nothing",
  );
  program.does(withPursuit(remove), deleteTenant);
  addDomains(program, on);
}

function addDomains(program: Program, on: (name: string, description: string) => Command): void {
  const add = on("add-domain", "add a host name to a tenant")
    .argument("<host name>")
    .option("--primary", "make it the primary one");
  program.does<{ primary?: true }>(add, async (session, { primary }, [name = "", hostname = ""]) => {
    const { id } = await tenantNamed(session, name);
    const input = { tenantId: id, hostname, ...(primary && { primary }) };
    accepted((await (await session.api()).change(AddDomainDocument, { input }, false)).answer);
    return reportTenant(session, id);
  });
  const remove = on("remove-domain", "take a host name from a tenant").argument("<host name>");
  program.does(remove, async (session, _options, [name = "", hostname = ""]) => {
    const { id } = await tenantNamed(session, name);
    accepted(
      (await (await session.api()).change(RemoveDomainDocument, { input: { tenantId: id, hostname } }, false)).answer,
    );
    return reportTenant(session, id);
  });
}

async function updateTenant(
  session: Session,
  options: UpdateOptions,
  [name = ""]: readonly string[],
): Promise<ExitCode> {
  const labels = options.clearLabels ? [] : options.label;
  const change: Omit<UpdateTenantInput, "id"> = {
    ...(options.name !== undefined && { name: options.name }),
    ...(options.slug !== undefined && { slug: options.slug }),
    ...(labels && { labels: [...labels] }),
  };
  if (Object.keys(change).length === 0)
    throw new UsageFailure("Say what is to change: --name, --slug, --label or --clear-labels.");
  const { id } = await tenantNamed(session, name);
  const { expectGeneration: expectedGeneration } = options;
  const input = { id, ...change, ...(expectedGeneration !== undefined && { expectedGeneration }) };
  // With a generation the second one would be refused, not done.
  accepted(
    (await (await session.api()).change(UpdateTenantDocument, { input }, expectedGeneration === undefined)).answer,
  );
  return reportTenant(session, id);
}

/** A change that needs nothing but the tenant, and is a job. */
function simply(document: Document<JobAnswer, { id: string }>) {
  return async (session: Session, options: PursuitOptions, [name = ""]: readonly string[]): Promise<ExitCode> => {
    const { id } = await tenantNamed(session, name);
    const start = async () => {
      const { job } = accepted((await (await session.api()).change(document, { id }, false)).answer);
      return job && jobWork(job.id);
    };
    return pursue(session, options, start, ({ jobId }) => reportTenant(session, id, jobId));
  };
}

async function deleteTenant(
  session: Session,
  options: PursuitOptions & { readonly yes?: true },
  [name = ""]: readonly string[],
): Promise<ExitCode> {
  const { id, slug } = await tenantNamed(session, name);
  if (!options.yes) await confirm(session, `The database of "${slug}" is dropped, with all its data.`, slug);
  const input = { id, confirmSlug: slug };
  const start = async () => {
    // A tenant that is deleted already is answered without a job.
    const { job } = accepted((await (await session.api()).change(DeleteTenantDocument, { input }, true)).answer);
    return job && jobWork(job.id);
  };
  return pursue(session, options, start, ({ jobId }) => reportTenant(session, id, jobId));
}
