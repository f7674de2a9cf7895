import { accepted } from "../api/accepted.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { UsageFailure } from "../failure.ts";
import type { OrderDirection, TenantOrderField } from "../gql/graphql.ts";
import {
  ListTenantsDocument,
  LocateTenantDocument,
  RevealConnectionDocument,
  ShowTenantDocument,
} from "../gql/graphql.ts";
import { cardText, headingText } from "../output/card.ts";
import { tableText } from "../output/columns.ts";
import { findingColumns, jobColumns } from "../output/job-columns.ts";
import { tenantCard, tenantColumns } from "../output/tenant-columns.ts";
import type { Program } from "../program.ts";
import type { Session } from "../session.ts";
import { type ListOptions, printPages, withLimit } from "./lists.ts";
import { addTenantChanges } from "./tenant-changes.ts";
import { addTenantEntries } from "./tenant-entries.ts";
import { type TenantFilterOptions, tenantFilter, tenantNamed, withTenantFilter } from "./tenant-filter.ts";
import { tenantOrders, word } from "./words.ts";

type ListTenantsOptions = ListOptions &
  TenantFilterOptions & { readonly orderBy?: TenantOrderField; readonly descending?: true };

interface ConnectionOptions {
  readonly reveal?: true;
  readonly reason?: string;
}

/** `tenants …` */
export function addTenants(program: Program): void {
  const tenants = program.root.command("tenants").description("enter tenants, look at them, change them");
  const list = tenants
    .command("list")
    .description("tenants, newest first")
    .option("--order-by <field>", "slug, name or created-at", word(tenantOrders))
    .option("--descending", "from the other end");
  program.does(withLimit(withTenantFilter(list)), listTenants);
  const show = tenants
    .command("show")
    .argument("<tenant>", "slug or id")
    .description("one tenant, with findings and jobs");
  program.does(show, showTenant);
  addTenantEntries(program, tenants);
  addTenantChanges(program, tenants);
  const connection = tenants
    .command("connection")
    .argument("<tenant>", "slug or id")
    .description("how an application reaches a tenant's database")
    .option("--reveal", "with the password: needs the role ADMIN, and is in the audit log")
    .option("--reason <text>", "why; goes to the audit log");
  program.does(connection, showConnection);
}

async function listTenants(session: Session, options: ListTenantsOptions): Promise<ExitCode> {
  const filter = await tenantFilter(session, options);
  const direction: OrderDirection = options.descending ? "DESC" : "ASC";
  const orderBy = options.orderBy && { field: options.orderBy, direction };
  return printPages(session, options, tenantColumns, "No tenants.", async (first, after) => {
    const variables = { first, after, ...(filter && { filter }), ...(orderBy && { orderBy }) };
    return (await (await session.api()).ask(ListTenantsDocument, variables)).tenants;
  });
}

async function showTenant(session: Session, _options: object, [name = ""]: readonly string[]): Promise<ExitCode> {
  const { printer } = session;
  const { id } = await tenantNamed(session, name);
  const { tenant } = await (await session.api()).ask(ShowTenantDocument, { id });
  if (!tenant) throw new UsageFailure(`There is no tenant "${name}".`);
  const domains = tenant.domains.map(({ hostname, isPrimary }) => (isPrimary ? `${hostname} (primary)` : hostname));
  printer.one(tenantColumns, tenant, tenantCard(tenant, domains, printer.paint));
  if (tenant.findings.length > 0) {
    printer.text(headingText("Findings", printer.paint) + tableText(findingColumns, tenant.findings, printer.paint));
  }
  if (tenant.jobs.nodes.length > 0) {
    printer.text(headingText("Newest jobs", printer.paint) + tableText(jobColumns, tenant.jobs.nodes, printer.paint));
  }
  return exitCodes.passed;
}

async function showConnection(
  session: Session,
  options: ConnectionOptions,
  [name = ""]: readonly string[],
): Promise<ExitCode> {
  const { reveal, reason } = options;
  if (reveal && !reason?.trim()) throw new UsageFailure('A password is revealed only for a reason: --reason "…".');
  if (!reveal && reason !== undefined) throw new UsageFailure("A reason is needed only with --reveal.");
  const { id } = await tenantNamed(session, name);
  const connection = reveal ? await revealed(session, id, reason ?? "") : await located(session, id);
  const { printer } = session;
  const entries = Object.entries(connection);
  const columns = entries.map(([key, value]) => ({ name: key, value: () => value }));
  printer.one(
    columns,
    connection,
    cardText(
      entries.map(([key, value]) => [key, String(value)] as const),
      printer.paint,
    ),
  );
  if (!reveal) printer.note('The password is shown with --reveal --reason "…".');
  return exitCodes.passed;
}

async function revealed(session: Session, id: string, reason: string) {
  // Each time is in the audit log; a lost answer was a reveal, too.
  const { answer } = await (await session.api()).change(RevealConnectionDocument, { input: { id, reason } }, false);
  return { ...accepted(answer).connection };
}

async function located(session: Session, id: string) {
  const { tenant } = await (await session.api()).ask(LocateTenantDocument, { id });
  if (!tenant) throw new UsageFailure(`There is no tenant "${id}".`);
  const { server, databaseName } = tenant;
  return { host: server.host, port: server.port, database: databaseName, username: databaseName };
}
